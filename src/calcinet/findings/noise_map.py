"""How noisy each place of a radiograph is.

A map, from the highest frequencies alone: the detector sees detail in units of it. Noise that processing or compression
has correlated is underrated here;
`calcinet.measure.radiograph.noise_power` gives its standard deviation, one number a film.
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
"""Of the blocks of one grey level. Our choice: below the median, because structure only ever adds to noise."""

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
    spread = _block_medians(np.abs(_second_difference(plane)))
    level = _block_means(plane)
    covered = _block_means(tissue.astype(np.float32)) > 0.5
    usable = covered & np.isfinite(spread) if covered.any() else np.isfinite(spread)
    typical = _typical_by_level(level, spread, usable)
    local = np.minimum(spread, MAX_OVER_LEVEL * typical)
    smooth = cv2.GaussianBlur(np.maximum(local, 0.5 * typical).astype(np.float32), (0, 0), 1.5)
    whole = cv2.resize(smooth, plane.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return _float32(np.maximum(whole, np.float32(1e-6) + _smallest_step(plane)))


def _second_difference(plane: Pixels) -> Pixels:
    """Difference of each pixel to its diagonal neighbours, scaled so that white noise keeps its deviation."""
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], dtype=np.float32) / 6
    return _float32(cv2.filter2D(plane, cv2.CV_32F, kernel, borderType=cv2.BORDER_REFLECT))


def _blocks(plane: Pixels) -> Pixels:
    """Pixels by block, shape (rows, columns, BLOCK_PX ** 2); the film is padded by reflection."""
    height, width = plane.shape
    down, right = -height % BLOCK_PX, -width % BLOCK_PX
    padded = cv2.copyMakeBorder(plane, 0, down, 0, right, cv2.BORDER_REPLICATE)
    rows, columns = padded.shape[0] // BLOCK_PX, padded.shape[1] // BLOCK_PX
    split = padded.reshape(rows, BLOCK_PX, columns, BLOCK_PX).transpose(0, 2, 1, 3)
    return _float32(split.reshape(rows, columns, BLOCK_PX**2))


def _block_medians(plane: Pixels) -> Pixels:
    return _float32(np.median(_blocks(plane), axis=2) / NORMAL_MEDIAN)


def _block_means(plane: Pixels) -> Pixels:
    return _float32(_blocks(plane).mean(axis=2))


def _typical_by_level(level: Pixels, spread: Pixels, usable: Mask) -> Pixels:
    """Noise of quiet blocks as a function of the grey level, for every block."""
    edges = np.quantile(level[usable], np.linspace(0, 1, LEVELS + 1))
    centres, values = [], []
    for low, high in pairwise(edges):
        inside = usable & (level >= low) & (level <= high)
        if inside.any():
            centres.append(float(level[inside].mean()))
            values.append(float(np.quantile(spread[inside], QUIET_QUANTILE)))
    order = np.argsort(centres)
    return _float32(np.interp(level, np.array(centres)[order], np.array(values)[order]))


def _smallest_step(plane: Pixels) -> np.float32:
    """Rounding noise of the grey scale: one step over the square root of twelve."""
    values = np.unique(plane[:: max(1, plane.shape[0] // 64), :: max(1, plane.shape[1] // 64)])
    return np.float32(np.min(np.diff(values)) / np.sqrt(12)) if values.size > 1 else np.float32(1e-6)


def _float32(values: object) -> Pixels:
    return np.asarray(values, dtype=np.float32)
