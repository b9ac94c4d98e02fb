"""Tears in lines: pairs of loose ends that face each other along one direction."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.spatial import cKDTree

from calcinet.arrays import Floats, Indices, Mask
from calcinet.geometry.skeleton import SkeletonGraph

FACING_COSINE: Final = 0.75
"""Both ends must point at each other within 41 degrees. Our choice: short stubs tell their direction no better, and
edges that meet at a junction of three turn by 60."""

DIRECTION_PX: Final = 8
"""An end's direction is read over its last pixels. Our choice: beyond the staircase, below the bend of an edge."""


def torn_gaps(graph: SkeletonGraph, inside: Mask, reach_px: float) -> Floats:
    """Lengths in pixels of the tears, shape (N,): every loose end takes part in one at most, nearest pairs first.

    Parameters
    ----------
    graph
        The lines.
    inside
        Boolean, shape (Y, X): where an end must be to count.
    reach_px
        Longest tear.
    """
    ends = _find_loose_ends(graph, inside)
    if len(ends.place) < 2:
        return np.zeros(0)
    pairs = cKDTree(ends.place).query_pairs(reach_px, output_type="ndarray")
    first, second = pairs[:, 0], pairs[:, 1]
    across = ends.place[second] - ends.place[first]
    gap = np.maximum(np.hypot(*across.T), 1e-9)
    towards = across / gap[:, None]
    forth = (ends.direction[first] * towards).sum(1)
    back = -(ends.direction[second] * towards).sum(1)
    facing = np.minimum(forth, back) > FACING_COSINE
    return np.asarray(gap[_pair_nearest(pairs, gap, facing)])


def _pair_nearest(pairs: Indices, gap: Floats, facing: Mask) -> Indices:
    """Numbers of the pairs that face each other, nearest first, every end in one at most."""
    paired: set[int] = set()
    chosen = []
    for number in np.argsort(gap):
        ends = pairs[number].tolist()
        if facing[number] and paired.isdisjoint(ends):
            paired.update(ends)
            chosen.append(number)
    return np.array(chosen, dtype=np.intp)


@dataclass(frozen=True, slots=True, eq=False)
class _LooseEnds:
    """Ends of lines at which nothing else begins."""

    place: Floats
    """Row and column, shape (N, 2)."""

    direction: Floats
    """Outward unit vector, shape (N, 2)."""


def _find_loose_ends(graph: SkeletonGraph, inside: Mask) -> _LooseEnds:
    """The loose ends inside."""
    places, directions = [], []
    for branch in graph.branches:
        for node, path in ((branch.start, branch.path), (branch.end, branch.path[::-1])):
            row, column = np.round(path[0]).astype(int)
            if graph.degree[node] == 1 and len(path) > 2 and inside[row, column]:
                outwards = path[0] - path[min(DIRECTION_PX, len(path) - 1)]
                places.append(path[0])
                directions.append(outwards / np.hypot(*outwards))
    return _LooseEnds(np.array(places).reshape(-1, 2), np.array(directions).reshape(-1, 2))
