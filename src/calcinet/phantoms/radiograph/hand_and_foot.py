"""Where the bones, the skin and the arteries of a hand and a foot run, digits upwards, about the centre of the film.

The proportions are our own drawing of an adult limb, made to look like one; no measurement rests on them.
All is in mm.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from calcinet.arrays import Floats
from calcinet.phantoms.radiograph.rods import (
    Limb,
    Point,
    Points,
    Rod,
    curve,
    draw_flesh,
    draw_short_bone,
    draw_tubular_bone,
    join,
    sample_profile,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ray:
    """A metacarpal or metatarsal bone with its digit."""

    base: float
    """Column of the base."""

    head: Point
    """Row and column of the head."""

    angle_deg: float
    """Of the digit, from straight upwards."""

    phalanges_mm: tuple[float, ...]
    """Lengths, from the head to the tip."""

    half_width: float
    """Of the digit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForearmBone:
    """The distal end of radius or ulna."""

    end: float
    """How far proximal of the wrist's middle it ends."""

    column: float
    base: float
    stem: float
    """Radius at the joint and of the shaft."""


WRIST: Final = 52.0
"""Row of the middle of the wrist."""

FINGERS: Final = (
    Ray(base=-9.0, head=(-6.0, -30.0), angle_deg=-13.0, phalanges_mm=(33.0, 19.0, 16.0), half_width=8.0),
    Ray(base=-4.0, head=(-14.0, -10.0), angle_deg=-4.0, phalanges_mm=(42.0, 26.0, 18.0), half_width=9.0),
    Ray(base=2.0, head=(-16.0, 10.0), angle_deg=3.0, phalanges_mm=(46.0, 29.0, 19.0), half_width=9.3),
    Ray(base=7.0, head=(-12.0, 29.0), angle_deg=11.0, phalanges_mm=(41.0, 24.0, 18.0), half_width=9.2),
)
"""Little, ring, middle and index finger of a right hand seen from the back, in mm; bases are spread when drawn."""

THUMB: Final = Ray(base=22.0, head=(WRIST - 36, 44.0), angle_deg=36.0, phalanges_mm=(31.0, 23.0), half_width=10.0)

CARPALS: Final = (
    (-5, -16, 7),
    (-7, -5, 8.5),
    (-6, 8, 6),
    (-4, 17, 6.5),
    (9, -13, 6.5),
    (9, -3, 7.5),
    (8, 13, 7.5),
    (1, -17, 4),
)
"""Hamate, capitate, trapezoid, trapezium, triquetrum, lunate, scaphoid, pisiform: row from the wrist's middle, column,
radius."""

FOREARM: Final = (
    ForearmBone(end=19, column=10.0, base=14.0, stem=7.0),
    ForearmBone(end=22, column=-16.0, base=7.5, stem=5.5),
)
"""Radius and ulna."""

HAND_ARTERIES: Final[dict[str, Points]] = {
    "radial": ((140, 19), (WRIST + 12, 20), (WRIST - 2, 22), (WRIST - 22, 8), (WRIST - 25, -12)),
    "ulnar": ((140, -16), (WRIST + 8, -17), (WRIST - 12, -15), (WRIST - 34, -4), (WRIST - 36, 14)),
}
"""Row and column; each with its arch of the palm."""

TOES: Final = (
    Ray(base=-22.0, head=(-8.0, -36.0), angle_deg=-6.0, phalanges_mm=(24.0, 9.0, 8.0), half_width=7.5),
    Ray(base=-12.0, head=(-20.0, -21.0), angle_deg=-3.0, phalanges_mm=(26.0, 10.0, 8.0), half_width=7.8),
    Ray(base=-2.0, head=(-29.0, -6.0), angle_deg=0.0, phalanges_mm=(28.0, 12.0, 9.0), half_width=8.0),
    Ray(base=8.0, head=(-34.0, 9.0), angle_deg=2.0, phalanges_mm=(31.0, 14.0, 10.0), half_width=8.3),
)
"""Fifth to second toe of a right foot seen from above, in mm."""

GREAT_TOE: Final = Ray(base=20.0, head=(-26.0, 29.0), angle_deg=9.0, phalanges_mm=(36.0, 24.0), half_width=12.5)

TARSALS: Final = (
    (55, -17, 10),
    (54, -4, 8),
    (53, 6, 8),
    (54, 18, 10),
    (72, 14, 13),
    (84, -14, 14),
    (105, 4, 19),
    (96, 8, 16),
)
"""Cuboid, cuneiforms, navicular, heel and talus, some as two: row, column, radius."""

FOOT_ARTERIES: Final[dict[str, Points]] = {
    "dorsalis pedis": ((130, 12), (90, 12), (60, 13), (30, 17), (-5, 19), (-22, 18)),
    "lateral plantar": ((130, -20), (80, -26), (45, -22), (25, -8), (20, 8), (10, 16)),
}
"""Row and column."""


def draw_hand(rng: np.random.Generator) -> Limb:
    """A hand with its wrist, fingers upwards."""
    spread = rng.uniform(0.6, 1.5)
    forearm = draw_flesh([(150, 0), (WRIST + 15, 0)], [(0, 32), (0.6, 27), (1, 27)], 0.75)
    arteries = tuple(curve(course) for course in HAND_ARTERIES.values())
    fingers = [_draw_finger(ray, spread) for ray in FINGERS]
    wrist = Limb(bones=tuple(_draw_wrist(rng)))
    hand = join([Limb(soft=(forearm,), arteries=arteries), *fingers, _draw_thumb(), wrist])
    return _resize(hand, 26.0, rng)


def _draw_finger(ray: Ray, spread: float) -> Limb:
    """A finger with its part of the palm."""
    palm = draw_flesh([(WRIST + 8, ray.base * 1.9), ray.head], [(0, 15), (0.7, 13), (1, 12)], 1.05)
    metacarpal = draw_tubular_bone((WRIST - 14, ray.base * 1.7), ray.head, radius=3.7, base=6.2, head=6.6)
    angle = ray.angle_deg * spread
    flesh, phalanges = _draw_digit(ray, ray.head, angle)
    return Limb((palm, flesh), (metacarpal, *phalanges), _draw_digital_arteries(ray, angle))


def _draw_thumb() -> Limb:
    web = draw_flesh([(WRIST - 4, 14), THUMB.head], [(0, 17), (1, 13)], 1.0)
    metacarpal = draw_tubular_bone((WRIST - 6, THUMB.base), THUMB.head, radius=4.6, base=7.5, head=7.0)
    flesh, phalanges = _draw_digit(THUMB, THUMB.head, THUMB.angle_deg)
    return Limb((web, flesh), (metacarpal, *phalanges))


def _draw_wrist(rng: np.random.Generator) -> list[Rod]:
    """Carpal bones, each a little out of its place, and the ends of radius and ulna."""
    bones = []
    for down, right, radius in CARPALS:
        start = np.array([WRIST + down, right]) + rng.normal(0, 0.7, 2)
        end = start + rng.normal(0, 3.0, 2)
        bones.append(draw_short_bone(np.stack([start, end]), radius * 0.9, 0.9))
    return bones + [_draw_forearm_bone(bone) for bone in FOREARM]


def _draw_forearm_bone(bone: ForearmBone) -> Rod:
    radius = [(0, bone.base), (0.12, bone.base * 0.92), (0.35, bone.stem), (1, bone.stem)]
    return Rod(
        path_mm=curve([(WRIST + bone.end, bone.column), (150, bone.column * 0.9)]),
        radius_mm=sample_profile(radius),
        cortex_mm=sample_profile([(0, 0.5), (0.25, 0.9), (0.5, 2.4), (1, 2.6)]),
        depth=0.9,
        blunt=4.0,
    )


def draw_foot(rng: np.random.Generator) -> Limb:
    """A forefoot and midfoot seen from above, toes upwards."""
    midfoot = draw_flesh([(150, 2), (40, 3)], [(0, 34), (0.6, 36), (1, 26)], 1.0)
    arteries = tuple(curve(course) for course in FOOT_ARTERIES.values())
    spread = rng.uniform(0.7, 1.4)
    toes = [_draw_toe(ray, spread, shaft_mm=3.5, ball_mm=11.5) for ray in TOES]
    great_toe = _draw_toe(GREAT_TOE, spread, shaft_mm=6.2, ball_mm=15)
    tarsus = Limb(bones=tuple(_draw_tarsus(rng)))
    foot = join([Limb(soft=(midfoot,), arteries=arteries), *toes, great_toe, tarsus])
    return _resize(foot, 8.0, rng)


def _draw_toe(ray: Ray, spread: float, *, shaft_mm: float, ball_mm: float) -> Limb:
    """A toe with its metatarsal; `shaft_mm` is the radius of the bone, `ball_mm` of the flesh about its head."""
    row, column = ray.head
    ball = draw_flesh([(70, ray.base), (row + 4, column)], [(0, 17), (0.6, 14), (1, ball_mm)], 1.3)
    metatarsal = draw_tubular_bone(
        (44, ray.base), ray.head, radius=shaft_mm, base=shaft_mm * 1.75, head=shaft_mm * 1.65
    )
    angle = ray.angle_deg * spread
    flesh, phalanges = _draw_digit(ray, (row + 2, column), angle)
    return Limb((ball, flesh), (metatarsal, *phalanges), _draw_digital_arteries(ray, angle))


def _draw_tarsus(rng: np.random.Generator) -> list[Rod]:
    bones = []
    for row, column, radius in TARSALS:
        ends = [(row, column - 3), (row + rng.normal(0, 2), column + 3)]
        bones.append(draw_short_bone(ends, radius, 1.1))
    return bones


def _draw_digit(ray: Ray, joint: Point, angle_deg: float) -> tuple[Rod, list[Rod]]:
    """The flesh and the phalanges of a digit that leaves a joint in a direction."""
    ahead, lengths, width = _point_ahead(angle_deg), ray.phalanges_mm, ray.half_width
    start = np.asarray(joint) + 9 * ahead
    tip = start + ahead * (sum(lengths) + 5 * len(lengths) - 3)
    profile = [(0, width * 1.25), (0.35, width), (0.5, width * 1.03), (1, width * 0.78)]
    flesh = draw_flesh(np.stack([np.asarray(joint), tip]), profile, 0.95)
    phalanges = []
    for number, length in enumerate(lengths):
        end = start + ahead * length
        size = 1 - 0.16 * number
        if number == len(lengths) - 1:
            size = size - 0.15
        phalanges.append(draw_tubular_bone(start, end, radius=3.9 * size, base=6.6 * size, head=5.0 * size))
        start = end + 5.0 * ahead
    return flesh, phalanges


def _draw_digital_arteries(ray: Ray, angle_deg: float) -> tuple[Floats, Floats]:
    """The two arteries of a digit."""
    ahead = _point_ahead(angle_deg)
    aside = np.array([ahead[1], -ahead[0]])
    start = np.asarray(ray.head) - 14 * ahead
    length, width = sum(ray.phalanges_mm), ray.half_width
    stops = [(0, 3.0), (16, width * 0.8), (0.5 * length, width * 0.66), (length + 8, width * 0.4)]
    left = [start + along * ahead + -1 * off * aside for along, off in stops]
    right = [start + along * ahead + 1 * off * aside for along, off in stops]
    return curve(np.stack(left)), curve(np.stack(right))


def _point_ahead(angle_deg: float) -> Floats:
    """Unit vector (row, column) at an angle from straight upwards."""
    angle = np.radians(angle_deg)
    return np.array([-np.cos(angle), np.sin(angle)])


def _resize(limb: Limb, down_mm: float, rng: np.random.Generator) -> Limb:
    """The limb of a smaller or larger person, moved down to lie on the film."""
    size = rng.uniform(0.8, 0.98)

    def fit(rod: Rod) -> Rod:
        path = rod.path_mm * size + [down_mm, 0]
        return replace(rod, path_mm=path, radius_mm=rod.radius_mm * size, cortex_mm=rod.cortex_mm * size)

    return Limb(
        tuple(fit(rod) for rod in limb.soft),
        tuple(fit(rod) for rod in limb.bones),
        tuple(course * size + [down_mm, 0] for course in limb.arteries),
    )
