"""Long lines out of the short branches of a skeleton: through junctions and crossings, over gaps."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, map_coordinates
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.geometry.exact_distance import measure_exact_distance
from calcinet.geometry.skeleton import SkeletonGraph, bounding_box, skeleton_graph, smooth_line

SMOOTHING_PX: Final = 3.0
"""Width of the Gaussian along a line. Our choice: wipes out the staircase of pixels, keeps a bend of 10 px."""

REACH_PX: Final = 10
"""Stretch from which the direction of a line's end is taken. Our choice: direct lines agree within 10 degrees."""

MAX_TURN: Final = np.deg2rad(35.0)
"""Two ends that turn more than this into each other are two lines. Our choice: the three lines that meet in a mesh turn
by 60 degrees."""

MAX_GAP_OF_LENGTH: Final = 0.5
"""A gap must be shorter than this share of the longer of the lines it joins. Our choice."""

SPUR_WIDTHS: Final = 3.0
"""A side branch shorter than this many line widths is a bump of the line. Our choice."""

CROSSING_WIDTHS: Final = 3.0
"""Two lines that cross run together for up to this many of their widths. Our choice: down to an angle of 40 degrees."""


Ends = NDArray[np.int64]
"""Numbers of branch ends: end 2b is the start of branch b, end 2b + 1 its end."""


@dataclass(frozen=True, slots=True, eq=False)
class CentreLine:
    """A smooth line with one point a pixel of its length."""

    points: Floats
    """Sub-pixel row and column, shape (N, 2)."""

    half_width: Floats
    """Half the width of the mask's line there, in pixels, shape (N,)."""

    @property
    def normal(self) -> Floats:
        """Unit vectors across the line, shape (N, 2)."""
        tangent = np.gradient(self.points, axis=0)
        tangent /= np.maximum(np.hypot(*tangent.T)[:, None], 1e-9)
        return np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _BranchEnds:
    """Both ends of every branch, in the order of `Ends`."""

    point: Floats
    """Row and column, shape (2B, 2)."""

    outward: Floats
    """Unit vector that leaves the branch at its end, shape (2B, 2)."""

    node: NDArray[np.int64]
    """Junction of the end, that of both lines where two cross, shape (2B,)."""

    length: Floats
    """Length of the branch, shape (2B,)."""

    bridge: Mask
    """Whether the branch is only the overlap of two lines that cross, shape (2B,)."""


def trace_centre_lines(
    mask: Mask, strength: Pixels | None, *, max_gap_px: float, min_length_px: float
) -> list[CentreLine]:
    """Trace the lines of a mask, joined where they go on.

    Ends are joined in the order of how straight and how near they are, each once, and only where one of the two
    branches is at least half of `min_length_px` long: the short edges of a net stay edges.

    Parameters
    ----------
    mask
        Pixels of the lines, shape (Y, X).
    strength
        Line strength, same shape; with it the lines are centred below the pixel.
    max_gap_px
        Longest gap that is bridged.
    min_length_px
        Twice the length that one of two joined branches has at least.
    """
    distance = _measure_distance(mask)
    usual_px = _measure_usual_width(_convert_to_half_width(distance[mask]))
    graph = skeleton_graph(mask, min_spur_px=SPUR_WIDTHS * usual_px)
    if not graph.branches:
        return []
    half_width = np.zeros(mask.shape)
    half_width[graph.skeleton] = _convert_to_half_width(distance[graph.skeleton])
    usual_px = _measure_usual_width(half_width[graph.skeleton])
    ends = _describe_ends(graph, crossing_px=CROSSING_WIDTHS * usual_px)
    partner = _choose_partners(ends, max_gap_px, min_length_px / 2)
    walks = _follow_partners(partner, ends.bridge)
    lines = [_make_centre_line(_join_paths(graph, walk), half_width) for walk in walks]
    if strength is None:
        return lines
    return [_move_to_ridge(line, strength) for line in lines]


def _measure_distance(mask: Mask) -> Pixels:
    """Distance of each pixel of a mask from what is beside it."""
    box = bounding_box(mask, margin=1)
    distance = np.zeros(mask.shape, dtype=np.float32)
    distance[box] = measure_exact_distance(mask[box])
    return distance


def _convert_to_half_width(distance: Pixels) -> Floats:
    """Half the width of a line of w pixels, in whose middle the distance to what is beside it is (w + 1) / 2.

    Squared distances are whole numbers; rounded to them, single precision is as good as double.
    """
    return np.asarray(np.maximum(np.sqrt(np.rint(np.square(distance, dtype=np.float64))) - 0.5, 0))


def _measure_usual_width(half_width: Floats) -> float:
    """Median width of the lines, at least a pixel."""
    if not half_width.size:
        return 1.0
    return max(2 * float(np.median(half_width)), 1.0)


def _describe_ends(graph: SkeletonGraph, *, crossing_px: float) -> _BranchEnds:
    points: list[Floats] = []
    outward: list[Floats] = []
    nodes: list[tuple[int, int]] = []
    for branch in graph.branches:
        line = smooth_line(branch.path, SMOOTHING_PX)
        reach = min(REACH_PX, len(line) - 1)
        points += [line[0], line[-1]]
        outward += [_normalise(line[0] - line[reach]), _normalise(line[-1] - line[-1 - reach])]
        nodes.append((branch.start, branch.end))
    length = graph.lengths()
    bridge = (length < crossing_px) & (graph.degree[np.array(nodes)] > 2).all(axis=1)
    return _BranchEnds(
        point=np.array(points),
        outward=np.array(outward),
        node=_merge_nodes(np.array(nodes), bridge, len(graph.nodes)).ravel(),
        length=np.repeat(length, 2),
        bridge=np.repeat(bridge, 2),
    )


def _normalise(vector: Floats) -> Floats:
    return np.asarray(vector / max(float(np.hypot(*vector)), 1e-9))


def _merge_nodes(nodes: NDArray[np.int64], bridge: Mask, count: int) -> NDArray[np.int64]:
    """Number of the junction of both ends of every branch, shape (B, 2); both ends of a bridge are one.

    A crossing of two lines is thinned to two junctions with a bridge between them.
    """
    links = coo_array((np.ones(int(bridge.sum()), dtype=bool), nodes[bridge].T), shape=(count, count))
    _, merged = connected_components(links, directed=False)
    return np.asarray(merged[nodes].astype(np.int64))


def _choose_partners(ends: _BranchEnds, max_gap: float, min_length: float) -> Ends:
    """Number of the end in which each end goes on, -1 for none, shape (2B,)."""
    pairs = _find_near_ends(ends, max_gap)
    a, b = pairs.T
    turn = _measure_angles(ends.outward[a], -ends.outward[b])
    longer = np.maximum(ends.length[a], ends.length[b])
    together = ends.node[a] == ends.node[b]
    gap_px, aside = _measure_gaps(ends, a, b)
    alone = np.bincount(ends.node)[ends.node] == 1
    over_gap = alone[a] & alone[b] & (aside < MAX_TURN) & (gap_px < MAX_GAP_OF_LENGTH * longer)
    fits = (together | over_gap) & (turn < MAX_TURN) & (longer >= min_length)
    cost = turn + np.where(together, 0, aside + gap_px / max_gap)
    order = np.flatnonzero(fits)[np.argsort(cost[fits], kind="stable")]
    return _match_greedily(pairs[order], len(ends.point))


def _find_near_ends(ends: _BranchEnds, max_gap: float) -> Ends:
    """Pairs of ends of two branches with at most `max_gap` between them, shape (P, 2); bridges have none."""
    pairs = cKDTree(ends.point).query_pairs(max_gap, output_type="ndarray").astype(np.int64)
    of_two_branches = pairs[:, 0] // 2 != pairs[:, 1] // 2
    return np.asarray(pairs[of_two_branches & ~ends.bridge[pairs].any(axis=1)])


def _measure_gaps(ends: _BranchEnds, a: Ends, b: Ends) -> tuple[Floats, Floats]:
    """Length of the gap from end a to end b, and the larger angle between it and the two branches, both (P,)."""
    gap = ends.point[b] - ends.point[a]
    length = np.hypot(*gap.T)
    ahead = gap / np.maximum(length, 1e-9)[:, None]
    at_a, at_b = _measure_angles(ends.outward[a], ahead), _measure_angles(ahead, ends.outward[b] * -1)
    return length, np.maximum(at_a, at_b)


def _measure_angles(a: Floats, b: Floats) -> Floats:
    """Angles between unit vectors of shape (P, 2), in radians."""
    return np.asarray(np.arccos(np.clip(np.einsum("ij,ij->i", a, b), -1, 1)))


def _match_greedily(pairs: Ends, count: int) -> Ends:
    """Partner of each end, -1 for none: pairs in their order, each end once."""
    partner = np.full(count, -1, dtype=np.int64)
    for first, second in pairs.tolist():
        if partner[first] < 0 and partner[second] < 0:
            partner[first], partner[second] = second, first
    return partner


def _follow_partners(partner: Ends, bridge: Mask) -> Iterator[list[int]]:
    """Branches in the order in which they follow each other, each by the end at which it is entered."""
    left = dict.fromkeys(np.flatnonzero(~bridge).tolist())
    starts = [end for end in left if partner[end] < 0]
    for start in [*starts, *list(left)]:
        walk: list[int] = []
        entered = start
        while entered in left:
            walk.append(entered)
            leaves = entered ^ 1
            del left[entered], left[leaves]
            entered = int(partner[leaves])
        if walk:
            yield walk


def _join_paths(graph: SkeletonGraph, walk: list[int]) -> Floats:
    """The pixel paths of a walk, one after the other, in its direction."""
    paths: list[Floats] = []
    for entered in walk:
        path = graph.branches[entered // 2].path
        if entered % 2:
            path = path[::-1]
        paths.append(path)
    return np.vstack(paths)


def _make_centre_line(path: Floats, width_map: Floats) -> CentreLine:
    """Smooth a pixel path, one point a pixel; gaps are drawn straight."""
    # gaps first in steps of a pixel, so that they weigh in the smoothing as much as they are long
    line, half_width = _resample(path, _read_half_width(path, width_map))
    points, half_width = _resample(smooth_line(line, SMOOTHING_PX), gaussian_filter1d(half_width, SMOOTHING_PX))
    return CentreLine(points, half_width)


def _read_half_width(path: Floats, width_map: Floats) -> Floats:
    """Half-width along a path, shape (N,).

    Where branches meet, the node's centre may be beside the skeleton: it takes the neighbours' width.
    """
    rows, columns = path.round().astype(np.intp).T
    half_width = width_map[rows, columns]
    known = np.flatnonzero(half_width > 0)
    if not known.size:
        return np.ones(len(path))
    return np.asarray(np.interp(np.arange(len(path)), known, half_width[known]))


def _resample(line: Floats, beside: Floats) -> tuple[Floats, Floats]:
    """A polyline (N, 2) and what goes with its points (N,), resampled in equal steps near one pixel."""
    at = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    even = np.linspace(0, at[-1], max(round(at[-1]), 1) + 1)
    rows, columns = np.interp(even, at, line[:, 0]), np.interp(even, at, line[:, 1])
    return np.stack([rows, columns], axis=1), np.interp(even, at, beside)


def _move_to_ridge(line: CentreLine, strength: Pixels) -> CentreLine:
    """The line moved to the peak of the strength across it: that of the Gaussian through three points 2 px apart.

    With y the logarithm of the strength at -2, 0 and 2 px, the parabola through them has its peak at
    (y(2) - y(-2)) / (2 y(0) - y(-2) - y(2)) px.
    """
    normal = line.normal
    offsets = np.array([-2.0, 0.0, 2.0])[:, None]
    points = line.points.T[:, None, :] + offsets * normal.T[:, None, :]
    before, middle, after = np.log(np.maximum(map_coordinates(strength, points, order=1, mode="nearest"), 1e-6))
    bend = 2 * middle - before - after
    shift = np.clip((after - before) / np.maximum(bend, 1e-3), -1, 1)
    centred = line.points + np.where(bend > 0, shift, 0)[:, None] * normal
    return CentreLine(smooth_line(centred, SMOOTHING_PX), line.half_width)
