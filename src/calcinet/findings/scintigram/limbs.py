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
"""A limb's edge lies where smoothed counts fall to this share of its middle. Our choice: as a blurred cylinder's do."""

ALONG_MM: Final = 8.0
"""Standard deviation along the limb of the bell that its edges are smoothed with. Our choice: limbs change slowly."""

SEARCHED_MM: Final = 12.0
"""The edge is looked for this far beyond the silhouette's. Our choice."""


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A limb seen through, each of shape (Y, X); zero outside of it."""

    across: Floats
    """Place across the limb, from -1 at its left edge in the picture to 1 at its right."""
    half_mm: Floats
    """Half of its width in mm, shape (Y,)."""
    path_mm: Floats
    """Tissue in mm that a pixel counts, a round section and attenuation assumed."""


def shape_of(limb: Limb, contour: Contour, pixel_mm: tuple[float, float]) -> Shape:
    """Measure the width of a limb at a share of its own counts, so that a brighter limb is no wider."""
    rows = np.flatnonzero(limb.mask.any(axis=1))
    if rows.size == 0:
        nothing = np.zeros(limb.mask.shape)
        return Shape(nothing, nothing[:, 0], nothing)
    left, right = np.zeros(len(rows)), np.zeros(len(rows))
    smooth = ndimage.gaussian_filter1d(contour.smooth, ALONG_MM / pixel_mm[0], axis=0)
    reach = int(np.ceil(SEARCHED_MM / pixel_mm[1]))
    for number, row in enumerate(rows):
        left[number], right[number] = _edges(smooth[row], np.flatnonzero(limb.mask[row]), contour.air, reach)
    sigma = ALONG_MM / pixel_mm[0]
    left, right = (ndimage.gaussian_filter1d(ndimage.median_filter(e, 5), sigma, mode="nearest") for e in (left, right))
    across = np.zeros(limb.mask.shape)
    half = np.zeros(limb.mask.shape[0])
    middle, width = (left + right) / 2, np.maximum((right - left) / 2, 1.0)
    columns = np.arange(limb.mask.shape[1])
    across[rows] = (columns[None, :] - middle[:, None]) / width[:, None]
    half[rows] = width * pixel_mm[1]
    thick = 2 * half[:, None] * np.sqrt(np.maximum(1 - across**2, 0.0))
    path = (1 - np.exp(-WATER_ATTENUATION_140_KEV_PER_MM * thick)) / WATER_ATTENUATION_140_KEV_PER_MM
    return Shape(np.where(limb.mask, across, 0.0), half, np.where(limb.mask, path, 0.0))


def _edges(line: Pixels, inside: Indices, air: float, reach: int) -> tuple[float, float]:
    """Columns, between pixels, where one row falls to its share on either side; the silhouette's where it does not."""
    first, last = int(inside[0]), int(inside[-1])
    quarter = (last - first) // 4
    middle = float(np.median(line[first + quarter : last - quarter + 1]))
    level = air + EDGE_SHARE * (middle - air)
    return (
        _crossing(line, first + quarter, max(0, first - reach), level, float(first)),
        _crossing(line, last - quarter, min(len(line) - 1, last + reach), level, float(last)),
    )


def _crossing(line: Pixels, start: int, end: int, level: float, otherwise: float) -> float:
    """Where `line` first falls under `level` on the way from `start` to `end`."""
    step = 1 if end >= start else -1
    for at in range(start, end, step):
        here, there = float(line[at]), float(line[at + step])
        if there < level <= here:
            return at + step * (here - level) / (here - there)
    return otherwise
