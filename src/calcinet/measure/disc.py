"""The blurred shadow of a disc: what a solid rod looks like across."""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage as ndi

Array = NDArray[np.float64]

MAX_RADIUS_SIGMAS: Final = 64.0
"""Largest radius of the table of blurred discs, in blur sigmas. A sharper edge is taken as this sharp: our choice, a
radius of 3.5 mm then has an edge of 0.05 mm."""

TABLE_STEP_SIGMAS: Final = 0.1
"""Grid step of that table. Our choice: the interpolation then errs by less than 0.001 of the peak."""


def blurred_disc(x: Array, radius: Array, sigma: Array) -> tuple[Array, Array, Array]:
    """Chord length of a disc after a Gaussian blur, and its derivatives by `x` and by `radius`.

    All three arguments in one unit of length, broadcast together.
    """
    table, n_radius = _disc_table()
    column = np.minimum(radius / sigma, MAX_RADIUS_SIGMAS - TABLE_STEP_SIGMAS) / TABLE_STEP_SIGMAS
    scale = np.maximum(sigma, radius / (MAX_RADIUS_SIGMAS - TABLE_STEP_SIGMAS))
    row = np.minimum(np.abs(x) / (scale * TABLE_STEP_SIGMAS), table.shape[0] // n_radius - 1.001)
    row, column = np.broadcast_arrays(row, column)
    i, j = row.astype(np.intp), column.astype(np.intp)
    fi, fj = (row - i)[..., None], (column - j)[..., None]
    at = i * n_radius + j
    near = table[at] * (1 - fj) + table[at + 1] * fj
    far = table[at + n_radius] * (1 - fj) + table[at + n_radius + 1] * fj
    value = near * (1 - fi) + far * fi
    return value[..., 0] * scale, value[..., 1] * np.sign(x), value[..., 2]


@cache
def _disc_table() -> tuple[Array, int]:
    """Blurred chord, slope by x and slope by radius for blur 1, shape (rows of x times radii, 3), and the radii."""
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
    stacked = np.stack([disc.T, by_x.T, by_radius.T], axis=-1)
    return np.ascontiguousarray(stacked.reshape(-1, 3)), len(radii)
