"""How long work tells how far it has come."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with the number of things done (files, images, objects) and the number of all."""
