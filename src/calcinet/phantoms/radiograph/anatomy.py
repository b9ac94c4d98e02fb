"""Where the bones, the skin and the arteries of a leg, a foot and a hand run, in mm about the centre of the film.

The proportions are our own drawing of an adult limb, made to look like one; no measurement rests on them. Rows grow
distally in a leg and proximally in a foot and a hand, whose digits point upwards. A profile is pairs of (fraction of
the length, value).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

import numpy as np
from scipy.interpolate import CubicSpline

from calcinet.arrays import Floats

Point = tuple[float, float]
Points = Sequence[Point]

CURVE_POINTS: Final = 60
SHAFT_POINTS: Final = 160
SKIN_POINTS: Final = 200
"""Points of a curve, of a shaft of the leg, and of the skin of the leg."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Rod:
    """A round rod along a curve: bone or a piece of soft tissue."""

    path_mm: Floats
    """Shape (N, 2): row and column, distal downwards."""

    radius_mm: Floats
    """Shape (N,)."""

    cortex_mm: Floats
    """Shape (N,): cortex of a bone; unused in soft tissue."""

    depth: float = 1.0
    """Thickness along the beam over the width."""

    blunt: float = 1.5
    """As of `find_pixels_near`: how flat its ends are."""


@dataclass(frozen=True, slots=True, eq=False)
class Limb:
    """The parts of one limb."""

    soft: tuple[Rod, ...] = ()
    bones: tuple[Rod, ...] = ()
    arteries: tuple[Floats, ...] = ()
    """Course of each artery, (N, 2) in mm."""


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


def curve(points: Points | Floats, n: int = CURVE_POINTS) -> Floats:
    """A smooth curve of `n` points through the given ones."""
    knots = np.asarray(points, float)
    t = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(knots, axis=0).T))])
    at = np.linspace(0, t[-1], n)
    if len(knots) == 2:
        return np.stack([np.interp(at, t, knots[:, k]) for k in range(2)], axis=1)
    return np.asarray(CubicSpline(t, knots, axis=0, bc_type="natural")(at), float)


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


def draw_hand(rng: np.random.Generator) -> Limb:
    """A hand with its wrist, fingers upwards."""
    spread = rng.uniform(0.6, 1.5)
    forearm = _draw_flesh([(150, 0), (WRIST + 15, 0)], [(0, 32), (0.6, 27), (1, 27)], 0.75)
    arteries = tuple(curve(course) for course in HAND_ARTERIES.values())
    fingers = [_draw_finger(ray, spread) for ray in FINGERS]
    wrist = Limb(bones=tuple(_draw_wrist(rng)))
    hand = _join([Limb(soft=(forearm,), arteries=arteries), *fingers, _draw_thumb(), wrist])
    return _resize(hand, 26.0, rng)


def _draw_finger(ray: Ray, spread: float) -> Limb:
    """A finger with its part of the palm."""
    palm = _draw_flesh([(WRIST + 8, ray.base * 1.9), ray.head], [(0, 15), (0.7, 13), (1, 12)], 1.05)
    metacarpal = _draw_tubular_bone((WRIST - 14, ray.base * 1.7), ray.head, radius=3.7, base=6.2, head=6.6)
    angle = ray.angle_deg * spread
    flesh, phalanges = _draw_digit(ray, ray.head, angle)
    return Limb((palm, flesh), (metacarpal, *phalanges), _draw_digital_arteries(ray, angle))


def _draw_thumb() -> Limb:
    web = _draw_flesh([(WRIST - 4, 14), THUMB.head], [(0, 17), (1, 13)], 1.0)
    metacarpal = _draw_tubular_bone((WRIST - 6, THUMB.base), THUMB.head, radius=4.6, base=7.5, head=7.0)
    flesh, phalanges = _draw_digit(THUMB, THUMB.head, THUMB.angle_deg)
    return Limb((web, flesh), (metacarpal, *phalanges))


def _draw_wrist(rng: np.random.Generator) -> list[Rod]:
    """Carpal bones, each a little out of its place, and the ends of radius and ulna."""
    bones = []
    for down, right, radius in CARPALS:
        start = np.array([WRIST + down, right]) + rng.normal(0, 0.7, 2)
        end = start + rng.normal(0, 3.0, 2)
        bones.append(_draw_short_bone(np.stack([start, end]), radius * 0.9, 0.9))
    return bones + [_draw_forearm_bone(bone) for bone in FOREARM]


def _draw_forearm_bone(bone: ForearmBone) -> Rod:
    radius = [(0, bone.base), (0.12, bone.base * 0.92), (0.35, bone.stem), (1, bone.stem)]
    return Rod(
        path_mm=curve([(WRIST + bone.end, bone.column), (150, bone.column * 0.9)]),
        radius_mm=_sample_profile(radius),
        cortex_mm=_sample_profile([(0, 0.5), (0.25, 0.9), (0.5, 2.4), (1, 2.6)]),
        depth=0.9,
        blunt=4.0,
    )


def draw_foot(rng: np.random.Generator) -> Limb:
    """A forefoot and midfoot seen from above, toes upwards."""
    midfoot = _draw_flesh([(150, 2), (40, 3)], [(0, 34), (0.6, 36), (1, 26)], 1.0)
    arteries = tuple(curve(course) for course in FOOT_ARTERIES.values())
    spread = rng.uniform(0.7, 1.4)
    toes = [_draw_toe(ray, spread, shaft_mm=3.5, ball_mm=11.5) for ray in TOES]
    great_toe = _draw_toe(GREAT_TOE, spread, shaft_mm=6.2, ball_mm=15)
    tarsus = Limb(bones=tuple(_draw_tarsus(rng)))
    foot = _join([Limb(soft=(midfoot,), arteries=arteries), *toes, great_toe, tarsus])
    return _resize(foot, 8.0, rng)


def _draw_toe(ray: Ray, spread: float, *, shaft_mm: float, ball_mm: float) -> Limb:
    """A toe with its metatarsal; `shaft_mm` is the radius of the bone, `ball_mm` of the flesh about its head."""
    row, column = ray.head
    ball = _draw_flesh([(70, ray.base), (row + 4, column)], [(0, 17), (0.6, 14), (1, ball_mm)], 1.3)
    metatarsal = _draw_tubular_bone(
        (44, ray.base), ray.head, radius=shaft_mm, base=shaft_mm * 1.75, head=shaft_mm * 1.65
    )
    angle = ray.angle_deg * spread
    flesh, phalanges = _draw_digit(ray, (row + 2, column), angle)
    return Limb((ball, flesh), (metatarsal, *phalanges), _draw_digital_arteries(ray, angle))


def _draw_tarsus(rng: np.random.Generator) -> list[Rod]:
    bones = []
    for row, column, radius in TARSALS:
        ends = [(row, column - 3), (row + rng.normal(0, 2), column + 3)]
        bones.append(_draw_short_bone(ends, radius, 1.1))
    return bones


def _draw_digit(ray: Ray, joint: Point, angle_deg: float) -> tuple[Rod, list[Rod]]:
    """The flesh and the phalanges of a digit that leaves a joint in a direction."""
    ahead, lengths, width = _point_ahead(angle_deg), ray.phalanges_mm, ray.half_width
    start = np.asarray(joint) + 9 * ahead
    tip = start + ahead * (sum(lengths) + 5 * len(lengths) - 3)
    profile = [(0, width * 1.25), (0.35, width), (0.5, width * 1.03), (1, width * 0.78)]
    flesh = _draw_flesh(np.stack([np.asarray(joint), tip]), profile, 0.95)
    phalanges = []
    for number, length in enumerate(lengths):
        end = start + ahead * length
        size = 1 - 0.16 * number
        if number == len(lengths) - 1:
            size = size - 0.15
        phalanges.append(_draw_tubular_bone(start, end, radius=3.9 * size, base=6.6 * size, head=5.0 * size))
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


def _sample_profile(profile: Points) -> Floats:
    """Values of a profile at the points of a curve."""
    at, value = np.asarray(profile, float).T
    return np.asarray(np.interp(np.linspace(0, 1, CURVE_POINTS), at, value), float)


def _draw_flesh(points: Points | Floats, profile: Points, depth: float) -> Rod:
    none = np.zeros(CURVE_POINTS)
    return Rod(path_mm=curve(points), radius_mm=_sample_profile(profile), cortex_mm=none, depth=depth, blunt=1.0)


def _draw_tubular_bone(start: Point | Floats, end: Point | Floats, *, radius: float, base: float, head: float) -> Rod:
    """A small tubular bone with a flared base and head and a cortex that is thick in the middle."""
    profile = [(0, base), (0.12, base * 0.95), (0.3, radius), (0.65, radius), (0.86, head * 0.92), (1, head * 0.85)]
    cortex = [(0, 0.35), (0.15, 0.4), (0.4, radius * 0.36), (0.6, radius * 0.36), (0.85, 0.4), (1, 0.35)]
    return Rod(
        path_mm=curve(np.array([start, end], float)),
        radius_mm=_sample_profile(profile),
        cortex_mm=_sample_profile(cortex),
        depth=0.95,
        blunt=4.0,
    )


def _draw_short_bone(ends: Points | Floats, radius: float, depth: float) -> Rod:
    """A short bone of the wrist or the ankle."""
    return Rod(
        path_mm=curve(ends),
        radius_mm=np.full(CURVE_POINTS, radius),
        cortex_mm=np.full(CURVE_POINTS, 0.7),
        depth=depth,
        blunt=1.6,
    )


def _join(parts: Iterable[Limb]) -> Limb:
    parts = list(parts)
    return Limb(
        tuple(chain.from_iterable(part.soft for part in parts)),
        tuple(chain.from_iterable(part.bones for part in parts)),
        tuple(chain.from_iterable(part.arteries for part in parts)),
    )


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


ANATOMIES: Final[dict[str, Callable[[np.random.Generator], Limb]]] = {
    "lower leg": draw_lower_leg,
    "foot": draw_foot,
    "hand": draw_hand,
}
"""How each anatomy is drawn about the centre of the film."""


def move(limb: Limb, place: Callable[[Floats], Floats], girth: float) -> Limb:
    """The limb with every curve put through `place`, and thicker flesh."""
    soft = [replace(rod, path_mm=place(rod.path_mm), radius_mm=rod.radius_mm * girth) for rod in limb.soft]
    bones = [replace(rod, path_mm=place(rod.path_mm)) for rod in limb.bones]
    arteries = [place(artery) for artery in limb.arteries]
    return Limb(tuple(soft), tuple(bones), tuple(arteries))
