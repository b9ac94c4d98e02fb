"""Whether the pixels of a scan are counts by chance alone, and what a filter or a scale has made of them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import brentq

from calcinet.arrays import Floats, Mask
from calcinet.errors import NotMeasurable
from calcinet.measure.result import quantity
from calcinet.text import say

LEAST_PAIRS: Final = 1500
"""Pairs of pixels from which the noise is judged. Our choice: their scatter is then known to 4 %."""

AS_COUNTED: Final = (0.85, 1.2)
"""Variance over mean that is taken for untouched counts. Our choice: the slope of real tissue adds up to a tenth."""

NARROWEST_FILTER_PX: Final = 0.2
"""Standard deviation of the narrowest bell that is looked for. Our choice: a narrower one changes no neighbour."""

WIDEST_FILTER_PX: Final = 3.0
"""Standard deviation of the widest bell that is looked for. Our choice: a wider one leaves no noise to measure."""

FAR: Final = 4
"""Lag in pixels at which filtered noise is compared. Our choice: beyond most filters, within one part of the body."""

TOO_LITTLE: Final = say("too little soft tissue to judge the noise of the counts")
"""Why the noise of a view is not judged."""


@dataclass(frozen=True, slots=True)
class Counting:
    """What `counting_noise` found."""

    scale: float = quantity("1", say("Pixel units for one count"))
    filter_px: float = quantity("{pixel}", say("Standard deviation of a filter put on the counts"))
    variance_over_mean: float = quantity("1", say("Variance over mean of neighbouring pixels"))

    @property
    def untouched(self) -> bool:
        """Whether the pixels are counts as they were taken."""
        return self.filter_px == 0 and self.scale == 1


UNTOUCHED: Final = Counting(1.0, 0.0, 1.0)
"""Counts as they were taken."""


def counting_noise(counts: Floats, inside: Mask) -> Counting:
    """Judge the noise of a view by differences of neighbours along the rows of its soft tissue.

    Poisson counts have differences of the variance of twice their mean at every distance. A filter makes those of near
    neighbours smaller than those of far ones; a scale changes all alike. Both together may leave near neighbours as
    chance has them, so that both distances are measured:

        D(lag) = sum (a - 2 b + c)^2 / sum (a + 4 b + c),   a, b, c a lag apart
        D(lag) = scale power(sigma) bend(sigma, lag),       bend = (6 - 8 r(lag) + 2 r(2 lag)) / 6

    with r(l) = exp(-l^2 / (4 sigma^2)) under a bell of sigma; power is the sum of its squared weights.

    Parameters
    ----------
    counts
        Shape (Y, X).
    inside
        Soft tissue, same shape.

    Raises
    ------
    NotMeasurable
        If there is too little soft tissue, or no noise at all.
    """
    near = _measure_difference(counts, inside, 1)
    far = _measure_difference(counts, inside, FAR)
    if not far > 0:
        raise NotMeasurable(TOO_LITTLE)
    sigma = _find_filter_px(near / far)
    if sigma == 0 and AS_COUNTED[0] <= near <= AS_COUNTED[1]:
        return Counting(1.0, 0.0, near)
    if sigma == 0:
        return Counting(near, sigma, near)
    scale = far / (_compute_power(sigma) * _compute_bend(sigma, FAR))
    return Counting(float(scale), sigma, near)


def _measure_difference(counts: Floats, inside: Mask, lag: int) -> float:
    """Sum of (a - 2 b + c)^2 over that of a + 4 b + c, for pixels a, b, c a lag apart: 1 for Poisson counts."""
    both = inside[2 * lag :] & inside[lag:-lag] & inside[: -2 * lag]
    if both.sum() < LEAST_PAIRS:
        raise NotMeasurable(TOO_LITTLE)
    first, middle, last = counts[: -2 * lag], counts[lag:-lag], counts[2 * lag :]
    bend = (last - 2 * middle + first)[both]
    mean = (last + 4 * middle + first)[both]
    if mean.sum() <= 0:
        raise NotMeasurable(TOO_LITTLE)
    return float((bend**2).sum() / mean.sum())


def _find_filter_px(near_over_far: float) -> float:
    """Standard deviation of the bell that gives this ratio of differences; 0 where none is needed."""
    if near_over_far >= AS_COUNTED[0]:
        return 0.0

    def excess(sigma: float) -> float:
        return _compute_bend(sigma, 1) / _compute_bend(sigma, FAR) - near_over_far

    if excess(NARROWEST_FILTER_PX) < 0:
        return NARROWEST_FILTER_PX
    if excess(WIDEST_FILTER_PX) > 0:
        return WIDEST_FILTER_PX
    return float(brentq(excess, NARROWEST_FILTER_PX, WIDEST_FILTER_PX))


def _compute_bend(sigma: float, lag: int) -> float:
    """Variance of a second difference of noise under a bell, in that of a pixel: 6 - 8 r(lag) + 2 r(2 lag) over 6."""
    near = float(np.exp(-(lag**2) / (4 * sigma**2)))
    far = float(np.exp(-((2 * lag) ** 2) / (4 * sigma**2)))
    return (6 - 8 * near + 2 * far) / 6


def _compute_power(sigma: float) -> float:
    """Variance of a pixel under a bell, in that of a count: the sum of its squared weights."""
    at = np.arange(-12, 13)
    bell = np.exp(-(at**2) / (2 * sigma**2))
    bell /= bell.sum()
    return float((bell**2).sum() ** 2)
