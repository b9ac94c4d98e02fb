"""Bone scans on the page."""
