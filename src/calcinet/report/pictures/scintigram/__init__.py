"""Segments of a bone scan, drawn."""
