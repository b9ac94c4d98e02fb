"""Which lesions and confounders a leg holds, kept apart from one another."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from scipy.spatial import cKDTree

from calcinet.arrays import Floats
from calcinet.phantoms.ct.confounders import Confounder, Piece, place_pieces
from calcinet.phantoms.ct.foci import NoduleSite, make_nodule, make_small_vessel
from calcinet.phantoms.ct.limb import Leg
from calcinet.phantoms.ct.nets import make_net, random_net
from calcinet.phantoms.ct.plaques import plaques
from calcinet.phantoms.ct.spec import Calcium
from calcinet.phantoms.ct.truth import Lesion

APART_MM: Final = 3.5
"""Lesions are no nearer to one another, so that none joins another at any spacing used."""


def place_contents(
    limb: Leg,
    span: tuple[float, float],
    calcium: Calcium,
    confounders: tuple[Confounder, ...],
    rng: np.random.Generator,
) -> tuple[list[Lesion], list[Piece]]:
    """Lesions and confounders of one leg between two heights."""
    pieces = list(place_pieces(limb, span, confounders, np.random.default_rng(rng.integers(2**32))))
    occupied: list[Floats] = []
    for piece in pieces:
        occupied += [body.cells.points[::50] for body in piece.bodies]
    lesions: list[Lesion] = []
    for lesion in _propose_lesions(limb, span, calcium, rng):
        if lesion is None:
            continue
        points = lesion.body.cells.points[::5]
        if occupied and _measure_gap(points, np.concatenate(occupied)) < APART_MM:
            continue
        occupied.append(points)
        lesions.append(lesion)
    return lesions, pieces


def _measure_gap(points: Floats, others: Floats) -> float:
    """Least distance between two clouds of points, infinite from `APART_MM` on."""
    distance, _ = cKDTree(others).query(points, distance_upper_bound=APART_MM)
    return float(np.min(distance))


def _propose_lesions(
    limb: Leg, span: tuple[float, float], calcium: Calcium, rng: np.random.Generator
) -> Iterator[Lesion | None]:
    """The lesions that are asked for; None for each that has no room."""
    if calcium.arteries != "none":
        for artery in limb.arteries():
            yield from plaques(artery, calcium.arteries, span, rng)
    for _ in range(calcium.nets):
        yield make_net(limb, span, random_net(bool(rng.random() < 0.5), rng), rng)
    for _ in range(calcium.small_vessels):
        yield make_small_vessel(limb, span, rng)
    nodules: tuple[tuple[NoduleSite, int], ...] = (
        ("skin", calcium.in_skin),
        ("subcutis", calcium.in_subcutis),
        ("muscle", calcium.in_muscle),
    )
    for site, count in nodules:
        for _ in range(count):
            yield make_nodule(limb, span, site, rng)
