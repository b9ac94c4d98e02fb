"""Radiographs on the page."""
