"""The pectoral muscle of an oblique mammogram: a bright triangle in a corner of the chest wall."""

from dataclasses import dataclass
from itertools import product
from typing import Final, Literal

import cv2
import numpy as np

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.findings.coarse_grid import CoarseGrid

LEAST_STEP: Final = 0.04
"""Share of the grey scale by which muscle is brighter than what is beside its edge. Our choice."""

WIDTHS: Final = np.linspace(0.12, 1.0, 23)
"""Horizontal legs of the triangles that are tried, as shares of the breast's width."""

HEIGHTS: Final = np.linspace(0.2, 1.0, 21)
"""Vertical legs of the triangles that are tried, as shares of the breast's height."""

ALONG: Final = np.linspace(0.06, 0.9, 60)
"""Points of an edge at which it is read, as shares of its length from the chest wall's corner."""

LEAST_INSIDE: Final = 0.6
"""Share of these points with breast beyond the edge. Our choice."""

LEAST_LIT: Final = 0.7
"""Share of the edge that must be a step from bright to dark. Our choice: gland may cover the rest."""

WallSide = Literal["left", "right"]
"""Side of the picture at which the chest wall is."""


@dataclass(frozen=True, slots=True)
class _Corner:
    """The upper left corner of the breast's bounding box, and the box's size."""

    top: int
    left: int
    height: int
    width: int


def find_pectoral(grid: CoarseGrid, breast: Mask, wall: WallSide) -> Mask:
    """The muscle on the coarse grid, shape (y, x); empty where no straight bright corner is seen.

    The edge is the straight line from chest wall to the upper or lower edge of the breast along which the grey level
    falls most.
    """
    plane, inside = grid.blur(grid.plane, 1.5), breast
    if wall == "right":
        plane, inside = plane[:, ::-1], inside[:, ::-1]
    upper_step, muscle = _find_muscle(plane, inside)
    lower_step, lower = _find_muscle(plane[::-1], inside[::-1])
    if max(upper_step, lower_step) < LEAST_STEP:
        return np.zeros_like(breast)
    if lower_step > upper_step:
        muscle = lower[::-1]
    if wall == "right":
        muscle = muscle[:, ::-1]
    return np.asarray(muscle & breast)


def _find_muscle(plane: Pixels, inside: Mask) -> tuple[float, Mask]:
    """The strongest edge across the upper left corner of the breast, and what is above it."""
    corner = _find_corner(inside)
    breast = inside.astype(np.float32)
    best = 0.0
    legs = (0.0, 0.0)
    for width, height in product(WIDTHS * corner.width, HEIGHTS * corner.height):
        step = _score_edge(plane, breast, corner, width, height)
        if step > best:
            best, legs = step, (width, height)
    if best == 0.0:
        return 0.0, np.zeros_like(inside)
    row, column = np.ogrid[: inside.shape[0], : inside.shape[1]]
    return best, np.asarray((column - corner.left) / legs[0] + (row - corner.top) / legs[1] < 1)


def _find_corner(inside: Mask) -> _Corner:
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    top, left = int(rows[0]), int(columns[0])
    return _Corner(top, left, int(rows[-1]) - top + 1, int(columns[-1]) - left + 1)


def _score_edge(plane: Pixels, breast: Pixels, corner: _Corner, width: float, height: float) -> float:
    """Step of grey level across a triangle's long side, less for short ones; 0 where it is no edge of a muscle."""
    length = np.hypot(width, height)
    normal = np.array([width, height]) / length
    across = (0.02 * corner.height + 2) * normal
    points = _place_on_edge(corner, width, height)
    seen = _sample(breast, points + across) > 0.5
    if seen.mean() < LEAST_INSIDE:
        return 0.0
    step = (_sample(plane, points - across) - _sample(plane, points + across))[seen]
    if (step > 0).mean() <= LEAST_LIT:
        return 0.0
    return float(np.median(step)) * min(1.0, float(length) / (0.5 * corner.height))


def _place_on_edge(corner: _Corner, width: float, height: float) -> Floats:
    """Row and column of the points at which an edge is read, shape (N, 2)."""
    return np.stack([corner.top + ALONG * height, corner.left + (1 - ALONG) * width], axis=1)


def _sample(plane: Pixels, points: Floats) -> Pixels:
    at = points.astype(np.float32)
    values = cv2.remap(plane, at[:, 1:], at[:, :1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(values[:, 0], np.float32)
