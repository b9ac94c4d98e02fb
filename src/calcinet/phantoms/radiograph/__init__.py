"""Synthetic films of limbs with exact truth."""
