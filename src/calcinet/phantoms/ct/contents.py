"""Which lesions and confounders a leg holds, kept apart from one another."""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
from scipy.spatial import cKDTree

from calcinet.phantoms.ct.confounders import Confounder, Piece, pieces
from calcinet.phantoms.ct.foci import nodule, small_vessel
from calcinet.phantoms.ct.limb import Leg
from calcinet.phantoms.ct.nets import net, random_net
from calcinet.phantoms.ct.plaques import plaques
from calcinet.phantoms.ct.spec import Calcium
from calcinet.phantoms.ct.truth import Lesion

APART_MM: Final = 3.5
"""Lesions lie no nearer to one another, so that none joins another at any spacing used."""


def contents(
    limb: Leg,
    span: tuple[float, float],
    calcium: Calcium,
    confounders: tuple[Confounder, ...],
    rng: np.random.Generator,
) -> tuple[list[Lesion], list[Piece]]:
    """Lesions and confounders of one leg between two heights."""
    others = list(pieces(limb, span, confounders, np.random.default_rng(rng.integers(2**32))))
    taken = [body.cells.points[::50] for piece in others for body in piece.bodies]
    kept: list[Lesion] = []
    for lesion in _lesions(limb, span, calcium, rng):
        points = lesion.body.cells.points[::5]
        if taken and np.min(cKDTree(np.concatenate(taken)).query(points, distance_upper_bound=APART_MM)[0]) < APART_MM:
            continue
        taken.append(points)
        kept.append(lesion)
    return kept, others


def _lesions(limb: Leg, span: tuple[float, float], calcium: Calcium, rng: np.random.Generator) -> Iterator[Lesion]:
    if calcium.arteries != "none":
        for artery in limb.arteries():
            yield from plaques(artery, calcium.arteries, span, rng)
    makers: list[Callable[[], Lesion | None]] = [
        *[lambda: net(limb, span, random_net(bool(rng.random() < 0.5), rng), rng)] * calcium.nets,
        *[lambda: small_vessel(limb, span, rng)] * calcium.small_vessels,
        *[lambda: nodule(limb, span, "skin", rng)] * calcium.in_skin,
        *[lambda: nodule(limb, span, "subcutis", rng)] * calcium.in_subcutis,
        *[lambda: nodule(limb, span, "muscle", rng)] * calcium.in_muscle,
    ]
    yield from (lesion for make in makers if (lesion := make()) is not None)
