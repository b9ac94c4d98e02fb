"""Vessels out of the lines of their calcified walls."""

from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import Final

import numpy as np
from scipy.ndimage import median_filter
from scipy.spatial import cKDTree

from calcinet.arrays import Floats, Indices, Mask, Pixels
from calcinet.errors import BadInput
from calcinet.geometry.centre_lines import CentreLine, trace_centre_lines
from calcinet.geometry.skeleton import smooth_line

GAP_OF_CALIBRE: Final = 0.75
"""Largest gap in a wall that is bridged, as a share of the widest calibre. Our choice: a patch of wall without
calcium."""

MAX_TILT: Final = np.deg2rad(25.0)
"""Two walls of one vessel run parallel within this. Our choice: taper and tortuosity stay far below."""

NEAREST_WALLS_PX: Final = 3.0
"""Lines nearer than this cannot be told apart from one. Our choice: the width of a detected line."""

STEADY: Final = 0.25
"""Wall distance may depart from its running median by this share, and by 2 px. Our choice."""

RUN_PX: Final = 41
"""Length of that running median. Our choice: about a vessel's width."""

OVERLAP_OF_DISTANCE: Final = 2.5
"""Two walls must face each other over this many times their distance. Our choice: shorter meetings happen by chance."""

HAIRPIN: Final = 2.5
"""A line faces itself only where it is this many times longer round than across. Our choice: a half circle has 1.57."""


@dataclass(frozen=True, slots=True, eq=False)
class TracedVessel:
    """A vessel's path through the image."""

    centre_line: Floats
    """Sub-pixel row and column, shape (N, 2), about one point a pixel."""

    half_width_px: Floats
    """Outer half-width, first estimate, shape (N,)."""

    two_walls: bool
    """True where the line runs between two seen walls; else the vessel is solid or only one wall is seen."""


def trace_vessels(
    mask: Mask,
    strength: Pixels | None = None,
    *,
    max_calibre_px: float,
    min_length_px: float,
) -> list[TracedVessel]:
    """Trace the vessels whose calcified walls a mask shows, longest first.

    Lines are joined through junctions, crossings and small gaps where their direction agrees; two lines that run
    parallel are the two walls of one vessel, whose centre line lies midway. Where one of the walls is broken off the
    other one leads on, as far as both were seen together. What is left are single lines.

    Parameters
    ----------
    mask
        Pixels of calcified wall, boolean, shape (Y, X).
    strength
        Line strength, same shape; with it the lines are centred below the pixel.
    max_calibre_px
        Widest vessel to look for: lines farther apart are never two walls.
    min_length_px
        Shorter lines are left out.

    Raises
    ------
    BadInput
        If the shapes differ or a length is not positive.
    """
    _require_valid(mask, strength, max_calibre_px, min_length_px)
    traced = trace_centre_lines(mask, strength, max_gap_px=GAP_OF_CALIBRE * max_calibre_px, min_length_px=min_length_px)
    lines = [line for line in traced if len(line.points) >= 3]
    if not lines:
        return []
    walls = _Walls.join(lines, max_calibre_px)
    unfolded: list[CentreLine] = []
    for number, line in enumerate(lines):
        unfolded += walls.cut_at_hairpin(number, line)
    if len(unfolded) > len(lines):
        walls = _Walls.join(unfolded, max_calibre_px)
    vessels = [vessel for vessel in _trace_walls(walls, min_length_px) if len(vessel.centre_line) >= min_length_px]
    return sorted(vessels, key=lambda vessel: -len(vessel.centre_line))


def find_runs(flags: Mask) -> list[tuple[int, int]]:
    """First and past-the-last index of each stretch of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]])))
    return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]


def _require_valid(mask: Mask, strength: Pixels | None, max_calibre_px: float, min_length_px: float) -> None:
    if mask.ndim != 2 or (strength is not None and strength.shape != mask.shape):
        raise BadInput(f"mask and strength must be two planes of one shape, mask is {mask.shape}")
    if not (max_calibre_px > 0 and min_length_px > 0):
        raise BadInput("max_calibre_px and min_length_px must be positive")


@dataclass(slots=True, eq=False, kw_only=True)
class _Walls:
    """The points of all lines, one after the other, and what each faces to its two sides.

    A point is *free* until a vessel occupies it; tracing a vessel occupies the points of both its walls.
    """

    points: Floats
    """Sub-pixel row and column, shape (N, 2)."""

    normal: Floats
    """Unit vectors across the line, shape (N, 2)."""

    half_width: Floats
    """Half the width of the marked line, in pixels, shape (N,)."""

    line: Indices
    """Number of the line that a point belongs to, shape (N,)."""

    free: Mask
    """Points that no vessel has occupied yet, shape (N,)."""

    facing: Indices
    """The nearest parallel line's point on the left and on the right of each point, -1 for none, shape (N, 2)."""

    distance: Floats
    """Distance to it in pixels, shape (N, 2); infinite for none."""

    @classmethod
    def join(cls, lines: list[CentreLine], max_distance: float) -> "_Walls":
        """The points of `lines`; two lines farther apart than `max_distance` do not face each other."""
        points = np.vstack([line.points for line in lines])
        normal = np.vstack([line.normal for line in lines])
        number = np.repeat(np.arange(len(lines)), [len(line.points) for line in lines])
        facing, distance = _find_facing(points, normal, number, max_distance)
        return cls(
            points=points,
            normal=normal,
            half_width=np.concatenate([line.half_width for line in lines]),
            line=number,
            free=np.ones(len(points), dtype=bool),
            facing=facing,
            distance=distance,
        )

    def cut_at_hairpin(self, number: int, line: CentreLine) -> list[CentreLine]:
        """The line in two, where it turns round at a vessel's end and comes back as the other wall."""
        own = np.flatnonzero(self.line == number)
        offset, facing = own[0], self.facing[own]
        meets = (facing >= 0) & (self.line[np.maximum(facing, 0)] == number)
        here = np.nonzero(meets)[0]
        there = facing[meets] - offset
        if len(here) < OVERLAP_OF_DISTANCE * 2 * NEAREST_WALLS_PX:
            return [line]
        turn = int(np.median((here + there) / 2))
        halves = (slice(None, turn), slice(turn, None))
        return [CentreLine(line.points[half], line.half_width[half]) for half in halves]

    def find_steady(self, first: int, last: int, side: int) -> Indices:
        """Points of a line that face free points on one side, mutually, at a distance that changes slowly."""
        own: Indices = np.arange(first, last)
        own = own[self._find_mutual(own, side)]
        if not own.size:
            return own
        across: Floats = self.distance[own, side]
        usual = median_filter(across, RUN_PX, mode="nearest")
        own = own[np.abs(across - usual) <= 2 + STEADY * usual]
        return _find_longest_run(own, float(np.median(across)))

    def occupy_single(self, first: int, last: int) -> TracedVessel:
        """The vessel of which one line alone is seen."""
        self.free[first:last] = False
        return TracedVessel(self.points[first:last], self.half_width[first:last], two_walls=False)

    def occupy_pair(self, first: int, last: int, side: int, steady: Indices) -> TracedVessel:
        """The vessel between a line and what its steady points face; occupies the points of both walls."""
        together = int(steady[-1] - steady[0])
        span = np.arange(max(first, steady[0] - together), min(last, steady[-1] + together + 1))
        centre, half = self._measure_between(span, side, steady)
        others = self.facing[steady, side]
        self.free[span] = False
        self._occupy_facing(others)
        if steady[0] == first:
            inside = others[min(len(others) - 1, RUN_PX)]
            ahead = self._occupy_beyond(int(others[0]), int(inside), first, together)
            centre, half = _extend(centre[::-1], half[::-1], ahead)
            centre, half = centre[::-1], half[::-1]
        if steady[-1] == last - 1:
            inside = others[max(-len(others), -RUN_PX)]
            ahead = self._occupy_beyond(int(others[-1]), int(inside), last - 1, together)
            centre, half = _extend(centre, half, ahead)
        return TracedVessel(smooth_line(centre, 3.0), half, two_walls=True)

    def _find_mutual(self, own: Indices, side: int) -> Mask:
        """Which points of a line face a free point on one side that faces their line."""
        other = self.facing[own, side]
        seen = (other >= 0) & self.free[np.maximum(other, 0)]
        back = self.facing[other]
        is_back = (back >= 0) & (self.line[np.maximum(back, 0)] == self.line[own[0]])
        return np.asarray(seen & is_back.any(axis=1))

    def _measure_between(self, span: Indices, side: int, steady: Indices) -> tuple[Floats, Floats]:
        """Centre line and outer half-width between the points `span` and what their steady ones face."""
        sign = 1.0 if side else -1.0
        across = smooth_line(np.interp(span, steady, self.distance[steady, side])[:, None], RUN_PX / 4)
        centre = self.points[span] + sign * across / 2 * self.normal[span]
        wall = np.concatenate([self.half_width[steady], self.half_width[self.facing[steady, side]]])
        return centre, across[:, 0] / 2 + float(np.median(wall))

    def _occupy_facing(self, others: Indices) -> None:
        """Occupy the other wall, on each of its lines from the first point that is faced to the last one."""
        self.free[others] = False
        for number in np.unique(self.line[others]):
            faced = others[self.line[others] == number]
            self.free[faced.min() : faced.max() + 1] = False

    def _occupy_beyond(self, end: int, inside: int, opposite: int, longest: int) -> Floats:
        """Centre points where only the other wall leads on past `end`, away from `inside`; occupies its points.

        It leads on by less than `longest`; the vessel is as wide there as between `end` and the point `opposite` to it.
        """
        forward = 1 if end >= inside else -1
        stop = end
        while abs(stop - end) < longest and self._is_free_on_line(stop + forward, end):
            stop += forward
        beyond = np.arange(end, stop, forward) + forward
        self.free[beyond] = False
        half = (self.points[opposite] - self.points[end]) / 2
        inward = float(np.sign(half @ self.normal[end])) * float(np.hypot(*half))
        return np.asarray(self.points[beyond] + inward * self.normal[beyond])

    def _is_free_on_line(self, point: int, other: int) -> bool:
        """Whether there is such a point, free and on the line of the other one."""
        if not 0 <= point < len(self.line):
            return False
        return bool(self.line[point] == self.line[other] and self.free[point])


def _trace_walls(walls: _Walls, min_length: float) -> list[TracedVessel]:
    """Trace vessels from the longest line on; what is left of a line is queued again as a shorter one."""
    starts = np.flatnonzero(np.diff(walls.line, prepend=-1))
    bounds = [*starts.tolist(), len(walls.line)]
    queue = [(first - last, first, last) for first, last in pairwise(bounds)]
    heapify(queue)
    found: list[TracedVessel] = []
    while queue:
        _, first, last = heappop(queue)
        runs = find_runs(walls.free[first:last])
        if runs == [(0, last - first)]:
            found.append(_trace_line(walls, first, last, min_length))
            runs = find_runs(walls.free[first:last])
        for start, stop in runs:
            heappush(queue, (start - stop, first + start, first + stop))
    return found


def _trace_line(walls: _Walls, first: int, last: int, min_length: float) -> TracedVessel:
    """The vessel of which the points `first` to `last` are one wall; a single line where the other one is not seen."""
    best_score = 0.0
    best: tuple[int, Indices] | None = None
    for side in (0, 1):
        steady = walls.find_steady(first, last, side)
        if not steady.size:
            continue
        across = float(np.median(walls.distance[steady, side]))
        score = steady.size / across
        if steady.size >= max(OVERLAP_OF_DISTANCE * across, min_length / 2) and score > best_score:
            best_score, best = score, (side, steady)
    if best is None:
        return walls.occupy_single(first, last)
    return walls.occupy_pair(first, last, *best)


def _find_facing(points: Floats, normal: Floats, line: Indices, max_distance: float) -> tuple[Indices, Floats]:
    """Nearest parallel neighbour on either side of every point, and its distance."""
    pairs = _find_parallel_pairs(points, normal, max_distance)
    between = points[pairs[:, 1]] - points[pairs[:, 0]]
    distance = np.hypot(*between.T)
    apart = _select_two_walls(pairs, line, distance)
    pairs, between, distance = pairs[apart], between[apart], distance[apart]
    # every pair is seen from both of its points
    here, there = np.concatenate([pairs, pairs[:, ::-1]]).T
    across = np.einsum("ij,ij->i", np.concatenate([between, -between]), normal[here])
    distance = np.concatenate([distance, distance])
    opposite = np.flatnonzero(np.abs(across) > np.cos(MAX_TILT / 2) * distance)
    # the farthest first: what is written last stays
    order = opposite[np.argsort(-distance[opposite], kind="stable")]
    here, there, side = here[order], there[order], (across[order] > 0).astype(np.intp)
    facing = np.full((len(points), 2), -1, dtype=np.intp)
    nearest = np.full((len(points), 2), np.inf)
    facing[here, side] = there
    nearest[here, side] = distance[order]
    return facing, nearest


def _find_parallel_pairs(points: Floats, normal: Floats, max_distance: float) -> Indices:
    """Pairs of near points whose lines run the same way there, shape (P, 2)."""
    pairs = cKDTree(points).query_pairs(max_distance, output_type="ndarray").astype(np.intp)
    parallel = np.abs(np.einsum("ij,ij->i", normal[pairs[:, 0]], normal[pairs[:, 1]])) > np.cos(MAX_TILT)
    return np.asarray(pairs[parallel], dtype=np.intp)


def _select_two_walls(pairs: Indices, line: Indices, distance: Floats) -> Mask:
    """Which pairs are on two lines, or far enough from each other along one, shape (P,)."""
    first, second = pairs.T
    along = np.where(line[first] == line[second], second - first, np.inf)
    return (distance >= NEAREST_WALLS_PX) & (along > HAIRPIN * distance)


def _find_longest_run(own: Indices, across: float) -> Indices:
    """The longest stretch of indices without a gap of more than three distances."""
    cuts = np.flatnonzero(np.diff(own) > 3 * across + 1) + 1
    runs: list[Indices] = np.split(own, cuts)
    return max(runs, key=len)


def _extend(centre: Floats, half: Floats, ahead: Floats) -> tuple[Floats, Floats]:
    """A centre line continued at its end, as wide as it is there."""
    return np.vstack([centre, ahead]), np.concatenate([half, np.full(len(ahead), half[-1])])
