"""Whether uptake varies within soft tissue more than counting by chance explains, and by how much."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import gamma, norm

from calcinet.errors import NotMeasurable
from calcinet.measure.counting import UNTOUCHED, Counting
from calcinet.measure.result import quantity
from calcinet.text import say

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

BLUR_FWHM_MM: Final = 10.0
"""Full width at half maximum of the camera: variation finer than this cannot be seen. Our choice: high resolution at
the distance of a limb; the test's size does not depend on it, its power does."""

BLOCK_MM: Final = 6.8
"""Pixels are added up to squares of this side. Our choice: below the camera's blur, so that little is lost."""

LEAST_BLOCKS: Final = 40
"""Our choice: a curved background takes ten of them."""

LEAST_OF_HALF: Final = 14
"""Squares on one side of the bone below which that side is left out. Our choice: nine shapes are fitted to them."""

LEAST_FULL: Final = 0.5
"""Share of a square that must be soft tissue. Our choice."""

LEAST_MEAN: Final = 2.0
"""Counts of a square, on average, below which nothing is said. Our choice: the moments are right to a few percent."""

ROUNDS: Final = 12
"""Of the fit of the background; it converges in five."""

LEAST_SINGULAR: Final = 1e-3
"""Shapes of the background that are less apart than this, relatively, are one. Our choice."""

FWHM_IN_SIGMAS: Final = 2.3548


@dataclass(frozen=True, slots=True, eq=False)
class Tissue:
    """The pixels of a piece of soft tissue on one view; each of shape (N,)."""

    rows: Ints
    columns: Ints
    counts: Floats
    path_mm: Floats
    """Tissue that a pixel sees."""
    along: Floats
    """Place along the limb, 0 to 1."""
    across: Floats
    """Place across it, -1 to 1."""
    spill: Floats
    """Share of a pixel's sight that is bone under the camera's blur."""
    pixel_mm: tuple[float, float]
    air: float = 0.0
    """Counts of a pixel that are none of the tissue's."""


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


@dataclass(frozen=True, slots=True, eq=False)
class _Blocks:
    """Tissue added up to squares; shape (n,)."""

    counts: Floats
    path: Floats
    along: Floats
    across: Floats
    spill: Floats
    air: Floats
    row: Floats
    column: Floats
    grid: Ints
    """Row and column of the square in the grid of squares, shape (n, 2)."""
    side: int
    """Pixels of a square along rows."""


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
    blocks = _blocks(tissue, counting.scale)
    mean, base = _background(blocks)
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


def _blocks(tissue: Tissue, scale: float) -> _Blocks:
    """Add pixels up to squares and leave out those that are mostly something else."""
    sides = [max(1, round(BLOCK_MM / mm)) for mm in tissue.pixel_mm]
    cell = np.stack([tissue.rows // sides[0], tissue.columns // sides[1]], axis=1)
    grid, which, size = np.unique(cell, axis=0, return_inverse=True, return_counts=True)
    which = which.ravel()
    kept = size >= LEAST_FULL * sides[0] * sides[1]
    for half in _halves(np.bincount(which, tissue.across, len(size)).astype(np.float64)):
        if (half & kept).sum() < LEAST_OF_HALF:
            kept &= ~half
    if kept.sum() < LEAST_BLOCKS:
        raise NotMeasurable(say("too little soft tissue beside the bone to tell variation from chance"))

    def total(values: Floats) -> Floats:
        return np.bincount(which, values, len(size))[kept].astype(np.float64)

    share = size[kept]
    return _Blocks(
        counts=total(tissue.counts) / scale,
        path=np.maximum(total(tissue.path_mm), 1e-6),
        along=total(tissue.along) / share,
        across=total(tissue.across) / share,
        spill=total(tissue.spill) / share,
        air=np.asarray(tissue.air * share / scale),
        row=total(tissue.rows.astype(float)) / share,
        column=total(tissue.columns.astype(float)) / share,
        grid=grid[kept],
        side=sides[0],
    )


def _background(blocks: _Blocks) -> tuple[Floats, Floats]:
    """Fitted counts, shape (n,), and an orthonormal base, shape (n, k), of what the fit can follow."""
    design = _surface(blocks)
    total = max(float(blocks.counts.sum() - blocks.air.sum()), 1.0)
    start = np.linalg.lstsq(design, np.full(len(blocks.path), np.log(total / blocks.path.sum())), rcond=None)[0]
    weight, mean = start.astype(np.float64), _expected(design, start, blocks)
    for _ in range(ROUNDS):
        root = np.sqrt(mean)
        slope = design * (np.maximum(mean - blocks.air, 1e-9) / root)[:, None]
        step = np.linalg.lstsq(slope, (blocks.counts - mean) / root, rcond=None)[0].astype(np.float64)
        weight, mean = _stepped(design, weight, step, blocks)
    slope = design * (np.maximum(mean - blocks.air, 1e-9) / np.sqrt(mean))[:, None]
    return mean, np.asarray(np.linalg.qr(slope)[0])


def _expected(design: Floats, weight: Floats, blocks: _Blocks) -> Floats:
    return np.asarray(blocks.path * np.exp(np.clip(design @ weight, -30, 30)) + blocks.air)


def _stepped(design: Floats, weight: Floats, step: Floats, blocks: _Blocks) -> tuple[Floats, Floats]:
    """Go as much of a step as makes the fit better."""

    def misfit(mean: Floats) -> float:
        return float(np.sum(mean - blocks.counts * np.log(mean)))

    here = _expected(design, weight, blocks)
    for share in (1.0, 0.5, 0.25, 0.1, 0.02):
        mean = _expected(design, weight + share * step, blocks)
        if misfit(mean) <= misfit(here):
            return weight + share * step, mean
    return weight, here


def _surface(blocks: _Blocks) -> Floats:
    """A curved surface, and what bone spills, on either side of the middle of the limb; orthogonal, shape (n, k)."""
    x, y = 2 * blocks.along - 1, blocks.across
    columns = []
    for half in _halves(y):
        if half.any():
            terms = (np.ones_like(x), x, x**2, x**3, y, y**2, x * y, blocks.spill, blocks.spill * x)
            columns += [half * term for term in terms]
    full = np.stack(columns, axis=1)
    full = full / np.maximum(np.linalg.norm(full, axis=0), 1e-12)
    left, size, _ = np.linalg.svd(full, full_matrices=False)
    return np.asarray(left[:, size > LEAST_SINGULAR * size[0]] * np.sqrt(len(x)))


def _halves(across: Floats) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """What lies on either side of the middle of the limb."""
    return across < 0, across >= 0


def _likeness(tissue: Tissue, blocks: _Blocks) -> Floats:
    """Correlation of a variation that the camera has blurred, shape (n, n)."""
    sigma = np.sqrt(2.0) * BLUR_FWHM_MM / FWHM_IN_SIGMAS
    down = (blocks.row[:, None] - blocks.row[None, :]) * tissue.pixel_mm[0]
    right = (blocks.column[:, None] - blocks.column[None, :]) * tissue.pixel_mm[1]
    return np.asarray(np.exp(-(down**2 + right**2) / (2 * sigma**2)))


def _noise(blocks: _Blocks, filter_px: float) -> Floats | None:
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
