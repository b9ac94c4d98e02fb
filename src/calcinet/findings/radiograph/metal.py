"""Lead letters, their plates, burned-in text, step wedges and implants: everything brighter or sharper than a body."""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Mask, Pixels
from calcinet.findings.coarse_grid import CoarseGrid, closed, dilated, frame, reached

LIMB_SHARE: Final = 0.05
"""A part of the body covers at least this share of the field, or runs over its edge with a fifth of it; our choice."""

LETTER_LEVEL: Final = 0.97
"""Metal and burned-in letters stand above this grey level of the field; our choice."""

LETTER_STEP: Final = 0.3
"""Median step of grey level, over two work pixels, at a letter's outline; our choice: bone rounds off."""

LETTER_MAX_MM2: Final = 2500.0
"""A larger patch is no letter; our choice: a plate of 5 cm."""


def find_metal(grid: CoarseGrid, body: Mask, border: Mask) -> Mask:
    """Pixels of the grid that show metal or letters, in `body` (everything denser than air) or on the border."""
    return _apart(body, border) | _letters(grid, body) | _burned_in(grid, border)


def _apart(body: Mask, border: Mask) -> Mask:
    """Things lying beside the limb: parts too small for a body."""
    _, parts, statistics, _ = cv2.connectedComponentsWithStats(body.astype(np.uint8), connectivity=8)
    area = statistics[:, cv2.CC_STAT_AREA] / max(int((~border).sum()), 1)
    edge = dilated(border, 2) | frame(body.shape, 3)
    on_edge = np.zeros(area.size, dtype=bool)
    on_edge[np.unique(parts[edge])] = True
    is_limb = (area >= LIMB_SHARE) | (on_edge & (area >= LIMB_SHARE / 5))
    is_limb[0] = True
    return np.asarray(~is_limb[parts])


def _letters(grid: CoarseGrid, body: Mask) -> Mask:
    """Very bright parts with a sharp outline inside the body."""
    if not body.any():
        return body
    top = float(grid.plane[body].max())
    bright = body & (grid.plane > LETTER_LEVEL * top)
    step = np.asarray(cv2.morphologyEx(grid.plane, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)), np.float32)
    count, parts, statistics, _ = cv2.connectedComponentsWithStats(bright.astype(np.uint8), connectivity=8)
    letters = np.zeros(body.shape, dtype=bool)
    for part in range(1, count):
        area = statistics[part, cv2.CC_STAT_AREA]
        if 4 <= area <= LETTER_MAX_MM2 / grid.mm**2:
            letters |= _if_sharp(np.asarray(parts), part, statistics[part], step)
    return dilated(letters, 2) & body


def _if_sharp(parts: NDArray[Any], part: int, box: NDArray[Any], step: Pixels) -> Mask:
    """The part, where its outline is a step; else nothing."""
    mask = np.zeros(parts.shape, dtype=bool)
    x, y, width, height = (int(v) for v in box[:4])
    window = np.s_[max(y - 2, 0) : y + height + 2, max(x - 2, 0) : x + width + 2]
    here = parts[window] == part
    outline = dilated(here, 1) & ~here
    if outline.any() and np.median(step[window][outline]) > LETTER_STEP:
        mask[window] = here
    return mask


def _burned_in(grid: CoarseGrid, border: Mask) -> Mask:
    """Bright letters on a black border."""
    black = border & (grid.plane < 0.1)
    bright = border & (grid.plane > 0.4)
    letters = bright & ~reached(bright, frame(border.shape) | dilated(~border, 2))
    return np.asarray(letters & closed(black, grid.px(10.0))) if letters.any() else letters
