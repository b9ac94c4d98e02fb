"""Where the body ends on a scan, and how many counts air and soft tissue hold."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from calcinet.arrays import Mask, Pixels
from calcinet.errors import NotMeasurable
from calcinet.text import say

SMOOTHING_MM: Final = 4.0
"""Standard deviation of the bell that counts are smoothed with to find edges. Our choice: that of the camera itself."""

EDGE_SHARE: Final = 0.22
"""The body ends where smoothed counts fall under this share of soft tissue. Our choice: a blurred round limb has about
a quarter of its middle at its edge."""

LEAST_PART_MM2: Final = 1500.0
"""Smaller islands are no part of the body. Our choice: a hand covers ten times that."""

LEAST_AIR: Final = 0.03
"""Share of the picture that is air. Our choice: a body that fills more has no outline."""

NOT_APART: Final = say("body and air cannot be told apart")

LEAST_CONTRAST: Final = 4.0
"""Soft tissue has this many times the counts of air. Our choice: the real scan that we have shows a hundred."""

LEAST_COUNTS: Final = 0.8
"""Counts of a soft-tissue pixel below which nothing is divided. Our choice: edges are lost in chance."""


@dataclass(frozen=True, slots=True, eq=False)
class Contour:
    """The silhouette of one view, patient's left on the right."""

    counts: Pixels
    """Shape (Y, X)."""
    smooth: Pixels
    body: Mask
    air: float
    """Counts of a pixel beside the body."""
    soft: float
    """Of a pixel of soft tissue, in the middle of all."""
    field: tuple[int, int]
    """First and last column that the camera saw."""


def smoothed(counts: Pixels, pixel_mm: tuple[float, float], sigma_mm: float = SMOOTHING_MM) -> Pixels:
    """Counts under a bell of `sigma_mm`, shape kept."""
    down, right = (max(sigma_mm / mm, 1e-3) for mm in pixel_mm)
    return np.asarray(cv2.GaussianBlur(counts, (0, 0), sigmaX=right, sigmaY=down), np.float32)


def find_contour(counts: Pixels, pixel_mm: tuple[float, float]) -> Contour:
    """Tell body from air.

    Raises
    ------
    NotMeasurable
        If there are too few counts to tell them apart.
    """
    smooth = smoothed(counts, pixel_mm)
    field = _field(counts)
    level = _between(np.log1p(smooth[:, field[0] : field[1] + 1]))
    inside = smooth > level
    if not inside.any() or inside.all():
        raise NotMeasurable(NOT_APART)
    soft = float(np.median(smooth[inside]))
    seen = np.zeros_like(inside)
    seen[:, field[0] : field[1] + 1] = True
    dark = seen & (smooth < 0.5 * level)
    if dark.mean() < LEAST_AIR:
        raise NotMeasurable(NOT_APART)
    outside = dark & (smooth > 0)
    air = float(np.mean(counts[outside])) if outside.any() else 0.0
    if soft < LEAST_CONTRAST * air:
        raise NotMeasurable(NOT_APART)
    if soft < LEAST_COUNTS:
        raise NotMeasurable(say("too few counts: {soft:.1f} in a pixel of soft tissue", soft=soft))
    body = _parts((smooth > air + EDGE_SHARE * (soft - air)) & seen, pixel_mm)
    return Contour(counts, smooth, body, air, soft, field)


def _field(counts: Pixels) -> tuple[int, int]:
    """First and last column that holds any counts beyond stray ones."""
    columns = np.flatnonzero(counts.sum(axis=0) > 0)
    return (int(columns[0]), int(columns[-1])) if columns.size else (0, counts.shape[1] - 1)


def _between(values: Pixels) -> float:
    """Threshold that splits logarithms of counts best in two, as counts (Otsu)."""
    top = float(values.max()) or 1.0
    steps = np.rint(values * (255 / top)).astype(np.uint8)
    split, _ = cv2.threshold(steps, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return float(np.expm1(split * top / 255))


def _parts(mask: Mask, pixel_mm: tuple[float, float]) -> Mask:
    """Leave out islands, fill pinholes."""
    closed = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    large = stats[:, cv2.CC_STAT_AREA] * pixel_mm[0] * pixel_mm[1] >= LEAST_PART_MM2
    large[0] = False
    return np.asarray(large[labels])
