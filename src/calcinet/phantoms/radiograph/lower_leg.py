"""Where the bones, the skin and the arteries of a lower leg run, seen from the front, about the centre of the film.

The proportions are our own drawing of an adult limb, made to look like one; no measurement rests on them.
All is in mm.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.interpolate import CubicSpline

from calcinet.phantoms.radiograph.rods import CURVE_POINTS, Limb, Point, Points, Rod, curve

SHAFT_POINTS: Final = 160
SKIN_POINTS: Final = 200
"""Points of a shaft, and of the skin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaft:
    """A long bone of the leg; heights are above the ankle joint."""

    course: Points
    """Height and column."""

    tip_mm: float
    """How far below the joint its tip is."""

    radius: Points
    """Distance from the tip, and radius."""

    cortex: Points
    """Distance from the tip, and cortex."""

    blunt: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AnkleBone:
    """A short bone of the ankle, between two points (below the joint, column)."""

    ends: tuple[Point, Point]
    radii: Point
    """At both ends."""

    cortex: float
    depth: float
    blunt: float


LEG_LENGTH_MM: Final = 420.0
"""From the ankle joint to the upper end of what is drawn."""

LEG_SKIN: Final = ((-60, 40), (-20, 37), (0, 35), (25, 31), (60, 32), (110, 42), (190, 55), (280, 60), (420.0, 62))
"""Height above the ankle joint, and half the width of the leg there."""

LEG_ARTERIES: Final[dict[str, Points]] = {
    "posterior tibial": ((420, -2), (260, -12), (120, -28), (30, -27), (-12, -27), (-50, -18)),
    "anterior tibial": ((420, 9), (250, 10), (120, 8), (40, 1), (0, -3), (-45, -4)),
    "peroneal": ((420, 13), (250, 17), (120, 16), (40, 20), (-5, 30)),
    "superficial medial": ((420, -30), (200, -36), (110, -30), (40, -24)),
}
"""Height above the ankle joint, and column."""

TIBIA: Final = Shaft(
    course=((420, -11), (200, -11), (70, -9), (4, -5)),
    tip_mm=0,
    radius=((0, 21), (8, 21.5), (25, 19.5), (50, 14), (90, 11.5), (200, 12.5), (420, 15)),
    cortex=((0, 0.6), (25, 0.9), (60, 3.2), (110, 4.6), (420, 5.0)),
    blunt=5.0,
)
FIBULA: Final = Shaft(
    course=((420, 25), (200, 27), (60, 23), (-16, 26)),
    tip_mm=16,
    radius=((0, 4.5), (8, 7.5), (25, 8.5), (50, 6), (90, 5.2), (420, 5.8)),
    cortex=((0, 0.5), (30, 0.8), (70, 2.0), (420, 2.3)),
    blunt=1.4,
)
MEDIAL_MALLEOLUS: Final = AnkleBone(ends=((-16, -20), (9, -21)), radii=(8, 4.5), cortex=0.5, depth=0.9, blunt=1.3)
TARSUS_FROM_THE_FRONT: Final = (
    AnkleBone(ends=((16, -9), (14, 8)), radii=(13.0, 11.5), cortex=0.7, depth=1.2, blunt=2.2),
    AnkleBone(ends=((34, 6), (62, 9)), radii=(11, 15), cortex=0.7, depth=1.1, blunt=1.3),
    AnkleBone(ends=((36, -15), (33, 2)), radii=(10.0, 10.0), cortex=0.6, depth=1.1, blunt=1.5),
    AnkleBone(ends=((58, -20), (62, -2)), radii=(9.0, 9.0), cortex=0.6, depth=1.1, blunt=1.6),
    AnkleBone(ends=((80, -14), (130, -20)), radii=(7.0, 7.0), cortex=0.9, depth=1.1, blunt=1.6),
    AnkleBone(ends=((80, 4), (130, 8)), radii=(6.5, 6.5), cortex=0.9, depth=1.1, blunt=1.6),
)
"""Talus, heel, navicular, cuneiforms, and two metatarsals."""


def draw_lower_leg(rng: np.random.Generator) -> Limb:
    """Shin, calf and ankle seen from the front; the ankle joint is in the lower part of the film."""
    joint = rng.uniform(25, 110)
    skin = _draw_leg_skin(joint, rng)
    stout = rng.uniform(0.92, 1.08)
    bones = (
        _draw_shaft(TIBIA, joint, stout),
        _draw_ankle_bone(MEDIAL_MALLEOLUS, joint),
        _draw_shaft(FIBULA, joint, stout),
        *(_draw_ankle_bone(bone, joint) for bone in TARSUS_FROM_THE_FRONT),
    )
    arteries = tuple(curve(_place_above(joint, course)) for course in LEG_ARTERIES.values())
    return Limb((skin,), bones, arteries)


def _draw_leg_skin(joint: float, rng: np.random.Generator) -> Rod:
    """The flesh of a leg that bends a little from side to side."""
    height, half_width = np.asarray(LEG_SKIN, float).T
    half_width = half_width * rng.uniform(0.92, 1.1)
    row = np.linspace(joint - LEG_LENGTH_MM, joint + 60, SKIN_POINTS)
    bow = 3 * np.sin((row - joint) / 140 + rng.uniform(0, 6))
    radius = CubicSpline(height, half_width)(joint - row)
    return Rod(
        path_mm=np.stack([row, 2 + bow], axis=1),
        radius_mm=np.asarray(radius),
        cortex_mm=np.zeros(SKIN_POINTS),
        depth=rng.uniform(0.95, 1.1),
        blunt=1.0,
    )


def _draw_shaft(shaft: Shaft, joint: float, stout: float) -> Rod:
    path = curve(_place_above(joint, shaft.course), SHAFT_POINTS)
    from_tip = joint + shaft.tip_mm - path[:, 0]
    at, radius = np.asarray(shaft.radius, float).T
    cortex_at, cortex = np.asarray(shaft.cortex, float).T
    return Rod(
        path_mm=path,
        radius_mm=np.interp(from_tip, at, radius * stout),
        cortex_mm=np.interp(from_tip, cortex_at, cortex),
        depth=0.95,
        blunt=shaft.blunt,
    )


def _draw_ankle_bone(bone: AnkleBone, joint: float) -> Rod:
    ends = [(joint + below, column) for below, column in bone.ends]
    return Rod(
        path_mm=curve(ends),
        radius_mm=np.linspace(*bone.radii, CURVE_POINTS),
        cortex_mm=np.full(CURVE_POINTS, bone.cortex),
        depth=bone.depth,
        blunt=bone.blunt,
    )


def _place_above(joint: float, course: Points) -> Points:
    """Rows and columns of (height above the joint, column)."""
    return [(joint - height, column) for height, column in course]
