"""How far a measured volume of calcium is from the true one, and how sure that is.

A volume is what stands above the tissue, summed, over the part's brightness. With b the logarithm of this brightness
over `TYPICAL_HU`, s how thick the slices are against the part, and f how fine the part is against the blur:

    log(true volume / measured volume) = weights (1, b, s, f, b s, b f),
    with a standard deviation of spread weights (1, s, f), `LEAST_SPREAD` at least, and the error of that sum

Slices that are thick against a part are nowhere filled by it, and a wall that leans within a slice is smeared: it looks
fainter and wider than it is; the sum is known better than that. The finer the part, the more its volume is that of
calcium of the brightness that phantoms hold.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.arrays import Floats
from calcinet.constants import NORMAL_95

TYPICAL_HU: Final = 900.0
"""Brightness that others are compared with. Our choice: the middle of what phantoms hold, 400 to 1500 HU."""

LEAST_SPREAD: Final = 0.04
"""Least relative standard deviation. Our choice: the sum above the tissue is known no better on phantoms."""

COMMON_SHARE: Final = 0.4
"""Share of the variance that all parts of one scan have in common: its blur and its kernel. Our own fit, as below."""

LEAST_WIDTH_MM: Final = 0.4
"""A thinner wall counts as this. Our choice: thinner ones look alike."""

FINE_MM: Final = 2.5
"""A part of this width and more is not fine. Our choice: seven widths of blur, as `measure.ct.volume` has it."""

MOST_THICK: Final = 3.0
MOST_FINE: Final = 2.0
"""Greatest values of s and f. Our choice: beyond them a part is a dot."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ErrorModel:
    """Numbers of one way to measure."""

    weights: Floats
    """Of (1, b, s, f, b s, b f)."""
    spread: Floats
    """Of (1, s, f)."""


WALL: Final = ErrorModel(weights=np.array([0.0, 0.0, -0.11, 0.11, 0.26, 0.0]), spread=np.array([0.23, 0.01, -0.04]))
BALL: Final = ErrorModel(weights=np.array([0.0, 0.0, 0.0, 0.11, 0.16, 0.43]), spread=np.array([0.05, 0.10, 0.29]))
"""Of walls and of compact parts. Our own fit to ninety scans of fifteen generated legs; benchmarks/fit_ct_volume.py
fits them anew, to more."""


@dataclass(frozen=True, slots=True)
class KnownVolume:
    """A volume and how well it is known."""

    mm3: float
    spread: float
    """Relative standard deviation."""

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval in mm3.

        >>> [round(end) for end in KnownVolume(100.0, 0.1).interval]
        [82, 122]
        """
        factor = float(np.exp(NORMAL_95 * self.spread))
        return self.mm3 / factor, self.mm3 * factor


def correct_volume(measured_mm3: float, features: Floats, sum_error: float, model: ErrorModel) -> KnownVolume:
    """The true volume that is likeliest behind a measured one.

    Parameters
    ----------
    measured_mm3
        As it was measured.
    features
        Of the part, as `describe_part` gives them.
    sum_error
        Relative standard deviation of the sum above the tissue.
    model
        Of the way that it was measured.
    """
    typical = float(model.weights @ features)
    spread = max(float(model.spread @ features[[0, 2, 3]]), LEAST_SPREAD)
    return KnownVolume(measured_mm3 * float(np.exp(typical)), float(np.hypot(spread, sum_error)))


def describe_part(bright_hu: float, width_mm: float, slice_mm: float) -> Floats:
    """Features (1, b, s, f, b s, b f) of a part.

    Parameters
    ----------
    bright_hu
        Above the tissue, as the volume was worked out with it.
    width_mm
        Thickness of a wall, diameter of a ball.
    slice_mm
        Distance of slices.
    """
    width = max(width_mm, LEAST_WIDTH_MM)
    bright = float(np.log(max(bright_hu, 1.0) / TYPICAL_HU))
    thick = float(np.clip(1 + np.log(slice_mm / width), 0, MOST_THICK))
    fine = float(np.clip(np.log(FINE_MM / width), 0, MOST_FINE))
    return np.array([1.0, bright, thick, fine, bright * thick, bright * fine])


def add_volumes(volumes: Iterable[KnownVolume], common: float = COMMON_SHARE) -> KnownVolume:
    """Several volumes together: `common` is the share of their variance that they have in common.

    >>> add_volumes([KnownVolume(50.0, 0.1), KnownVolume(50.0, 0.1)], common=1.0)
    KnownVolume(mm3=100.0, spread=0.1)
    """
    listed = list(volumes)
    total = sum(one.mm3 for one in listed)
    if not total:
        return KnownVolume(0.0, 0.0)
    errors = np.array([one.mm3 * one.spread for one in listed])
    variance = (1 - common) * float((errors**2).sum()) + common * float(errors.sum()) ** 2
    return KnownVolume(total, float(np.sqrt(variance)) / total)
