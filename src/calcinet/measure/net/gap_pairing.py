"""Tears in lines: pairs of loose ends that face each other along one direction."""

from typing import Final

import numpy as np
from scipy.spatial import cKDTree

from calcinet.arrays import Floats, Mask
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
        Boolean, shape (Y, X): where an end must lie to count.
    reach_px
        Longest tear.
    """
    place, pointing = _loose_ends(graph, inside)
    pairs = cKDTree(place).query_pairs(reach_px, output_type="ndarray") if len(place) > 1 else np.zeros((0, 2), int)
    across = place[pairs[:, 1]] - place[pairs[:, 0]]
    gap = np.maximum(np.hypot(*across.T), 1e-9)
    towards = across / gap[:, None]
    facing = np.minimum((pointing[pairs[:, 0]] * towards).sum(1), -(pointing[pairs[:, 1]] * towards).sum(1))
    taken: set[int] = set()
    mended = []
    for k in np.argsort(gap):
        if facing[k] > FACING_COSINE and taken.isdisjoint(pairs[k].tolist()):
            taken.update(pairs[k].tolist())
            mended.append(gap[k])
    return np.array(mended, dtype=np.float64)


def _loose_ends(graph: SkeletonGraph, inside: Mask) -> tuple[Floats, Floats]:
    """Place and outward unit direction of each loose end inside, shapes (N, 2)."""
    found = []
    for branch in graph.branches:
        for node, path in ((branch.start, branch.path), (branch.end, branch.path[::-1])):
            row, column = np.round(path[0]).astype(int)
            if graph.degree[node] == 1 and len(path) > 2 and inside[row, column]:
                away = path[0] - path[min(DIRECTION_PX, len(path) - 1)]
                found.append((path[0], away / np.hypot(*away)))
    if not found:
        return np.zeros((0, 2)), np.zeros((0, 2))
    return np.array([f[0] for f in found]), np.array([f[1] for f in found])
