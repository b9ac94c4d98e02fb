"""How far a CT's measures differ from one scan of a leg to the next, where nothing changed."""

from collections.abc import Mapping
from typing import Final

REPEAT_SD: Final[Mapping[str, float]] = {}
"""Standard deviation of the logarithm, by measure. Empty: no pairs have been examined yet; no change is called."""
