"""One leg in space: its surface, bones, arteries and layers at any height, in mm."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from calcinet.arrays import Floats
from calcinet.phantoms.ct.course import ARTERIES, FAT_SHARE, SURFACE, Course
from calcinet.vocabulary import LimbSide

ANGLES: Final = 1440
"""Directions in which the surface is known. Our choice: every 0.3 mm of a calf."""

SKIN_MM: Final = (1.5, 2.5)
FAT_MM: Final = (6.0, 14.0)
"""Thickness of skin, and of the subcutis at the calf, over legs."""

WINDING_MM: Final = (0.5, 2.0)
"""How far arteries swing to each side of their course."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Artery:
    """One artery of a leg; points in mm (Y, X)."""

    name: str
    course: Course
    leg: "Leg"
    swing: tuple[float, float, float, float]
    """Amplitude in mm, wavelength in mm, two phases."""

    @property
    def span(self) -> tuple[float, float]:
        """Heights between which it runs."""
        return self.course.low, self.course.high

    def centre(self, z: Floats) -> Floats:
        """Middle (Y, X) at heights, shape (N,) -> (N, 2)."""
        lateral, back, _ = self.course(z).T
        amplitude, wavelength, lateral_phase, back_phase = self.swing
        lateral = lateral + amplitude * np.sin(2 * np.pi * z / wavelength + lateral_phase)
        back = back + amplitude * np.sin(2 * np.pi * z / (1.3 * wavelength) + back_phase)
        return self.leg.place(back, lateral)

    def radius(self, z: Floats) -> Floats:
        """Outer radius at heights."""
        return np.asarray(self.course(z)[..., 2] * self.leg.girth)

    def slope(self, z: Floats) -> Floats:
        """Change of the middle for each mm upwards, shape (N, 2)."""
        return np.asarray(self.centre(z + 0.5) - self.centre(z - 0.5))


@dataclass(frozen=True, eq=False, kw_only=True)
class Leg:
    """One leg: x rises to the patient's left, so that a right leg is a mirrored left one."""

    side: LimbSide
    middle: tuple[float, float]
    """(Y, X) of its axis at the knee."""
    girth: float
    skin_mm: float
    fat_mm: float
    phases: Floats
    swings: Floats

    @property
    def sign(self) -> int:
        """Of the lateral direction along X."""
        return {"L": 1, "R": -1}[self.side]

    def place(self, back: Floats, lateral: Floats) -> Floats:
        """From towards the back and lateral to (Y, X), shape (..., 2)."""
        y, x = self.middle
        return np.stack([y + self.girth * back, x + self.sign * self.girth * lateral], axis=-1)

    def arteries(self) -> list[Artery]:
        """All arteries of the leg."""
        arteries = []
        for (name, course), swing in zip(ARTERIES.items(), self.swings.tolist(), strict=True):
            amplitude, wavelength, first, second = swing
            arteries.append(Artery(name=name, course=course, leg=self, swing=(amplitude, wavelength, first, second)))
        return arteries

    @lru_cache(maxsize=4096)  # noqa: B019 - a leg lives as long as its phantom is made
    def surface(self, z: float) -> tuple[Floats, Floats]:
        """Middle of the section (Y, X), and radius in `ANGLES` directions from it (0 is lateral, then to the back)."""
        half, deep, back = SURFACE(z) * self.girth
        angle = np.arange(ANGLES) * 2 * np.pi / ANGLES
        radius = half * deep / np.hypot(deep * np.cos(angle), half * np.sin(angle))
        for n, phase in enumerate(self.phases, start=2):
            radius = radius * (1 + 0.012 * np.cos(n * angle + phase + z / 90))
        return np.array([self.middle[0] + back, self.middle[1]]), radius

    def outline(self, z: float) -> Floats:
        """Points of the surface (Y, X), shape (ANGLES, 2)."""
        middle, radius = self.surface(z)
        angle = np.arange(ANGLES) * 2 * np.pi / ANGLES
        return np.stack([middle[0] + radius * np.sin(angle), middle[1] + self.sign * radius * np.cos(angle)], axis=1)

    def under_skin(self, z: float, angle: float, depth_mm: float) -> Floats:
        """The point (Y, X) at a depth below the surface, in a direction from the middle."""
        line = self.outline(z)
        n = round(angle / (2 * np.pi) * ANGLES) % ANGLES
        along = line[(n + 4) % ANGLES] - line[n - 4]
        normal = np.array([-along[1], along[0]]) / np.hypot(*along)
        inward = self.surface(z)[0] - line[n]
        return np.asarray(line[n] + np.sign(normal @ inward) * depth_mm * normal)

    def depth(self, points: Floats) -> Floats:
        """Distance of points (Z, Y, X) to the surface within their slice, shape (N, 3) -> (N,)."""
        nearest = []
        for z, *place in points:
            off = self.outline(round(z, 1)) - place
            nearest.append(np.hypot(*off.T).min())
        return np.array(nearest)

    def fat_at(self, z: float) -> Floats:
        """Thickness of the subcutis in `ANGLES` directions."""
        angle = np.arange(ANGLES) * 2 * np.pi / ANGLES
        uneven = 1 + 0.25 * np.cos(angle + self.phases[0]) + 0.1 * np.cos(3 * angle + self.phases[1] + z / 60)
        return np.asarray(self.fat_mm * FAT_SHARE(z)[0] * uneven)

    def fat_towards(self, z: float, angle: float) -> float:
        """Thickness of the subcutis in one direction from the middle."""
        return float(self.fat_at(z)[int(angle / (2 * np.pi) * ANGLES)])


def make_leg(side: LimbSide, middle: tuple[float, float], rng: np.random.Generator) -> Leg:
    """A leg of random girth, fat and winding."""
    names = list(ARTERIES)
    amplitudes = rng.uniform(*WINDING_MM, len(names))
    wavelengths = rng.uniform(35, 80, len(names))
    phases = rng.uniform(0, 2 * np.pi, (2, len(names)))
    swings = np.stack([amplitudes, wavelengths, *phases], axis=1)
    swings[names.index("popliteal")] = swings[names.index("femoral")]  # one vessel
    return Leg(
        side=side,
        middle=middle,
        girth=float(rng.uniform(0.94, 1.1)),
        skin_mm=float(rng.uniform(*SKIN_MM)),
        fat_mm=float(rng.uniform(*FAT_MM)),
        phases=rng.uniform(0, 2 * np.pi, 3),
        swings=swings,
    )


def ring(leg: Leg, z: float, turns: Floats, depth: float) -> Floats:
    """Points (Y, X) at a depth below the surface in directions from the middle of a slice."""
    line = leg.outline(z)
    along = np.roll(line, -4, axis=0) - np.roll(line, 4, axis=0)
    normal = np.stack([-along[:, 1], along[:, 0]], axis=1) / np.hypot(*along.T)[:, None]
    inward = leg.surface(z)[0] - line
    normal *= np.sign((normal * inward).sum(axis=1))[:, None]
    under = line + depth * normal
    at = turns / (2 * np.pi) * ANGLES
    low, share = np.floor(at).astype(int), (at % 1)[:, None]
    return np.asarray((1 - share) * under[low % ANGLES] + share * under[(low + 1) % ANGLES])
