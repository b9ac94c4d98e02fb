"""Samples that networks learn from, by modality."""
