"""Lead letters, their plates, burned-in text, step wedges and implants: everything brighter or sharper than a body."""

from typing import Final

import cv2
import numpy as np

from calcinet.arrays import Mask, Pixels
from calcinet.findings.coarse_grid import CoarseGrid, close_mask, dilate_mask, keep_seeded, make_rim, open_mask
from calcinet.findings.components import Box, Component, find_components

LIMB_SHARE: Final = 0.05
"""Share of the field that a part of the body covers at least, or a fifth of it where it runs over the edge; our
choice."""

LINE_MM: Final = 3.0
"""What is narrower beside a limb is a line: an edge of the plate, a thread, a chain; our choice: a toe is wider."""

LETTER_LEVEL: Final = 0.97
"""Metal and burned-in letters stand above this grey level of the field; our choice."""

LETTER_STEP: Final = 0.3
"""Median step of grey level, over two work pixels, at a letter's outline; our choice: bone rounds off."""

LETTER_MAX_MM2: Final = 2500.0
"""A larger patch is no letter; our choice: a plate of 5 cm."""


def find_metal(grid: CoarseGrid, body: Mask, border: Mask) -> Mask:
    """Pixels of the grid that show metal or letters, in `body` (everything denser than air) or on the border."""
    return _find_small_things(grid, body, border) | _find_letters(grid, body) | _find_burned_in(grid, border)


def _find_small_things(grid: CoarseGrid, body: Mask, border: Mask) -> Mask:
    """Things beside the limb: what is too small for a part of a body, be it joined to one by a line; and lines."""
    line = grid.to_px(LINE_MM / 2)
    thick = open_mask(body, line)
    _, components, statistics, _ = cv2.connectedComponentsWithStats(thick.astype(np.uint8), connectivity=8)
    area = statistics[:, cv2.CC_STAT_AREA] / max(int((~border).sum()), 1)
    edge = dilate_mask(border, 2) | make_rim(body.shape, 3)
    on_edge = np.zeros(area.size, dtype=bool)
    on_edge[np.unique(components[edge])] = True
    is_limb = (area >= LIMB_SHARE) | (on_edge & (area >= LIMB_SHARE / 5))
    is_limb[0] = False
    return body & ~dilate_mask(is_limb[components], line + 1)


def _find_letters(grid: CoarseGrid, body: Mask) -> Mask:
    """Very bright components with a sharp outline inside the body."""
    if not body.any():
        return body
    bright = body & (grid.plane > LETTER_LEVEL * float(grid.plane[body].max()))
    step = np.asarray(cv2.morphologyEx(grid.plane, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)), np.float32)
    letters = np.zeros(body.shape, dtype=bool)
    for component in find_components(bright, min_px=4):
        window, letter = _cut_out(component, body.shape)
        if np.count_nonzero(letter) <= LETTER_MAX_MM2 / grid.mm**2 and _is_sharp(letter, step[window]):
            letters[window] |= letter
    return dilate_mask(letters, 2) & body


def _cut_out(component: Component, shape: tuple[int, ...]) -> tuple[Box, Mask]:
    """The box of a component with two pixels more on every side, and the component in it."""
    rows, columns = component.box
    window = slice(max(rows.start - 2, 0), rows.stop + 2), slice(max(columns.start - 2, 0), columns.stop + 2)
    mask = np.zeros(shape, dtype=bool)
    mask[component.box] = component.mask
    return window, mask[window]


def _is_sharp(mask: Mask, step: Pixels) -> bool:
    """Whether the outline of a mask is a step of grey level."""
    outline = dilate_mask(mask, 1) & ~mask
    return bool(outline.any() and np.median(step[outline]) > LETTER_STEP)


def _find_burned_in(grid: CoarseGrid, border: Mask) -> Mask:
    """Bright letters on a black border."""
    black = border & (grid.plane < 0.1)
    bright = border & (grid.plane > 0.4)
    letters = bright & ~keep_seeded(bright, make_rim(border.shape) | dilate_mask(~border, 2))
    if not letters.any():
        return letters
    return np.asarray(letters & close_mask(black, grid.to_px(10.0)))
