"""Whether pixels can be those of a radiograph: size, content, and which way round the greys run."""

from typing import Final

import numpy as np

from calcinet.arrays import Pixels
from calcinet.errors import Unreadable
from calcinet.io.radiograph.polarity import sense
from calcinet.text import say

MIN_SIDE: Final = 64
"""Pixels. Our choice: a thumbnail shows no vessel."""

MAX_PIXELS: Final = 100_000_000
"""Our choice: a 35 x 43 cm film at 0.05 mm has 60 million."""


MAX_BURNT_OUT: Final = 0.98
"""Share of pixels at the lowest or highest value. Our choice: a finger on a large plate may fill 4 %."""

MIN_GREYS: Final = 16
"""Different values. Our choice: 4 bits show no soft tissue."""

NEGATIVE_PICTURE: Final = -1.5
"""Sense under which a picture without header is turned. Our choice: the lowest of 240 open films reaches -0.8."""

NEGATIVE_DICOM: Final = -2.5
"""Sense under which a DICOM film is turned. Our choice: three times as far, as its header tells the sense."""


def require_size(rows: int, columns: int) -> None:
    """Refuse an image too small to show anything or too large to be one film, before it is decoded."""
    if min(rows, columns) < MIN_SIDE:
        message = say(
            "found {rows} x {columns} pixels; expected at least {least} on each side: give the film itself",
            rows=rows,
            columns=columns,
            least=MIN_SIDE,
        )
        raise Unreadable(message, code="too-small")
    if rows * columns > MAX_PIXELS:
        raise too_many_pixels(say("{rows} x {columns} pixels", rows=rows, columns=columns))


def too_many_pixels(found: str) -> Unreadable:
    """The refusal of a picture larger than any film."""
    message = say(
        "found {found}; expected at most {millions} million: give one film, at its own resolution",
        found=found,
        millions=MAX_PIXELS // 10**6,
    )
    return Unreadable(message, code="too-many-pixels")


def turned(plane: Pixels) -> Pixels:
    """The negative of a plane, in the same range."""
    negative: Pixels = np.subtract(plane.max() + plane.min(), plane)
    return negative


def checked(plane: Pixels, *, turn_below: float) -> tuple[Pixels, tuple[str, ...]]:
    """The plane with bone bright, and what is doubtful about it.

    Parameters
    ----------
    plane
        Shape (rows, columns).
    turn_below
        Sense (see `polarity.sense`) under which the film is taken for a negative and turned.

    Raises
    ------
    Unreadable
        If the content cannot be a radiograph.
    """
    _require_content(plane)
    if sense(plane) >= turn_below:
        return np.ascontiguousarray(plane, dtype=np.float32), ()
    remark = say("polarity was inverted (air bright, bone dark) and has been turned: check that this is right")
    return np.ascontiguousarray(turned(plane), dtype=np.float32), (remark,)


def _require_content(plane: Pixels) -> None:
    """Refuse pixels that are no numbers, all alike, of a handful of greys, or nearly all burnt out."""
    if not np.isfinite(plane).all():
        raise Unreadable(say("some pixels are not numbers: export the film again"), code="not-finite")
    low, high = plane.min(), plane.max()
    if low == high:
        raise Unreadable(say("every pixel has the same value: the film is blank, choose another"), code="constant")
    burnt_out = float(((plane == low) | (plane == high)).mean())
    if burnt_out > MAX_BURNT_OUT:
        message = say(
            "{share:.1%} of the pixels are fully black or white: the film holds next to nothing, take it again",
            share=burnt_out,
        )
        raise Unreadable(message, code="saturated")
    greys = np.unique(plane[:: max(1, plane.shape[0] // 512), :: max(1, plane.shape[1] // 512)]).size
    if greys < MIN_GREYS:
        message = say(
            "found {greys} greys; expected at least {least}: this is a drawing or a mask, give the film itself",
            greys=int(greys),
            least=MIN_GREYS,
        )
        raise Unreadable(message, code="few-greys")
