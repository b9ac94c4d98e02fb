"""Straight edges of a picture beyond which it is brighter: the room around a screen, the light box around a film.

A field that a collimator cut has the dark beyond its edges, whatever its tilt. A screen has a dark frame in a brighter
room; a film before a light box has the lamp around it; and seen at a slant neither is a rectangle.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Pixels
from calcinet.io.radiograph.small_copy import GREYS, shrink

LONGER_PX: Final = 640
"""Longer side of the copy that is looked at. Our choice: a frame is a few pixels wide on it."""

MIN_PIECE_PX: Final = 25.0
"""Length of a piece of a line that is joined to others. Our choice."""

JOINED: Final = 0.05
"""Sine of the angle between pieces of one line. Our choice: 3 degrees."""

ASIDE_PX: Final = 2.5
"""Distance from a line at which a piece still belongs to it. Our choice."""

MIN_LENGTH: Final = 0.4
"""Length of a line over the shorter side of the picture, the gaps left out. Our choice."""

MAX_TURN_DEG: Final = 20.0
"""Of an edge against the picture's. Our choice: a telephone is held straighter."""

MIN_OUT: Final = 0.3
"""Distance of an edge from the middle over that of the picture's edge. Our choice: nearer ones are bones."""

BAND_PX: Final = (3, 4, 5, 6)
"""Distances from a line at which the greys on either side are taken."""

BAND_POINTS: Final = 60
"""Places along a line at which they are taken."""

MIN_STEP: Final = 12.0
"""Grey steps of 255 by which the outside is brighter. Our choice."""

BRIGHTER_BY: Final = 8.0
MIN_BRIGHTER: Final = 0.7
"""Share of the places beyond the line that are brighter than what lies before it, by so many grey steps. Our choice."""

MAX_BLANK: Final = 0.8
BLANK_STEPS: Final = 3.0
"""Share of the outside at either end of the greys, in steps, above which it was painted and not seen. Our choice:
blinds are painted white or black."""

Lines = NDArray[np.float64]
"""Shape (lines, 4): column and row of either end."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Sides of a picture that have an edge beyond which it is brighter."""

    sides: int
    """Of 4."""
    skew_deg: float
    """Largest angle between what would be parallel, or square, on a rectangle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edge:
    """A long line near to one side."""

    side: str
    turn_deg: float
    """Against the picture's side."""
    length: float


def find_frame(plane: Pixels) -> Frame:
    """Look for the frame of what was photographed.

    Parameters
    ----------
    plane
        Shape (rows, columns), not constant, bright where the light was.
    """
    small = shrink(plane, LONGER_PX)
    longest: dict[str, _Edge] = {}
    for line in _find_long_lines(small):
        edge = _judge_line(small, line)
        if edge is not None and (edge.side not in longest or edge.length > longest[edge.side].length):
            longest[edge.side] = edge
    turns = [edge.turn_deg for edge in longest.values()]
    return Frame(len(longest), max(turns, default=0.0) - min(turns, default=0.0))


def _find_long_lines(small: Pixels) -> Lines:
    """Lines over a good part of the picture, their pieces joined."""
    shown = np.rint(np.log1p(np.clip(small, 0, GREYS)) * (GREYS / np.log1p(GREYS))).astype(np.uint8)
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(shown)[0]
    if found is None:
        return np.zeros((0, 4))
    pieces = found.reshape(-1, 4).astype(np.float64)
    lengths = np.hypot(pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1])
    order = np.argsort(-lengths)
    pieces = pieces[order[lengths[order] > MIN_PIECE_PX]]
    lines = []
    while len(pieces):
        own = _match_pieces(pieces, pieces[0])
        line, length = _join(pieces[own])
        if length >= MIN_LENGTH * min(small.shape):
            lines.append(line)
        pieces = pieces[~own]
    return np.array(lines).reshape(-1, 4)


def _match_pieces(pieces: Lines, first: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which pieces continue the first one, with the same side bright; itself among them."""
    directions = pieces[:, 2:] - pieces[:, :2]
    directions /= np.hypot(directions[:, 0], directions[:, 1])[:, np.newaxis]
    along = directions[0]
    across = np.array([-along[1], along[0]])
    aside = np.stack([(pieces[:, :2] - first[:2]) @ across, (pieces[:, 2:] - first[:2]) @ across])
    near: NDArray[np.bool_] = (np.abs(aside) < ASIDE_PX).all(axis=0)
    near &= (np.abs(directions @ across) < JOINED) & (directions @ along > 0)
    return near


def _join(pieces: Lines) -> tuple[NDArray[np.float64], float]:
    """The line through pieces, from its first to its last point, and their length together."""
    points = pieces.reshape(-1, 2)
    middle = points.mean(axis=0)
    along = np.linalg.svd(points - middle)[2][0]
    places = (points - middle) @ along
    line = np.concatenate([middle + along * places.min(), middle + along * places.max()])
    return line, float(np.hypot(*(pieces[:, 2:] - pieces[:, :2]).T).sum())


def _judge_line(small: Pixels, line: NDArray[np.float64]) -> _Edge | None:
    """The line as an edge with a brighter outside; None where it is none."""
    start, end = line[:2], line[2:]
    length = float(np.hypot(*(end - start)))
    along = (end - start) / length
    turn_deg = float(np.degrees(np.arctan2(along[1], along[0])))
    quarter = round(turn_deg / 90)
    is_level = quarter % 2 == 0
    middle = np.array(small.shape[::-1]) / 2
    outward = np.array([-along[1], along[0]])
    out = float(outward @ ((start + end) / 2 - middle))
    if out < 0:
        outward, out = -outward, -out
    reach = middle[1] if is_level else middle[0]
    if abs(turn_deg - 90 * quarter) > MAX_TURN_DEG or out < MIN_OUT * reach:
        return None
    points = start + (end - start) * np.linspace(0.05, 0.95, BAND_POINTS)[:, np.newaxis]
    if not _is_brighter_outside(small, points, outward) or _is_blank_beyond(small, points[0], outward):
        return None
    return _Edge(side=_name_side(outward, is_level=is_level), turn_deg=turn_deg - 90 * quarter, length=length)


def _name_side(outward: NDArray[np.float64], *, is_level: bool) -> str:
    if is_level:
        return "bottom" if outward[1] > 0 else "top"
    return "right" if outward[0] > 0 else "left"


def _is_brighter_outside(small: Pixels, points: NDArray[np.float64], outward: NDArray[np.float64]) -> bool:
    outside = np.concatenate([_take(small, points + outward * step) for step in BAND_PX])
    inside = np.concatenate([_take(small, points - outward * step) for step in BAND_PX])
    if min(len(outside), len(inside)) < BAND_POINTS:
        return False
    before = float(np.median(inside))
    is_brighter = float((outside > before + BRIGHTER_BY).mean()) > MIN_BRIGHTER
    return is_brighter and float(np.median(outside)) - before > MIN_STEP


def _take(small: Pixels, points: NDArray[np.float64]) -> Pixels:
    """Greys at points, those beyond the picture left out."""
    across, down = np.rint(points).astype(int).T
    inside = (down >= 0) & (down < small.shape[0]) & (across >= 0) & (across < small.shape[1])
    taken: Pixels = small[down[inside], across[inside]]
    return taken


def _is_blank_beyond(small: Pixels, point: NDArray[np.float64], outward: NDArray[np.float64]) -> bool:
    """Whether nearly all beyond the line is white or black."""
    down, across = np.ogrid[: small.shape[0], : small.shape[1]]
    beyond = small[(across - point[0]) * outward[0] + (down - point[1]) * outward[1] > BAND_PX[0]]
    blank = (beyond <= BLANK_STEPS) | (beyond >= GREYS - BLANK_STEPS)
    return bool(blank.mean() > MAX_BLANK)
