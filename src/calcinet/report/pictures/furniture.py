"""What every picture of a patient bears: a scale bar, and which side is which."""

from typing import Final

import numpy as np

from calcinet.arrays import Mask
from calcinet.report.pictures import drawing
from calcinet.report.pictures.drawing import Picture
from calcinet.report.pictures.viewport import Viewport
from calcinet.vocabulary import Side

SCALE_BARS_MM: Final = (1, 2, 5, 10, 20, 50, 100)
"""Round lengths; the longest that takes at most a quarter of the picture is drawn."""

SMALLEST_LETTER_PX: Final = 14
"""Our choice: still read on a phone."""

LETTERS_A_SIDE: Final = 64
"""Heights of a letter along the longer side of a picture. Our choice."""


def letter_height(size: float) -> int:
    """Height of a letter in pixels in a picture of `size` pixels."""
    return max(SMALLEST_LETTER_PX, round(size / LETTERS_A_SIDE))


def draw_furniture(
    picture: Picture, side: Side | None, spacing_mm: tuple[float, float] | None, view: Viewport, size: int
) -> Mask:
    """Draw scale bar and side, `size` being the height of a letter; returns the pixels that they take.

    Of a picture of both sides the patient's left is at the right.
    """
    before = picture.copy()
    if side == "B":
        drawing.letters(picture, (size, size), "R", drawing.WHITE, size=size, anchor="la", rim=True)
        _write_at_right(picture, "L", size)
    elif side is not None:
        _write_at_right(picture, side, size)
    if spacing_mm is not None:
        _draw_scale_bar(picture, view.scale[1] / spacing_mm[1], size)
    return np.asarray((picture != before).any(axis=2))


def _write_at_right(picture: Picture, side: Side, size: int) -> None:
    corner = (picture.shape[1] - size, size)
    drawing.letters(picture, corner, side, drawing.WHITE, size=size, anchor="ra", rim=True)


def _draw_scale_bar(picture: Picture, px_per_mm: float, size: int) -> None:
    height, width = picture.shape[:2]
    fitting = [mm for mm in SCALE_BARS_MM if mm * px_per_mm <= width / 4]
    if not fitting:
        return
    mm = fitting[-1]
    bar = np.array([[size, height - size], [size + mm * px_per_mm, height - size]], np.float64)
    drawing.line(picture, bar, drawing.RIM, width=size // 4 + 4)
    drawing.line(picture, bar, drawing.WHITE, width=max(2, size // 5))
    middle = (round(bar.mean(axis=0)[0]), height - size - size // 2)
    drawing.letters(picture, middle, f"{mm} mm", drawing.WHITE, size=size, anchor="ms", rim=True)
