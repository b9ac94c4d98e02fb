"""Image -> where calcium is."""
