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

LEAST_ISLAND_MM2: Final = 1500.0
"""Smaller islands are not of the body. Our choice: a hand covers ten times that."""

LEAST_AIR: Final = 0.03
"""Share of the picture that is air. Our choice: a body that fills more has no outline."""

NOT_APART: Final = say("body and air cannot be told apart")

LEAST_CONTRAST: Final = 4.0
"""Soft tissue has this many times the counts of air. Our choice: the real scan that we have shows a hundred."""

LEAST_COUNTS: Final = 0.8
"""Counts of a soft-tissue pixel below which nothing is divided. Our choice: edges are lost in chance."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Contour:
    """The silhouette of one view, patient's left on the right."""

    counts: Pixels
    """Shape (Y, X)."""
    smooth: Pixels
    body: Mask
    air: float
    """Counts of a pixel beside the body."""
    soft: float
    """Median counts of a pixel of the body."""
    field: tuple[int, int]
    """First and last column that the camera saw."""


def smooth_counts(counts: Pixels, pixel_mm: tuple[float, float], sigma_mm: float = SMOOTHING_MM) -> Pixels:
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
    smooth = smooth_counts(counts, pixel_mm)
    field = _find_field(counts)
    level = _split_counts(np.log1p(smooth[:, field[0] : field[1] + 1]))
    inside = smooth > level
    if not inside.any() or inside.all():
        raise NotMeasurable(NOT_APART)
    soft = float(np.median(smooth[inside]))
    seen = _mark_columns(counts.shape, field)
    air = _measure_air(counts, smooth, seen & (smooth < 0.5 * level))
    if soft < LEAST_CONTRAST * air:
        raise NotMeasurable(NOT_APART)
    if soft < LEAST_COUNTS:
        raise NotMeasurable(say("too few counts: {soft:.1f} in a pixel of soft tissue", soft=soft))
    body = _remove_islands((smooth > air + EDGE_SHARE * (soft - air)) & seen, pixel_mm)
    return Contour(counts=counts, smooth=smooth, body=body, air=air, soft=soft, field=field)


def _mark_columns(shape: tuple[int, ...], columns: tuple[int, int]) -> Mask:
    mask = np.zeros(shape, dtype=bool)
    mask[:, columns[0] : columns[1] + 1] = True
    return mask


def _measure_air(counts: Pixels, smooth: Pixels, dark: Mask) -> float:
    """Mean counts of a pixel of air, of what is dark; refuses a picture without air."""
    if dark.mean() < LEAST_AIR:
        raise NotMeasurable(NOT_APART)
    counted = dark & (smooth > 0)
    if not counted.any():
        return 0.0
    return float(np.mean(counts[counted]))


def _find_field(counts: Pixels) -> tuple[int, int]:
    """First and last column that holds any counts."""
    columns = np.flatnonzero(counts.sum(axis=0) > 0)
    if not columns.size:
        return 0, counts.shape[1] - 1
    return int(columns[0]), int(columns[-1])


def _split_counts(logarithms: Pixels) -> float:
    """Threshold in counts that splits their logarithms best in two (Otsu)."""
    top = float(logarithms.max()) or 1.0
    steps = np.rint(logarithms * (255 / top)).astype(np.uint8)
    split, _ = cv2.threshold(steps, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return float(np.expm1(split * top / 255))


def _remove_islands(mask: Mask, pixel_mm: tuple[float, float]) -> Mask:
    """Leave out islands, fill pinholes."""
    closed = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    large = stats[:, cv2.CC_STAT_AREA] * pixel_mm[0] * pixel_mm[1] >= LEAST_ISLAND_MM2
    large[0] = False
    return np.asarray(large[labels])
