"""The pectoral muscle of an oblique mammogram: a bright triangle in a corner of the chest wall."""

from typing import Final, Literal

import cv2
import numpy as np

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.findings.coarse_grid import CoarseGrid

LEAST_STEP: Final = 0.04
"""Of the grey scale, by which muscle is brighter than what lies beside its edge. Our choice."""

WIDTHS: Final = np.linspace(0.12, 1.0, 23)
HEIGHTS: Final = np.linspace(0.2, 1.0, 21)
"""Legs of the triangles that are tried, in parts of the breast's width and height."""

LEAST_LIT: Final = 0.7
"""Share of the edge that must be a step from bright to dark. Our choice: gland may cover the rest."""


def find_pectoral(grid: CoarseGrid, breast: Mask, wall: Literal["left", "right"]) -> Mask:
    """The muscle on the work grid, shape (y, x); empty where no straight bright corner is seen.

    The edge is the straight line from chest wall to the upper or lower edge of the breast along which the grey level
    falls most.
    """
    plane, inside = grid.blurred(grid.plane, 1.5), breast
    if wall == "right":
        plane, inside = plane[:, ::-1], inside[:, ::-1]
    found = [_corner(plane, inside), _corner(plane[::-1], inside[::-1])]
    step, mask = max(found, key=lambda one: one[0])
    if step < LEAST_STEP:
        return np.zeros_like(breast)
    mask = mask if step == found[0][0] else mask[::-1]
    return np.asarray((mask[:, ::-1] if wall == "right" else mask) & breast)


def _corner(plane: Pixels, inside: Mask) -> tuple[float, Mask]:
    """The strongest edge across the upper left corner of the breast, and what lies above it."""
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    top, left = int(rows[0]), int(columns[0])
    high, wide = rows[-1] - top + 1, columns[-1] - left + 1
    best, line = 0.0, (0.0, 0.0)
    across = 0.02 * high + 2
    along = np.linspace(0.06, 0.9, 60)
    for width in WIDTHS * wide:
        for height in HEIGHTS * high:
            normal = np.array([width, height]) / np.hypot(width, height)
            points = np.stack([top + along * height, left + (1 - along) * width], axis=1)
            ins, out = (_read(plane, points + sign * across * normal) for sign in (-1, 1))
            there = _read(inside.astype(np.float32), points + across * normal) > 0.5
            if there.mean() < 0.6:
                continue
            step = (ins - out)[there]
            score = float(np.median(step)) * min(1.0, float(np.hypot(width, height)) / (0.5 * high))
            if score > best and (step > 0).mean() > LEAST_LIT:
                best, line = score, (width, height)
    row, column = np.ogrid[: inside.shape[0], : inside.shape[1]]
    if best == 0.0:
        return 0.0, np.zeros_like(inside)
    return best, np.asarray((column - left) / line[0] + (row - top) / line[1] < 1)


def _read(plane: Pixels, points: Floats) -> Pixels:
    at = points.astype(np.float32)
    read = cv2.remap(plane, at[:, 1:], at[:, :1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(read[:, 0], np.float32)
