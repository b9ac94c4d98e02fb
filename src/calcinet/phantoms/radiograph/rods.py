"""Round rods along curves: what bones and flesh of a drawn limb are made of, in mm.

A profile is pairs of (fraction of the length, value).
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
"""Points of a curve."""


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


def curve(points: Points | Floats, n: int = CURVE_POINTS) -> Floats:
    """A smooth curve of `n` points through the given ones."""
    knots = np.asarray(points, float)
    t = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(knots, axis=0).T))])
    at = np.linspace(0, t[-1], n)
    if len(knots) == 2:
        return np.stack([np.interp(at, t, knots[:, k]) for k in range(2)], axis=1)
    return np.asarray(CubicSpline(t, knots, axis=0, bc_type="natural")(at), float)


def sample_profile(profile: Points) -> Floats:
    """Values of a profile at the points of a curve."""
    at, value = np.asarray(profile, float).T
    return np.asarray(np.interp(np.linspace(0, 1, CURVE_POINTS), at, value), float)


def draw_flesh(points: Points | Floats, profile: Points, depth: float) -> Rod:
    """A piece of soft tissue."""
    none = np.zeros(CURVE_POINTS)
    return Rod(path_mm=curve(points), radius_mm=sample_profile(profile), cortex_mm=none, depth=depth, blunt=1.0)


def draw_tubular_bone(start: Point | Floats, end: Point | Floats, *, radius: float, base: float, head: float) -> Rod:
    """A small tubular bone with a flared base and head and a cortex that is thick in the middle."""
    profile = [(0, base), (0.12, base * 0.95), (0.3, radius), (0.65, radius), (0.86, head * 0.92), (1, head * 0.85)]
    cortex = [(0, 0.35), (0.15, 0.4), (0.4, radius * 0.36), (0.6, radius * 0.36), (0.85, 0.4), (1, 0.35)]
    return Rod(
        path_mm=curve(np.array([start, end], float)),
        radius_mm=sample_profile(profile),
        cortex_mm=sample_profile(cortex),
        depth=0.95,
        blunt=4.0,
    )


def draw_short_bone(ends: Points | Floats, radius: float, depth: float) -> Rod:
    """A short bone of the wrist or the ankle."""
    return Rod(
        path_mm=curve(ends),
        radius_mm=np.full(CURVE_POINTS, radius),
        cortex_mm=np.full(CURVE_POINTS, 0.7),
        depth=depth,
        blunt=1.6,
    )


def join(parts: Iterable[Limb]) -> Limb:
    """One limb of several parts."""
    parts = list(parts)
    return Limb(
        tuple(chain.from_iterable(part.soft for part in parts)),
        tuple(chain.from_iterable(part.bones for part in parts)),
        tuple(chain.from_iterable(part.arteries for part in parts)),
    )


def move(limb: Limb, place: Callable[[Floats], Floats], girth: float) -> Limb:
    """The limb with every curve put through `place`, and thicker flesh."""
    soft = [replace(rod, path_mm=place(rod.path_mm), radius_mm=rod.radius_mm * girth) for rod in limb.soft]
    bones = [replace(rod, path_mm=place(rod.path_mm)) for rod in limb.bones]
    arteries = [place(artery) for artery in limb.arteries]
    return Limb(tuple(soft), tuple(bones), tuple(arteries))
