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
CROWD: Final = 3
"""A dot with so many others this near is one of a cluster, and of no artery. Our choice: a cluster has five in a square
centimetre."""

PAIR_TURN: Final = np.deg2rad(45.0)
"""Two dots that are drawn out along a wall are a row where neither turns away from the other by more. Our choice: beads
on either wall of an artery lie askew."""


def rows_of_beads(dots_mm: Floats, others_mm: Floats) -> list[list[int]]:
    """Dots that follow one another in a row, each row as indices in its order; the longest rows first.

    Parameters
    ----------
    dots_mm
        Shape (N, 2): marked dots that may be an artery's.
    others_mm
        Shape (M, 2): every dense spot, to tell clusters by.
    """
    alone = [number for number, dot in enumerate(dots_mm) if _crowd(dot, others_mm) < CROWD]
    if len(alone) < LEAST_BEADS:
        return []
    rows: list[list[int]] = []
    left = set(alone)
    while True:
        row = _longest(dots_mm, sorted(left))
        if len(row) < LEAST_BEADS:
            return rows
        rows.append(row)
        left -= set(row)


def pairs_of_beads(dots_mm: Floats, along: Floats, others_mm: Floats) -> list[list[int]]:
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
    alone = [number for number, dot in enumerate(dots_mm) if _crowd(dot, others_mm) < CROWD]
    found = []
    for a, b in combinations(alone, 2):
        between = dots_mm[b] - dots_mm[a]
        away = float(np.hypot(*between))
        turned = [np.arccos(min(1.0, abs(float(between @ along[k])) / max(away, 1e-9))) for k in (a, b)]
        if APART_MM[0] <= away <= APART_MM[1] and max(turned) <= PAIR_TURN:
            found.append((away, a, b))
    taken: set[int] = set()
    pairs: list[list[int]] = []
    for _, a, b in sorted(found):
        if not taken & {a, b}:
            taken |= {a, b}
            pairs.append([a, b])
    return pairs


def _crowd(dot: Floats, others: Floats) -> int:
    """Other spots near a dot, itself left out."""
    if not len(others):
        return 0
    away = np.hypot(*(others - dot).T)
    return int(((away < CROWD_MM) & (away > 0.5)).sum())


def _longest(dots: Floats, left: list[int]) -> list[int]:
    """The longest row that can be made of some of the dots."""
    if len(left) < LEAST_BEADS:
        return []
    places = dots[left]
    pairs = cKDTree(places).query_pairs(APART_MM[1])
    best: list[int] = []
    for a, b in pairs:
        if np.hypot(*(places[a] - places[b])) < APART_MM[0]:
            continue
        row = _grown(_grown([a, b], places)[::-1], places)
        if len(row) > len(best):
            best = row
    return [left[number] for number in best]


def _grown(row: list[int], places: Floats) -> list[int]:
    """The row continued at its end as long as it goes on straight enough."""
    row = list(row)
    while True:
        ahead = places[row[-1]] - places[row[-2]]
        way = places - places[row[-1]]
        away = np.hypot(*way.T)
        turn = np.arccos(np.clip((way @ ahead) / np.maximum(away * np.hypot(*ahead), 1e-9), -1, 1))
        fits = (away >= APART_MM[0]) & (away <= APART_MM[1]) & (turn <= MOST_TURN)
        fits[row] = False
        if not fits.any():
            return row
        row.append(int(np.flatnonzero(fits)[np.argmin(away[fits] * (1 + turn[fits]))]))
