"""A limb row by row: its middle, its width, and how much tissue the camera saw through it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage

from calcinet.arrays import Floats, Indices, Pixels
from calcinet.constants import WATER_ATTENUATION_140_KEV_PER_MM
from calcinet.findings.scintigram.contour import Contour
from calcinet.findings.scintigram.landmarks import Limb

EDGE_SHARE: Final = 0.25
"""A limb's edge is where smoothed counts fall to this share of its middle. Our choice: as a blurred cylinder's do."""

ALONG_MM: Final = 8.0
"""Standard deviation along the limb of the bell that its edges are smoothed with. Our choice: limbs change slowly."""

SEARCHED_MM: Final = 12.0
"""The edge is looked for this far beyond the silhouette's. Our choice."""


@dataclass(frozen=True, slots=True, eq=False)
class LimbShape:
    """A limb seen through; zero outside of it."""

    across: Floats
    """Place across the limb, from -1 at its left edge in the picture to 1 at its right; shape (Y, X)."""
    half_mm: Floats
    """Half of its width in mm, shape (Y,)."""
    path_mm: Floats
    """Tissue in mm that a pixel counts, a round section and attenuation assumed; shape (Y, X)."""


def measure_limb(limb: Limb, contour: Contour, pixel_mm: tuple[float, float]) -> LimbShape:
    """Measure the width of a limb at a share of its own counts, so that a brighter limb is no wider."""
    across = np.zeros(limb.mask.shape)
    half_mm = np.zeros(limb.mask.shape[0])
    rows = np.flatnonzero(limb.mask.any(axis=1))
    if rows.size == 0:
        return LimbShape(across, half_mm, np.zeros(limb.mask.shape))
    middle, half = _trace_middle(limb, rows, contour, pixel_mm)
    columns = np.arange(limb.mask.shape[1])
    across[rows] = (columns[None, :] - middle[:, None]) / half[:, None]
    half_mm[rows] = half * pixel_mm[1]
    path_mm = _measure_path(across, half_mm)
    return LimbShape(np.where(limb.mask, across, 0.0), half_mm, np.where(limb.mask, path_mm, 0.0))


def _measure_path(across: Floats, half_mm: Floats) -> Floats:
    """Tissue that a pixel counts: of a round section of radius r at the place a, t = 2 r sqrt(1 - a^2) thick,
    (1 - exp(-mu t)) / mu, what is deeper being attenuated.
    """
    thick_mm = 2 * half_mm[:, None] * np.sqrt(np.maximum(1 - across**2, 0.0))
    path_mm = (1 - np.exp(-WATER_ATTENUATION_140_KEV_PER_MM * thick_mm)) / WATER_ATTENUATION_140_KEV_PER_MM
    return np.asarray(path_mm)


def _trace_middle(limb: Limb, rows: Indices, contour: Contour, pixel_mm: tuple[float, float]) -> tuple[Floats, Floats]:
    """Middle of a limb and half its width in each of some rows, in columns, smoothed along it."""
    left, right = np.zeros(len(rows)), np.zeros(len(rows))
    sigma = ALONG_MM / pixel_mm[0]
    smooth = ndimage.gaussian_filter1d(contour.smooth, sigma, axis=0)
    reach = int(np.ceil(SEARCHED_MM / pixel_mm[1]))
    for number, row in enumerate(rows):
        inside = np.flatnonzero(limb.mask[row])
        left[number], right[number] = _find_edges(smooth[row], inside, contour.air, reach)
    left, right = _smooth_edge(left, sigma), _smooth_edge(right, sigma)
    return (left + right) / 2, np.maximum((right - left) / 2, 1.0)


def _smooth_edge(edge: Floats, sigma: float) -> Floats:
    return np.asarray(ndimage.gaussian_filter1d(ndimage.median_filter(edge, 5), sigma, mode="nearest"))


def _find_edges(line: Pixels, inside: Indices, air: float, reach: int) -> tuple[float, float]:
    """Columns, between pixels, where one row falls to its share on either side; the silhouette's where it does not."""
    first, last = int(inside[0]), int(inside[-1])
    quarter = (last - first) // 4
    middle = float(np.median(line[first + quarter : last - quarter + 1]))
    level = air + EDGE_SHARE * (middle - air)
    left = _find_crossing(line, range(first + quarter, max(0, first - reach), -1), level)
    right = _find_crossing(line, range(last - quarter, min(len(line) - 1, last + reach)), level)
    if left is None:
        left = float(first)
    if right is None:
        right = float(last)
    return left, right


def _find_crossing(line: Pixels, columns: range, level: float) -> float | None:
    """Where `line` first falls under `level` on the way through `columns`; None where it does not."""
    for column in columns:
        here, there = float(line[column]), float(line[column + columns.step])
        if there < level <= here:
            return column + columns.step * (here - level) / (here - there)
    return None
