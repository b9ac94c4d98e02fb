"""What is bright on a CT of a leg and is no calcium of vessels or soft tissue."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.phantoms.ct.course import KNEE_MM
from calcinet.phantoms.ct.deposit import Cells, solid, step_for, thread
from calcinet.phantoms.ct.foci import clear_of_bone
from calcinet.phantoms.ct.limb import Leg
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


BONELETS: Final[dict[Confounder, tuple[tuple[float, float, float, float], ...]]] = {
    "sesamoid": ((478, 34.5, 26, 3.6), (8, -136, -24, 3.8), (8, -136, -15, 3.4)),
    "ossicle": ((68, 2, -33, 3.2), (64, 4, 31, 2.8)),
    "avulsion": ((448.5, 4, 36, 1.8), (78, 4, 34, 1.5)),
    "osteophyte": ((441, 0, -37, 3.0), (462, 2, 42, 2.8), (464, 0, -42, 3.2)),
}
"""Middle (height, back, lateral) and half the width."""

BROUGHT_TO_THE_LEG: Final = ("table", "cast", "cloth")
"""Confounders that are drawn with the slices and are no bodies."""

SCREW_MM: Final = 1.9
SCREW_HEAD_MM: Final = 3.6
PLATE_HALF_MM: Final = (25.0, 5.0, 1.6)
"""Radii of a screw and of its head; half the size of a plate along (Z, Y, X)."""


def place_pieces(
    leg: Leg, span: tuple[float, float], names: tuple[Confounder, ...], rng: np.random.Generator
) -> Iterator[Piece]:
    """Those of the named confounders that are bodies and lie between two heights."""
    for name in names:
        if name in BROUGHT_TO_THE_LEG:
            continue
        bodies = _make_bodies(leg, span, name, rng)
        if bodies:
            yield Piece(name, tuple(bodies))


def _make_bodies(leg: Leg, span: tuple[float, float], name: Confounder, rng: np.random.Generator) -> list[Body]:
    if name in BONELETS:
        return _make_bonelets(leg, span, name, rng)
    if name == "phlebolith":
        return _make_phleboliths(leg, span, rng)
    if name == "cannula":
        return [_make_cannula(leg, span, rng)]
    if name == "screw":
        return [_make_screw(leg, span)]
    return [_make_plate(leg, span)]


def _make_bonelets(leg: Leg, span: tuple[float, float], name: Confounder, rng: np.random.Generator) -> list[Body]:
    bodies: list[Body] = []
    for height, back, lateral, half in BONELETS[name]:
        if span[0] + half < height < span[1] - half:
            middle = np.array([height, *leg.place(np.array(back), np.array(lateral))])
            bodies += _make_bonelet(middle, half, rng)
    return bodies


def _make_bonelet(middle: Floats, half: float, rng: np.random.Generator) -> list[Body]:
    """A small bone: a shell of cortex about spongy bone."""
    shape = half * rng.uniform(0.85, 1.15, 3)
    shell = Body(_fill_ellipsoid(middle, shape), float(rng.uniform(650, 950)))
    core = Body(_fill_ellipsoid(middle, np.maximum(shape - 0.9, 0.3)), float(rng.uniform(220, 380)))
    return [shell, core]


def _fill_ellipsoid(middle: Floats, half: Floats) -> Cells:
    def inside(points: Floats) -> Mask:
        return np.asarray((((points - middle) / half) ** 2).sum(axis=1) <= 1)

    return solid(inside, middle - half - 0.2, middle + half + 0.2, step_for(float(half.min())))


def _make_phleboliths(leg: Leg, span: tuple[float, float], rng: np.random.Generator) -> list[Body]:
    """Round stones of veins, with a dark middle."""
    bodies: list[Body] = []
    for _ in range(3):
        z = float(rng.uniform(span[0] + 5, span[1] - 5))
        angle = float(rng.uniform(0, 2 * np.pi))
        depth = leg.skin_mm + leg.fat_towards(z, angle) + rng.uniform(5, 12)
        spot = np.array([z, *leg.under_skin(z, angle, depth)])
        if clear_of_bone(leg, spot) < 9:
            continue
        half = float(rng.uniform(1.8, 2.8))
        bodies.append(Body(_fill_ellipsoid(spot, np.full(3, half)), float(rng.uniform(350, 700))))
        bodies.append(Body(_fill_ellipsoid(spot, np.full(3, half - 1.2)), 60.0))
    return bodies


def _make_cannula(leg: Leg, span: tuple[float, float], rng: np.random.Generator) -> Body:
    """A plastic tube that runs on the skin and goes in under it."""
    low, high = span
    z = (low + high) / 2
    if high - low > 80:
        z = float(rng.uniform(low + 20, high - 60))
    angle = float(rng.uniform(0, 2 * np.pi))
    heights = np.arange(z, min(z + 50, high), 0.3)
    depths = np.interp(heights, [z, z + 14, z + 20, z + 50], [4.0, 0.5, -1.2, -1.5])
    line = []
    for height, depth in zip(heights, depths, strict=True):
        line.append([height, *leg.under_skin(round(float(height), 1), angle, depth)])
    return Body(thread(np.array(line), np.full(len(line), 0.7), 0.15), PLASTIC_HU)


def _make_screw(leg: Leg, span: tuple[float, float]) -> Body:
    """A screw across the shaft in the middle of the span; its head is medial."""
    middle = (span[0] + span[1]) / 2
    start = _place_beside_shaft(leg, middle, -24.0)
    end = _place_beside_shaft(leg, middle, 12.0)
    line = start + np.linspace(0, 1, 60)[:, None] * (end - start)
    radius = np.full(60, SCREW_MM)
    radius[:6] = SCREW_HEAD_MM
    return Body(thread(line, radius, 0.2), METAL_HU)


def _make_plate(leg: Leg, span: tuple[float, float]) -> Body:
    """A plate on the lateral side of the shaft in the middle of the span."""
    middle = (span[0] + span[1]) / 2
    lateral = 22.0
    if middle < KNEE_MM:
        lateral = 8.0
    centre = _place_beside_shaft(leg, middle, lateral)
    half = np.array(PLATE_HALF_MM)

    def inside(points: Floats) -> Mask:
        return np.asarray((np.abs(points - centre) <= half).all(axis=1))

    reach = np.array([26.0, 6.0, 2.0])
    return Body(solid(inside, centre - reach, centre + reach, 0.2), METAL_HU)


def _place_beside_shaft(leg: Leg, height: float, lateral: float) -> Floats:
    """The point (Z, Y, X) so far lateral of the axis of the leg, at the depth of femur or tibia."""
    back = -7.0
    if height < KNEE_MM:
        back = -14.0
    return np.array([height, *leg.place(np.array(back), np.array(lateral))])


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
