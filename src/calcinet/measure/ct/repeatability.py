"""How far a CT's measures differ from one scan of a leg to the next, where nothing changed."""

from collections.abc import Mapping
from typing import Final

from calcinet.measure.serial import Repeatability

REPEATABILITY: Final[Mapping[str, Repeatability]] = {
    "ct.volume_mm3": Repeatability(0.085, 39.0),
    "ct.agatston": Repeatability(0.06, 2.2),
}
"""Our own fit (benchmarks/fit_repeatability.py) to generated stretches of a leg, each scanned with two spacings, noises
and blurs: 245 with a volume, 189 with a score; 4 % of such pairs are called. Nets of the skin of which one scan shows a
part alone are the long tail. People's is not known."""
