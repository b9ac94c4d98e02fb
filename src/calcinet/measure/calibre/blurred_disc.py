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

PAD_SIGMAS: Final = 6.0
"""Width beside the table's largest disc, so that the blur of its edge is complete."""


def blurred_disc(x: Floats, radius: Floats, sigma: Floats) -> tuple[Floats, Floats, Floats]:
    """Chord length of a disc after a Gaussian blur, and its derivatives by `x` and by `radius`.

    All three arguments in one unit of length, broadcast together.
    """
    cells, (rows, columns) = _build_table()
    largest = MAX_RADIUS_SIGMAS - TABLE_STEP_SIGMAS
    column = np.minimum(radius / sigma, largest) / TABLE_STEP_SIGMAS
    scale = np.maximum(sigma, radius / largest)
    row = np.minimum(np.abs(x) / (scale * TABLE_STEP_SIGMAS), rows - 0.001)
    i, j = row.astype(np.intp), column.astype(np.intp)
    value = _interpolate(cells.take(i * columns + j, axis=0), row - i, column - j)
    return value[..., 0] * scale, value[..., 1] * np.sign(x), value[..., 2]


def _interpolate(cell: Floats, down: Floats, across: Floats) -> Floats:
    """Bilinear interpolation in cells, shape (..., 4, 3), at places from 0 to 1 within them; shape (..., 3)."""
    down, across = down[..., None], across[..., None]
    at_top = cell[..., 0, :] + cell[..., 1, :] * across
    return np.asarray(at_top + (cell[..., 2, :] + cell[..., 3, :] * across) * down)


@cache
def _build_table() -> tuple[Floats, tuple[int, int]]:
    """Blurred chord, slope by x and slope by radius for blur 1, ready to be interpolated.

    Cells between grid points, shape (rows of x times columns of radius, 4, 3): the value in the cell's corner and how
    it grows with the column, with the row, and with both; and how many rows and columns there are.
    """
    disc = _blur_chords()
    by_radius = np.asarray(np.gradient(disc, TABLE_STEP_SIGMAS, axis=0))
    by_x = np.asarray(np.gradient(disc, TABLE_STEP_SIGMAS, axis=1))
    by_x[:, 0] = 0.0
    cells = np.empty((disc.shape[1] - 1, disc.shape[0] - 1, 4, 3))
    for quantity, plane in enumerate((disc.T, by_x.T, by_radius.T)):
        _fill_cells(cells[..., quantity], plane)
    return cells.reshape(-1, 4, 3), (cells.shape[0], cells.shape[1])


def _blur_chords() -> Floats:
    """Chords of discs after a blur of 1, shape (radii, distances from the middle), both in steps of the table."""
    step = TABLE_STEP_SIGMAS
    edges = np.arange(-PAD_SIGMAS, MAX_RADIUS_SIGMAS + PAD_SIGMAS + step, step) - step / 2
    radii = np.arange(0, MAX_RADIUS_SIGMAS + step / 2, step)[:, None]
    # the chord's integral is known, so cells hold exact means; their own width counts as blur
    means = np.diff(_integrate_chord(edges, radii), axis=1) / step
    spread = np.sqrt(1 - step**2 / 12) / step
    blurred = ndi.gaussian_filter1d(means, spread, axis=1, truncate=PAD_SIGMAS)
    return np.asarray(blurred[:, round(PAD_SIGMAS / step) :])


def _integrate_chord(x: Floats, radii: Floats) -> Floats:
    """Integral from 0 to `x` (N,) of the chord 2 sqrt(R^2 - x^2) for every radius (M, 1), shape (M, N)."""
    cut = np.clip(x[None], -radii, radii)
    angle = np.arcsin(np.divide(cut, radii, out=np.zeros_like(cut), where=radii > 0))
    return np.asarray(cut * np.sqrt(np.maximum(radii**2 - cut**2, 0)) + radii**2 * angle)


def _fill_cells(cells: Floats, plane: Floats) -> None:
    """Write corner, growth with column, with row and with both of every cell of a grid; shape (rows, columns, 4)."""
    along = np.diff(plane, axis=0)
    cells[..., 0] = plane[:-1, :-1]
    cells[..., 1] = np.diff(plane[:-1], axis=1)
    cells[..., 2] = along[:, :-1]
    cells[..., 3] = np.diff(along, axis=1)
