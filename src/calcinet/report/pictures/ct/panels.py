"""The pictures of a CT beside its projection from the front: from the side, and straightened along the limb."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from calcinet.report.labels import SHORT_DISCLAIMER, Translate
from calcinet.report.pictures import drawing
from calcinet.report.pictures.annotation import Film, dimmed, furniture, tinted
from calcinet.report.pictures.ct.compartments import COLOURS, NAMES, present
from calcinet.report.pictures.ct.projections import Projection, projections
from calcinet.report.pictures.drawing import Picture
from calcinet.report.pictures.viewport import Viewport
from calcinet.vocabulary import Compartment

GAP_PX: Final = 12
"""Between pictures that stand side by side. Our choice."""

WIDEST_PX: Final = 3000
"""Of all pictures of a CT together. Our choice: an object of less than 20 MB, and a voxel is a pixel still."""


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One picture and what it shows."""

    picture: Picture
    caption: str


def panels(film: Film, px_per_mm: float) -> list[Panel]:
    """Draw each limb straightened and from the side, at the scale of the projection from the front."""
    volume = film.pixels.volume
    if volume is None or film.record.ct is None:
        return []
    return [Panel(_drawn(each, film, px_per_mm), each.caption) for each in projections(volume, film.record)]


def _drawn(projection: Projection, film: Film, px_per_mm: float) -> Picture:
    rows, columns = projection.plane.shape
    along, across = projection.spacing_mm
    view = Viewport(0, 0, rows, columns, (px_per_mm * along, px_per_mm * across))
    grey = film.window.grey(view.cut(projection.plane))
    picture = dimmed(np.repeat(grey[..., None], 3, axis=2))
    tinted(picture, projection.places, view)
    furniture(picture, projection.side, projection.spacing_mm, view, max(14, round(max(view.shape) / 64)))
    return picture


def side_by_side(front: Picture, shown: Sequence[Panel], _: Translate) -> Picture:
    """Put all pictures of a CT beside one another, the captions of the smaller ones below them."""
    width = front.shape[1] + sum(panel.picture.shape[1] + GAP_PX for panel in shown)
    share = min(1.0, WIDEST_PX / width)
    parts = [_shrunk(picture, share) for picture in (front, *(panel.picture for panel in shown))]
    height = max(len(part) for part in parts)
    gap = np.full((height, GAP_PX, 3), drawing.RIM, np.uint8)
    joined = np.hstack([piece for part in parts for piece in (gap, _as_high(part, height))][1:])
    return np.vstack([joined, _captions(parts, shown, _)]) if shown else joined


def _shrunk(picture: Picture, share: float) -> Picture:
    if share == 1:
        return picture
    size = (max(1, round(picture.shape[1] * share)), max(1, round(len(picture) * share)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _as_high(picture: Picture, height: int) -> Picture:
    below = np.zeros((height - len(picture), picture.shape[1], 3), np.uint8)
    return np.vstack([picture, below])


def _captions(parts: Sequence[Picture], shown: Sequence[Panel], _: Translate) -> Picture:
    """A strip with each caption under its picture, broken into lines."""
    size = max(13, len(parts[0]) // 64)
    lines = [
        _broken(_(panel.caption), part.shape[1] // (size * 5 // 9))
        for part, panel in zip(parts[1:], shown, strict=True)
    ]
    width = sum(part.shape[1] for part in parts) + GAP_PX * len(shown)
    strip = np.full((size * 3 // 2 * max(map(len, lines)) + size, width, 3), drawing.RIM, np.uint8)
    x = parts[0].shape[1] + GAP_PX
    for part, caption in zip(parts[1:], lines, strict=True):
        for row, text in enumerate(caption):
            drawing.letters(strip, (x, size + row * size * 3 // 2), text, drawing.WHITE, size=size, anchor="lm")
        x += part.shape[1] + GAP_PX
    return strip


def _broken(text: str, letters: int) -> list[str]:
    """Break a caption into lines; Chinese, which has no spaces, anywhere."""
    if text.isascii():
        return textwrap.wrap(text, max(8, letters))
    half = max(4, letters // 2)
    return [text[at : at + half] for at in range(0, len(text), half)]


def with_compartments(picture: Picture, film: Film, _: Translate) -> Picture:
    """Add a strip below that says what the colours mean, for a picture that leaves its page."""
    size = max(14, min(28, picture.shape[1] // 45))
    names = present(film.record.findings)
    strip = np.full((2 * size * (len(names) + 1) + size // 2, picture.shape[1], 3), drawing.RIM, np.uint8)
    for row, name in enumerate(names):
        _swatch(strip, name, size, size + 2 * size * row)
        drawing.letters(strip, (4 * size, size + 2 * size * row), _(NAMES[name]), drawing.WHITE, size=size, anchor="lm")
    drawing.letters(
        strip, (size, size + 2 * size * len(names)), _(SHORT_DISCLAIMER), drawing.WHITE, size=size, anchor="lm"
    )
    return np.vstack([picture, strip])


def _swatch(strip: Picture, name: Compartment, size: int, y: int) -> None:
    strip[y - size // 2 : y + size // 2, size : 3 * size] = COLOURS[name]
