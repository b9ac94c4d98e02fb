"""Lines, arrows and letters on a picture, each with a dark rim that shows on bone and on air."""

from functools import cache
from io import BytesIO
from math import ceil, floor
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from calcinet.arrays import Floats, Mask
from calcinet.report.fonts import FONTS
from calcinet.report.pictures.arrows import Arrow

Picture = NDArray[np.uint8]
"""Shape (Y, X, 3), red green blue."""

Colour = tuple[int, int, int]

RIM: Final[Colour] = (16, 18, 22)
WHITE: Final[Colour] = (255, 255, 255)

SUBPIXEL_BITS: Final = 4
"""Lines are drawn to a sixteenth of a pixel."""


def line(picture: Picture, points: Floats, colour: Colour, *, width: int = 1, closed: bool = False) -> None:
    """Draw a smooth line through points (x, y), shape (N, 2)."""
    fixed = np.rint(points * 2**SUBPIXEL_BITS).astype(np.int32)
    cv2.polylines(picture, [fixed], closed, colour, width, cv2.LINE_AA, SUBPIXEL_BITS)


def dashed(picture: Picture, points: Floats, colour: Colour, *, width: int = 1, dash: float = 9) -> None:
    """Draw a closed line of dashes `dash` pixels long, with gaps two thirds of that."""
    loop = np.vstack([points, points[:1]])
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(loop, axis=0), axis=1))])
    for start in np.arange(0, along[-1], dash * 5 / 3):
        at = np.linspace(start, min(start + dash, along[-1]), 6)
        x, y = np.interp(at, along, loop[:, 0]), np.interp(at, along, loop[:, 1])
        line(picture, np.stack([x, y], axis=1), colour, width=width)


def dotted(picture: Picture, ends: Floats, colour: Colour, *, radius: float, inset: float) -> None:
    """Draw dots three diameters apart between two places (x, y), shape (2, 2), `inset` pixels inside of both."""
    length = float(np.linalg.norm(ends[1] - ends[0]))
    free = length - 2 * inset
    if free <= 0:
        return
    count = int(free // (6 * radius)) + 1
    shares = 0.5 + (np.arange(count) - (count - 1) / 2) * 6 * radius / max(length, 1e-6)
    for share in shares.tolist():
        at = np.rint((ends[0] + share * (ends[1] - ends[0])) * 2**SUBPIXEL_BITS).astype(int).tolist()
        for size, ink in ((radius + 1, RIM), (radius, colour)):
            cv2.circle(picture, at, round(size * 2**SUBPIXEL_BITS), ink, -1, cv2.LINE_AA, SUBPIXEL_BITS)


def outlines(mask: Mask, margin: int) -> list[Floats]:
    """Trace a mask `margin` pixels outside it; closed lines (x, y)."""
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * margin + 1, 2 * margin + 1))
    grown = cv2.GaussianBlur(cv2.dilate(mask.astype(np.uint8) * 255, disc), (0, 0), 1.2) > 127
    traced, _ = cv2.findContours(grown.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    return [_smooth(contour[:, 0].astype(np.float64)) for contour in traced if len(contour) >= 4 * margin]


def _smooth(loop: Floats) -> Floats:
    """Take the pixel steps out of a closed line: a running mean over five of its points."""
    return np.asarray(np.mean([np.roll(loop, shift, axis=0) for shift in range(-2, 3)], axis=0))


def tint(picture: Picture, mask: Mask, colour: Colour, strength: float) -> None:
    """Mix `colour` into the pixels of `mask`."""
    mixed = (1 - strength) * picture[mask] + strength * np.array(colour)
    picture[mask] = np.rint(mixed).astype(np.uint8)


def arrow(picture: Picture, where: Arrow, colour: Colour, *, width: int, head: float) -> None:
    """Draw an arrow with a filled head."""
    tip, tail = np.array(where.tip), np.array(where.tail)
    along = (tip - tail) / max(float(np.linalg.norm(tip - tail)), 1e-6)
    across = np.array([-along[1], along[0]])
    base = tip - head * along
    triangle = np.array([tip, base + 0.42 * head * across, base - 0.42 * head * across])
    shaft = np.array([tail, base])
    line(picture, shaft, RIM, width=width + 3)
    line(picture, triangle, RIM, width=4, closed=True)
    line(picture, shaft, colour, width=width)
    fixed = np.rint(triangle * 2**SUBPIXEL_BITS).astype(np.int32)
    cv2.fillConvexPoly(picture, fixed, colour, cv2.LINE_AA, SUBPIXEL_BITS)


def badge(picture: Picture, centre: tuple[float, float], text: str, colour: Colour, radius: int) -> None:
    """Draw a filled disc with dark text in it, smaller from three letters on."""
    at = (round(centre[0]), round(centre[1]))
    cv2.circle(picture, at, radius + 2, RIM, -1, cv2.LINE_AA)
    cv2.circle(picture, at, radius, colour, -1, cv2.LINE_AA)
    letters(picture, at, text, RIM, size=round(1.25 * radius * min(1, 2 / len(text))), anchor="mm")


def letters(
    picture: Picture,
    at: tuple[int, int],
    text: str,
    colour: Colour,
    *,
    size: int,
    anchor: str = "la",
    rim: bool = False,
) -> None:
    """Write `text` at (x, y); `anchor` as in Pillow, `rim` for text on the film itself."""
    font = _load_font(size, text.isascii())
    stroke = max(1, size // 9) if rim else 0
    left, top, right, bottom = font.getbbox(text, anchor=anchor, stroke_width=stroke)
    x, y = max(0, at[0] + floor(left) - 1), max(0, at[1] + floor(top) - 1)
    covered = picture[y : max(y, at[1] + ceil(bottom) + 1), x : max(x, at[0] + ceil(right) + 1)]
    if not covered.size:
        return
    copy = Pillow.fromarray(np.ascontiguousarray(covered))
    where = (at[0] - x, at[1] - y)
    ImageDraw.Draw(copy).text(where, text, fill=colour, font=font, anchor=anchor, stroke_width=stroke, stroke_fill=RIM)
    covered[:] = np.asarray(copy)


@cache
def _load_font(size: int, ascii_only: bool) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own letters, which need no file; the report's font for other scripts."""
    if ascii_only:
        return ImageFont.load_default(size=size)
    return ImageFont.truetype(BytesIO(FONTS[400].read_bytes()), size)
