"""Label map and surfaces of a CT."""
