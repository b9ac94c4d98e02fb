"""Synthetic images with exact truth."""
