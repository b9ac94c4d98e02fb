"""Pieces of one artery, broken off for a while: which of them lie on one course, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.spatial import cKDTree

from calcinet.arrays import Floats, Mask

END_MM: Final = (5.0, 10.0)
"""Stretch from which the direction of an end is taken: as long as the gap, within these. Our choice: arteries wind in
the scale of a centimetre."""

TURN_COST_MM: Final = 5.0
"""A radian of turn counts as much as so long a gap when the next two pieces are chosen. Our choice."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When two ends that face one another are those of one artery."""

    gap_mm: float
    """The calcium of one artery may be broken off for so long."""

    most_turn: float
    """Two ends that turn more than this into each other, or into the gap, are two arteries; radians."""

    far_gap_mm: float
    """For so long, where one piece aims at the other and both are equally wide."""

    far_turn: float
    """Over a gap longer than `gap_mm` the ends turn no more than this; radians."""

    calibres: float
    """One piece is at most so many times as wide as the other."""

    far_calibres: float
    """The same over a gap longer than `gap_mm`."""

    far_of_length: float
    """Such a gap is no longer than this share of both pieces: more is seen than supposed."""

    aside_mm: float
    """So far aside an end may lie for nothing: it may be that of either wall."""

    touching_mm: float
    """Over a shorter gap the direction of the gap says nothing."""

    most_beside: float
    """Two pieces, the shorter one of which runs within `touching_mm` of the other over a larger share of its length,
    lie side by side and not one after the other."""


BREAST: Final = Limits(
    gap_mm=14.0,
    most_turn=np.deg2rad(50.0),
    far_gap_mm=30.0,
    far_turn=np.deg2rad(22.0),
    calibres=np.inf,
    far_calibres=2.0,
    far_of_length=1.0,
    aside_mm=1.6,
    touching_mm=1.5,
    most_beside=1.0,
)
"""For mammograms. Our choice: on phantoms that rules were set by, one artery was counted twice over gaps of 14 to
16 mm; twice that leaves room. One wall alone is marked half as wide as two; half of the widest artery is 1.6 mm."""

LIMB: Final = Limits(
    gap_mm=14.0,
    most_turn=np.deg2rad(40.0),
    far_gap_mm=30.0,
    far_turn=np.deg2rad(22.0),
    calibres=1.6,
    far_calibres=1.6,
    far_of_length=1.0,
    aside_mm=2.5,
    touching_mm=4.0,
    most_beside=0.3,
)
"""For radiographs of limbs. Our choice, on 56 phantoms: any of these a third more or less changed the courses of one
artery by less than a tenth. A branch is at most two thirds as wide as its trunk where it leaves it, hence 1.6; half of
an artery of 5 mm lies aside, and half of the widest that is sought between ends that pass one another. Walls that turn
round at the end of an artery would lead the course back along itself, hence `most_beside`."""


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """One artery's way through its pieces."""

    line: Floats
    """Shape (N, 2): the pieces one after the other, straight lines over the gaps."""

    pieces: tuple[int, ...]
    """Numbers of the pieces, in order along the line."""

    gaps: tuple[Floats, ...]
    """Between each piece and the next: last point of the one and first point of the other, shape (2, 2)."""

    def turned_round(self) -> "Course":
        """The same from its other end."""
        return Course(self.line[::-1], self.pieces[::-1], tuple(gap[::-1] for gap in self.gaps[::-1]))


@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """A course in the making, and the calibre of what is marked along it, in pixels."""

    course: Course
    calibre: float

    whole: bool
    """Whether that is the calibre of the artery; else it is at least so wide."""

    @property
    def line(self) -> Floats:
        return self.course.line


@dataclass(frozen=True, slots=True)
class _Meeting:
    """Two ends that face one another; end 2k is the start of piece k, end 2k + 1 its end."""

    ends: tuple[int, int]
    cost_mm: float


def calibres(lines: Sequence[Floats], marked: Mask, pixel_mm: float, reach_mm: float) -> list[float]:
    """How wide the marks along each line are: twice the upper quartile of their distance from it, in pixels.

    Marks farther than `reach_mm` from every line are left out.
    """
    if not lines:
        return []
    number = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    found = cKDTree(np.vstack(lines)).query(np.argwhere(marked), distance_upper_bound=reach_mm / pixel_mm)
    away, nearest = np.asarray(found[0], np.float64), np.asarray(found[1], np.intp)
    near = np.isfinite(away)
    owner = number[nearest[near]]
    spread = [away[near][owner == k] for k in range(len(lines))]
    return [2 * float(np.quantile(one, 0.75)) + 1 if len(one) else 1.0 for one in spread]


def courses(
    lines: Sequence[Floats],
    wide_px: Sequence[float],
    pixel_mm: float,
    limits: Limits,
    *,
    whole: Sequence[bool] | None = None,
) -> list[Course]:
    """Join lines whose ends face one another over a gap, the nearest first.

    Over `gap_mm` at most the direction must agree roughly; over `far_gap_mm` closely, and the calibre with it. Every
    line lies on one course; many courses have one line alone.

    Parameters
    ----------
    lines
        Each of shape (N, 2), in pixels, one point a pixel.
    wide_px
        Calibre of each.
    pixel_mm
        Of the lines.
    limits
        What makes two pieces one.
    whole
        Of each whether `wide_px` is the calibre of the artery; where it is not, the line may be one of its walls,
        and the artery is at least so wide. All are where not given.
    """
    known = [True] * len(lines) if whole is None else whole
    pieces = [
        _Piece(Course(line, (number,), ()), wide, both)
        for number, (line, wide, both) in enumerate(zip(lines, wide_px, known, strict=True))
    ]
    while True:
        best = min(_meetings(pieces, pixel_mm, limits), key=lambda one: one.cost_mm, default=None)
        if best is None:
            return [piece.course for piece in pieces]
        first, second = (end // 2 for end in best.ends)
        one = _one(pieces, best.ends)
        pieces = [piece for number, piece in enumerate(pieces) if number not in (first, second)] + [one]


def _meetings(pieces: Sequence[_Piece], pixel_mm: float, limits: Limits) -> list[_Meeting]:
    """Every pair of ends of two pieces that may be one artery."""
    ends = np.array([end for piece in pieces for end in (piece.line[0], piece.line[-1])])
    if len(ends) < 4:
        return []
    found = []
    for a, b in sorted(cKDTree(ends).query_pairs(limits.far_gap_mm / pixel_mm)):
        if a // 2 == b // 2:
            continue
        one, other = pieces[a // 2], pieces[b // 2]
        gap_mm = float(np.hypot(*(ends[b] - ends[a]))) * pixel_mm
        far = gap_mm > limits.gap_mm
        reach = round(float(np.clip(gap_mm, *END_MM)) / pixel_mm)
        out_a, out_b = (_direction(pieces[end // 2].line, end % 2, reach) for end in (a, b))
        turn = _turned((ends[b] - ends[a]) * pixel_mm, out_a, out_b, limits)
        if turn >= (limits.far_turn if far else limits.most_turn):
            continue
        if not _alike(one, other, limits.far_calibres if far else limits.calibres):
            continue
        seen_px = len(one.line) + len(other.line)
        if far and gap_mm / pixel_mm > limits.far_of_length * seen_px:
            continue
        if not _beside(one.line, other.line, pixel_mm, limits):
            found.append(_Meeting((a, b), gap_mm + turn * TURN_COST_MM))
    return found


def _turned(between_mm: Floats, out_a: Floats, out_b: Floats, limits: Limits) -> float:
    """Largest angle between two ends and the gap from the one to the other."""
    turn = _angle(out_a, -out_b)
    if float(np.hypot(*between_mm)) <= limits.touching_mm:
        return turn
    aside = (_aside(between_mm, ahead, limits.aside_mm) for ahead in (out_a, -out_b))
    return max(turn, *aside)


def _aside(between_mm: Floats, ahead: Floats, free_mm: float) -> float:
    """Angle between a gap and the direction of an end, less what an artery's own width makes of it."""
    along = float(between_mm @ ahead)
    across = abs(float(between_mm[0] * ahead[1] - between_mm[1] * ahead[0]))
    return float(np.arctan2(max(across - free_mm, 0.0), along))


def _alike(one: _Piece, other: _Piece, times: float) -> bool:
    """Whether two pieces can be equally wide: one that may be a wall alone says how wide the artery is at least."""
    narrow, wide = sorted((one, other), key=lambda piece: piece.calibre)
    return not narrow.whole or wide.calibre <= times * narrow.calibre


def _beside(one: Floats, other: Floats, pixel_mm: float, limits: Limits) -> bool:
    """Whether the shorter of two lines runs along the other."""
    if limits.most_beside >= 1:
        return False
    short, long = sorted((one, other), key=len)
    away, nearest = cKDTree(long).query(short, distance_upper_bound=limits.touching_mm / pixel_mm)
    abreast = np.isfinite(away) & (nearest > 0) & (nearest < len(long) - 1)
    return bool(abreast.mean() > limits.most_beside)


def _one(pieces: Sequence[_Piece], ends: tuple[int, int]) -> _Piece:
    """Both pieces and a straight line over the gap; as wide as both on the whole, or as the one that is seen whole."""
    a, b = ends
    first, second = pieces[a // 2], pieces[b // 2]
    start = first.course if a % 2 else first.course.turned_round()
    stop = second.course if b % 2 == 0 else second.course.turned_round()
    gap = np.stack([start.line[-1], stop.line[0]])
    between = np.linspace(gap[0], gap[1], max(2, int(np.hypot(*(gap[1] - gap[0])))) + 1)[1:-1]
    course = Course(
        np.vstack([start.line, between, stop.line]), start.pieces + stop.pieces, (*start.gaps, gap, *stop.gaps)
    )
    if first.whole != second.whole:
        return _Piece(course, (first if first.whole else second).calibre, whole=True)
    calibre = np.average([first.calibre, second.calibre], weights=[len(start.line), len(stop.line)])
    return _Piece(course, float(calibre), first.whole)


def _direction(line: Floats, side: int, reach: int) -> Floats:
    """Unit vector out of the line at its start (0) or end (1)."""
    inner = min(max(reach, 1), len(line) - 1)
    out = line[0] - line[inner] if side == 0 else line[-1] - line[-1 - inner]
    return np.asarray(out / max(float(np.hypot(*out)), 1e-9))


def _angle(a: Floats, b: Floats) -> float:
    return float(np.arccos(np.clip(a @ b, -1, 1)))
