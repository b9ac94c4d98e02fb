"""Legs in the scanner, plane by plane: tissue, bones, cast, cloth, table."""

from typing import Final

import numpy as np

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.phantoms.ct.confounders import TABLE_GAP_MM, Confounder, dress, lay_table
from calcinet.phantoms.ct.deposit import Grid
from calcinet.phantoms.ct.texture import Texture
from calcinet.phantoms.ct.tissue import AIR_HU, Stuff, paint

SUB_SLICE_MM: Final = 1.0
"""Thicker slices are averaged from planes this far apart at most."""

AROUND_MM: Final = 9.0
"""Cast and cloth reach no farther from the skin."""


def scene(
    stuff: list[Stuff], grid: Grid, confounders: tuple[Confounder, ...], rng: np.random.Generator
) -> tuple[Pixels, Mask, Mask]:
    """Legs without small bodies, before they are scanned.

    Returns
    -------
    tuple
        Brightness; where bone fills half a voxel at least; where the body does. Shape of the grid.
    """
    z, y, x = (
        first + np.arange(n, dtype=np.float64) * mm
        for first, n, mm in zip(grid.first, grid.shape, grid.spacing_mm, strict=True)
    )
    rows, columns = y.astype(np.float32), x.astype(np.float32)
    fold = Texture((30.0, 15.0, 15.0), rng)
    count = max(1, int(np.ceil(grid.thickness_mm / SUB_SLICE_MM)))
    offsets = ((np.arange(count) + 0.5) / count - 0.5) * grid.thickness_mm
    top = _back(stuff, z)
    hu, bone, body = np.empty(grid.shape, np.float32), np.zeros(grid.shape, bool), np.zeros(grid.shape, bool)
    for k, height in enumerate(z):
        sums = np.zeros((3, *grid.shape[1:]), np.float32)
        for offset in offsets:
            sums += _plane(stuff, float(height + offset), (rows, columns), confounders, fold)
        if "table" in confounders:
            sums[0] /= count
            lay_table(sums[0], rows, columns, top + TABLE_GAP_MM)
            sums[0] *= count
        hu[k] = sums[0] / count
        bone[k], body[k] = sums[1] >= count / 2, sums[2] >= count / 2
    return hu, bone, body


def _plane(
    stuff: list[Stuff], z: float, at: tuple[Pixels, Pixels], confounders: tuple[Confounder, ...], fold: Texture
) -> Pixels:
    """Brightness, share of bone and share of body of one plane, shape (3, Y, X)."""
    y, x = at
    out = np.zeros((3, len(y), len(x)), np.float32)
    out[0] = AIR_HU
    for one in stuff:
        line = one.leg.outline(round(z, 1))
        rows = np.flatnonzero((y > line[:, 0].min() - AROUND_MM) & (y < line[:, 0].max() + AROUND_MM))
        columns = np.flatnonzero((x > line[:, 1].min() - AROUND_MM) & (x < line[:, 1].max() + AROUND_MM))
        if z < 0 or not len(rows) or not len(columns):
            continue
        window = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
        seen = paint(one, z, y[window[0]], x[window[1]], float(abs(y[1] - y[0])))
        part = out[0][window]
        if {"cast", "cloth"} & set(confounders):
            dress(part, seen.depth_mm, confounders, fold.plane(z, y[window[0]], x[window[1]]))
        part += seen.body * (seen.hu - part)
        out[1][window], out[2][window] = seen.bone, seen.body
    return out


def _back(stuff: list[Stuff], heights: Floats) -> float:
    """Where the legs' backmost point lies, in mm."""
    some = heights[:: max(1, len(heights) // 30)]
    return max(float(one.leg.outline(round(float(z), 1))[:, 0].max()) for one in stuff for z in some)
