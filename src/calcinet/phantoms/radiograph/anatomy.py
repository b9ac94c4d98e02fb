"""Where the bones, the skin and the arteries of a leg, a foot and a hand run, in mm about the centre of the film.

The proportions are our own drawing of an adult limb, made to look like one; no measurement rests on them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.interpolate import CubicSpline

from calcinet.arrays import Floats

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True, eq=False)
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


@dataclass(frozen=True, slots=True, eq=False)
class Limb:
    """The parts of one limb."""

    soft: tuple[Rod, ...]
    bones: tuple[Rod, ...]
    arteries: tuple[Floats, ...]
    """Course of each artery, (N, 2) in mm."""


def curve(points: Points | Floats, n: int = 60) -> Floats:
    """A smooth curve of `n` points through the given ones."""
    knots = np.asarray(points, float)
    t = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(knots, axis=0).T))])
    at = np.linspace(0, t[-1], n)
    if len(knots) == 2:
        return np.stack([np.interp(at, t, knots[:, k]) for k in range(2)], axis=1)
    return np.asarray(CubicSpline(t, knots, axis=0, bc_type="natural")(at), float)


def _along(n: int, profile: Points) -> Floats:
    """Values at `n` points from (fraction of the length, value) pairs."""
    at, value = np.asarray(profile, float).T
    return np.asarray(np.interp(np.linspace(0, 1, n), at, value), float)


def _soft(points: Points, profile: Points, depth: float = 1.0) -> Rod:
    path = curve(points)
    return Rod(path, _along(len(path), profile), np.zeros(len(path)), depth, 1.0)


def _long_bone(start: tuple[float, float], end: tuple[float, float], radius: float, base: float, head: float) -> Rod:
    """A small tubular bone with a flared base and head and a cortex that is thick in the middle."""
    path = curve([start, end])
    profile = [(0, base), (0.12, base * 0.95), (0.3, radius), (0.65, radius), (0.86, head * 0.92), (1, head * 0.85)]
    cortex = [(0, 0.35), (0.15, 0.4), (0.4, radius * 0.36), (0.6, radius * 0.36), (0.85, 0.4), (1, 0.35)]
    return Rod(path, _along(60, profile), _along(60, cortex), 0.95, 4.0)


def _block(points: Points, radius: float, depth: float = 0.9) -> Rod:
    """A short bone of the wrist or the ankle."""
    path = curve(points)
    return Rod(path, np.full(len(path), radius), np.full(len(path), 0.7), depth, 1.6)


def lower_leg(rng: np.random.Generator) -> Limb:
    """Shin, calf and ankle seen from the front; the ankle joint lies in the lower part of the film."""
    joint = rng.uniform(25, 110)
    top = joint - 420.0
    dist = np.array([-60, -20, 0, 25, 60, 110, 190, 280, 420.0])
    half = np.array([40, 37, 35, 31, 32, 42, 55, 60, 62]) * rng.uniform(0.92, 1.1)
    y = np.linspace(top, joint + 60, 200)
    bow = 3 * np.sin((y - joint) / 140 + rng.uniform(0, 6))
    radius = CubicSpline(dist, half)(joint - y)
    body = Rod(np.stack([y, 2 + bow], axis=1), np.asarray(radius), np.zeros(200), rng.uniform(0.95, 1.1), 1.0)
    arteries = (
        curve(
            [(top, -2), (joint - 260, -12), (joint - 120, -28), (joint - 30, -27), (joint + 12, -27), (joint + 50, -18)]
        ),
        curve([(top, 9), (joint - 250, 10), (joint - 120, 8), (joint - 40, 1), (joint, -3), (joint + 45, -4)]),
        curve([(top, 13), (joint - 250, 17), (joint - 120, 16), (joint - 40, 20), (joint + 5, 30)]),
        curve([(top, -30), (joint - 200, -36), (joint - 110, -30), (joint - 40, -24)]),
    )
    return Limb((body,), _leg_bones(joint, top, rng), arteries)


def _leg_bones(joint: float, top: float, rng: np.random.Generator) -> tuple[Rod, ...]:
    n = 160
    shin = curve([(top, -11), (joint - 200, -11), (joint - 70, -9), (joint - 4, -5)], n)
    up = joint - shin[:, 0]
    stout = rng.uniform(0.92, 1.08)
    tibia = np.interp(up, [0, 8, 25, 50, 90, 200, 420], np.array([21, 21.5, 19.5, 14, 11.5, 12.5, 15]) * stout)
    shell = np.interp(up, [0, 25, 60, 110, 420], [0.6, 0.9, 3.2, 4.6, 5.0])
    calf = curve([(top, 25), (joint - 200, 27), (joint - 60, 23), (joint + 16, 26)], n)
    tip = joint + 16 - calf[:, 0]
    fibula = np.interp(tip, [0, 8, 25, 50, 90, 420], np.array([4.5, 7.5, 8.5, 6, 5.2, 5.8]) * stout)
    thin = np.interp(tip, [0, 30, 70, 420], [0.5, 0.8, 2.0, 2.3])
    malleolus = curve([(joint - 16, -20), (joint + 9, -21)])
    spur = Rod(malleolus, np.linspace(8, 4.5, 60), np.full(60, 0.5), 0.9, 1.3)
    return (
        Rod(shin, tibia, shell, 0.95, 5.0),
        spur,
        Rod(calf, fibula, thin, 0.95, 1.4),
        Rod(curve([(joint + 16, -9), (joint + 14, 8)]), np.linspace(13.0, 11.5, 60), np.full(60, 0.7), 1.2, 2.2),
        Rod(curve([(joint + 34, 6), (joint + 62, 9)]), np.linspace(11, 15, 60), np.full(60, 0.7), 1.1, 1.3),
        Rod(curve([(joint + 36, -15), (joint + 33, 2)]), np.full(60, 10.0), np.full(60, 0.6), 1.1, 1.5),
        Rod(curve([(joint + 58, -20), (joint + 62, -2)]), np.full(60, 9.0), np.full(60, 0.6), 1.1, 1.6),
        Rod(curve([(joint + 80, -14), (joint + 130, -20)]), np.full(60, 7.0), np.full(60, 0.9), 1.1, 1.6),
        Rod(curve([(joint + 80, 4), (joint + 130, 8)]), np.full(60, 6.5), np.full(60, 0.9), 1.1, 1.6),
    )


FINGERS: Final = (
    # spread at the wrist and at the knuckle (column), knuckle row, angle in degrees, lengths of three phalanges, width
    (-9.0, -30.0, -6.0, -13.0, (33.0, 19.0, 16.0), 8.0),
    (-4.0, -10.0, -14.0, -4.0, (42.0, 26.0, 18.0), 9.0),
    (2.0, 10.0, -16.0, 3.0, (46.0, 29.0, 19.0), 9.3),
    (7.0, 29.0, -12.0, 11.0, (41.0, 24.0, 18.0), 9.2),
)
"""Little, ring, middle and index finger of a right hand seen from the back, in mm."""


def hand(rng: np.random.Generator) -> Limb:
    """A hand with its wrist, fingers upwards."""
    wrist = 52.0
    spread = rng.uniform(0.6, 1.5)
    soft = [_soft([(150, 0), (wrist + 15, 0)], [(0, 32), (0.6, 27), (1, 27)], 0.75)]
    bones: list[Rod] = []
    arteries: list[Floats] = []
    for base, knuckle, row, angle, lengths, width in FINGERS:
        start, joint = (wrist - 14, base * 1.7), (row, knuckle)
        soft.append(_soft([(wrist + 8, base * 1.9), joint], [(0, 15), (0.7, 13), (1, 12)], 1.05))
        bones.append(_long_bone(start, joint, 3.7, 6.2, 6.6))
        bones += _phalanges(joint, angle * spread, lengths, soft, width)
        arteries += _digital(joint, angle * spread, sum(lengths), width)
    bones += _thumb(wrist, soft)
    bones += _wrist(wrist, rng)
    arteries.insert(0, curve([(140, 19), (wrist + 12, 20), (wrist - 2, 22), (wrist - 22, 8), (wrist - 25, -12)]))
    arteries.insert(1, curve([(140, -16), (wrist + 8, -17), (wrist - 12, -15), (wrist - 34, -4), (wrist - 36, 14)]))
    return _fitted(Limb(tuple(soft), tuple(bones), tuple(arteries)), 26.0, rng)


def _phalanges(
    joint: tuple[float, float], angle_deg: float, lengths: tuple[float, ...], soft: list[Rod], width: float
) -> list[Rod]:
    """Bones of one finger; its flesh is added to `soft`."""
    ahead = np.array([-np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))])
    here = np.asarray(joint) + 9 * ahead
    tip = here + ahead * (sum(lengths) + 5 * len(lengths) - 3)
    profile = [(0, width * 1.25), (0.35, width), (0.5, width * 1.03), (1, width * 0.78)]
    soft.append(_soft([tuple(np.asarray(joint)), tuple(tip)], profile, 0.95))
    bones = []
    for k, length in enumerate(lengths):
        there = here + ahead * length
        small = 1 - 0.16 * k - (0.15 if k == len(lengths) - 1 else 0)
        bones.append(_long_bone(tuple(here), tuple(there), 3.9 * small, 6.6 * small, 5.0 * small))
        here = there + 5.0 * ahead
    return bones


def _digital(joint: tuple[float, float], angle_deg: float, length: float, width: float) -> list[Floats]:
    """The two arteries of a finger."""
    ahead = np.array([-np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))])
    aside = np.array([ahead[1], -ahead[0]])
    start = np.asarray(joint) - 14 * ahead
    sides = []
    for side in (-1, 1):
        stops = [(0, 3.0), (16, width * 0.8), (0.5 * length, width * 0.66), (length + 8, width * 0.4)]
        sides.append(curve([tuple(start + s * ahead + side * w * aside) for s, w in stops]))
    return sides


def _thumb(wrist: float, soft: list[Rod]) -> list[Rod]:
    root, knuckle = (wrist - 6, 22.0), (wrist - 36, 44.0)
    soft.append(_soft([(wrist - 4, 14), knuckle], [(0, 17), (1, 13)], 1.0))
    bones = [_long_bone(root, knuckle, 4.6, 7.5, 7.0)]
    return bones + _phalanges(knuckle, 36, (31.0, 23.0), soft, 10.0)


def _wrist(wrist: float, rng: np.random.Generator) -> list[Rod]:
    spots = [
        (-5, -16, 7),
        (-7, -5, 8.5),
        (-6, 8, 6),
        (-4, 17, 6.5),
        (9, -13, 6.5),
        (9, -3, 7.5),
        (8, 13, 7.5),
        (1, -17, 4),
    ]
    bones = []
    for down, right, radius in spots:
        a = np.array([wrist + down, right]) + rng.normal(0, 0.7, 2)
        b = a + rng.normal(0, 3.0, 2)
        bones.append(_block([tuple(a), tuple(b)], radius * 0.9))
    for middle, base, stem in ((10.0, 14.0, 7.0), (-16.0, 7.5, 5.5)):
        path = curve([(wrist + 19 + (base < 10) * 3, middle), (150, middle * 0.9)])
        width = _along(60, [(0, base), (0.12, base * 0.92), (0.35, stem), (1, stem)])
        bones.append(Rod(path, width, _along(60, [(0, 0.5), (0.25, 0.9), (0.5, 2.4), (1, 2.6)]), 0.9, 4.0))
    return bones


TOES: Final = (
    # column of the metatarsal's base and head, head's row, angle, phalanges, half-width of the toe
    (-22.0, -36.0, -8.0, -6.0, (24.0, 9.0, 8.0), 7.5),
    (-12.0, -21.0, -20.0, -3.0, (26.0, 10.0, 8.0), 7.8),
    (-2.0, -6.0, -29.0, 0.0, (28.0, 12.0, 9.0), 8.0),
    (8.0, 9.0, -34.0, 2.0, (31.0, 14.0, 10.0), 8.3),
    (20.0, 29.0, -26.0, 9.0, (36.0, 0.0, 24.0), 12.5),
)
"""Fifth to first toe of a right foot seen from above, in mm."""


def foot(rng: np.random.Generator) -> Limb:
    """A forefoot and midfoot seen from above, toes upwards."""
    soft = [_soft([(150, 2), (40, 3)], [(0, 34), (0.6, 36), (1, 26)], 1.0)]
    bones: list[Rod] = []
    arteries: list[Floats] = []
    spread = rng.uniform(0.7, 1.4)
    for root, head, row, angle, lengths, width in TOES:
        thick = 6.2 if width > 10 else 3.5
        soft.append(_soft([(70, root), (row + 4, head)], [(0, 17), (0.6, 14), (1, 11.5 if width < 10 else 15)], 1.3))
        bones.append(_long_bone((44, root), (row, head), thick, thick * 1.75, thick * 1.65))
        bones += _phalanges((row + 2, head), angle * spread, tuple(n for n in lengths if n > 0), soft, width)
        arteries += _digital((row, head), angle * spread, sum(lengths), width)
    spots = [
        (55, -17, 10),
        (54, -4, 8),
        (53, 6, 8),
        (54, 18, 10),
        (72, 14, 13),
        (84, -14, 14),
        (105, 4, 19),
        (96, 8, 16),
    ]
    bones += [_block([(r, c - 3), (r + rng.normal(0, 2), c + 3)], radius, 1.1) for r, c, radius in spots]
    arteries.insert(0, curve([(130, 12), (90, 12), (60, 13), (30, 17), (-5, 19), (-22, 18)]))
    arteries.insert(1, curve([(130, -20), (80, -26), (45, -22), (25, -8), (20, 8), (10, 16)]))
    return _fitted(Limb(tuple(soft), tuple(bones), tuple(arteries)), 8.0, rng)


def _fitted(limb: Limb, down_mm: float, rng: np.random.Generator) -> Limb:
    """The limb of a smaller or larger person, moved to lie on the film."""
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
    "lower leg": lower_leg,
    "foot": foot,
    "hand": hand,
}
"""Each drawn about the centre of the film."""


def moved(limb: Limb, place: Callable[[Floats], Floats], girth: float) -> Limb:
    """The limb with every curve put through `place`, and thicker flesh."""
    return Limb(
        tuple(replace(r, path_mm=place(r.path_mm), radius_mm=r.radius_mm * girth) for r in limb.soft),
        tuple(replace(r, path_mm=place(r.path_mm)) for r in limb.bones),
        tuple(place(a) for a in limb.arteries),
    )
