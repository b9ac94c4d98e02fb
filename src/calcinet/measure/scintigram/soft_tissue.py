"""Soft tissue of a scan added up to squares, and the smooth background of its uptake."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.arrays import Floats, Indices, Mask
from calcinet.errors import NotMeasurable
from calcinet.text import say

BLOCK_MM: Final = 6.8
"""Pixels are added up to squares of this side. Our choice: below the camera's blur, so that little is lost."""

LEAST_BLOCKS: Final = 40
"""Fewest squares of a segment. Our choice: the background takes ten of them."""

LEAST_OF_HALF: Final = 14
"""Squares on one side of the bone below which that side is left out. Our choice: a level, a slope and the
spill of bone are fitted to them alone."""

LEAST_FULL: Final = 0.5
"""Share of a square that must be soft tissue. Our choice."""

ROUNDS: Final = 12
"""Steps of the fit of the background, which converges in five."""

LEAST_SINGULAR: Final = 1e-3
"""Shapes of the background with a smaller singular value, relatively, are left out. Our choice."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Tissue:
    """The pixels of a piece of soft tissue on one view; each of shape (N,)."""

    rows: Indices
    columns: Indices
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


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Blocks:
    """Tissue added up to squares; shape (n,)."""

    counts: Floats
    path: Floats
    along: Floats
    across: Floats
    spill: Floats
    air: Floats
    row: Floats
    column: Floats
    grid: Indices
    """Row and column of the square in the grid of squares, shape (n, 2)."""
    side: int
    """Pixels of a square along rows."""


def blocks_of(tissue: Tissue, scale: float) -> Blocks:
    """Add pixels up to squares and leave out those that are mostly something else."""
    rows_mm, columns_mm = tissue.pixel_mm
    tall, wide = max(1, round(BLOCK_MM / rows_mm)), max(1, round(BLOCK_MM / columns_mm))
    cell = np.stack([tissue.rows // tall, tissue.columns // wide], axis=1)
    grid, block_of, size = np.unique(cell, axis=0, return_inverse=True, return_counts=True)
    block_of = block_of.ravel()
    across = np.bincount(block_of, tissue.across, len(size)).astype(np.float64)
    kept = _choose_blocks(size >= LEAST_FULL * tall * wide, across)
    pixels = size[kept]

    def add_up(values: Floats) -> Floats:
        return np.bincount(block_of, values, len(size))[kept].astype(np.float64)

    return Blocks(
        counts=add_up(tissue.counts) / scale,
        path=np.maximum(add_up(tissue.path_mm), 1e-6),
        along=add_up(tissue.along) / pixels,
        across=add_up(tissue.across) / pixels,
        spill=add_up(tissue.spill) / pixels,
        air=np.asarray(tissue.air * pixels / scale),
        row=add_up(tissue.rows.astype(float)) / pixels,
        column=add_up(tissue.columns.astype(float)) / pixels,
        grid=grid[kept],
        side=tall,
    )


def _choose_blocks(full: Mask, across: Floats) -> Mask:
    """Squares that are full enough, on the sides of the limb that have enough of them."""
    kept = full.copy()
    for half in _split_halves(across):
        if (half & kept).sum() < LEAST_OF_HALF:
            kept &= ~half
    if kept.sum() < LEAST_BLOCKS:
        raise NotMeasurable(say("too little soft tissue beside the bone to tell variation from chance"))
    return kept


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """The smooth background of n squares."""

    mean: Floats
    """Expected counts, shape (n,)."""

    base: Floats
    """Orthonormal columns of what the fit can follow, in counts over the root of `mean`; shape (n, k)."""


def fit_background(blocks: Blocks) -> Background:
    """Fit counts = path exp(design weight) + air by iterated weighted least squares (Poisson)."""
    design = _build_surface(blocks)
    total = max(float(blocks.counts.sum() - blocks.air.sum()), 1.0)
    start = np.full(len(blocks.path), np.log(total / blocks.path.sum()))
    weight = np.linalg.lstsq(design, start, rcond=None)[0].astype(np.float64)
    mean = _expect_counts(design, weight, blocks)
    for _ in range(ROUNDS):
        slope = _derive_slope(design, mean, blocks)
        step = np.linalg.lstsq(slope, (blocks.counts - mean) / np.sqrt(mean), rcond=None)[0].astype(np.float64)
        weight, mean = _step_weight(design, weight, step, blocks)
    return Background(mean, np.asarray(np.linalg.qr(_derive_slope(design, mean, blocks))[0]))


def _derive_slope(design: Floats, mean: Floats, blocks: Blocks) -> Floats:
    """Change of the expected counts with each weight, over their standard deviation; shape (n, k)."""
    return np.asarray(design * (np.maximum(mean - blocks.air, 1e-9) / np.sqrt(mean))[:, None])


def _expect_counts(design: Floats, weight: Floats, blocks: Blocks) -> Floats:
    return np.asarray(blocks.path * np.exp(np.clip(design @ weight, -30, 30)) + blocks.air)


def _step_weight(design: Floats, weight: Floats, step: Floats, blocks: Blocks) -> tuple[Floats, Floats]:
    """Go as much of a step as makes the fit better."""

    def misfit(mean: Floats) -> float:
        return float(np.sum(mean - blocks.counts * np.log(mean)))

    here = _expect_counts(design, weight, blocks)
    for share in (1.0, 0.5, 0.25, 0.1, 0.02):
        mean = _expect_counts(design, weight + share * step, blocks)
        if misfit(mean) <= misfit(here):
            return weight + share * step, mean
    return weight, here


def _build_surface(blocks: Blocks) -> Floats:
    """Shapes that the background is made of, orthogonal, of shape (n, k).

    On either side of the middle of the limb a level, a slope across and what bone spills; of both sides together a
    cubic along the limb and a curve across. A surface that bends more follows the patches themselves.
    """
    x, y = 2 * blocks.along - 1, blocks.across
    of_a_side = np.stack([np.ones_like(x), y, blocks.spill])
    columns: list[Floats] = [x, x**2, x**3, y**2]
    for half in _split_halves(y):
        if half.any():
            columns.extend(half * of_a_side)
    full = np.stack(columns, axis=1)
    full = full / np.maximum(np.linalg.norm(full, axis=0), 1e-12)
    left, size, _ = np.linalg.svd(full, full_matrices=False)
    return np.asarray(left[:, size > LEAST_SINGULAR * size[0]] * np.sqrt(len(x)))


def _split_halves(across: Floats) -> tuple[Mask, Mask]:
    """Whether a place is on either side of the middle of the limb."""
    return across < 0, across >= 0
