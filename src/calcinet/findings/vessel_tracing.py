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
from calcinet.geometry.centre_lines import Chain, chains
from calcinet.geometry.skeleton import smooth_line

GAP_OF_CALIBRE: Final = 0.75
"""Largest gap in a wall that is bridged, in widest calibres. Our choice: a patch of wall without calcium."""

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
    """A vessel's way through the image."""

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
    if mask.ndim != 2 or (strength is not None and strength.shape != mask.shape):
        raise BadInput(f"mask and strength must be two planes of one shape, mask is {mask.shape}")
    if not (max_calibre_px > 0 and min_length_px > 0):
        raise BadInput("max_calibre_px and min_length_px must be positive")
    lines = chains(mask, strength, max_gap_px=GAP_OF_CALIBRE * max_calibre_px, min_length_px=min_length_px)
    lines = [line for line in lines if len(line.points) >= 3]
    if not lines:
        return []
    walls = _Walls.of(lines, max_calibre_px)
    unfolded = [part for number, line in enumerate(lines) for part in walls.cut_at_hairpins(number, line)]
    if len(unfolded) > len(lines):
        walls = _Walls.of(unfolded, max_calibre_px)
    vessels = walls.vessels(min_length_px)
    return sorted(vessels, key=lambda vessel: -len(vessel.centre_line))


@dataclass(slots=True, eq=False)
class _Walls:
    """The points of all lines, one after the other, and what each faces to its two sides."""

    points: Floats
    normal: Floats
    half_width: Floats
    line: Indices
    """Which line a point belongs to."""

    free: Mask
    """Points that no vessel has taken yet."""

    facing: Indices
    """The nearest parallel line's point on the left and on the right of each point, -1 for none, shape (N, 2)."""

    distance: Floats
    """Distance to it, shape (N, 2); infinite for none."""

    @classmethod
    def of(cls, lines: list[Chain], max_distance: float) -> "_Walls":
        points = np.vstack([line.points for line in lines])
        normal = np.vstack([line.normal for line in lines])
        width = np.concatenate([line.half_width for line in lines])
        number = np.repeat(np.arange(len(lines)), [len(line.points) for line in lines])
        facing, distance = _facing(points, normal, number, max_distance)
        return cls(points, normal, width, number, np.ones(len(points), dtype=bool), facing, distance)

    def cut_at_hairpins(self, number: int, line: Chain) -> list[Chain]:
        """The line in two, where it turns round at a vessel's end and comes back as the other wall."""
        own = np.flatnonzero(self.line == number)
        offset, side = own[0], self.facing[own]
        meets = (side >= 0) & (self.line[np.maximum(side, 0)] == number)
        here = np.nonzero(meets)[0]
        there = side[meets] - offset
        if len(here) < OVERLAP_OF_DISTANCE * 2 * NEAREST_WALLS_PX:
            return [line]
        turn = int(np.median((here + there) / 2))
        halves = (slice(None, turn), slice(turn, None))
        return [Chain(line.points[half], line.half_width[half]) for half in halves]

    def vessels(self, min_length: float) -> list[TracedVessel]:
        """Take vessels from the longest line on; what is left of a line comes back as a shorter one."""
        starts = np.flatnonzero(np.diff(self.line, prepend=-1))
        bounds = [*starts.tolist(), len(self.line)]
        queue = [(first - last, first, last) for first, last in pairwise(bounds)]
        heapify(queue)
        found = []
        while queue:
            _, first, last = heappop(queue)
            for start, stop in _runs(self.free[first:last]):
                if (start, stop) != (0, last - first):
                    heappush(queue, (start - stop, first + start, first + stop))
                    continue
                pair = self.pair(first, last, min_length)
                if pair is not None:
                    found.append(pair)
                    heappush(queue, (first - last, first, last))
                else:
                    self.free[first:last] = False
                    found.append(TracedVessel(self.points[first:last], self.half_width[first:last], two_walls=False))
        return [vessel for vessel in found if len(vessel.centre_line) >= min_length]

    def pair(self, first: int, last: int, min_length: float) -> TracedVessel | None:
        """The vessel of which this line is one wall, if the other one is seen."""
        best: tuple[float, int, Indices] | None = None
        for side in (0, 1):
            kept = self.steady(first, last, side)
            if not kept.size:
                continue
            across = float(np.median(self.distance[kept, side]))
            if kept.size >= max(OVERLAP_OF_DISTANCE * across, min_length / 2):
                score = kept.size / across
                best = max(best, (score, side, kept), key=lambda item: item[0]) if best else (score, side, kept)
        return None if best is None else self.between(first, last, best[1], best[2])

    def steady(self, first: int, last: int, side: int) -> Indices:
        """Points of a line that face free points on one side, mutually, at a distance that changes slowly."""
        own: Indices = np.arange(first, last)
        other = self.facing[own, side]
        seen = (other >= 0) & self.free[np.maximum(other, 0)]
        own, other = own[seen], other[seen]
        back = self.facing[other]
        mutual = ((back >= 0) & (self.line[np.maximum(back, 0)] == self.line[first])).any(axis=1)
        own = own[mutual]
        if not own.size:
            return own
        across: Floats = self.distance[own, side]
        usual = median_filter(across, RUN_PX, mode="nearest")
        own = own[np.abs(across - usual) <= 2 + STEADY * usual]
        return _longest_run(own, float(np.median(across)))

    def between(self, first: int, last: int, side: int, kept: Indices) -> TracedVessel:
        """Centre line and outer half-width between a line and what it faces; takes the points of both walls."""
        sign = 1.0 if side else -1.0
        together = int(kept[-1] - kept[0])
        span = np.arange(max(first, kept[0] - together), min(last, kept[-1] + together + 1))
        across = smooth_line(np.interp(span, kept, self.distance[kept, side])[:, None], RUN_PX / 4)
        centre = self.points[span] + sign * across / 2 * self.normal[span]
        others = self.facing[kept, side]
        wall = float(np.median(np.concatenate([self.half_width[kept], self.half_width[others]])))
        half = across[:, 0] / 2 + wall
        self.free[span] = False
        self.free[others] = False
        for number in np.unique(self.line[others]):
            part = others[self.line[others] == number]
            self.free[part.min() : part.max() + 1] = False
        if span[0] == first and span[0] == kept[0]:
            ahead = self.beyond(int(others[0]), int(others[min(len(others) - 1, RUN_PX)]), span[0], together)
            centre, half = _prolonged(centre[::-1], half[::-1], ahead)
            centre, half = centre[::-1], half[::-1]
        if span[-1] == last - 1 and span[-1] == kept[-1]:
            ahead = self.beyond(int(others[-1]), int(others[max(-len(others), -RUN_PX)]), span[-1], together)
            centre, half = _prolonged(centre, half, ahead)
        return TracedVessel(smooth_line(centre, 3.0), half, two_walls=True)

    def beyond(self, end: int, inside: int, opposite: int, longest: int) -> Floats:
        """Centre points where only the other wall leads on past `end`, away from `inside`; takes its points."""
        forward = 1 if end >= inside else -1
        stop = end
        while 0 <= stop + forward < len(self.line) and abs(stop - end) < longest:
            if self.line[stop + forward] != self.line[end] or not self.free[stop + forward]:
                break
            stop += forward
        rest = np.arange(end, stop, forward) + forward
        self.free[rest] = False
        half = (self.points[opposite] - self.points[end]) / 2
        inward = float(np.sign(half @ self.normal[end])) * float(np.hypot(*half))
        return np.asarray(self.points[rest] + inward * self.normal[rest])


def _facing(points: Floats, normal: Floats, line: Indices, max_distance: float) -> tuple[Indices, Floats]:
    """Nearest parallel neighbour on either side of every point, and its distance."""
    pairs = cKDTree(points).query_pairs(max_distance, output_type="ndarray").astype(np.intp)
    parallel = np.abs(np.einsum("ij,ij->i", normal[pairs[:, 0]], normal[pairs[:, 1]])) > np.cos(MAX_TILT)
    pairs = pairs[parallel]
    between = points[pairs[:, 1]] - points[pairs[:, 0]]
    distance = np.hypot(*between.T)
    round_way = np.where(line[pairs[:, 0]] == line[pairs[:, 1]], pairs[:, 1] - pairs[:, 0], np.inf)
    apart = (distance >= NEAREST_WALLS_PX) & (round_way > HAIRPIN * distance)
    pairs, between, distance = pairs[apart], between[apart], distance[apart]
    here, there = np.concatenate([pairs, pairs[:, ::-1]]).T
    way = np.concatenate([between, -between])
    across = np.einsum("ij,ij->i", way, normal[here])
    far = np.concatenate([distance, distance])
    opposite = np.abs(across) > np.cos(MAX_TILT / 2) * far
    here, there, side, far = here[opposite], there[opposite], (across[opposite] > 0).astype(np.intp), far[opposite]
    order = np.argsort(-far, kind="stable")
    facing = np.full((len(points), 2), -1, dtype=np.intp)
    nearest = np.full((len(points), 2), np.inf)
    facing[here[order], side[order]] = there[order]
    nearest[here[order], side[order]] = far[order]
    return facing, nearest


def _runs(flags: Mask) -> list[tuple[int, int]]:
    """First and past-the-last index of each stretch of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]])))
    return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]


def _longest_run(own: Indices, across: float) -> Indices:
    """The longest stretch of indices without a gap of more than three distances."""
    cuts = np.flatnonzero(np.diff(own) > 3 * across + 1) + 1
    runs: list[Indices] = np.split(own, cuts)
    return max(runs, key=len)


def _prolonged(centre: Floats, half: Floats, more: Floats) -> tuple[Floats, Floats]:
    return np.vstack([centre, more]), np.concatenate([half, np.full(len(more), half[-1])])
