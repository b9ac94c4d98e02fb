"""Strips of two films along one line: whether both show the same there, whatever was marked on either."""

from typing import Final

import numpy as np
from scipy import ndimage

from calcinet.arrays import Floats

STEP_MM: Final = 1.0
"""Distance of the points of a line. Our choice."""

REACH_MM: Final = 6.0
ACROSS_MM: Final = 0.25
"""Half of the width of a strip and the distance of its points across. Our choice: an artery and its surroundings."""

ALONG_MM: Final = 3.0
"""Smoothing along the line (standard deviation). Our choice: noise goes, a wall stays."""

SLOW_MM: Final = 2.5
"""What is wider is taken away (standard deviation): the edge of a muscle, the heel of the beam. Our choice."""

CORE_MM: Final = 3.5
"""Half of the width that is compared. Our choice."""

SHIFT_MM: Final = 1.0
"""Shift of one strip against the other that is tried. Our choice: three times the residual of two films."""


def find_normals(points: Floats) -> Floats:
    """Unit vectors (N, 2) across a line of points (N, 2)."""
    smooth = ndimage.gaussian_filter1d(points, ALONG_MM / STEP_MM, axis=0, mode="nearest")
    along = np.gradient(smooth, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-9
    return np.asarray(np.stack([-along[:, 1], along[:, 0]], axis=1), np.float64)


def spread_strip(points: Floats) -> Floats:
    """Places (N, K, 2) in mm of a strip along a line of points (N, 2) in mm, `STEP_MM` apart."""
    across = np.arange(-REACH_MM, REACH_MM + 1e-9, ACROSS_MM)
    return np.asarray(points[:, None] + across[None, :, None] * find_normals(points)[:, None], np.float64)


def sharpen(strip: Floats) -> Floats:
    """A strip (N, K) of grey values without noise along it and without what is wider than a vessel."""
    smooth = ndimage.gaussian_filter1d(strip, ALONG_MM / STEP_MM, axis=0, mode="nearest")
    return np.asarray(smooth - ndimage.gaussian_filter1d(smooth, SLOW_MM / ACROSS_MM, axis=1, mode="nearest"))


def correlate_strips(one: Floats, other: Floats) -> float:
    """Correlation of two sharpened strips (N, K) about their middle, at the shift at which it is greatest."""
    middle, core = one.shape[1] // 2, round(CORE_MM / ACROSS_MM)
    most = round(SHIFT_MM / ACROSS_MM)
    own = one[:, middle - core : middle + core + 1]
    own = own - own.mean()
    best = -1.0
    for shift in range(-most, most + 1):
        there = other[:, middle - core + shift : middle + core + 1 + shift]
        there = there - there.mean()
        scale = float(np.sqrt((own**2).sum() * (there**2).sum()))
        if scale > 0:
            best = max(best, float((own * there).sum()) / scale)
    return best
