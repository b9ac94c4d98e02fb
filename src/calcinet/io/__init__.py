"""Bytes -> Image; nothing downstream reads a file."""
