"""Calcium in the walls of arteries: plaques, rings, and walls that look like tram tracks."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final, Literal

import numpy as np

from calcinet.arrays import Floats, Mask
from calcinet.phantoms.ct.deposit import BLOCK, Cells, step_for
from calcinet.phantoms.ct.limb import Artery
from calcinet.phantoms.ct.tissue import BLOOD_HU
from calcinet.phantoms.ct.truth import Body, Lesion

Kind = Literal["plaque", "ring", "tram"]

HU: Final = (500.0, 1500.0)
"""Of calcium in arterial walls."""

LENGTHS_MM: Final[dict[Kind, tuple[float, float]]] = {"plaque": (2.0, 12.0), "ring": (3.0, 15.0), "tram": (8.0, 50.0)}
GAPS_MM: Final = {"patchy": (10.0, 70.0), "heavy": (3.5, 12.0)}
"""Without calcium between lesions of an artery."""

KINDS: Final[dict[str, tuple[float, float, float]]] = {"patchy": (0.7, 0.15, 0.15), "heavy": (0.3, 0.2, 0.5)}
"""Shares of plaques, rings and trams."""


LEAST_MM: Final = 0.05
"""What is thinner is no wall."""


@dataclass(frozen=True, slots=True)
class Plaque:
    """Where calcium lies in an artery's wall."""

    kind: Kind
    low_mm: float
    high_mm: float
    angle: float
    half_angle: float
    wall_mm: float
    hu: float


def plaques(artery: Artery, amount: str, span: tuple[float, float], rng: np.random.Generator) -> Iterator[Lesion]:
    """Lesions of one artery from below, with gaps; `amount` is "patchy" or "heavy"."""
    low, high = artery.span
    z = low + rng.uniform(*GAPS_MM["heavy"])
    while True:
        z += rng.uniform(*GAPS_MM[amount])
        kind: Kind = rng.choice(np.array(["plaque", "ring", "tram"]), p=KINDS[amount])
        length = rng.uniform(*LENGTHS_MM[kind])
        radius = float(artery.radius(np.array(z)))
        plaque = Plaque(
            kind,
            z,
            z + length,
            rng.uniform(-np.pi, np.pi),
            rng.uniform(0.5, 1.1) if kind == "plaque" else rng.uniform(0.6, 0.9),
            rng.uniform(0.25, 0.6) * radius if kind == "plaque" else rng.uniform(0.25, 0.45) * radius,
            rng.uniform(*HU),
        )
        z += length
        if z > high - 2:
            return
        if span[0] + 1 <= plaque.low_mm and plaque.high_mm <= span[1] - 1:
            yield made(artery, plaque)


def made(artery: Artery, plaque: Plaque) -> Lesion:
    """The lesion that a plaque is."""
    z = np.linspace(plaque.low_mm, plaque.high_mm, max(3, int(plaque.high_mm - plaque.low_mm) + 1))
    middle = artery.centre(z)
    cells = _cells(artery, plaque)
    line = np.column_stack([z, middle])
    depth = float(np.median(artery.leg.depth(line)))
    return Lesion(
        Body(cells, plaque.hu),
        "artery",
        "plate" if plaque.kind == "plaque" else "tubular",
        artery.leg.side,
        BLOOD_HU,
        depth,
        line,
        calibre_mm=float(2 * artery.radius(z).mean()),
    )


def _cells(artery: Artery, plaque: Plaque) -> Cells:
    """Cells of the wall, height by height, in discs about the artery's middle."""
    step = step_for(plaque.wall_mm)
    levels = np.arange(np.ceil(plaque.low_mm / step), np.floor(plaque.high_mm / step) + 1).astype(np.int64)
    most = int(np.ceil(float(artery.radius(levels.astype(np.float64) * step).max()) / step)) + 2
    disc = np.array(list(product(range(-most, most + 1), repeat=2)))
    disc = disc[(disc**2).sum(axis=1) <= most**2]
    found = []
    block = max(1, BLOCK // len(disc))
    for some in np.split(levels, range(block, len(levels), block)):
        z = some.astype(np.float64) * step
        middle = artery.centre(z)
        columns = np.round(middle / step).astype(np.int64)[:, None] + disc[None]
        level, at = np.nonzero(_inside(artery, plaque, z, columns * step - middle[:, None]))
        found.append(np.column_stack([some[level], columns[level, at]]))
    return Cells(np.concatenate(found), step)


def _inside(artery: Artery, plaque: Plaque, z: Floats, off: Floats) -> Mask:
    """Whether places beside the artery's middle (Y, X) at heights are calcium, shape (Z, N, 2) -> (Z, N)."""
    slope, outer = artery.slope(z)[:, None], artery.radius(z)[:, None]
    along = (off * slope).sum(axis=2) / np.sqrt(1 + (slope**2).sum(axis=2))
    away = np.sqrt(np.maximum((off**2).sum(axis=2) - along**2, 0))
    inside = (away <= outer) & (away >= outer - plaque.wall_mm)
    level, at = np.nonzero(inside)
    turn = np.angle(np.exp(1j * (np.arctan2(off[level, at, 0], off[level, at, 1]) - plaque.angle)))
    thick = plaque.wall_mm * _thickness(plaque, z)[level] * _round(plaque, turn, z[level])
    inside[level, at] = (away[level, at] >= outer[level, 0] - thick) & (thick > LEAST_MM)
    return np.asarray(inside)


def _thickness(plaque: Plaque, z: Floats) -> Floats:
    """Share of the wall's thickness at heights: rings and trams end within 1 mm, plaques taper."""
    end = np.minimum(z - plaque.low_mm, plaque.high_mm - z)
    return np.ones_like(z) if plaque.kind == "plaque" else np.sqrt(np.clip(end, 0, 1))


def _round(plaque: Plaque, turn: Floats, z: Floats) -> Floats:
    """Share of the thickness round the artery."""
    if plaque.kind == "ring":
        return np.ones_like(turn)
    if plaque.kind == "tram":  # two walls that face one another
        turn = np.minimum(np.abs(turn), np.pi - np.abs(turn))
        return np.sqrt(np.maximum(1 - (turn / plaque.half_angle) ** 4, 0))
    half = (plaque.high_mm - plaque.low_mm) / 2
    off = (z - plaque.low_mm - half) / half
    return np.sqrt(np.maximum(1 - off**2 - (turn / plaque.half_angle) ** 2, 0))
