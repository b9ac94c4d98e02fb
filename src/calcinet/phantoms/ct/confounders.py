"""What is bright on a CT of a leg and is no calcium of vessels or soft tissue."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.phantoms.ct.course import KNEE_MM
from calcinet.phantoms.ct.deposit import Cells, solid, step_for, thread
from calcinet.phantoms.ct.foci import clear_of_bone
from calcinet.phantoms.ct.limb import ANGLES, Leg
from calcinet.phantoms.ct.truth import Body

Confounder = Literal[
    "sesamoid", "ossicle", "avulsion", "osteophyte", "phlebolith", "screw", "plate", "cannula", "table", "cast", "cloth"
]
CONFOUNDERS: Final[tuple[Confounder, ...]] = get_args(Confounder)

METAL_HU: Final = 3071.0
"""Where scanners of 12 bits end."""

PLASTIC_HU: Final = 250.0
CAST_HU: Final = 450.0
CLOTH_HU: Final = -350.0
TABLE_HU: Final = (-50.0, -930.0)
"""Shell and foam."""

TABLE_SHELL_MM: Final = 3.0
TABLE_GAP_MM: Final = 6.0
CAST_GAP_MM: Final = 2.5
CAST_MM: Final = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Bodies of one confounder, laid one over another."""

    name: Confounder
    bodies: tuple[Body, ...]


def pieces(
    leg: Leg, span: tuple[float, float], names: tuple[Confounder, ...], rng: np.random.Generator
) -> Iterator[Piece]:
    """Those of the named confounders that are bodies and lie between two heights."""
    for name in names:
        if name in ("table", "cast", "cloth"):
            continue
        bodies = _bodies(leg, span, name, rng)
        if bodies:
            yield Piece(name, tuple(bodies))


def _bodies(leg: Leg, span: tuple[float, float], name: Confounder, rng: np.random.Generator) -> list[Body]:
    made: list[Body] = []
    if name in _BONELETS:
        for height, back, lateral, half in _BONELETS[name]:
            if span[0] + half < height < span[1] - half:
                made += _bonelet(np.array([height, *leg.place(np.array(back), np.array(lateral))]), half, rng)
    elif name == "phlebolith":
        made = _phleboliths(leg, span, rng)
    elif name == "cannula":
        made = [_cannula(leg, span, rng)]
    else:
        made = _hardware(leg, span, name)
    return made


_BONELETS: Final[dict[str, tuple[tuple[float, float, float, float], ...]]] = {
    "sesamoid": ((478, 34.5, 26, 3.6), (8, -136, -24, 3.8), (8, -136, -15, 3.4)),
    "ossicle": ((68, 2, -33, 3.2), (64, 4, 31, 2.8)),
    "avulsion": ((448.5, 4, 36, 1.8), (78, 4, 34, 1.5)),
    "osteophyte": ((441, 0, -37, 3.0), (462, 2, 42, 2.8), (464, 0, -42, 3.2)),
}
"""Middle (height, back, lateral) and half the width."""


def _bonelet(middle: Floats, half: float, rng: np.random.Generator) -> list[Body]:
    """A small bone: a shell of cortex about spongy bone."""
    shape = half * rng.uniform(0.85, 1.15, 3)
    return [
        Body(_ball(middle, shape), float(rng.uniform(650, 950))),
        Body(_ball(middle, np.maximum(shape - 0.9, 0.3)), float(rng.uniform(220, 380))),
    ]


def _ball(middle: Floats, half: Floats) -> Cells:
    def inside(points: Floats) -> Mask:
        return np.asarray((((points - middle) / half) ** 2).sum(axis=1) <= 1)

    return solid(inside, middle - half - 0.2, middle + half + 0.2, step_for(float(half.min())))


def _phleboliths(leg: Leg, span: tuple[float, float], rng: np.random.Generator) -> list[Body]:
    """Round stones of veins, with a dark middle."""
    made: list[Body] = []
    for _ in range(3):
        z = float(rng.uniform(span[0] + 5, span[1] - 5))
        angle = float(rng.uniform(0, 2 * np.pi))
        fat = float(leg.fat_at(z)[int(angle / (2 * np.pi) * ANGLES)])
        spot = np.array([z, *leg.under_skin(z, angle, leg.skin_mm + fat + rng.uniform(5, 12))])
        if clear_of_bone(leg, spot) < 9:
            continue
        half = float(rng.uniform(1.8, 2.8))
        made.append(Body(_ball(spot, np.full(3, half)), float(rng.uniform(350, 700))))
        made.append(Body(_ball(spot, np.full(3, half - 1.2)), 60.0))
    return made


def _cannula(leg: Leg, span: tuple[float, float], rng: np.random.Generator) -> Body:
    """A plastic tube that lies on the skin and goes in under it."""
    z = float(rng.uniform(span[0] + 20, span[1] - 60)) if span[1] - span[0] > 80 else (span[0] + span[1]) / 2
    angle = float(rng.uniform(0, 2 * np.pi))
    heights = np.arange(z, min(z + 50, span[1]), 0.3)
    depth = np.interp(heights, [z, z + 14, z + 20, z + 50], [4.0, 0.5, -1.2, -1.5])
    line = np.array([[h, *leg.under_skin(round(float(h), 1), angle, d)] for h, d in zip(heights, depth, strict=True)])
    return Body(thread(line, np.full(len(line), 0.7), 0.15), PLASTIC_HU)


def _hardware(leg: Leg, span: tuple[float, float], name: Confounder) -> list[Body]:
    """Screws across the shaft, or a plate on its lateral side."""
    middle = (span[0] + span[1]) / 2
    back = -14.0 if middle < KNEE_MM else -7.0
    if name == "screw":
        ends = np.array([[middle, *leg.place(np.array(back), np.array(lateral))] for lateral in (-24.0, 12.0)])
        line = ends[0] + np.linspace(0, 1, 60)[:, None] * (ends[1] - ends[0])
        radius = np.full(60, 1.9)
        radius[:6] = 3.6
        return [Body(thread(line, radius, 0.2), METAL_HU)]
    first = leg.place(np.array(back), np.array(8.0 if middle < KNEE_MM else 22.0))

    def inside(points: Floats) -> Mask:
        away = np.abs(points - [middle, *first]) <= [25.0, 5.0, 1.6]
        return np.asarray(away.all(axis=1))

    reach = np.array([26.0, 6.0, 2.0])
    centre = np.array([middle, *first])
    return [Body(solid(inside, centre - reach, centre + reach, 0.2), METAL_HU)]


def dress(hu: Pixels, depth_mm: Pixels, names: tuple[Confounder, ...], fold: Pixels) -> None:
    """Put cast and clothing about a leg, in place.

    Parameters
    ----------
    hu
        Slice with the leg, shape (Y, X).
    depth_mm
        Below the skin, negative outside.
    names
        Of the confounders.
    fold
        Smooth random field that says where cloth lies, same shape.
    """
    if "cast" in names:
        shell = (depth_mm < -CAST_GAP_MM) & (depth_mm > -CAST_GAP_MM - CAST_MM)
        hu[shell] = CAST_HU
    if "cloth" in names:
        cloth = (depth_mm < -0.5) & (depth_mm > -1.5 - np.abs(fold) * 2) & (fold > -0.3)
        hu[cloth] = np.maximum(hu[cloth], CLOTH_HU)


def lay_table(hu: Pixels, y: Pixels, x: Pixels, top_mm: float) -> None:
    """Put a table under the legs, in place; its top rises to both sides."""
    below = y[:, None] - top_mm + ((x / 180) ** 2 * 25)[None, :]
    air = hu < -900
    hu[air & (below > 0) & (below < 25)] = TABLE_HU[1]
    hu[air & (below > 0) & (below < TABLE_SHELL_MM)] = TABLE_HU[0]
