"""A bone scan as a picture: dark where it counts, the body's outline and its segments over it."""

from typing import Final

import numpy as np

from calcinet.arrays import Floats, Pixels
from calcinet.record import ScintigramRecord
from calcinet.report.pictures import drawing
from calcinet.report.pictures.drawing import Colour, Picture
from calcinet.report.pictures.viewport import Viewport, Window

BLACK_PERCENTILE: Final = 99.3
"""Percentile of the pixels that hold counts at which the picture is black. Our choice: bladder and injection site burn
out, bone does not."""

BEND: Final = 2.6
"""How far greys between are bent. Our choice: soft tissue is mid-grey and still shows steps."""

BODY: Final[Colour] = (110, 110, 110)
SEGMENT: Final[Colour] = (0, 114, 178)
LEFT_OUT: Final[Colour] = (213, 94, 0)
BRIGHT: Final[Colour] = (204, 121, 167)
"""Colours of Okabe and Ito, which colour-blind readers tell apart."""

RING_PX: Final = 5.0
"""Radius of the ring round a bright place, in pixels of the scan. Our choice: the width of the camera's blur."""

RING_ANGLES: Final = np.linspace(0, 2 * np.pi, 24, endpoint=False)
RING: Final = np.stack([np.sin(RING_ANGLES), np.cos(RING_ANGLES)], axis=1)
"""Points (row, column) of a circle of radius 1."""


def counts_window(plane: Pixels) -> Window:
    """Choose an inverted window: no counts are white."""
    counted = plane[plane > 0]
    if not counted.size:
        return Window(1.0, 0.0, BEND)
    top = float(np.percentile(counted, BLACK_PERCENTILE))
    return Window(max(top, 1.0), 0.0, BEND)


def outline_segments(picture: Picture, scan: ScintigramRecord, view: Viewport, width: int) -> None:
    """Draw the silhouette, the segments and what was left out."""
    for loop in scan.body:
        _draw_loop(picture, np.array(loop, np.float64), BODY, view, width)
    for segment in scan.segments:
        for loop in segment.outlines:
            _draw_loop(picture, np.array(loop, np.float64), SEGMENT, view, width)
    for spot in scan.left_out:
        if spot.outline:
            _draw_loop(picture, np.array(spot.outline, np.float64), LEFT_OUT, view, width)
    for segment in scan.segments:
        if segment.focus is not None:
            _draw_loop(picture, np.array(segment.focus) + RING_PX * RING, BRIGHT, view, width)


def _draw_loop(picture: Picture, loop: Floats, colour: Colour, view: Viewport, width: int) -> None:
    drawing.line(picture, view.place(loop), colour, width=width, closed=True)


def letter_views(picture: Picture, scan: ScintigramRecord, view: Viewport, columns: int, size: int) -> None:
    """Write which side of the patient is which, on every view: from behind the left is at the left.

    `columns` are those of the whole picture.
    """
    count = max(1, len(scan.views))
    for number, seen_from in enumerate(scan.views):
        if seen_from == "other":
            continue
        at_left, at_right = ("L", "R") if seen_from == "posterior" else ("R", "L")
        edges = np.array([[0, number * columns / count], [0, (number + 1) * columns / count - 1]], np.float64)
        left, right = view.place(edges)[:, 0]
        drawing.letters(picture, (int(left) + size, size), at_left, drawing.WHITE, size=size, anchor="la", rim=True)
        drawing.letters(picture, (int(right) - size, size), at_right, drawing.WHITE, size=size, anchor="ra", rim=True)
