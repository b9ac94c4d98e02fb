"""How far a film's measures differ from one film of a limb to the next, where nothing changed."""

from collections.abc import Mapping
from typing import Final

REPEAT_SD: Final[Mapping[str, float]] = {
    "calcified_area_mm2": 0.22,
    "calcified_length_mm": 0.17,
    "net.area_cm2": 0.08,
    "net.mesh_mm": 0.12,
}
"""Standard deviation of the logarithm. Our choice: from generated lower legs in other positions, doses and processing,
17 filmed twice (6 with a net that was found on both) and one four times: 0.19, 0.16, 0.07, 0.12 together. So few legs
know it to a fifth at best, for errors have long tails; people's is not known."""

MARK_REPEAT_SD: Final[Mapping[str, float]] = {"vessel.length_mm": 0.25, "net.patch_cm2": 0.15}
"""The same of a single vessel and of a single net that were found again, as far as both films show them. Our choice,
not measured yet: the length of a whole film adds up two to four vessels, whose errors partly cancel, so that one has
about 0.17 times the root of 2; a net has its 0.08 and what the edge of the common field adds."""
