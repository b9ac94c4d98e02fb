"""Lines of a mask as a graph: junctions and ends joined by ordered pixel paths.

skan offers the same with far more (numba, pandas, tables); a skeleton of 100,000 pixels needs only the neighbour table
below and one walk over it, well under a second, so we carry no such weight.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage as ndi
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from skimage.morphology import skeletonize

from calcinet.arrays import Floats, Mask
from calcinet.errors import BadInput

SMOOTHING_PX: Final = 3.0
"""Width of the Gaussian that smooths a path before its length is taken. Our choice: takes the staircase out of an
oblique line (its length is then right within 1 %) and rounds a corner by about a pixel."""

PRUNING_PASSES: Final = 3
"""How often spurs are cut; a cut may leave a stub of one pixel. Our choice: no further spur was left after three."""

_SQUARE_STEPS: Final = ((0, 1), (1, 0))
"""Rows and columns from a pixel to half of those that touch it by a side; the other half meets it from there."""

_SLANT_STEPS: Final = ((1, 1), (1, -1))
"""The same for those that touch it by a corner."""


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """A line between two nodes."""

    path: Floats
    """Shape (N, 2): row and column from the start node to the end node, both included."""

    start: int
    """Index of the first node."""

    end: int
    """Index of the last node; equal where the branch closes on itself."""

    def length(self, pixel: tuple[float, float] = (1.0, 1.0)) -> float:
        """Length in the unit of `pixel`, the distance of (rows, columns)."""
        return line_length(smooth_line(self.path, SMOOTHING_PX), pixel)


@dataclass(frozen=True, eq=False)
class SkeletonGraph:
    """Nodes and branches of a skeleton."""

    skeleton: Mask
    """The one-pixel lines, shape (Y, X)."""

    nodes: Floats
    """Shape (M, 2): centre of each junction, end, lone pixel, and of one pixel of each ring without a junction."""

    branches: tuple[Branch, ...]

    @cached_property
    def degree(self) -> NDArray[np.int64]:
        """Branch ends that meet at each node, shape (M,): 0 lone pixel, 1 end, 2 ring, 3 and more junction."""
        ends = np.array([(b.start, b.end) for b in self.branches], dtype=np.int64).ravel()
        return np.bincount(ends, minlength=len(self.nodes))

    @cached_property
    def component_count(self) -> int:
        """Parts that do not touch each other."""
        return int(ndi.label(self.skeleton, np.ones((3, 3)))[1])

    @property
    def loop_count(self) -> int:
        """Independent closed loops: branches - nodes + parts (Euler). A hole of a pixel inside a junction is none."""
        return len(self.branches) - len(self.nodes) + self.component_count

    def lengths(self, pixel: tuple[float, float] = (1.0, 1.0)) -> Floats:
        """Length of each branch in the unit of `pixel`, the distance of (rows, columns)."""
        return np.array([branch.length(pixel) for branch in self.branches], dtype=np.float64)


def skeleton_graph(mask: Mask, *, min_spur_px: float = 0.0) -> SkeletonGraph:
    """Trace the middle lines of a mask.

    Parameters
    ----------
    mask
        Boolean, shape (Y, X). May be empty; then so is the graph.
    min_spur_px
        Side branches with a free end that are shorter than this are cut, as long as two branches are left at their
        junction; lone lines are never cut.

    Raises
    ------
    BadInput
        If the mask is not a plane.
    """
    if mask.ndim != 2:
        raise BadInput(f"a skeleton needs a mask of shape (Y, X), got {mask.shape}")
    thin = np.zeros(mask.shape, dtype=bool)
    box = bounding_box(mask)
    if thin[box].size:
        thin[box] = skeletonize(mask[box])
    graph = _trace_graph(thin)
    if min_spur_px <= 0:
        return graph
    for _ in range(PRUNING_PASSES):
        spurs = _find_spurs(graph, min_spur_px)
        if not spurs:
            break
        graph = _trace_graph(_erase_spurs(graph, spurs))
    return graph


def bounding_box(mask: Mask, *, margin: int = 0) -> tuple[slice, slice]:
    """Rows and columns of the smallest box that holds a mask, and `margin` pixels more as far as there are any."""
    left, top, width, height = cv2.boundingRect(mask.astype(np.uint8))
    rows = slice(max(top - margin, 0), min(top + height + margin, mask.shape[0]))
    return rows, slice(max(left - margin, 0), min(left + width + margin, mask.shape[1]))


def smooth_line(path: ArrayLike, sigma: float) -> Floats:
    """Sub-pixel centre line of a pixel path, shape (N, 2); the first and last points stay where they are.

    Gaussian of `sigma` points (less on lines shorter than 4 sigma); beyond its ends the line is continued by point
    reflection, so that a straight line keeps its length. A closed path is smoothed round.
    """
    line: Floats = np.asarray(path, dtype=np.float64)
    sigma = min(sigma, len(line) / 4)
    if len(line) < 3 or sigma <= 0:
        return line.copy()
    if len(line) > 4 and np.array_equal(line[0], line[-1]):
        return _smooth_ring(line, sigma)
    pad = min(len(line) - 1, int(4 * sigma) + 1)
    smooth = ndi.gaussian_filter1d(_extend_by_reflection(line, pad), sigma, axis=0, mode="nearest")
    return np.asarray(smooth[pad : pad + len(line)], dtype=np.float64)


def line_length(line: Floats, pixel: tuple[float, float] = (1.0, 1.0)) -> float:
    """Length of a polyline (N, 2) of rows and columns in the unit of `pixel`."""
    return float(np.hypot(*(np.diff(line, axis=0) * pixel).T).sum())


def _extend_by_reflection(line: Floats, pad: int) -> Floats:
    """The line continued at both ends by point reflection, by `pad` points each."""
    before = 2 * line[0] - line[pad:0:-1]
    after = 2 * line[-1] - line[-2 : -pad - 2 : -1]
    return np.vstack([before, line, after])


def _smooth_ring(line: Floats, sigma: float) -> Floats:
    """A closed path, whose last point is its first one, smoothed round."""
    ring = ndi.gaussian_filter1d(line[:-1], sigma, axis=0, mode="wrap")
    return np.vstack([ring, ring[:1]])


def _trace_graph(skeleton: Mask) -> SkeletonGraph:
    """Graph of one-pixel lines: pixels with other than two neighbours are nodes, the rest are walked."""
    rows, columns = bounding_box(skeleton)
    points = np.argwhere(skeleton[rows, columns]) + np.array([rows.start, columns.start])
    pairs = _find_neighbour_pairs(skeleton[rows, columns])
    node_of, nodes = _merge_nodes(points, pairs)
    table = _list_neighbours(pairs, len(points))
    branches: list[Branch] = []
    for walk in _walk_between_nodes(table, node_of.tolist()):
        path = points[walk].astype(np.float64)
        start, end = int(node_of[walk[0]]), int(node_of[walk[-1]])
        path[0], path[-1] = nodes[start], nodes[end]
        branches.append(Branch(path, start, end))
    centres = [nodes]
    for number, walk in enumerate(_walk_rings(table, node_of), start=len(nodes)):
        path = points[walk].astype(np.float64)
        branches.append(Branch(path, number, number))
        centres.append(path[:1])
    return SkeletonGraph(skeleton, np.vstack(centres), tuple(branches))


def _find_neighbour_pairs(skeleton: Mask) -> NDArray[np.int64]:
    """Pairs of touching pixels, each once, as indices in `argwhere` order, shape (E, 2).

    Two pixels that touch by a corner are no pair where a third one touches both by a side: it joins them already, and
    the short cut would make a junction of every bend.
    """
    rows, columns = np.nonzero(skeleton)
    own = np.arange(len(rows))
    index = np.full((skeleton.shape[0] + 2, skeleton.shape[1] + 2), -1, dtype=np.int32)
    rows, columns = rows + 1, columns + 1
    index[rows, columns] = own
    found: list[NDArray[np.int64]] = []
    for down, right in (*_SQUARE_STEPS, *_SLANT_STEPS):
        other = index[rows + down, columns + right]
        touches = other >= 0
        if down and right:
            touches &= (index[rows + down, columns] < 0) & (index[rows, columns + right] < 0)
        found.append(np.stack([own, other], axis=1)[touches])
    return np.vstack(found)


def _merge_nodes(points: NDArray[np.int64], pairs: NDArray[np.int64]) -> tuple[NDArray[np.int64], Floats]:
    """Node index of each pixel (-1: none) and the nodes' centres; touching junction pixels are one node."""
    degree = np.bincount(pairs.ravel(), minlength=len(points))
    is_node = degree != 2
    joined = pairs[(degree[pairs] > 2).all(axis=1)]
    links = coo_array((np.ones(len(joined), dtype=bool), joined.T), shape=(len(points), len(points)))
    _, label = connected_components(links, directed=False)
    _, compact = np.unique(label[is_node], return_inverse=True)
    node_of = np.full(len(points), -1, dtype=np.int64)
    node_of[is_node] = compact
    return node_of, _compute_centres(points[is_node], compact)


def _compute_centres(points: NDArray[np.int64], number: NDArray[np.int64]) -> Floats:
    """Mean row and column of the points of each number."""
    count = np.bincount(number)
    rows = np.bincount(number, weights=points[:, 0]) / count
    columns = np.bincount(number, weights=points[:, 1]) / count
    return np.stack([rows, columns], axis=1)


def _list_neighbours(pairs: NDArray[np.int64], count: int) -> list[list[int]]:
    """Neighbours of each pixel, in the order of the pairs."""
    table: list[list[int]] = [[] for _ in range(count)]
    for a, b in pairs.tolist():
        table[a].append(b)
        table[b].append(a)
    return table


def _walk_between_nodes(table: list[list[int]], node_of: list[int]) -> list[list[int]]:
    """Pixel walks from node to node, each once."""
    walks: list[list[int]] = []
    for first, node in enumerate(node_of):
        if node < 0:
            continue
        for second in table[first]:
            walk = _walk_to_node(table, node_of, first, second)
            # each walk is met from both ends; a direct step inside one node is no branch
            if (walk[0], walk[1]) < (walk[-1], walk[-2]) and (len(walk) > 2 or node_of[walk[-1]] != node):
                walks.append(walk)
    return walks


def _walk_to_node(table: list[list[int]], node_of: list[int], first: int, second: int) -> list[int]:
    walk = [first, second]
    while node_of[walk[-1]] < 0:
        walk.append(_find_next(table, walk))
    return walk


def _find_next(table: list[list[int]], walk: list[int]) -> int:
    """The neighbour of a walk's last pixel from which it did not come; the pixel has two."""
    before, after = table[walk[-1]]
    if before == walk[-2]:
        return after
    return before


def _walk_rings(table: list[list[int]], node_of: NDArray[np.int64]) -> list[list[int]]:
    """Closed walks without a node; the first pixel is repeated at the end."""
    left = _find_pixels_without_node(table, node_of)
    rings: list[list[int]] = []
    while left:
        first = left.pop()
        walk = [first, table[first][0]]
        while walk[-1] != first:
            walk.append(_find_next(table, walk))
        left.difference_update(walk)
        rings.append(walk)
    return rings


def _find_pixels_without_node(table: list[list[int]], node_of: NDArray[np.int64]) -> set[int]:
    """Pixels of components that hold no node."""
    count = len(table)
    own = np.repeat(np.arange(count), [len(neighbours) for neighbours in table])
    if not own.size:
        return set()
    links = coo_array((np.ones(len(own), dtype=bool), (own, np.concatenate(table).astype(np.int64))), (count, count))
    components, label = connected_components(links, directed=False)
    with_node = np.zeros(components, dtype=bool)
    with_node[label[node_of >= 0]] = True
    return set(np.flatnonzero(~with_node[label]).tolist())


def _find_spurs(graph: SkeletonGraph, min_px: float) -> list[Branch]:
    """Short branches with one free end, shortest first, leaving two branches at each junction."""
    spare = graph.degree - 2
    lengths = graph.lengths()
    spurs: list[Branch] = []
    for number in np.argsort(lengths, kind="stable").tolist():
        branch = graph.branches[number]
        junction = _find_junction(graph, branch)
        if lengths[number] >= min_px or junction is None:
            continue
        if spare[junction] > 0:
            spare[junction] -= 1
            spurs.append(branch)
    return spurs


def _find_junction(graph: SkeletonGraph, branch: Branch) -> int | None:
    """The other end of a branch with one free end; None where both ends are free, or none is."""
    start_free, end_free = graph.degree[branch.start] == 1, graph.degree[branch.end] == 1
    if start_free == end_free:
        return None
    return branch.end if start_free else branch.start


def _erase_spurs(graph: SkeletonGraph, spurs: list[Branch]) -> Mask:
    """The skeleton without the pixels of `spurs`, their junctions kept."""
    skeleton = graph.skeleton.copy()
    for branch in spurs:
        rows, columns = branch.path.round().astype(np.int64).T
        own = slice(None, -1) if graph.degree[branch.start] == 1 else slice(1, None)
        skeleton[rows[own], columns[own]] = False
    return skeleton
