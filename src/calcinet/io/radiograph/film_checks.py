"""Whether pixels can be those of a radiograph: their content, and which way round the greys run."""

from typing import Final

import numpy as np

from calcinet.arrays import Pixels
from calcinet.errors import Unreadable
from calcinet.io.radiograph.polarity import sense
from calcinet.text import say

MAX_BURNT_OUT: Final = 0.98
"""Share of pixels at the lowest or highest value. Our choice: a finger on a large plate may fill 4 %."""

MIN_GREYS: Final = 16
"""Different values. Our choice: 4 bits show no soft tissue."""

SAMPLED_PER_SIDE: Final = 512
"""Pixels of each side that are looked at for greys, the others skipped. Our choice."""

NEGATIVE_PICTURE: Final = -1.5
"""Sense under which a picture without header is turned. Our choice: the lowest of 565 open films reaches -0.9."""

NEGATIVE_DICOM: Final = -2.5
"""Sense under which a DICOM film is turned. Our choice: three times as far, as its header tells the sense."""


def turn_negative(plane: Pixels) -> Pixels:
    """The negative of a plane, in the same range."""
    negative: Pixels = np.subtract(plane.max() + plane.min(), plane)
    return negative


def check_film(plane: Pixels, *, turn_below: float) -> tuple[Pixels, tuple[str, ...]]:
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
    return np.ascontiguousarray(turn_negative(plane), dtype=np.float32), (remark,)


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
    _require_greys(plane)


def _require_greys(plane: Pixels) -> None:
    """Refuse a drawing or a mask, by the different values of a sample of its pixels."""
    down = max(1, plane.shape[0] // SAMPLED_PER_SIDE)
    across = max(1, plane.shape[1] // SAMPLED_PER_SIDE)
    greys = np.unique(plane[::down, ::across]).size
    if greys < MIN_GREYS:
        message = say(
            "found {greys} greys; expected at least {least}: this is a drawing or a mask, give the film itself",
            greys=int(greys),
            least=MIN_GREYS,
        )
        raise Unreadable(message, code="few-greys")
