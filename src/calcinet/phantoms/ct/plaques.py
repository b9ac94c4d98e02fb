"""Calcium in the walls of arteries: plaques, rings, and walls that look like tram tracks."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Floats, Mask
from calcinet.phantoms.ct.deposit import BLOCK, Cells, step_for
from calcinet.phantoms.ct.limb import Artery
from calcinet.phantoms.ct.tissue import BLOOD_HU
from calcinet.phantoms.ct.truth import Body, Lesion
from calcinet.vocabulary import DepositForm

Kind = Literal["plaque", "ring", "tram"]

HU: Final = (500.0, 1500.0)
"""Of calcium in arterial walls."""

LENGTHS_MM: Final[dict[Kind, tuple[float, float]]] = {"plaque": (2.0, 12.0), "ring": (3.0, 15.0), "tram": (8.0, 50.0)}
GAPS_MM: Final = {"patchy": (10.0, 70.0), "heavy": (3.5, 12.0)}
"""Without calcium between lesions of an artery."""

KINDS: Final[dict[str, tuple[float, float, float]]] = {"patchy": (0.7, 0.15, 0.15), "heavy": (0.3, 0.2, 0.5)}
"""Shares of plaques, rings and trams."""

HALF_ANGLE: Final[dict[Kind, tuple[float, float]]] = {"plaque": (0.5, 1.1), "ring": (0.6, 0.9), "tram": (0.6, 0.9)}
"""Half of the angle that calcium takes round the artery."""

WALL_SHARE: Final[dict[Kind, tuple[float, float]]] = {"plaque": (0.25, 0.6), "ring": (0.25, 0.45), "tram": (0.25, 0.45)}
"""Thickness of calcium over the artery's radius."""

FORMS: Final[dict[Kind, DepositForm]] = {"plaque": "plate", "ring": "tubular", "tram": "tubular"}

LEAST_MM: Final = 0.05
"""What is thinner is no wall."""


@dataclass(frozen=True, slots=True, kw_only=True)
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
        plaque = _draw_plaque(artery, amount, z, rng)
        z = plaque.high_mm
        if z > high - 2:
            return
        if span[0] + 1 <= plaque.low_mm and plaque.high_mm <= span[1] - 1:
            yield make_lesion(artery, plaque)


def _draw_plaque(artery: Artery, amount: str, z: float, rng: np.random.Generator) -> Plaque:
    """A random plaque that begins at height `z`."""
    kind: Kind = rng.choice(np.array(["plaque", "ring", "tram"]), p=KINDS[amount])
    length = rng.uniform(*LENGTHS_MM[kind])
    radius = float(artery.radius(np.array(z)))
    return Plaque(
        kind=kind,
        low_mm=z,
        high_mm=z + length,
        angle=rng.uniform(-np.pi, np.pi),
        half_angle=rng.uniform(*HALF_ANGLE[kind]),
        wall_mm=rng.uniform(*WALL_SHARE[kind]) * radius,
        hu=rng.uniform(*HU),
    )


def make_lesion(artery: Artery, plaque: Plaque) -> Lesion:
    """The lesion that a plaque makes."""
    z = np.linspace(plaque.low_mm, plaque.high_mm, max(3, int(plaque.high_mm - plaque.low_mm) + 1))
    line = np.column_stack([z, artery.centre(z)])
    return Lesion(
        body=Body(_fill_wall(artery, plaque), plaque.hu),
        compartment="artery",
        form=FORMS[plaque.kind],
        side=artery.leg.side,
        around_hu=BLOOD_HU,
        depth_mm=float(np.median(artery.leg.depth(line))),
        line_mm=line,
        calibre_mm=float(2 * artery.radius(z).mean()),
    )


def _fill_wall(artery: Artery, plaque: Plaque) -> Cells:
    """Cells of the wall, height by height, in discs about the artery's middle."""
    step = step_for(plaque.wall_mm)
    levels = np.arange(np.ceil(plaque.low_mm / step), np.floor(plaque.high_mm / step) + 1).astype(np.int64)
    widest = float(artery.radius(levels.astype(np.float64) * step).max())
    disc = _list_disc(int(np.ceil(widest / step)) + 2)
    found = []
    block = max(1, BLOCK // len(disc))
    for some in np.split(levels, range(block, len(levels), block)):
        z = some.astype(np.float64) * step
        middle = artery.centre(z)
        columns = np.round(middle / step).astype(np.int64)[:, None] + disc[None]
        level, at = np.nonzero(_find_calcium(artery, plaque, z, columns * step - middle[:, None]))
        found.append(np.column_stack([some[level], columns[level, at]]))
    return Cells(np.concatenate(found), step)


def _list_disc(radius: int) -> NDArray[np.int_]:
    """All (row, column) within a radius of the origin, shape (N, 2)."""
    square = np.array(list(product(range(-radius, radius + 1), repeat=2)))
    return np.asarray(square[(square**2).sum(axis=1) <= radius**2])


def _find_calcium(artery: Artery, plaque: Plaque, z: Floats, off: Floats) -> Mask:
    """Whether places beside the artery's middle (Y, X) at heights are calcium, shape (Z, N, 2) -> (Z, N)."""
    slope, outer = artery.slope(z)[:, None], artery.radius(z)[:, None]
    along = (off * slope).sum(axis=2) / np.sqrt(1 + (slope**2).sum(axis=2))
    away = np.sqrt(np.maximum((off**2).sum(axis=2) - along**2, 0))
    inside = (away <= outer) & (away >= outer - plaque.wall_mm)
    level, at = np.nonzero(inside)
    direction = np.arctan2(off[level, at, 0], off[level, at, 1])
    turn = np.angle(np.exp(1j * (direction - plaque.angle)))  # from -pi to pi
    thick = plaque.wall_mm * _taper_ends(plaque, z)[level] * _taper_sides(plaque, turn, z[level])
    inside[level, at] = (away[level, at] >= outer[level, 0] - thick) & (thick > LEAST_MM)
    return np.asarray(inside)


def _taper_ends(plaque: Plaque, z: Floats) -> Floats:
    """Share of the wall's thickness at heights: rings and trams end within 1 mm, plaques taper."""
    if plaque.kind == "plaque":
        return np.ones_like(z)
    end = np.minimum(z - plaque.low_mm, plaque.high_mm - z)
    return np.asarray(np.sqrt(np.clip(end, 0, 1)))


def _taper_sides(plaque: Plaque, turn: Floats, z: Floats) -> Floats:
    """Share of the thickness round the artery."""
    if plaque.kind == "ring":
        return np.ones_like(turn)
    if plaque.kind == "tram":  # two walls that face one another
        turn = np.minimum(np.abs(turn), np.pi - np.abs(turn))
        return np.sqrt(np.maximum(1 - (turn / plaque.half_angle) ** 4, 0))
    half = (plaque.high_mm - plaque.low_mm) / 2
    off = (z - plaque.low_mm - half) / half
    return np.sqrt(np.maximum(1 - off**2 - (turn / plaque.half_angle) ** 2, 0))
