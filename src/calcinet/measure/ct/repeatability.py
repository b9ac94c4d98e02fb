"""How far a CT's measures differ from one scan of a leg to the next, where nothing changed."""

from collections.abc import Mapping
from typing import Final

from calcinet.measure.serial import Repeatability

REPEATABILITY: Final[Mapping[str, Repeatability]] = {
    "ct.volume_mm3": Repeatability(0.07, 22.0),
    "ct.agatston": Repeatability(0.06, 1.9),
}
"""Our own fit (benchmarks/fit_repeatability.py) to generated stretches of a leg, each scanned with two spacings, noises
and blurs: 200 with a volume, 155 with a score. Nets of the skin of which one scan shows a part alone are its long tail.
People's is not known."""
