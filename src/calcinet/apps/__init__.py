"""Thin edges round the core."""
