"""Map of the noise of a radiograph.

It comes from the highest frequencies alone: the detector sees detail in units of it. Noise that processing or
compression has correlated is underrated here; `calcinet.measure.radiograph.noise_power` gives its standard deviation,
one number a film.
"""

from itertools import pairwise
from typing import Final

import cv2
import numpy as np

from calcinet.arrays import Mask, Pixels

BLOCK_PX: Final = 16
"""Side of the blocks that noise is measured in. Our choice: 256 samples give the spread within 6 %."""

LEVELS: Final = 12
"""Grey-level classes that share one noise level. Our choice: quantum noise follows exposure, and so the grey level."""

QUIET_QUANTILE: Final = 0.4
"""Quantile of the blocks of one grey level that is its noise. Our choice: below the median, because
structure only ever adds to noise."""

MAX_OVER_LEVEL: Final = 1.5
"""A block noisier than this times its grey level is taken for structure. Our choice."""

NORMAL_MEDIAN: Final = 0.6745
"""Median of |x| for a standard normal x."""


def noise_map(plane: Pixels, tissue: Mask) -> Pixels:
    """Local standard deviation of the pixel noise.

    The noise is read from second differences, in which smooth anatomy vanishes, by medians over blocks, and tied to
    the grey level, so that lines and edges do not pass for noise.

    Parameters
    ----------
    plane
        Pixels, shape (Y, X).
    tissue
        Where there is tissue, same shape; noise elsewhere is that of the nearest grey level.

    Returns
    -------
    Same shape, in the unit of `plane`; everywhere positive.
    """
    spread = _compute_block_medians(np.abs(_filter_second_difference(plane)))
    level = _compute_block_means(plane)
    usable = np.isfinite(spread)
    covered = _compute_block_means(tissue.astype(np.float32)) > 0.5
    if covered.any():
        usable &= covered
    typical = _fit_noise_to_level(level, spread, usable)
    local = np.minimum(spread, MAX_OVER_LEVEL * typical)
    smooth = cv2.GaussianBlur(np.maximum(local, 0.5 * typical).astype(np.float32), (0, 0), 1.5)
    whole = cv2.resize(smooth, plane.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return _cast(np.maximum(whole, np.float32(1e-6) + _measure_rounding_noise(plane)))


def _filter_second_difference(plane: Pixels) -> Pixels:
    """Difference of each pixel to its diagonal neighbours, scaled so that white noise keeps its deviation.

    The kernel [1 -2 1]' [1 -2 1] / 6: the squares of its nine weights add up to 36 / 36 = 1.
    """
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], dtype=np.float32) / 6
    return _cast(cv2.filter2D(plane, cv2.CV_32F, kernel, borderType=cv2.BORDER_REFLECT))


def _split_into_blocks(plane: Pixels) -> Pixels:
    """Pixels by block, shape (rows, columns, BLOCK_PX ** 2); the film's last pixels are repeated to fill a block."""
    height, width = plane.shape
    down, right = -height % BLOCK_PX, -width % BLOCK_PX
    padded = cv2.copyMakeBorder(plane, 0, down, 0, right, cv2.BORDER_REPLICATE)
    rows, columns = padded.shape[0] // BLOCK_PX, padded.shape[1] // BLOCK_PX
    split = padded.reshape(rows, BLOCK_PX, columns, BLOCK_PX).transpose(0, 2, 1, 3)
    return _cast(split.reshape(rows, columns, BLOCK_PX**2))


def _compute_block_medians(plane: Pixels) -> Pixels:
    return _cast(np.median(_split_into_blocks(plane), axis=2) / NORMAL_MEDIAN)


def _compute_block_means(plane: Pixels) -> Pixels:
    return _cast(_split_into_blocks(plane).mean(axis=2))


def _fit_noise_to_level(level: Pixels, spread: Pixels, usable: Mask) -> Pixels:
    """Noise of quiet blocks as a function of the grey level, for every block."""
    edges = np.quantile(level[usable], np.linspace(0, 1, LEVELS + 1))
    centres: list[float] = []
    values: list[float] = []
    for low, high in pairwise(edges):
        inside = usable & (level >= low) & (level <= high)
        if inside.any():
            centres.append(float(level[inside].mean()))
            values.append(float(np.quantile(spread[inside], QUIET_QUANTILE)))
    order = np.argsort(centres)
    return _cast(np.interp(level, np.array(centres)[order], np.array(values)[order]))


def _measure_rounding_noise(plane: Pixels) -> np.float32:
    """Rounding noise of the grey scale: its smallest step over the square root of twelve."""
    row_step, column_step = max(1, plane.shape[0] // 64), max(1, plane.shape[1] // 64)
    values = np.unique(plane[::row_step, ::column_step])
    if values.size < 2:
        return np.float32(1e-6)
    return np.float32(np.min(np.diff(values)) / np.sqrt(12))


def _cast(values: object) -> Pixels:
    return np.asarray(values, dtype=np.float32)
