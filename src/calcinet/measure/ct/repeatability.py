"""How far a CT's measures differ from one scan of a leg to the next, where nothing changed."""

from collections.abc import Mapping
from typing import Final

REPEAT_SD: Final[Mapping[str, float]] = {
    "ct.volume_mm3": 0.08,
    "ct.agatston": 0.06,
}
"""Standard deviation of the logarithm. Our choice: half as much again as found on three generated legs, each scanned
with two spacings, noises and blurs (0.05, 0.04): three say little."""
