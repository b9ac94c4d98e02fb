"""A leg as CT shows it, with calcium of exactly known place and volume."""
