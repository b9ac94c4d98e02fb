"""The lead letter that says which side the limb is."""

from typing import Final

import cv2
import numpy as np

from calcinet.arrays import Pixels
from calcinet.phantoms.radiograph.confounders import Clutter

LEAST_ROOM_MM: Final = 7.0
"""Half the width of the air that a letter needs. Our choice: less is not used in practice."""

LARGEST_MM: Final = 10.0
"""Half the width of the largest plate. Our choice."""

PLATE: Final = 0.06
"""Attenuation of the plastic plate that holds the letter. Our choice: just seen."""

LEAD: Final = 4.0
"""Attenuation of the letter. Our choice: opaque."""

BACK_TO_FRONT: Final = 0.15
"""How often the letter is seen from behind. Our choice."""


def draw_lead_letter(c: Clutter, letter: str) -> None:
    """Put a letter on its plate in the widest stretch of air; none where there is no room."""
    free = _measure_room(c)
    if free.max() < c.px(LEAST_ROOM_MM):
        return
    good = np.argwhere(free > max(0.75 * float(free.max()), c.px(LEAST_ROOM_MM) - 1))
    row, column = good[c.rng.integers(len(good))]
    half = int(min(free[row, column] / 1.42, c.px(LARGEST_MM)))
    window = (slice(row - half, row + half), slice(column - half, column + half))
    c.metal[window] += PLATE + LEAD * _draw_ink(letter, half, c.rng)


def _measure_room(c: Clutter) -> Pixels:
    """Distance of every pixel of open air to anything else, in pixels."""
    air = np.zeros(c.spec.shape, np.uint8)
    top, side = round(c.px(c.spec.margin_mm[0])), round(c.px(c.spec.margin_mm[1]))
    inner = (slice(top, air.shape[0] - top), slice(side, air.shape[1] - side))
    air[inner] = c.body.depth_mm[inner] <= 0
    return np.asarray(cv2.distanceTransform(np.pad(air, 1), cv2.DIST_L2, 3)[1:-1, 1:-1], np.float32)


def _draw_ink(letter: str, half: int, rng: np.random.Generator) -> Pixels:
    """The letter on a square of twice `half` pixels, 0 to 1, a little turned."""
    square = (2 * half, 2 * half)
    ink = np.zeros(square, np.uint8)
    foot = (int(half * 0.3), int(half * 1.75))
    cv2.putText(ink, letter, foot, cv2.FONT_HERSHEY_SIMPLEX, half / 14, 255, max(2, half // 4), cv2.LINE_AA)
    if rng.uniform() < BACK_TO_FRONT:
        ink = np.ascontiguousarray(ink[:, ::-1])
    turn = cv2.getRotationMatrix2D((float(half), float(half)), float(rng.uniform(-25, 25)), 0.95)
    return np.asarray(cv2.warpAffine(ink, turn, square), np.float32) / np.float32(255)
