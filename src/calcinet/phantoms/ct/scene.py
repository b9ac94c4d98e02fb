"""Legs in the scanner, plane by plane: tissue, bones, cast, cloth, table."""

from typing import Final

import numpy as np

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.phantoms.ct.confounders import TABLE_GAP_MM, Confounder, dress, lay_table
from calcinet.phantoms.ct.deposit import Grid
from calcinet.phantoms.ct.texture import Texture
from calcinet.phantoms.ct.tissue import AIR_HU, LegTissue, paint

SUB_SLICE_MM: Final = 1.0
"""Thicker slices are averaged from planes this far apart at most."""

AROUND_MM: Final = 9.0
"""Cast and cloth reach no farther from the skin."""


def draw_scene(
    tissues: list[LegTissue], grid: Grid, confounders: tuple[Confounder, ...], rng: np.random.Generator
) -> tuple[Pixels, Mask, Mask]:
    """Legs without small bodies, before they are scanned.

    Returns
    -------
    tuple
        Brightness; where bone fills half a voxel at least; where the body does. Shape of the grid.
    """
    z, y, x = (_place_voxels(grid, axis) for axis in range(3))
    rows, columns = y.astype(np.float32), x.astype(np.float32)
    fold = Texture((30.0, 15.0, 15.0), rng)
    offsets = _split_slice(grid.thickness_mm)
    count = len(offsets)
    table_top = _find_backmost(tissues, z) + TABLE_GAP_MM
    hu, bone, body = np.empty(grid.shape, np.float32), np.zeros(grid.shape, bool), np.zeros(grid.shape, bool)
    for number, height in enumerate(z):
        sums = np.zeros((3, *grid.shape[1:]), np.float32)
        for offset in offsets:
            sums += _draw_plane(tissues, float(height + offset), (rows, columns), confounders, fold)
        if "table" in confounders:
            sums[0] /= count
            lay_table(sums[0], rows, columns, table_top)
            sums[0] *= count
        hu[number] = sums[0] / count
        bone[number], body[number] = sums[1] >= count / 2, sums[2] >= count / 2
    return hu, bone, body


def _place_voxels(grid: Grid, axis: int) -> Floats:
    """Middles of the voxels along an axis, in mm."""
    return np.asarray(grid.first[axis] + np.arange(grid.shape[axis], dtype=np.float64) * grid.spacing_mm[axis])


def _split_slice(thickness_mm: float) -> Floats:
    """Planes that a slice is the mean of, in mm from its middle."""
    count = max(1, int(np.ceil(thickness_mm / SUB_SLICE_MM)))
    return np.asarray(((np.arange(count) + 0.5) / count - 0.5) * thickness_mm)


def _draw_plane(
    tissues: list[LegTissue],
    z: float,
    at: tuple[Pixels, Pixels],
    confounders: tuple[Confounder, ...],
    fold: Texture,
) -> Pixels:
    """Brightness, share of bone and share of body of one plane, shape (3, Y, X)."""
    y, x = at
    plane = np.zeros((3, len(y), len(x)), np.float32)
    plane[0] = AIR_HU
    if z < 0:
        return plane
    for tissue in tissues:
        window = _find_window(tissue, z, y, x)
        if window is None:
            continue
        rows, columns = y[window[0]], x[window[1]]
        seen = paint(tissue, z, rows, columns, float(abs(y[1] - y[0])))
        hu = plane[0][window]
        if {"cast", "cloth"} & set(confounders):
            dress(hu, seen.depth_mm, confounders, fold.plane(z, rows, columns))
        hu += seen.body * (seen.hu - hu)
        plane[1][window], plane[2][window] = seen.bone, seen.body
    return plane


def _find_window(tissue: LegTissue, z: float, y: Pixels, x: Pixels) -> tuple[slice, slice] | None:
    """Rows and columns about a leg with its cast and cloth; None where it is outside the plane."""
    outline = tissue.leg.outline(round(z, 1))
    low, high = outline.min(axis=0) - AROUND_MM, outline.max(axis=0) + AROUND_MM
    rows = np.flatnonzero((y > low[0]) & (y < high[0]))
    columns = np.flatnonzero((x > low[1]) & (x < high[1]))
    if not len(rows) or not len(columns):
        return None
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _find_backmost(tissues: list[LegTissue], heights: Floats) -> float:
    """The legs' backmost point, in mm."""
    some = heights[:: max(1, len(heights) // 30)]
    backmost = -np.inf
    for tissue in tissues:
        for z in some:
            backmost = max(backmost, float(tissue.leg.outline(round(float(z), 1))[:, 0].max()))
    return backmost
