"""A bone scan as a picture: dark where it counts, the body's outline and its segments over it."""

from typing import Final

import numpy as np

from calcinet.arrays import Pixels
from calcinet.record import ScintigramRecord
from calcinet.report.pictures import drawing
from calcinet.report.pictures.drawing import Colour, Picture
from calcinet.report.pictures.viewport import Viewport, Window

BLACK_PERCENTILE: Final = 99.3
"""Of the pixels that hold counts: where the picture is black. Our choice: bladder and injection site burn out, bone
does not."""

BEND: Final = 2.6
"""How far greys between are bent. Our choice: soft tissue is mid-grey and still shows steps."""

BODY: Final[Colour] = (110, 110, 110)
SEGMENT: Final[Colour] = (0, 114, 178)
LEFT_OUT: Final[Colour] = (213, 94, 0)
BRIGHT: Final[Colour] = (204, 121, 167)
"""Colours of Okabe and Ito, which colour-blind readers tell apart."""

RING_PX: Final = 5.0
"""Radius of the ring round a bright place, in pixels of the scan. Our choice: the width of the camera's blur."""

RING: Final = np.stack([f(np.linspace(0, 2 * np.pi, 24, endpoint=False)) for f in (np.sin, np.cos)], axis=1)


def counts_window(plane: Pixels) -> Window:
    """Choose an inverted window: no counts are white."""
    counted = plane[plane > 0]
    top = float(np.percentile(counted, BLACK_PERCENTILE)) if counted.size else 1.0
    return Window(max(top, 1.0), 0.0, BEND)


def outlined(picture: Picture, scan: ScintigramRecord, view: Viewport, width: int) -> None:
    """Draw the silhouette, the segments and what was left out."""
    for loops, colour in (
        (scan.body, BODY),
        (tuple(loop for segment in scan.segments for loop in segment.outlines), SEGMENT),
        (tuple(spot.outline for spot in scan.left_out if spot.outline), LEFT_OUT),
    ):
        for loop in loops:
            drawing.line(picture, view.place(np.array(loop, np.float64)), colour, width=width, closed=True)
    for segment in scan.segments:
        if segment.focus is not None:
            ring = np.array(segment.focus) + RING_PX * RING
            drawing.line(picture, view.place(ring), BRIGHT, width=width, closed=True)


def lettered(picture: Picture, scan: ScintigramRecord, view: Viewport, columns: int, size: int) -> None:
    """Write which side of the patient is which, on every view: from behind the left is at the left.

    `columns` are those of the whole picture.
    """
    count = max(1, len(scan.views))
    for number, seen in enumerate(scan.views):
        if seen == "other":
            continue
        ends = ("L", "R") if seen == "posterior" else ("R", "L")
        edges = np.array([[0, number * columns / count], [0, (number + 1) * columns / count - 1]], np.float64)
        left, right = view.place(edges)[:, 0]
        drawing.letters(picture, (int(left) + size, size), ends[0], drawing.WHITE, size=size, anchor="la", rim=True)
        drawing.letters(picture, (int(right) - size, size), ends[1], drawing.WHITE, size=size, anchor="ra", rim=True)
