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
"""Our choice: a curved background takes ten of them."""

LEAST_OF_HALF: Final = 14
"""Squares on one side of the bone below which that side is left out. Our choice: nine shapes are fitted to them."""

LEAST_FULL: Final = 0.5
"""Share of a square that must be soft tissue. Our choice."""

ROUNDS: Final = 12
"""Of the fit of the background; it converges in five."""

LEAST_SINGULAR: Final = 1e-3
"""Shapes of the background that are less apart than this, relatively, are one. Our choice."""


@dataclass(frozen=True, slots=True, eq=False)
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


@dataclass(frozen=True, slots=True, eq=False)
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
    return Blocks(
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


def fitted_background(blocks: Blocks) -> tuple[Floats, Floats]:
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


def _expected(design: Floats, weight: Floats, blocks: Blocks) -> Floats:
    return np.asarray(blocks.path * np.exp(np.clip(design @ weight, -30, 30)) + blocks.air)


def _stepped(design: Floats, weight: Floats, step: Floats, blocks: Blocks) -> tuple[Floats, Floats]:
    """Go as much of a step as makes the fit better."""

    def misfit(mean: Floats) -> float:
        return float(np.sum(mean - blocks.counts * np.log(mean)))

    here = _expected(design, weight, blocks)
    for share in (1.0, 0.5, 0.25, 0.1, 0.02):
        mean = _expected(design, weight + share * step, blocks)
        if misfit(mean) <= misfit(here):
            return weight + share * step, mean
    return weight, here


def _surface(blocks: Blocks) -> Floats:
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


def _halves(across: Floats) -> tuple[Mask, Mask]:
    """What lies on either side of the middle of the limb."""
    return across < 0, across >= 0
