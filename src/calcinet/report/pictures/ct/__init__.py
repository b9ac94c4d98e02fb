"""Projections and panels of a CT."""
