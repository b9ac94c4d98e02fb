"""Pieces of one artery, broken off for a while: which of them belong to one course, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.spatial import cKDTree

from calcinet.arrays import Floats, Mask

END_MM: Final = (5.0, 10.0)
"""The direction of an end is taken from a stretch as long as the gap, but not shorter or longer than these. Our choice:
arteries wind in the scale of a centimetre."""

TURN_COST_MM: Final = 5.0
"""Length of gap that costs as much as a turn of one radian when the next two pieces are chosen. Our choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When two ends that face one another are those of one artery."""

    gap_mm: float
    """Two ends closer than this may belong to one artery."""

    max_turn: float
    """Two ends that turn by more than this into each other, or into the gap, are two arteries; radians."""

    far_gap_mm: float
    """Two ends farther apart than `gap_mm`, but closer than this, may belong to one artery under the stricter limits
    `far_max_turn`, `far_calibre_ratio` and `far_gap_ratio`."""

    far_max_turn: float
    """Over a gap longer than `gap_mm`, two ends that turn by more than this are two arteries; radians."""

    calibre_ratio: float
    """Two pieces, one of which is more than this many times as wide as the other, are two arteries."""

    far_calibre_ratio: float
    """The same over a gap longer than `gap_mm`."""

    far_gap_ratio: float
    """A gap longer than `gap_mm` is at most this many times as long as both pieces together: more is seen than
    supposed."""

    free_offset_mm: float
    """An end this far beside the direction of the other one counts as straight ahead: it may be that of either wall."""

    touching_mm: float
    """The direction of a gap shorter than this is not judged."""

    max_beside: float
    """Two pieces are side by side, and not one after the other, where more than this share of the shorter one runs
    within `touching_mm` of the other one; 1 switches this off."""


BREAST: Final = Limits(
    gap_mm=14.0,
    max_turn=np.deg2rad(50.0),
    far_gap_mm=30.0,
    far_max_turn=np.deg2rad(22.0),
    calibre_ratio=np.inf,
    far_calibre_ratio=2.0,
    far_gap_ratio=1.0,
    free_offset_mm=1.6,
    touching_mm=1.5,
    max_beside=1.0,
)
"""For mammograms. Our choice: on phantoms that rules were set by, one artery was counted twice over gaps of 14 to
16 mm; twice that leaves room. One wall alone is marked half as wide as two; half of the widest artery is 1.6 mm."""

LIMB: Final = Limits(
    gap_mm=14.0,
    max_turn=np.deg2rad(40.0),
    far_gap_mm=30.0,
    far_max_turn=np.deg2rad(22.0),
    calibre_ratio=1.6,
    far_calibre_ratio=1.6,
    far_gap_ratio=1.0,
    free_offset_mm=2.5,
    touching_mm=4.0,
    max_beside=0.3,
)
"""For radiographs of limbs. Our choice, on 56 phantoms: any of these a third more or less changed the courses of one
artery by less than a tenth. A branch is at most two thirds as wide as its trunk where it leaves it, hence 1.6; the free
offset is half of an artery of 5 mm, and the touching distance half of the widest artery that is sought. Walls that turn
round at the end of an artery would lead the course back along itself, hence `max_beside`."""


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """One artery's path through its pieces."""

    line: Floats
    """Shape (N, 2): the pieces one after the other, straight lines over the gaps."""

    pieces: tuple[int, ...]
    """Numbers of the pieces, in order along the line."""

    gaps: tuple[Floats, ...]
    """Between each piece and the next: last point of the one and first point of the other, shape (2, 2)."""

    def reverse(self) -> "Course":
        """The same course from its other end."""
        return Course(self.line[::-1], self.pieces[::-1], tuple(gap[::-1] for gap in self.gaps[::-1]))


@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """A course in the making, and the calibre of what is marked along it."""

    course: Course

    calibre: float
    """In pixels."""

    whole: bool
    """Whether that is the calibre of the artery; else the artery is at least as wide."""

    @property
    def line(self) -> Floats:
        return self.course.line


@dataclass(frozen=True, slots=True, eq=False)
class _End:
    """The start or the end of a piece."""

    piece: _Piece
    is_start: bool

    @property
    def point(self) -> Floats:
        """Row and column."""
        return np.asarray(self.line_inwards[0])

    @property
    def line_inwards(self) -> Floats:
        """The piece's line from this end on."""
        if self.is_start:
            return self.piece.line
        return self.piece.line[::-1]

    @property
    def course_inwards(self) -> Course:
        """The piece's course from this end on."""
        if self.is_start:
            return self.piece.course
        return self.piece.course.reverse()

    def outward(self, reach: int) -> Floats:
        """Unit vector out of the piece, from `reach` points within it."""
        line = self.line_inwards
        out = line[0] - line[min(max(reach, 1), len(line) - 1)]
        return np.asarray(out / max(float(np.hypot(*out)), 1e-9))


@dataclass(frozen=True, slots=True, eq=False)
class _Link:
    """Two ends that may be those of one artery."""

    start: _End
    stop: _End

    cost_mm: float
    """Length of the gap, and what the turn adds to it."""


def measure_calibres(lines: Sequence[Floats], marked: Mask, pixel_mm: float, reach_mm: float) -> list[float]:
    """How wide the marks along each line are: twice the upper quartile of their distance from it, in pixels.

    Parameters
    ----------
    lines
        Each of shape (N, 2), in pixels.
    marked
        Shape (rows, columns).
    pixel_mm
        Pixel of both.
    reach_mm
        Marks farther than this from every line are left out.
    """
    if not lines:
        return []
    number = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    found = cKDTree(np.vstack(lines)).query(np.argwhere(marked), distance_upper_bound=reach_mm / pixel_mm)
    away, nearest = np.asarray(found[0], np.float64), np.asarray(found[1], np.intp)
    near = np.isfinite(away)
    owner = number[nearest[near]]
    return [_measure_spread(away[near][owner == k]) for k in range(len(lines))]


def link_courses(
    lines: Sequence[Floats],
    calibre_px: Sequence[float],
    pixel_mm: float,
    limits: Limits,
    *,
    whole: Sequence[bool] | None = None,
) -> list[Course]:
    """Join lines whose ends face one another over a gap, the nearest first.

    Over `gap_mm` at most the direction must agree roughly; over `far_gap_mm` closely, and the calibre with it. Every
    line belongs to one course; many courses have one line alone.

    Parameters
    ----------
    lines
        Each of shape (N, 2), in pixels, one point a pixel.
    calibre_px
        Calibre of each.
    pixel_mm
        Pixel of the lines.
    limits
        What makes two pieces one.
    whole
        For each line whether `calibre_px` is the calibre of the artery; where it is not, the line may be one of its
        walls, and the artery is at least as wide. Without it every line is whole.
    """
    pieces: list[_Piece] = []
    for number, line in enumerate(lines):
        is_whole = whole is None or whole[number]
        pieces.append(_Piece(Course(line, (number,), ()), calibre_px[number], is_whole))
    link = _find_best_link(pieces, pixel_mm, limits)
    while link is not None:
        linked = (link.start.piece, link.stop.piece)
        pieces = [piece for piece in pieces if piece not in linked]
        pieces.append(_join(link))
        link = _find_best_link(pieces, pixel_mm, limits)
    return [piece.course for piece in pieces]


def _measure_spread(away: Floats) -> float:
    """Twice the upper quartile of the distances of marks from their line, and a pixel; a pixel where there are none."""
    if not len(away):
        return 1.0
    return 2 * float(np.quantile(away, 0.75)) + 1


def _find_best_link(pieces: Sequence[_Piece], pixel_mm: float, limits: Limits) -> _Link | None:
    return min(_find_links(pieces, pixel_mm, limits), key=lambda link: link.cost_mm, default=None)


def _find_links(pieces: Sequence[_Piece], pixel_mm: float, limits: Limits) -> list[_Link]:
    """Every pair of ends of two pieces that may be one artery."""
    if len(pieces) < 2:
        return []
    ends: list[_End] = []
    for piece in pieces:
        ends += [_End(piece, is_start=True), _End(piece, is_start=False)]
    points = np.array([end.point for end in ends])
    links: list[_Link] = []
    for a, b in sorted(cKDTree(points).query_pairs(limits.far_gap_mm / pixel_mm)):
        if ends[a].piece is ends[b].piece:
            continue
        cost_mm = _compute_cost(ends[a], ends[b], pixel_mm, limits)
        if cost_mm is not None:
            links.append(_Link(ends[a], ends[b], cost_mm))
    return links


def _compute_cost(start: _End, stop: _End, pixel_mm: float, limits: Limits) -> float | None:
    """Cost of the link of two ends in mm; None where they are those of two arteries."""
    gap = stop.point - start.point
    gap_mm = float(np.hypot(*gap)) * pixel_mm
    reach = round(float(np.clip(gap_mm, *END_MM)) / pixel_mm)
    turn = _measure_turn(gap * pixel_mm, start.outward(reach), stop.outward(reach), limits)
    if gap_mm <= limits.gap_mm:
        fits = _may_be_near(start.piece, stop.piece, turn, limits)
    else:
        fits = _may_be_far(start.piece, stop.piece, turn, gap_mm / pixel_mm, limits)
    if not fits or _is_beside(start.piece.line, stop.piece.line, pixel_mm, limits):
        return None
    return gap_mm + turn * TURN_COST_MM


def _may_be_near(one: _Piece, other: _Piece, turn: float, limits: Limits) -> bool:
    """Whether two pieces can be one artery over a gap of at most `gap_mm`."""
    return turn < limits.max_turn and _may_be_equally_wide(one, other, limits.calibre_ratio)


def _may_be_far(one: _Piece, other: _Piece, turn: float, gap_px: float, limits: Limits) -> bool:
    """Whether two pieces can be one artery over a gap longer than `gap_mm`."""
    if turn >= limits.far_max_turn or not _may_be_equally_wide(one, other, limits.far_calibre_ratio):
        return False
    return gap_px <= limits.far_gap_ratio * (len(one.line) + len(other.line))


def _measure_turn(gap_mm: Floats, out_start: Floats, out_stop: Floats, limits: Limits) -> float:
    """Largest angle between two ends and the gap from the one to the other."""
    turn = float(np.arccos(np.clip(out_start @ -out_stop, -1, 1)))
    if float(np.hypot(*gap_mm)) <= limits.touching_mm:
        return turn
    at_start = _measure_aside(gap_mm, out_start, limits.free_offset_mm)
    at_stop = _measure_aside(gap_mm, -out_stop, limits.free_offset_mm)
    return max(turn, at_start, at_stop)


def _measure_aside(gap_mm: Floats, ahead: Floats, free_mm: float) -> float:
    """Angle between a gap and the direction of an end, less what an artery's own width makes of it."""
    along = float(gap_mm @ ahead)
    across = abs(float(gap_mm[0] * ahead[1] - gap_mm[1] * ahead[0]))
    return float(np.arctan2(max(across - free_mm, 0.0), along))


def _may_be_equally_wide(one: _Piece, other: _Piece, ratio: float) -> bool:
    """Whether two pieces can be equally wide; the artery of a piece that may be one wall alone is at least as wide."""
    narrow, wide = sorted((one, other), key=lambda piece: piece.calibre)
    return not narrow.whole or wide.calibre <= ratio * narrow.calibre


def _is_beside(one: Floats, other: Floats, pixel_mm: float, limits: Limits) -> bool:
    """Whether the shorter of two lines runs along the other."""
    if limits.max_beside >= 1:
        return False
    short, long = sorted((one, other), key=len)
    away, nearest = cKDTree(long).query(short, distance_upper_bound=limits.touching_mm / pixel_mm)
    abreast = np.isfinite(away) & (nearest > 0) & (nearest < len(long) - 1)
    return bool(abreast.mean() > limits.max_beside)


def _join(link: _Link) -> _Piece:
    """Both pieces and a straight line over the gap."""
    first, second = link.start.piece, link.stop.piece
    before, after = link.start.course_inwards.reverse(), link.stop.course_inwards
    gap = np.stack([before.line[-1], after.line[0]])
    course = Course(
        line=np.vstack([before.line, _draw_straight(gap), after.line]),
        pieces=before.pieces + after.pieces,
        gaps=(*before.gaps, gap, *after.gaps),
    )
    return _Piece(course, _combine_calibres(first, second), whole=first.whole or second.whole)


def _draw_straight(gap: Floats) -> Floats:
    """Points on the straight line over a gap, near a pixel apart, without its ends."""
    steps = max(2, int(np.hypot(*(gap[1] - gap[0]))))
    return np.linspace(gap[0], gap[1], steps + 1)[1:-1]


def _combine_calibres(first: _Piece, second: _Piece) -> float:
    """Mean calibre of two pieces, weighted by their length; where one alone is whole, its own."""
    if first.whole != second.whole:
        return first.calibre if first.whole else second.calibre
    lengths = [len(first.line), len(second.line)]
    return float(np.average([first.calibre, second.calibre], weights=lengths))
