"""Long lines out of the short branches of a skeleton: through junctions and crossings, over gaps."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, map_coordinates
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.geometry.skeleton import Branch, SkeletonGraph, bounding_box, skeleton_graph, smooth_line

SMOOTHING_PX: Final = 3.0
"""Gaussian smoothing along a line. Our choice: wipes out the staircase of pixels, keeps a bend of 10 px."""

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


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
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


@dataclass(frozen=True, slots=True, eq=False)
class _Ends:
    """Both ends of every branch: end 2b is the start of branch b, end 2b + 1 its end."""

    place: Floats
    outward: Floats
    """Unit vector that leaves the branch at its end, shape (2B, 2)."""

    node: NDArray[np.int64]
    """Junction (crossings drawn together) at which the end lies, shape (2B,)."""

    length: Floats
    """Length of the branch, shape (2B,)."""

    bridge: Mask
    """The branch is but the overlap of two lines that cross, shape (2B,)."""


def chains(mask: Mask, strength: Pixels | None, *, max_gap_px: float, min_length_px: float) -> list[Chain]:
    """Lines of a mask, joined where they go on.

    Ends are joined in the order of how straight and how near they are, each once, and only where one of the two
    branches is at least half of `min_length_px` long: the short edges of a net stay edges.
    """
    part = bounding_box(mask, margin=1)
    distance = np.zeros(mask.shape, dtype=np.float32)
    distance[part] = cv2.distanceTransform(mask[part].astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    graph = skeleton_graph(mask, min_spur_px=SPUR_WIDTHS * _typical(_half_width(distance[mask])))
    if not graph.branches:
        return []
    width_on_line = np.zeros(mask.shape)
    width_on_line[graph.skeleton] = _half_width(distance[graph.skeleton])
    ends = _ends(graph, crossing_px=CROSSING_WIDTHS * _typical(width_on_line[graph.skeleton]))
    partner = _partners(ends, max_gap_px, min_length_px / 2)
    return [_chain(_joined(graph, walk), width_on_line, strength) for walk in _walks(partner, ends.bridge)]


def _half_width(distance: Pixels) -> Floats:
    """Half the width of a line of w pixels, in whose middle the distance to what is beside it is (w + 1) / 2.

    Squared distances are whole numbers; rounded to them, single precision is as good as double.
    """
    return np.asarray(np.maximum(np.sqrt(np.rint(np.square(distance, dtype=np.float64))) - 0.5, 0))


def _typical(half_width: Floats) -> float:
    """Usual width of the lines, at least a pixel."""
    return max(2 * float(np.median(half_width)), 1.0) if half_width.size else 1.0


def _ends(graph: SkeletonGraph, *, crossing_px: float) -> _Ends:
    place, outward = [], []
    for branch in graph.branches:
        line = smooth_line(branch.path, SMOOTHING_PX)
        reach = min(REACH_PX, len(line) - 1)
        for end, inside in ((line[0], line[reach]), (line[-1], line[-1 - reach])):
            place.append(end)
            outward.append((end - inside) / max(float(np.hypot(*(end - inside))), 1e-9))
    length = graph.lengths()
    pairs = np.array([(b.start, b.end) for b in graph.branches], dtype=np.int64)
    # a crossing of two lines is thinned to two junctions with a bridge between them: draw them together
    bridge = (length < crossing_px) & (graph.degree[pairs] > 2).all(axis=1)
    n = len(graph.nodes)
    links = coo_array((np.ones(int(bridge.sum()), dtype=bool), pairs[bridge].T), shape=(n, n))
    _, merged = connected_components(links, directed=False)
    node = merged[pairs.ravel()].astype(np.int64)
    return _Ends(np.array(place), np.array(outward), node, np.repeat(length, 2), np.repeat(bridge, 2))


def _partners(ends: _Ends, max_gap: float, min_length: float) -> NDArray[np.int64]:
    """Which end goes on in which, -1 for none, shape (2B,)."""
    tree = cKDTree(ends.place)
    pairs = tree.query_pairs(max_gap, output_type="ndarray").astype(np.int64)
    pairs = pairs[(pairs[:, 0] // 2 != pairs[:, 1] // 2) & ~ends.bridge[pairs].any(axis=1)]
    a, b = pairs.T
    between = ends.place[b] - ends.place[a]
    gap = np.hypot(*between.T)
    together = ends.node[a] == ends.node[b]
    turn = _angle(ends.outward[a], -ends.outward[b])
    ahead = between / np.maximum(gap, 1e-9)[:, None]
    aside = np.maximum(_angle(ends.outward[a], ahead), _angle(ahead, ends.outward[b] * -1))
    alone = np.bincount(ends.node)[ends.node] == 1
    longer = np.maximum(ends.length[a], ends.length[b])
    over_gap = alone[a] & alone[b] & (aside < MAX_TURN) & (gap < MAX_GAP_OF_LENGTH * longer)
    fits = (together | over_gap) & (turn < MAX_TURN) & (longer >= min_length)
    order = np.flatnonzero(fits)[np.argsort((turn + np.where(together, 0, aside + gap / max_gap))[fits], kind="stable")]
    partner = np.full(len(ends.place), -1, dtype=np.int64)
    for first, second in pairs[order].tolist():
        if partner[first] < 0 and partner[second] < 0:
            partner[first], partner[second] = second, first
    return partner


def _angle(a: Floats, b: Floats) -> Floats:
    return np.asarray(np.arccos(np.clip(np.einsum("ij,ij->i", a, b), -1, 1)))


def _walks(partner: NDArray[np.int64], bridge: Mask) -> Iterator[list[int]]:
    """Branches in the order in which they follow each other, each by the end at which it is entered."""
    left = dict.fromkeys(np.flatnonzero(~bridge).tolist())
    starts = [end for end in left if partner[end] < 0]
    for start in [*starts, *list(left)]:
        walk = []
        entered = start
        while entered in left:
            walk.append(entered)
            leaves = entered ^ 1
            del left[entered], left[leaves]
            entered = int(partner[leaves])
        if walk:
            yield walk


def _joined(graph: SkeletonGraph, walk: list[int]) -> Floats:
    """The pixel paths of a walk, one after the other, in its direction."""
    branches: list[Branch] = [graph.branches[entered // 2] for entered in walk]
    paths = [b.path if entered % 2 == 0 else b.path[::-1] for b, entered in zip(branches, walk, strict=True)]
    return np.vstack(paths)


def _chain(path: Floats, width: Floats, strength: Pixels | None) -> Chain:
    """Smooth a pixel path, one point a pixel; gaps are drawn straight."""
    rows, columns = path.round().astype(np.intp).T
    half_width = width[rows, columns]
    # where branches meet the node's centre may lie beside the skeleton: take the neighbours' width
    known = np.flatnonzero(half_width > 0)
    half_width = np.interp(np.arange(len(path)), known, half_width[known]) if known.size else np.ones(len(path))
    # gaps first in steps of a pixel, so that they weigh in the smoothing as much as they are long
    line, half_width = _pixel_steps(path, half_width)
    smooth = Chain(*_pixel_steps(smooth_line(line, SMOOTHING_PX), gaussian_filter1d(half_width, SMOOTHING_PX)))
    return smooth if strength is None else Chain(_on_ridge(smooth, strength), smooth.half_width)


def _pixel_steps(line: Floats, beside: Floats) -> tuple[Floats, Floats]:
    """A polyline (N, 2) and what goes with its points (N,), resampled in equal steps near one pixel."""
    at = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    even = np.linspace(0, at[-1], max(round(at[-1]), 1) + 1)
    points = np.stack([np.interp(even, at, line[:, axis]) for axis in (0, 1)], axis=1)
    return points, np.interp(even, at, beside)


def _on_ridge(chain: Chain, strength: Pixels) -> Floats:
    """The line moved to the peak of the strength across it: of the Gaussian through three places, two pixels apart."""
    normal = chain.normal
    places = chain.points.T[:, None, :] + np.array([-2.0, 0.0, 2.0])[:, None] * normal.T[:, None, :]
    seen = np.log(np.maximum(map_coordinates(strength, places, order=1, mode="nearest"), 1e-6))
    bend = 2 * seen[1] - seen[0] - seen[2]
    shift = np.clip((seen[2] - seen[0]) / np.maximum(bend, 1e-3), -1, 1)
    return smooth_line(chain.points + np.where(bend > 0, shift, 0)[:, None] * normal, SMOOTHING_PX)
