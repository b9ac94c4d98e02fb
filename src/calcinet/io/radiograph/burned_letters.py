"""Where letters are burned into a film: a name among them would be passed on with every picture.

Nothing is read. What is looked for is what printing looks like: small things of one grey, sharply apart from what is
behind them, of one height, on one line, close to each other. A lead letter for the side is one or two of them at most.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Pixels
from calcinet.io.radiograph.small_copy import shrink
from calcinet.text import Text, say

LONGER_PX: Final = 2048
"""Longer side of the copy that is looked at. Our choice: print that can be read on a screen has 6 pixels there."""

STROKE_PX: Final = 15
"""Wider things are no strokes of letters. Our choice: letters of a twentieth of the picture's height have less."""

MIN_CONTRAST: Final = 80
"""Grey steps of 255 between a letter and what is behind it. Our choice: viewers print white, or nearly, on dark."""

NOISE_STEP: Final = 5
"""Pixels apart at which the usual height of noise and fine bone is taken, which is added to the contrast."""

HEIGHTS_PX: Final = (6, 100)
"""Of a letter on the copy. Our choice."""

WIDEST: Final = 1.6
"""Width of a letter over its height. Our choice: W and M of wide types."""

FILLED: Final = (0.12, 0.9)
"""Share of its box that a letter fills. Our choice: a full box is a bar."""

SAME_HEIGHT: Final = 1.7
"""Larger over smaller height of neighbours. Our choice: capitals over small letters of most types."""

SAME_LINE: Final = 0.25
"""Distance between the lower or the upper ends of neighbours over the height of the larger. Our choice."""

NEXT: Final = 1.2
"""Gap between neighbours over the height of the larger. Our choice: a space between words, and a narrow letter."""

SAME_GREY: Final = 8.0
"""Grey steps between the median of a letter and that of its line. Our choice: print is of one grey, bone is not."""

BAR: Final = 0.4
"""Shorter over longer side below which a full box is an I and no bar. Our choice."""

INK: Final = 75.0
"""Percentile of the greys of a letter that is its ink's. Our choice: a quarter of it is whole at the least."""

MOST: Final = 0.7
"""Share of a line's letters that are of its grey. Our choice: others touch something."""

MIN_LETTERS: Final = 4
"""On a line. Our choice: a side marker has one or two, with initials three."""

THIRD: Final = 3
"""Parts of a side by which a place is named."""

PLACES: Final = (
    (say("upper left corner"), say("upper edge"), say("upper right corner")),
    (say("left edge"), say("middle"), say("right edge")),
    (say("lower left corner"), say("lower edge"), say("lower right corner")),
)
"""By thirds of the height and of the width."""

Box = tuple[int, int, int, int]
"""Left, top, width and height."""

Boxes = NDArray[np.int32]
"""Shape (letters, 4): a box each."""


@dataclass(frozen=True, slots=True)
class _Things:
    """What may be letters."""

    boxes: Boxes
    greys: NDArray[np.float64]

    def turn(self) -> "_Things":
        """The same with rows for columns."""
        return _Things(self.boxes[:, [1, 0, 3, 2]], self.greys)

    def keep_upright(self) -> "_Things":
        """Those that are not wider than letters are, for their height."""
        widths, heights = self.boxes[:, 2], self.boxes[:, 3]
        fits = (widths <= WIDEST * heights) & (heights >= HEIGHTS_PX[0])
        return _Things(self.boxes[fits], self.greys[fits])


def describe_letters(plane: Pixels) -> Text | None:
    """Say where letters are burned in; None where none were found.

    Parameters
    ----------
    plane
        Shape (rows, columns), not constant.
    """
    lines = find_lines(plane)
    thirds = {_locate(line, plane.shape) for line in lines}
    places = [PLACES[row][column] for row, column in sorted(thirds)]
    if not places:
        return None
    return say(
        "letters are burned into the film ({places}): see that they name nobody before film or report is shared",
        places=places,
    )


def find_lines(plane: Pixels) -> list[Box]:
    """Boxes around lines of print: left, top, width and height, in the picture's pixels.

    Parameters
    ----------
    plane
        Shape (rows, columns), not constant.
    """
    small = np.clip(np.rint(shrink(plane, LONGER_PX)), 0, 255).astype(np.uint8)
    scale = plane.shape[0] / small.shape[0]
    found: list[Box] = []
    for print_ in (small, 255 - small):
        things = _find_things(print_)
        found += _join_lines(things)
        found += [(top, left, height, width) for left, top, width, height in _join_lines(things.turn())]
    return [_scale_box(box, scale) for box in found]


def _scale_box(box: Box, scale: float) -> Box:
    left, top, width, height = (round(side * scale) for side in box)
    return left, top, width, height


def _find_things(small: NDArray[np.uint8]) -> _Things:
    """Narrow bright things of the size of letters."""
    square = np.ones((STROKE_PX, STROKE_PX), np.uint8)
    above = cv2.morphologyEx(small, cv2.MORPH_TOPHAT, square)
    strokes = (above > MIN_CONTRAST + float(np.median(above[::NOISE_STEP, ::NOISE_STEP]))).astype(np.uint8)
    _, found, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    labels, boxes, areas = np.asarray(found, np.int32), np.asarray(stats[:, :4], np.int32), stats[:, cv2.CC_STAT_AREA]
    longer, shorter = boxes[:, 2:].max(axis=1), boxes[:, 2:].min(axis=1)
    low, high = HEIGHTS_PX
    fill = areas / (longer * shorter)
    fits = (longer >= low) & (longer <= high) & (fill > FILLED[0]) & ((fill < FILLED[1]) | (shorter < BAR * longer))
    fits[0] = False
    kept = np.flatnonzero(fits)
    greys = [_measure_grey(small, labels, boxes[label], label) for label in kept]
    return _Things(boxes[kept], np.array(greys))


def _measure_grey(small: NDArray[np.uint8], labels: NDArray[np.int32], box: Boxes, label: np.intp) -> float:
    """The grey of the strokes of one letter, their soft edges left out."""
    left, top, width, height = box
    place = (slice(top, top + height), slice(left, left + width))
    return float(np.percentile(small[place][labels[place] == label], INK))


def _join_lines(things: _Things) -> list[Box]:
    """Boxes around lines of letters that run along rows."""
    letters = things.keep_upright()
    return [_join_boxes(letters.boxes[line]) for line in _link_letters(letters.boxes) if _is_print(letters.greys[line])]


def _join_boxes(boxes: Boxes) -> Box:
    left, top = boxes[:, :2].min(axis=0).tolist()
    right, bottom = (boxes[:, :2] + boxes[:, 2:]).max(axis=0).tolist()
    return left, top, right - left, bottom - top


def _is_print(greys: NDArray[np.float64]) -> bool:
    """Whether nearly all letters of a line are of one grey."""
    even = np.abs(greys - np.median(greys)) < SAME_GREY
    return bool(even.sum() >= MIN_LETTERS and even.mean() > MOST)


def _link_letters(boxes: Boxes) -> Iterator[NDArray[np.intp]]:
    """Letters on one line, from left to right; each letter in one chain."""
    order = np.argsort(boxes[:, 0], kind="stable")
    free = np.ones(len(boxes), bool)
    for first in order:
        if not free[first]:
            continue
        line = [first]
        free[first] = False
        while (following := _find_next(boxes, line[-1], free)) is not None:
            free[following] = False
            line.append(following)
        if len(line) >= MIN_LETTERS:
            yield np.array(line)


def _find_next(boxes: Boxes, own: np.intp, free: NDArray[np.bool_]) -> np.intp | None:
    """The nearest letter to the right that continues a line; None at its end."""
    left, top, width, height = boxes[own].astype(float)
    lefts, tops, _, heights = boxes.T.astype(float)
    larger = np.maximum(heights, height)
    gaps = lefts - (left + width)
    aligned = np.minimum(np.abs(tops + heights - top - height), np.abs(tops - top)) <= SAME_LINE * larger
    similar = larger <= SAME_HEIGHT * np.minimum(heights, height)
    follows = free & aligned & similar & (lefts > left) & (gaps > -0.3 * larger) & (gaps < NEXT * larger)
    if not follows.any():
        return None
    candidates = np.flatnonzero(follows)
    return np.intp(candidates[np.argmin(gaps[candidates])])


def _locate(line: Box, shape: tuple[int, ...]) -> tuple[int, int]:
    """Third of the height and of the width in which the middle of a line lies."""
    left, top, width, height = line
    down, across = (top + height / 2) / shape[0], (left + width / 2) / shape[1]
    return min(int(down * THIRD), THIRD - 1), min(int(across * THIRD), THIRD - 1)
