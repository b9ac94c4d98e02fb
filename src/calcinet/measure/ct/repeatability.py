"""How far a CT's measures differ from one scan of a leg to the next, where nothing changed."""

from collections.abc import Mapping
from typing import Final

REPEAT_SD: Final[Mapping[str, float]] = {
    "ct.volume_mm3": 0.09,
    "ct.agatston": 0.08,
}
"""Standard deviation of the logarithm. Our choice: rounded up from five generated legs, each scanned with two spacings,
noises and blurs (0.08, 0.07): five say little."""

MARK_REPEAT_SD: Final[Mapping[str, float]] = {}
"""The same of a single artery and of a single net that were found again: not known."""
