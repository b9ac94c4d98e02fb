"""How far a film's measures differ from one film of a limb to the next, where nothing changed."""

from collections.abc import Mapping
from typing import Final

from calcinet.measure.serial import Repeatability

REPEATABILITY: Final[Mapping[str, Repeatability]] = {
    "calcified_area_mm2": Repeatability(0.19, 50.0),
    "calcified_length_mm": Repeatability(0.065, 21.0),
    "net.area_cm2": Repeatability(0.075, 4.4),
    "net.mesh_mm": Repeatability(0.28),
}
"""Our own fit (benchmarks/fit_repeatability.py) to generated lower legs filmed twice in other positions, doses and
processing: 194 with an area, 184 with a length, 68 with a net on both films. What differs most is which stretches of an
artery are marked, whatever its length. People's is not known."""

OF_MARKS: Final[Mapping[str, Repeatability]] = {
    "vessel.length_mm": Repeatability(0.05, 11.5),
    "net.patch_cm2": Repeatability(0.21),
}
"""The same of a single vessel and of a single net that were found again, as far as both films show them: 392 vessels,
41 nets."""
