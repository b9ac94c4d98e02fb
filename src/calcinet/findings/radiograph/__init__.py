"""Radiograph to where calcium is."""
