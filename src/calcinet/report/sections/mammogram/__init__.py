"""Mammograms on the page."""
