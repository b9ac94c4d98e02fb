"""Pieces of one artery, broken off for a while, made into one line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

GAP_MM: Final = 14.0
"""The calcium of one artery may be broken off for so long. Our choice."""

MOST_TURN: Final = np.deg2rad(50.0)
"""Two ends that turn more than this into each other are two arteries. Our choice."""

FAR_GAP_MM: Final = 30.0
"""For so long, where one piece aims at the other and both are equally wide. Our choice: on phantoms that rules were set
by, one artery was counted twice over gaps of 14 to 16 mm; twice that leaves room."""

FAR_TURN: Final = np.deg2rad(22.0)
"""Over a gap longer than `GAP_MM` the ends turn no more than this. Our choice."""

FAR_CALIBRES: Final = 2.0
"""Over such a gap one piece is at most so many times as wide as the other. Our choice: one wall alone is marked half as
wide as two."""

FAR_OF_LENGTH: Final = 1.0
"""Such a gap is no longer than this share of both pieces. Our choice: more is seen than supposed."""

END_MM: Final = (5.0, 10.0)
"""Stretch from which the direction of an end is taken: as long as the gap, within these. Our choice: arteries wind in
the scale of a centimetre."""

ASIDE_MM: Final = 1.6
"""So far aside an end may lie for nothing: it may be that of either wall. Our choice: half of the widest artery."""

TOUCHING_MM: Final = 1.5
"""Over a shorter gap the direction of the gap says nothing."""

TURN_COST_MM: Final = 5.0
"""A radian of turn counts as much as so long a gap when the next two pieces are chosen. Our choice."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """A line of shape (N, 2), and the calibre of what is marked along it, in pixels."""

    line: Array
    calibre: float


@dataclass(frozen=True, slots=True)
class _Meeting:
    """Two ends that face one another; end 2k is the start of piece k, end 2k + 1 its end."""

    ends: tuple[int, int]
    cost_mm: float


def calibres(lines: Sequence[Array], marked: NDArray[np.bool_], pixel_mm: float) -> list[float]:
    """How wide the marks along each line are: twice the upper quartile of their distance from it, in pixels."""
    if not lines:
        return []
    number = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    found = cKDTree(np.vstack(lines)).query(np.argwhere(marked), distance_upper_bound=2 * ASIDE_MM / pixel_mm)
    away, nearest = np.asarray(found[0], np.float64), np.asarray(found[1], np.intp)
    near = np.isfinite(away)
    owner = number[nearest[near]]
    spread = [away[near][owner == k] for k in range(len(lines))]
    return [2 * float(np.quantile(one, 0.75)) + 1 if len(one) else 1.0 for one in spread]


def joined(lines: Sequence[Array], wide_px: Sequence[float], pixel_mm: float) -> list[Array]:
    """Lines whose ends face one another over a gap made into one, the nearest first.

    Over `GAP_MM` at most the direction must agree roughly; over `FAR_GAP_MM` closely, and the calibre with it.

    Parameters
    ----------
    lines
        Each of shape (N, 2), in pixels.
    wide_px
        Calibre of each.
    pixel_mm
        Of the lines.
    """
    pieces = [_Piece(line, wide) for line, wide in zip(lines, wide_px, strict=True)]
    while True:
        best = min(_meetings(pieces, pixel_mm), key=lambda one: one.cost_mm, default=None)
        if best is None:
            return [piece.line for piece in pieces]
        first, second = (end // 2 for end in best.ends)
        one = _one(pieces, best.ends)
        pieces = [piece for number, piece in enumerate(pieces) if number not in (first, second)] + [one]


def _meetings(pieces: Sequence[_Piece], pixel_mm: float) -> list[_Meeting]:
    """Every pair of ends of two pieces that may be one artery."""
    ends = np.array([end for piece in pieces for end in (piece.line[0], piece.line[-1])])
    if len(ends) < 4:
        return []
    found = []
    for a, b in sorted(cKDTree(ends).query_pairs(FAR_GAP_MM / pixel_mm)):
        if a // 2 == b // 2:
            continue
        gap_mm = float(np.hypot(*(ends[b] - ends[a]))) * pixel_mm
        far = gap_mm > GAP_MM
        reach = round(float(np.clip(gap_mm, *END_MM)) / pixel_mm)
        out_a, out_b = (_direction(pieces[end // 2].line, end % 2, reach) for end in (a, b))
        turn = _turned((ends[b] - ends[a]) * pixel_mm, out_a, out_b)
        if turn < (FAR_TURN if far else MOST_TURN) and (
            not far or _alike(pieces[a // 2], pieces[b // 2], gap_mm / pixel_mm)
        ):
            found.append(_Meeting((a, b), gap_mm + turn * TURN_COST_MM))
    return found


def _turned(between_mm: Array, out_a: Array, out_b: Array) -> float:
    """Largest angle between two ends and the gap from the one to the other."""
    turn = _angle(out_a, -out_b)
    if float(np.hypot(*between_mm)) <= TOUCHING_MM:
        return turn
    return max(turn, _aside(between_mm, out_a), _aside(between_mm, -out_b))


def _aside(between_mm: Array, ahead: Array) -> float:
    """Angle between a gap and the direction of an end, less what an artery's own width makes of it."""
    along = float(between_mm @ ahead)
    across = abs(float(between_mm[0] * ahead[1] - between_mm[1] * ahead[0]))
    return float(np.arctan2(max(across - ASIDE_MM, 0.0), along))


def _alike(one: _Piece, other: _Piece, gap_px: float) -> bool:
    """Whether two pieces are about equally wide and together at least as long as the gap between them."""
    narrow, wide = sorted((one.calibre, other.calibre))
    return wide <= FAR_CALIBRES * narrow and gap_px <= FAR_OF_LENGTH * (len(one.line) + len(other.line))


def _one(pieces: Sequence[_Piece], ends: tuple[int, int]) -> _Piece:
    """Both pieces and a straight line over the gap, as wide as both on the whole."""
    a, b = ends
    first, second = pieces[a // 2], pieces[b // 2]
    start = first.line if a % 2 else first.line[::-1]
    stop = second.line if b % 2 == 0 else second.line[::-1]
    gap = float(np.hypot(*(stop[0] - start[-1])))
    between = np.linspace(start[-1], stop[0], max(2, int(gap)) + 1)[1:-1]
    calibre = np.average([first.calibre, second.calibre], weights=[len(start), len(stop)])
    return _Piece(np.vstack([start, between, stop]), float(calibre))


def _direction(line: Array, side: int, reach: int) -> Array:
    """Unit vector out of the line at its start (0) or end (1)."""
    inner = min(max(reach, 1), len(line) - 1)
    out = line[0] - line[inner] if side == 0 else line[-1] - line[-1 - inner]
    return np.asarray(out / max(float(np.hypot(*out)), 1e-9))


def _angle(a: Array, b: Array) -> float:
    return float(np.arccos(np.clip(a @ b, -1, 1)))
