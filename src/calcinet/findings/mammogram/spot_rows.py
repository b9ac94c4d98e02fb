"""Single dots of calcium in a row: how an artery looks that has only begun to calcify."""

from itertools import combinations
from typing import Final

import numpy as np
from scipy.spatial import cKDTree

from calcinet.arrays import Floats

LEAST_BEADS: Final = 3
"""Fewer dots are no row. Our choice."""

APART_MM: Final = (2.5, 24.0)
"""Distance of neighbours in a row. Our choice: nearer ones are a cluster, farther ones have nothing to do with each
other."""

MOST_TURN: Final = np.deg2rad(35.0)
"""The row turns no more than this at a dot. Our choice."""

CROWD_MM: Final = 5.0
"""Distance within which other dots make a cluster. Our choice, with `CROWD`: a cluster has five in a square
centimetre."""

CROWD: Final = 3
"""A dot with this many others within `CROWD_MM` is one of a cluster, and of no artery. Our choice."""

PAIR_TURN: Final = np.deg2rad(45.0)
"""Two dots that are drawn out along a wall are a row where neither turns away from the other by more. Our choice: beads
on either wall of an artery lie askew."""


def find_bead_rows(dots_mm: Floats, others_mm: Floats) -> list[list[int]]:
    """Dots that follow one another in a row, each row as indices in its order; the longest rows first.

    Parameters
    ----------
    dots_mm
        Shape (N, 2): marked dots that may be an artery's.
    others_mm
        Shape (M, 2): every dense spot, to tell clusters by.
    """
    left = find_solitary(dots_mm, others_mm)
    rows: list[list[int]] = []
    while len(left) >= LEAST_BEADS:
        row = _find_longest_row(dots_mm, left)
        if len(row) < LEAST_BEADS:
            break
        rows.append(row)
        left = sorted(set(left) - set(row))
    return rows


def find_bead_pairs(dots_mm: Floats, along: Floats, others_mm: Floats) -> list[list[int]]:
    """Two by two, dots that are drawn out towards one another, the nearest first: as indices.

    Parameters
    ----------
    dots_mm
        Shape (N, 2): marked dots, each longer than wide.
    along
        Shape (N, 2): unit vectors of their length.
    others_mm
        Shape (M, 2): every dense spot, to tell clusters by.
    """
    candidates: list[tuple[float, int, int]] = []
    for a, b in combinations(find_solitary(dots_mm, others_mm), 2):
        between = dots_mm[b] - dots_mm[a]
        away = float(np.hypot(*between))
        turn = max(_measure_turn(between, along[a]), _measure_turn(between, along[b]))
        if APART_MM[0] <= away <= APART_MM[1] and turn <= PAIR_TURN:
            candidates.append((away, a, b))
    return _match_greedily(candidates)


def _match_greedily(candidates: list[tuple[float, int, int]]) -> list[list[int]]:
    """Pairs of two numbers, in the order of their distance, each number once."""
    paired: set[int] = set()
    pairs: list[list[int]] = []
    for _, a, b in sorted(candidates):
        if a not in paired and b not in paired:
            paired |= {a, b}
            pairs.append([a, b])
    return pairs


def _measure_turn(between: Floats, along: Floats) -> float:
    """Angle from the length of a dot, a unit vector, to the line between two; radians."""
    away = float(np.hypot(*between))
    return float(np.arccos(min(1.0, abs(float(between @ along)) / max(away, 1e-9))))


def find_solitary(dots: Floats, others: Floats) -> list[int]:
    """Indices of the dots that belong to no cluster."""
    return [number for number, dot in enumerate(dots) if _count_neighbours(dot, others) < CROWD]


def _count_neighbours(dot: Floats, others: Floats) -> int:
    """Number of other spots near a dot, itself left out."""
    if not len(others):
        return 0
    away = np.hypot(*(others - dot).T)
    return int(((away < CROWD_MM) & (away > 0.5)).sum())


def _find_longest_row(dots: Floats, left: list[int]) -> list[int]:
    """The longest row that can be made of some of the dots, as their indices."""
    points = dots[left]
    best: list[int] = []
    for a, b in cKDTree(points).query_pairs(APART_MM[1]):
        if np.hypot(*(points[a] - points[b])) < APART_MM[0]:
            continue
        forwards = _grow_row([a, b], points)
        row = _grow_row(forwards[::-1], points)
        if len(row) > len(best):
            best = row
    return [left[number] for number in best]


def _grow_row(row: list[int], points: Floats) -> list[int]:
    """The row continued at its end as long as it goes on straight enough."""
    row = list(row)
    while True:
        following = _find_following(points, row)
        if following is None:
            return row
        row.append(following)


def _find_following(points: Floats, row: list[int]) -> int | None:
    """The dot with which a row goes on, near and straight ahead; None where it ends."""
    before, last = points[row[-2]], points[row[-1]]
    ahead, steps = last - before, points - last
    away = np.hypot(*steps.T)
    turn = np.arccos(np.clip((steps @ ahead) / np.maximum(away * np.hypot(*ahead), 1e-9), -1, 1))
    fits = (away >= APART_MM[0]) & (away <= APART_MM[1]) & (turn <= MOST_TURN)
    fits[row] = False
    if not fits.any():
        return None
    cost = away[fits] * (1 + turn[fits])
    return int(np.flatnonzero(fits)[np.argmin(cost)])
