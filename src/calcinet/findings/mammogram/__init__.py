"""A mammogram: where the breast is, and which calcium on it is that of arteries."""
