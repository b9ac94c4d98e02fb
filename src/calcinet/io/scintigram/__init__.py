"""Planar bone scans: counts, times and views."""
