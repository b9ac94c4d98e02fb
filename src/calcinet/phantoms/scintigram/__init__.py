"""Synthetic whole-body bone scans with exact truth."""
