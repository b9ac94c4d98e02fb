"""The blurred shadow of a disc: what a solid rod looks like across."""

from functools import cache
from typing import Final

import numpy as np
from scipy import ndimage as ndi

from calcinet.arrays import Floats

MAX_RADIUS_SIGMAS: Final = 64.0
"""Largest radius of the table of blurred discs, in blur sigmas. A sharper edge is taken as this sharp: our choice, a
radius of 3.5 mm then has an edge of 0.05 mm."""

TABLE_STEP_SIGMAS: Final = 0.1
"""Grid step of that table. Our choice: the interpolation then errs by less than 0.001 of the peak."""


def blurred_disc(x: Floats, radius: Floats, sigma: Floats) -> tuple[Floats, Floats, Floats]:
    """Chord length of a disc after a Gaussian blur, and its derivatives by `x` and by `radius`.

    All three arguments in one unit of length, broadcast together.
    """
    cells, (rows, columns) = _disc_table()
    column = np.minimum(radius / sigma, MAX_RADIUS_SIGMAS - TABLE_STEP_SIGMAS) / TABLE_STEP_SIGMAS
    scale = np.maximum(sigma, radius / (MAX_RADIUS_SIGMAS - TABLE_STEP_SIGMAS))
    row = np.minimum(np.abs(x) / (scale * TABLE_STEP_SIGMAS), rows - 0.001)
    i, j = row.astype(np.intp), column.astype(np.intp)
    down, across = (row - i)[..., None], (column - j)[..., None]
    cell = cells.take(i * columns + j, axis=0)
    value = cell[..., 0, :] + cell[..., 1, :] * across + (cell[..., 2, :] + cell[..., 3, :] * across) * down
    return value[..., 0] * scale, value[..., 1] * np.sign(x), value[..., 2]


@cache
def _disc_table() -> tuple[Floats, tuple[int, int]]:
    """Blurred chord, slope by x and slope by radius for blur 1, ready to be interpolated.

    Cells between grid points, shape (rows of x times columns of radius, 4, 3): the value in the cell's corner and how
    it grows with the column, with the row, and with both; and how many rows and columns there are.
    """
    step = TABLE_STEP_SIGMAS
    pad = 6.0
    edges = np.arange(-pad, MAX_RADIUS_SIGMAS + pad + step, step) - step / 2
    radii = np.arange(0, MAX_RADIUS_SIGMAS + step / 2, step)[:, None]
    cut = np.clip(edges[None], -radii, radii)
    # the chord's integral is known, so cells hold exact means; their own width counts as blur
    angle = np.arcsin(np.divide(cut, radii, out=np.zeros_like(cut), where=radii > 0))
    integral = cut * np.sqrt(np.maximum(radii**2 - cut**2, 0)) + radii**2 * angle
    mirrored = np.diff(integral, axis=1) / step
    spread = np.sqrt(1 - step**2 / 12) / step
    disc = ndi.gaussian_filter1d(mirrored, spread, axis=1, truncate=pad)[:, round(pad / step) :]
    by_radius, by_x = np.gradient(disc, step)
    by_x[:, 0] = 0.0
    cells = np.empty((disc.shape[1] - 1, disc.shape[0] - 1, 4, 3))
    for quantity, plane in enumerate((disc.T, by_x.T, by_radius.T)):
        along = np.diff(plane, axis=0)
        cells[..., 0, quantity] = plane[:-1, :-1]
        cells[..., 1, quantity] = np.diff(plane[:-1], axis=1)
        cells[..., 2, quantity] = along[:, :-1]
        cells[..., 3, quantity] = np.diff(along, axis=1)
    return cells.reshape(-1, 4, 3), (cells.shape[0], cells.shape[1])
