"""The same quantity measured twice: its difference, and whether that lies beyond the error of measurement."""

import math
from dataclasses import dataclass
from typing import Final

from calcinet.errors import BadInput
from calcinet.vocabulary import ChangeCall

Z95: Final = 1.959964
"""Quantile of the normal distribution that leaves 2.5 % above it."""


@dataclass(frozen=True, slots=True)
class Repeatability:
    """How far a quantity differs from one image to the next where nothing changed: position, dose, device.

    A part that goes with the quantity, and one that does not: a stretch that is marked on one of two films is as long
    on a leg with much calcium as on one with little.

    >>> error = Repeatability(0.1, 24.0)
    >>> round(error.at(30.0), 2), round(error.at(300.0), 2)
    (0.81, 0.13)
    """

    relative: float
    """Standard deviation of the logarithm of a large value."""
    absolute: float = 0.0
    """Standard deviation of a small value, in its unit."""

    def at(self, value: float) -> float:
        """Standard deviation of the logarithm of a value above 0."""
        return math.hypot(self.relative, self.absolute / value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A measured value with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Later less earlier, in the unit of the quantity."""

    value: float
    interval: tuple[float, float]
    smallest_detectable: float
    """The smallest difference of its direction that would have been called."""

    @property
    def call(self) -> ChangeCall:
        """Changed only where the interval leaves out 0."""
        if abs(self.value) <= self.smallest_detectable:
            return "no change"
        return "increased" if self.value > 0 else "decreased"


def repeated(value: float, repeat_sd: float) -> Measured:
    """The 95 % interval of a value by repeatability alone.

    An error that both images share (how much of a net the detector marks, an unknown magnification) takes part in the
    interval of each image and cancels in their difference, so that those intervals would hide a change.

    Parameters
    ----------
    value
        Above 0.
    repeat_sd
        Standard deviation of the logarithm from one image to the next without change: position, dose, device.

    Raises
    ------
    BadInput
        If the value is not above 0.
    """
    if not value > 0:
        raise BadInput(f"a value above 0 can be compared, got {value:g}")
    factor = math.exp(Z95 * repeat_sd)
    return Measured(value=value, low=value / factor, high=value * factor)


def difference(earlier: Measured, later: Measured) -> Difference:
    """Difference of two independent measurements by the recovery of variances from their intervals (MOVER).

        low  = d - sqrt((later - its low)^2  + (earlier's high - earlier)^2)
        high = d + sqrt((its high - later)^2 + (earlier - earlier's low)^2)

    Intervals that are not symmetric stay so. [zou2008]

    >>> one, other = Measured(value=10, low=8, high=12), Measured(value=16, low=14, high=18)
    >>> found = difference(one, other)
    >>> found.value, [round(end, 2) for end in found.interval], found.call
    (6, [3.17, 8.83], 'increased')
    """
    d = later.value - earlier.value
    below = math.hypot(later.value - later.low, earlier.high - earlier.value)
    above = math.hypot(later.high - later.value, earlier.value - earlier.low)
    towards_zero = below if d >= 0 else above
    return Difference(value=d, interval=(d - below, d + above), smallest_detectable=towards_zero)
