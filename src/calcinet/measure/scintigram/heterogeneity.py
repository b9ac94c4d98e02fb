"""Whether uptake varies within soft tissue more than counting by chance explains, and by how much."""

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
from calcinet.measure.scintigram.soft_tissue import Blocks, Tissue, blocks_of, fitted_background
from calcinet.text import say

BLUR_FWHM_MM: Final = 10.0
"""Full width at half maximum of the camera: variation finer than this cannot be seen. Our choice: high resolution at
the distance of a limb; the test's size does not depend on it, its power does."""


LEAST_MEAN: Final = 2.0
"""Counts of a square, on average, below which nothing is said. Our choice: the moments are right to a few percent."""


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """What `heterogeneity` found."""

    variation: float = quantity("1", say("Variation of soft-tissue uptake beyond counting"))
    """Coefficient of variation of the uptake as the camera's blur shows it."""
    variation_interval: tuple[float, float] | None = None
    p_value: float = quantity("1", say("Probability of such a variation by counting alone"), default=1.0)
    focus_ratio: float = quantity("1", say("Brightest place over its surroundings"), default=1.0)
    focus_p_value: float = quantity("1", say("Probability of so bright a place by counting alone"), default=1.0)
    focus: tuple[float, float] | None = None
    """Row and column of the brightest place."""


def heterogeneity(tissue: Tissue, counting: Counting = UNTOUCHED) -> Heterogeneity:
    """Test for variation beyond counting, and estimate it.

    A smooth background is fitted: tissue seen by each pixel, times a curved surface along and across the limb and what
    bone spills, on either side of it. The statistic is the score test of a random variation under the blur of the
    camera; its first three moments under counting alone are worked out, the fit of the background and a filter on the
    counts included, and a gamma distribution with these gives the probability. Nothing is simulated.

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
    mean, base = fitted_background(blocks)
    if mean.mean() < LEAST_MEAN:
        raise NotMeasurable(say("too few counts to tell variation from chance"))
    residual = (blocks.counts - mean) / np.sqrt(mean)
    kin = _likeness(tissue, blocks)
    root = np.sqrt(mean)
    kernel = root[:, None] * kin * root[None, :]
    away = np.eye(len(mean)) - base @ base.T
    form = away @ kernel @ away
    noise = _noise(blocks, counting.filter_px)
    statistic = float(residual @ kernel @ residual)
    moments = _moments(form, mean, noise)
    low, high = (_variance_at(statistic, form, kernel, noise, moments, tail) for tail in (0.975, 0.025))
    square = (statistic - moments[0]) / float(np.sum(form * kernel))
    peak = _focus(residual, mean, kin, away, noise)
    return Heterogeneity(
        variation=float(np.sqrt(max(square, 0.0))),
        variation_interval=(float(np.sqrt(low)), float(np.sqrt(max(high, square, 0.0)))),
        p_value=_tail(statistic, moments),
        focus_ratio=peak[0],
        focus_p_value=peak[1],
        focus=(float(blocks.row[peak[2]]), float(blocks.column[peak[2]])),
    )


def _likeness(tissue: Tissue, blocks: Blocks) -> Floats:
    """Correlation of a variation that the camera has blurred, shape (n, n)."""
    sigma = np.sqrt(2.0) * BLUR_FWHM_MM / FWHM_PER_SIGMA
    down = (blocks.row[:, None] - blocks.row[None, :]) * tissue.pixel_mm[0]
    right = (blocks.column[:, None] - blocks.column[None, :]) * tissue.pixel_mm[1]
    return np.asarray(np.exp(-(down**2 + right**2) / (2 * sigma**2)))


def _noise(blocks: Blocks, filter_px: float) -> Floats | None:
    """Correlation of the counting noise of squares under a filter, shape (n, n); None where there is none."""
    if filter_px <= 0:
        return None
    lags = np.abs(blocks.grid[:, None, :] - blocks.grid[None, :, :])
    pixels = np.arange(blocks.side)
    at = np.arange(-40, 41)
    bell = np.exp(-(at**2) / (4 * filter_px**2))
    bell /= bell.sum()
    far = int(lags.max()) + 1
    shared = np.zeros(far)
    for lag in range(min(far, 30 // blocks.side + 1)):
        apart = np.abs(pixels[:, None] - (pixels[None, :] + lag * blocks.side))
        shared[lag] = bell[40 + np.minimum(apart, 40)].sum() / blocks.side
    return np.asarray(shared[lags[..., 0]] * shared[lags[..., 1]])


def _moments(form: Floats, mean: Floats, noise: Floats | None) -> tuple[float, float, float]:
    """First three cumulants of the statistic under counting alone.

    For a quadratic form M of independent standardised Poisson counts, whose third and fourth cumulants are
    1 / sqrt(mean) and 1 / mean.
    """
    if noise is not None:
        seen = form @ noise
        square = seen @ seen
        return float(np.trace(seen)), 2 * float(np.trace(square)), 8 * float(np.sum(square * seen.T))
    skew, excess, own = 1 / np.sqrt(mean), 1 / mean, np.diag(form)
    square = form @ form
    second = 2 * float(np.sum(form**2)) + float(np.sum(own**2 * excess))
    third = 8 * float(np.sum(square * form)) + 12 * float(np.sum(own * np.diag(square) * excess))
    third += 4 * float(skew @ form**3 @ skew) + 6 * float((own * skew) @ form @ (own * skew))
    third += float(np.sum(own**3 * excess**2))
    return float(own.sum()), second, third


def _tail(statistic: float, moments: tuple[float, float, float]) -> float:
    """Probability of a larger statistic, from a shifted gamma distribution with three given cumulants."""
    mean, variance, third = moments
    shape, scale = 4 * variance**3 / third**2, third / (2 * variance)
    return float(gamma.sf(statistic, shape, loc=mean - shape * scale, scale=scale))


def _variance_at(
    statistic: float,
    form: Floats,
    kernel: Floats,
    noise: Floats | None,
    moments: tuple[float, float, float],
    tail: float,
) -> float:
    """Squared variation at which the statistic has this probability of being exceeded; 0 where none is so small."""
    own, mixed = form @ kernel, form if noise is None else form @ noise
    first = float(np.trace(own))
    cross, square = float(np.sum(own * mixed.T)), float(np.sum(own * own.T))

    def excess(variance: float) -> float:
        mean = moments[0] + variance * first
        spread = moments[1] + 2 * (2 * variance * cross + variance**2 * square)
        shape = mean**2 / spread
        return float(gamma.sf(statistic, shape, scale=spread / mean)) - (1 - tail)

    if excess(0.0) >= 0:
        return 0.0
    high = 1e-4
    while excess(high) < 0 and high < 100:
        high *= 4
    return float(brentq(excess, 0.0, high)) if excess(high) >= 0 else high


def _focus(residual: Floats, mean: Floats, kin: Floats, away: Floats, noise: Floats | None) -> tuple[float, float, int]:
    """How far the brightest place stands out, how likely that is by chance, and which square it is."""
    root = np.sqrt(mean)
    matched = kin * root[None, :] @ away
    spread = np.sqrt(np.maximum(np.sum((matched if noise is None else matched @ noise) * matched, axis=1), 1e-12))
    score = (matched @ residual) / spread
    best = int(np.argmax(score))
    above = float((kin[best] * root) @ residual / (kin[best] @ mean))
    return 1 + above, float(min(1.0, len(mean) * norm.sf(score[best]))), best
