"""Uptake of soft tissue on a planar scan: counts a mm of tissue, and ratios of it with intervals from counting."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.stats import norm

from calcinet.constants import NORMAL_95
from calcinet.errors import BadInput, NotMeasurable
from calcinet.measure.result import quantity
from calcinet.text import say

LEAST_COUNTS: Final = 60.0
"""Counts of a segment and view below which no ratio is given. Our choice: the logarithm is then normal to a tenth."""

SIDE_SD: Final = 0.08
"""Relative standard deviation of the ratio of the two sides of a healthy person. Our choice: no series has measured it;
the one real scan that we have shows 3 % at the lower leg and 11 % at the thigh, turned legs included, and stays silent
when it is thinned to a seventh of its counts."""

PART_SD: Final = 0.2
"""The same of a part over reference tissue. Our choice: parts differ more than sides do, and their sections are taken
for round."""

CHANCE_OF_MEDIAN: Final = 1.2533
"""Standard deviation of the median of many numbers over that of their mean, sqrt(pi / 2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Counts of one piece of tissue on one view: its uptake is (counts - air) / path."""

    counts: float
    air: float
    """Counts among them that are not of the tissue."""
    path_mm: float
    """Tissue that its pixels see, summed over pixels, in mm."""
    scale: float = 1.0
    """Pixel units for one count."""

    @property
    def density(self) -> float:
        """Counts a mm of tissue seen by a pixel."""
        return (self.counts - self.air) / self.path_mm

    @property
    def variance(self) -> float:
        """Squared relative standard deviation by counting (Poisson)."""
        return self.counts * self.scale / (self.counts - self.air) ** 2


@dataclass(frozen=True, slots=True)
class Density:
    """Uptake of one piece of tissue: of one view, or the geometric mean of both."""

    value: float
    variance: float
    """Squared relative standard deviation by counting."""
    views: int


@dataclass(frozen=True, slots=True)
class Ratio:
    """One uptake over another."""

    value: float = quantity("1", say("Ratio of uptake"))
    value_interval: tuple[float, float] = (0.0, 0.0)
    """95 %, of counting and of what differs in healthy people."""
    counting_interval: tuple[float, float] = (0.0, 0.0)
    """95 %, of counting alone."""


def density(views: Sequence[Counted]) -> Density:
    """Counts a mm of tissue; of several views the geometric mean, which does not depend on depth.

    Raises
    ------
    NotMeasurable
        If a view holds too few counts.
    """
    if not views:
        raise BadInput("needs the counts of at least one view")
    for view in views:
        if view.path_mm <= 0 or (view.counts - view.air) / view.scale < LEAST_COUNTS:
            raise NotMeasurable(say("fewer than {least:.0f} counts of soft tissue", least=LEAST_COUNTS))
    logs = [np.log(view.density) for view in views]
    variance = sum(view.variance for view in views) / len(views) ** 2
    return Density(float(np.exp(np.mean(logs))), variance, len(views))


def reference(one: Sequence[Density], other: Sequence[Density]) -> Density:
    """Uptake of reference tissue: between the medians of two kinds of parts, such as arms and legs.

    Where the medians differ by more than parts of healthy people do, it moves to the lower one, so that disease of all
    legs does not become its own reference: what `PART_SD` allows stays between them, the rest does not. With fewer than
    two parts of a kind it is the median of all.

    Raises
    ------
    NotMeasurable
        If there are fewer than three parts.
    """
    parts = [*one, *other]
    if len(parts) < 3:
        raise NotMeasurable(say("fewer than three parts of soft tissue to compare with"))
    spread = CHANCE_OF_MEDIAN**2 * float(np.mean([part.variance for part in parts])) / len(parts)
    value = _find_median(parts)
    if min(len(one), len(other)) >= 2:
        beyond = max(0.0, float(np.log(apart(one, other))) - PART_SD)
        middle = np.mean([np.log(_find_median(one)), np.log(_find_median(other))])
        value = float(np.exp(middle - beyond / 2))
    return Density(value, spread, min(part.views for part in parts))


def apart(one: Sequence[Density], other: Sequence[Density]) -> float:
    """The higher of the medians of two kinds of parts over the lower; 1 where one kind was not measured twice."""
    if min(len(one), len(other)) < 2:
        return 1.0
    low, high = sorted([_find_median(one), _find_median(other)])
    return high / low


def _find_median(parts: Sequence[Density]) -> float:
    return float(np.median([part.value for part in parts]))


def uptake_ratio(one: Density, other: Density, *, natural_sd: float = 0.0) -> Ratio:
    """One uptake over another.

    Parameters
    ----------
    one, other
        Measured on the same views.
    natural_sd
        Relative standard deviation of this ratio among healthy people; it widens the interval.

    Raises
    ------
    BadInput
        If they were measured on different numbers of views: depth would then not cancel.
    """
    if one.views != other.views:
        raise BadInput("a ratio needs both uptakes from the same views")
    ratio, counting = one.value / other.value, one.variance + other.variance
    return Ratio(ratio, interval_of(ratio, counting + natural_sd**2), interval_of(ratio, counting))


def raised(value: float, interval: tuple[float, float], level: float) -> bool:
    """Whether a ratio lies above 1 at a one-sided level; `interval` is its 95 % interval.

    >>> raised(1.2, (1.05, 1.37), 0.025), raised(1.2, (1.05, 1.37), 0.001)
    (True, False)
    """
    return float(np.log(value)) > float(norm.isf(level)) * sd_of(interval)


def sd_of(interval: tuple[float, float]) -> float:
    """Relative standard deviation that a 95 % interval was made of."""
    return float(np.log(interval[1] / interval[0])) / (2 * NORMAL_95)


def detectable_rise(sd: float, level: float) -> float:
    """Smallest rise, as a share, that is found 19 times in 20 when called at a one-sided level.

    >>> round(detectable_rise(0.07, 0.025), 3)
    0.287
    """
    return float(np.expm1((norm.isf(level) + norm.isf(0.05)) * sd))


def interval_of(ratio: float, variance: float, deviations: float = NORMAL_95) -> tuple[float, float]:
    """95 % interval of a ratio whose logarithm has this variance: ratio exp(+-1.96 sd), or as many `deviations`."""
    reach = float(np.exp(deviations * np.sqrt(variance)))
    return ratio / reach, ratio * reach
