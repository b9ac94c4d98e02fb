"""How far a film's measures differ from one film of a limb to the next, where nothing changed."""

from collections.abc import Mapping
from typing import Final

from calcinet.measure.serial import Repeatability

REPEATABILITY: Final[Mapping[str, Repeatability]] = {
    "calcified_area_mm2": Repeatability(0.17, 59.0),
    "calcified_length_mm": Repeatability(0.16, 24.0),
    "net.area_cm2": Repeatability(0.39),
    "net.mesh_mm": Repeatability(0.24),
}
"""Our own fit (benchmarks/fit_repeatability.py) to generated lower legs filmed twice in other positions, doses and
processing, on fields of 140 by 110 mm and 200 by 140 mm: 445 with an area, 430 with a length, 183 with a net on both
films; 4 % of such pairs are called. What differs most is which stretches of an artery, and how much of a net, are
marked. People's is not known."""

OF_MARKS: Final[Mapping[str, Repeatability]] = {
    "vessel.length_mm": Repeatability(0.16, 8.8),
    "net.patch_cm2": Repeatability(0.16, 2.2),
}
"""The same of a single vessel and of a single net that were found again, as far as both films show them: 681 vessels,
71 nets."""
