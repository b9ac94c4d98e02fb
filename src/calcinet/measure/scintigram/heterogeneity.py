"""Whether uptake is patchy within soft tissue beyond counting by chance, and how much: `patchiness` defines it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import brentq
from scipy.stats import gamma, norm

from calcinet.arrays import Floats
from calcinet.constants import FWHM_PER_SIGMA
from calcinet.errors import NotMeasurable
from calcinet.measure.result import quantity
from calcinet.measure.scintigram.counting import UNTOUCHED, Counting
from calcinet.measure.scintigram.soft_tissue import Blocks, Tissue, blocks_of, fit_background
from calcinet.text import say

BLUR_FWHM_MM: Final = 10.0
"""Full width at half maximum of the camera: variation finer than this cannot be seen. Our choice: high resolution at
the distance of a limb; the test's size does not depend on it, its power does."""

BELL_REACH_PX: Final = 40
"""Pixels to either side that a filter's bell is worked out for: it is zero beyond."""

FARTHEST_LAG_PX: Final = 30
"""Pixels beyond which a filter leaves no correlation. Our choice: ten standard deviations of the widest."""

UNSEEN_VARIATION: Final = 0.0065
"""Variation that is none yet: what the surface leaves of healthy phantoms, whose limbs are not round, is 0.3 to 0.7
%. Our choice: without it the test finds something in 6 % of segments of three million counts, and not in 5 %."""

LEAST_MEAN: Final = 2.0
"""Least mean counts of a square. Our choice: the moments are right to a few percent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heterogeneity:
    """What `heterogeneity` found."""

    variation: float = quantity("1", say("Variation of soft-tissue uptake beyond counting"))
    """Patchiness, see `patchiness`: what chance adds to it is taken off."""
    variation_interval: tuple[float, float] | None = None
    """95 %, of counting alone: of the uptake that was there."""
    p_value: float = quantity("1", say("Probability of such a variation by counting alone"), default=1.0)
    focus_ratio: float = quantity("1", say("Brightest place over its surroundings"), default=1.0)
    focus_p_value: float = quantity("1", say("Probability of so bright a place by counting alone"), default=1.0)
    focus: tuple[float, float] | None = None
    """Row and column of the brightest place."""


def patchiness(tissue: Tissue, scale: float = 1.0) -> float:
    """Patchiness of counts without chance: the truth that `heterogeneity` estimates.

    Soft tissue is divided into squares of `BLOCK_MM`; over them lies a smooth surface (`fit_background`). Patchiness is
    the root mean square of the deviations of the squares from the surface, as a share of it, each square weighed by
    the counts of its tissue:

        V^2 = sum (c - m)^2 / m  over  sum (m - a)^2 / m

    with c the counts of a square, m those of the surface, a those of air. It is what the camera's blur leaves of the
    variation of the uptake; what the surface follows, a rise along the limb for instance, is no part of it.

    Raises
    ------
    NotMeasurable
        If there is too little tissue.
    """
    blocks = blocks_of(tissue, scale)
    mean = fit_background(blocks).mean
    return float(np.sqrt(np.sum((blocks.counts - mean) ** 2 / mean) / _sum_weights(mean, blocks)))


def heterogeneity(tissue: Tissue, counting: Counting = UNTOUCHED) -> Heterogeneity:
    """Test for variation beyond counting, and estimate it.

    A smooth background is fitted: tissue seen by each pixel, times a curved surface along and across the limb and what
    bone spills, on either side of it. The statistic of the test is the score of a random variation under the blur of
    the camera. That of the estimate is the sum of squared residuals, which has a share of the variation of its own and
    one of counting: V^2 = (sum (c - m)^2 / m - E) / sum (m - a)^2 / m, with E what counting alone gives. Of both the
    first three moments are worked out, the fit of the background and a filter on the counts included, and a gamma
    distribution with these gives probability and interval. Nothing is simulated.

    Parameters
    ----------
    tissue
        Soft tissue of one segment on one view.
    counting
        What a filter or a scale has made of the counts.

    Raises
    ------
    NotMeasurable
        If there is too little tissue, or too few counts in it.
    """
    blocks = blocks_of(tissue, counting.scale)
    background = fit_background(blocks)
    mean = background.mean
    if mean.mean() < LEAST_MEAN:
        raise NotMeasurable(say("too few counts to tell variation from chance"))
    residual = (blocks.counts - mean) / np.sqrt(mean)
    alike = _correlate_places(tissue, blocks)
    away = np.eye(len(mean)) - background.base @ background.base.T
    noise = _correlate_noise(blocks, counting.filter_px)
    sum_of_squares = _make_statistic(residual, away, np.eye(len(mean)), mean, noise)
    weights = _sum_weights(mean, blocks)
    excess = sum_of_squares.value - sum_of_squares.cumulants[0]
    low, high = (_find_excess(sum_of_squares, tail) / weights for tail in (0.025, 0.975))
    focus = _find_focus(residual, mean, alike, away, noise)
    return Heterogeneity(
        variation=float(np.sqrt(max(excess / weights, 0.0))),
        variation_interval=(float(np.sqrt(low)), float(np.sqrt(high))),
        p_value=_test_variation(residual, away, _weigh_pairs(alike, mean), mean, noise),
        focus_ratio=focus.ratio,
        focus_p_value=focus.p_value,
        focus=(float(blocks.row[focus.number]), float(blocks.column[focus.number])),
    )


def _sum_weights(mean: Floats, blocks: Blocks) -> float:
    """Sum over squares of (m - a)^2 / m: counts of the tissue, less where air is a large part."""
    return float(np.sum((mean - blocks.air) ** 2 / mean))


def _weigh_pairs(alike: Floats, mean: Floats) -> Floats:
    """Weights of pairs of residuals in the score test of a variation that is alike at near places: shape (n, n)."""
    root = np.sqrt(mean)
    return np.asarray(root[:, None] * alike * root[None, :])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statistic:
    """A quadratic form of the residuals."""

    value: float
    cumulants: tuple[float, float, float]
    """Its first three under counting alone."""

    @property
    def scale(self) -> float:
        """That of the chi-squared distribution with its second and third cumulant: 2 k a^2 and 8 k a^3."""
        return self.cumulants[2] / (4 * self.cumulants[1])


def _make_statistic(residual: Floats, away: Floats, kernel: Floats, mean: Floats, noise: Floats | None) -> _Statistic:
    """The statistic r'Kr of the residuals r; `away` takes from them what the background can follow."""
    return _Statistic(
        value=float(residual @ kernel @ residual),
        cumulants=_compute_cumulants(away @ kernel @ away, mean, noise),
    )


def _correlate_places(tissue: Tissue, blocks: Blocks) -> Floats:
    """Correlation of a variation that the camera has blurred, shape (n, n)."""
    sigma = np.sqrt(2.0) * BLUR_FWHM_MM / FWHM_PER_SIGMA
    down = (blocks.row[:, None] - blocks.row[None, :]) * tissue.pixel_mm[0]
    right = (blocks.column[:, None] - blocks.column[None, :]) * tissue.pixel_mm[1]
    return np.asarray(np.exp(-(down**2 + right**2) / (2 * sigma**2)))


def _correlate_noise(blocks: Blocks, filter_px: float) -> Floats | None:
    """Correlation of the counting noise of squares under a filter, shape (n, n); None where there is none."""
    if filter_px <= 0:
        return None
    lags = np.abs(blocks.grid[:, None, :] - blocks.grid[None, :, :])
    shared = _correlate_lags(int(lags.max()) + 1, blocks.side, filter_px)
    return np.asarray(shared[lags[..., 0]] * shared[lags[..., 1]])


def _correlate_lags(count: int, side: int, filter_px: float) -> Floats:
    """Correlation along one axis of squares of `side` pixels that are 0, 1, ... squares apart, shape (count,)."""
    bell = np.exp(-(np.arange(-BELL_REACH_PX, BELL_REACH_PX + 1) ** 2) / (4 * filter_px**2))
    bell /= bell.sum()
    pixels = np.arange(side)
    shared = np.zeros(count)
    for lag in range(min(count, FARTHEST_LAG_PX // side + 1)):
        apart = np.abs(pixels[:, None] - (pixels[None, :] + lag * side))
        shared[lag] = bell[BELL_REACH_PX + np.minimum(apart, BELL_REACH_PX)].sum() / side
    return shared


def _compute_cumulants(form: Floats, mean: Floats, noise: Floats | None) -> tuple[float, float, float]:
    """First three cumulants of the statistic under counting alone.

    For a quadratic form M of independent standardised Poisson counts, whose third and fourth cumulants are
    1 / sqrt(mean) and 1 / mean; under a filter, for one of normal numbers with the correlation of the noise.
    """
    if noise is not None:
        return _compute_normal_cumulants(form @ noise)
    skew, excess, own = 1 / np.sqrt(mean), 1 / mean, np.diag(form)
    square = form @ form
    second = 2 * float(np.sum(form**2)) + float(np.sum(own**2 * excess))
    third = 8 * float(np.sum(square * form)) + 12 * float(np.sum(own * np.diag(square) * excess))
    third += 4 * float(skew @ form**3 @ skew) + 6 * float((own * skew) @ form @ (own * skew))
    third += float(np.sum(own**3 * excess**2))
    return float(own.sum()), second, third


def _compute_normal_cumulants(product: Floats) -> tuple[float, float, float]:
    """Tr A, 2 tr A^2 and 8 tr A^3."""
    square = product @ product
    return float(np.trace(product)), 2 * float(np.trace(square)), 8 * float(np.sum(square * product.T))


def _test_variation(residual: Floats, away: Floats, kernel: Floats, mean: Floats, noise: Floats | None) -> float:
    """Probability of so large a score by counting and a variation of `UNSEEN_VARIATION`."""
    unseen = UNSEEN_VARIATION**2 * float(np.sum((away @ kernel @ away) * kernel))
    return _compute_tail(_make_statistic(residual, away, kernel, mean, noise), unseen)


def _compute_tail(statistic: _Statistic, excess: float = 0.0) -> float:
    """Probability of a larger value, from a shifted gamma distribution with the three cumulants.

    A true `excess` x over counting moves them as it does those of a noncentral chi-squared distribution of scale a: by
    x, 4 a x and 24 a^2 x.
    """
    mean, variance, third = statistic.cumulants
    scaled = statistic.scale * excess
    mean, variance, third = mean + excess, variance + 4 * scaled, third + 24 * statistic.scale * scaled
    shape, scale = 4 * variance**3 / third**2, third / (2 * variance)
    return float(gamma.sf(statistic.value, shape, loc=mean - shape * scale, scale=scale))


def _find_excess(statistic: _Statistic, tail: float) -> float:
    """True excess over counting at which a larger value has this probability; 0 where none is so small."""

    def beyond(excess: float) -> float:
        return _compute_tail(statistic, excess) - tail

    if beyond(0.0) >= 0:
        return 0.0
    high = 1.0 + statistic.value
    while beyond(high) < 0:
        high *= 2
    return float(brentq(beyond, 0.0, high))


@dataclass(frozen=True, slots=True)
class _Focus:
    """The brightest square."""

    ratio: float
    """Its uptake over that of its surroundings."""

    p_value: float
    """Probability of so bright a square by counting alone."""

    number: int


def _find_focus(residual: Floats, mean: Floats, alike: Floats, away: Floats, noise: Floats | None) -> _Focus:
    """The square that stands out most, over the standard deviation of its own filter."""
    root = np.sqrt(mean)
    matched = alike * root[None, :] @ away
    spread = matched
    if noise is not None:
        spread = matched @ noise
    sd = np.sqrt(np.maximum(np.sum(spread * matched, axis=1), 1e-12))
    score = (matched @ residual) / sd
    best = int(np.argmax(score))
    above = float((alike[best] * root) @ residual / (alike[best] @ mean))
    return _Focus(1 + above, float(min(1.0, len(mean) * norm.sf(score[best]))), best)
