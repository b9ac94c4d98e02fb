"""Whether a picture is a photograph of a screen, or of a film before a light box, though it is grey.

No sign is enough in every photograph, and films have some of them: each counts by how seldom films have it.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Pixels
from calcinet.errors import Unreadable
from calcinet.io.radiograph.camera_data import Taken, find_camera
from calcinet.io.radiograph.frame_lines import Frame, find_frame
from calcinet.io.radiograph.moire import Tiles, count_tiles
from calcinet.text import Text, say

Sign = tuple[int, Text]
"""How much a sign counts, and what it is."""

SURE: Final = 6
"""Count of the signs together from which a picture is refused. Our choice: of 386 open films none reaches it."""

LIKELY: Final = 4
"""Count from which the reader is warned. Our choice: none of 386 open films reaches it."""

HINT: Final = 2
"""Count of what one film in fifty has."""

MANY_CROSSED: Final = 4
"""Tiles with lines across each other that no film has. Our choice: of 386 open films ten have one, none has two."""

MANY_LINED: Final = 8
"""Tiles with one family of lines that few films have. Our choice: of 386 open films the most is five."""

MANY_SIDES: Final = 3
"""Sides with a brighter outside that no film has. Our choice: of 386 open films six have two, white blinds mostly."""

SKEW_DEG: Final = 0.8
"""Angle between what is parallel or square on a rectangle, above which it is seen at a slant. Our choice: scanned films
are turned, not slanted; the line of an edge is found to a fifth of a degree."""

LOOKED_AT: Final = 512
"""Pixels of each side that are looked at for a rest of colour, the others skipped. Our choice."""

STRAY: Final = 4.0
"""Steps of 255 between a pixel's channels and those of others as bright. Our choice: a film that is tinted as a whole
has one tint a grey; JPEG adds one or two."""

MANY_STRAY: Final = 0.1
"""Share of pixels with a stray tint. Our choice: coloured marks take a hundredth."""


def check_photograph(plane: Pixels, samples: NDArray[Any] | None = None, data: bytes = b"") -> tuple[Text, ...]:
    """Refuse a photograph of a film; a remark where it may be one.

    Parameters
    ----------
    plane
        Greys as in the file, before a negative is turned; shape (rows, columns), not constant.
    samples
        All channels of the picture, shape (rows, columns) or (rows, columns, 3).
    data
        The file, for what a camera writes into it.

    Raises
    ------
    Unreadable
        If the signs together leave no doubt.
    """
    signs = list_signs(plane, samples, data)
    counted = sum(count for count, _ in signs)
    told = [sign for _, sign in signs]
    if counted >= SURE:
        message = say(
            "found a photograph of a screen or of a film on a light box ({signs}); expected the film itself: export it "
            "from where it is stored, do not photograph it",
            signs=told,
        )
        raise Unreadable(message, code="photograph")
    if counted < LIKELY:
        return ()
    remark = say(
        "this may be a photograph of a film and not the film itself ({signs}): what is not seen on it may be lost; "
        "give the original file",
        signs=told,
    )
    return (remark,)


def list_signs(plane: Pixels, samples: NDArray[Any] | None = None, data: bytes = b"") -> list[Sign]:
    """List what speaks for a photograph; parameters as `check_photograph`."""
    signs = [*_judge_camera(find_camera(data) if data else Taken.UNKNOWN)]
    signs += _judge_tiles(count_tiles(plane))
    signs += _judge_frame(find_frame(plane))
    if samples is not None and measure_stray_tint(samples) > MANY_STRAY:
        signs.append((LIKELY, say("a rest of colours that are not those of the greys")))
    return signs


def _judge_camera(taken: Taken) -> list[Sign]:
    if taken is Taken.CAMERA:
        return [(SURE, say("the file was written by a camera"))]
    if taken is Taken.DEVICE:
        return [(LIKELY, say("the file names the maker of a camera or a scanner"))]
    return []


def _judge_tiles(tiles: Tiles) -> list[Sign]:
    grid = say("the grid of a screen's pixels, or its moiré")
    if tiles.crossed >= MANY_CROSSED:
        return [(SURE, grid)]
    if tiles.crossed:
        return [(LIKELY if tiles.crossed > 1 else HINT, grid)]
    if tiles.lined >= MANY_LINED:
        return [(HINT, say("fine lines at equal distances"))]
    return []


def _judge_frame(frame: Frame) -> list[Sign]:
    if frame.sides >= MANY_SIDES and frame.skew_deg > SKEW_DEG:
        return [(SURE, say("a frame seen at a slant with light around it"))]
    if frame.sides >= MANY_SIDES:
        return [(LIKELY, say("a frame with light around it"))]
    if frame.sides == MANY_SIDES - 1:
        return [(HINT, say("two straight edges with light beyond them"))]
    return []


def measure_stray_tint(samples: NDArray[Any]) -> float:
    """Share of pixels whose tint is another than that of most pixels of their grey; 0 where there is one channel.

    Parameters
    ----------
    samples
        Shape (rows, columns) or (rows, columns, 3).
    """
    if samples.ndim == 2:
        return 0.0
    down, across = (max(1, side // LOOKED_AT) for side in samples.shape[:2])
    looked_at = samples[::down, ::across].reshape(-1, 3).astype(np.float64)
    colours = looked_at * (255.0 / max(float(samples.max()), 1e-9))
    grey = np.rint(colours.mean(axis=1)).astype(np.intp)
    tints = colours[:, [0, 2]] - colours[:, [1]]
    usual = np.stack([np.bincount(grey, tint) / np.maximum(np.bincount(grey), 1) for tint in tints.T], axis=1)
    return float((np.abs(tints - usual[grey]) > STRAY).any(axis=1).mean())
