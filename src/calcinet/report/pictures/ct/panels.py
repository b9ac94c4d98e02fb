"""The pictures of a CT beside its projection from the front: from the side, and straightened along the limb."""

import textwrap
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from calcinet.record import ImageRecord
from calcinet.report.labels import SHORT_DISCLAIMER, Translate
from calcinet.report.pictures import drawing
from calcinet.report.pictures.canvas import Canvas, Panel
from calcinet.report.pictures.ct.compartments import COLOURS, NAMES, present
from calcinet.report.pictures.ct.projections import Projection, projections
from calcinet.report.pictures.ct.tint import dim, tint_compartments
from calcinet.report.pictures.drawing import Picture
from calcinet.report.pictures.furniture import draw_furniture, letter_height
from calcinet.report.pictures.viewport import Viewport, Window

GAP_PX: Final = 12
"""Between pictures that stand side by side. Our choice."""

WIDEST_PX: Final = 3000
"""Of all pictures of a CT together. Our choice: an object of less than 20 MB, and a voxel is a pixel still."""


def draw_ct_panels(canvas: Canvas, px_per_mm: float) -> list[Panel]:
    """Draw each limb straightened and from the side, at the scale of the projection from the front."""
    volume = canvas.pixels.volume
    if volume is None or canvas.record.ct is None:
        return []
    made = projections(volume, canvas.record)
    return [_draw_projection(projection, canvas.window, px_per_mm) for projection in made]


def _draw_projection(projection: Projection, window: Window, px_per_mm: float) -> Panel:
    rows, columns = projection.plane.shape
    along, across = projection.spacing_mm
    scale = (px_per_mm * along, px_per_mm * across)
    view = Viewport(top=0, left=0, rows=rows, columns=columns, scale=scale)
    grey = window.grey(view.cut(projection.plane))
    picture = dim(np.repeat(grey[..., None], 3, axis=2))
    tint_compartments(picture, projection.compartments, view)
    draw_furniture(picture, projection.side, projection.spacing_mm, view, letter_height(max(view.shape)))
    return Panel(picture, projection.caption)


def put_side_by_side(front: Picture, panels: Sequence[Panel], _: Translate) -> Picture:
    """Put all pictures of a CT beside one another, the captions of the smaller ones below them."""
    pictures = [front, *(panel.picture for panel in panels)]
    width = sum(picture.shape[1] for picture in pictures) + GAP_PX * len(panels)
    share = min(1.0, WIDEST_PX / width)
    pictures = [_shrink(picture, share) for picture in pictures]
    joined = _join_in_a_row(pictures)
    if not panels:
        return joined
    return np.vstack([joined, _draw_captions(pictures, panels, _)])


def _shrink(picture: Picture, share: float) -> Picture:
    if share == 1:
        return picture
    size = (max(1, round(picture.shape[1] * share)), max(1, round(len(picture) * share)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _join_in_a_row(pictures: Sequence[Picture]) -> Picture:
    """Put pictures beside one another with gaps between them, their upper edges level."""
    height = max(len(picture) for picture in pictures)
    gap = np.full((height, GAP_PX, 3), drawing.RIM, np.uint8)
    row = [_pad_below(pictures[0], height)]
    for picture in pictures[1:]:
        row += [gap, _pad_below(picture, height)]
    return np.hstack(row)


def _pad_below(picture: Picture, height: int) -> Picture:
    below = np.zeros((height - len(picture), picture.shape[1], 3), np.uint8)
    return np.vstack([picture, below])


def _draw_captions(pictures: Sequence[Picture], panels: Sequence[Panel], _: Translate) -> Picture:
    """Draw a strip with each caption under its picture, broken into lines; the first picture has none."""
    front, *others = pictures
    size = max(13, len(front) // 64)
    captions = []
    for picture, panel in zip(others, panels, strict=True):
        captions.append(_break_lines(_(panel.caption), picture.shape[1] // (size * 5 // 9)))
    width = sum(picture.shape[1] for picture in pictures) + GAP_PX * len(panels)
    strip = np.full((size * 3 // 2 * max(map(len, captions)) + size, width, 3), drawing.RIM, np.uint8)
    x = front.shape[1] + GAP_PX
    for picture, lines in zip(others, captions, strict=True):
        for row, text in enumerate(lines):
            drawing.letters(strip, (x, size + row * size * 3 // 2), text, drawing.WHITE, size=size, anchor="lm")
        x += picture.shape[1] + GAP_PX
    return strip


def _break_lines(text: str, letters: int) -> list[str]:
    """Break a caption into lines; Chinese, which has no spaces, anywhere."""
    if text.isascii():
        return textwrap.wrap(text, max(8, letters))
    half = max(4, letters // 2)
    return [text[at : at + half] for at in range(0, len(text), half)]


def with_compartments(picture: Picture, image: ImageRecord, _: Translate) -> Picture:
    """Add a strip below that says what the colours mean, for a picture that leaves its page."""
    size = max(14, min(28, picture.shape[1] // 45))
    names = present(image.findings)
    strip = np.full((2 * size * (len(names) + 1) + size // 2, picture.shape[1], 3), drawing.RIM, np.uint8)
    for row, name in enumerate(names):
        y = size + 2 * size * row
        strip[y - size // 2 : y + size // 2, size : 3 * size] = COLOURS[name]
        drawing.letters(strip, (4 * size, y), _(NAMES[name]), drawing.WHITE, size=size, anchor="lm")
    last = size + 2 * size * len(names)
    drawing.letters(strip, (size, last), _(SHORT_DISCLAIMER), drawing.WHITE, size=size, anchor="lm")
    return np.vstack([picture, strip])
