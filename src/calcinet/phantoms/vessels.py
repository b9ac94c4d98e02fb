"""Calcified arteries: tortuous, tapering, branching, with walls that are whole, ringed or patchy."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.arrays import Floats, Mask
from calcinet.phantoms.calcium import Deposit, Tube, draw
from calcinet.phantoms.path_lengths import resampled
from calcinet.phantoms.radiograph.spec import Pattern, VesselSpec
from calcinet.phantoms.texture import wander
from calcinet.phantoms.truth import VESSEL

STEP_MM: Final = 0.4
"""Distance of the points of a centre line. Our choice: finer than any bend."""

THINNEST_MM: Final = 0.3
"""Branches end here. Our choice: thinner ones are drawn as nets."""


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """One unbranched piece; arrays are (N, ...) along it."""

    path_mm: Floats
    diameter_mm: Floats
    tilt: Floats


def tree(course_mm: Floats, spec: VesselSpec, rng: np.random.Generator) -> list[Branch]:
    """An artery along `course_mm` (N, 2) and its branches."""
    trunk = _tortuous(course_mm, spec.diameter_mm, spec.diameter_mm * spec.taper, spec.tortuosity, rng)
    grown = [trunk]
    for _ in range(spec.branches):
        parent = grown[int(rng.integers(len(grown)))] if rng.uniform() < 0.3 else trunk
        branch = _branch(parent, spec.tortuosity, rng)
        if branch is not None:
            grown.append(branch)
    return grown


def wall(branch: Branch, pattern: Pattern, coverage: float, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Relative calcium of the left and right wall along a branch."""
    n = len(branch.path_mm)
    left, right = (np.clip(0.9 + 0.2 * wander(n, 8, rng), 0.3, 1.5) for _ in range(2))
    if pattern == "rings":
        pitch = rng.uniform(0.9, 1.8) / STEP_MM
        ring = 0.55 + 0.45 * np.cos(2 * np.pi * (np.arange(n) / pitch + 0.4 * wander(n, 3 * pitch, rng)))
        left, right = left * ring, right * ring
    if pattern != "continuous" or coverage < 1:
        left, right = (_patches(side, coverage, rng) for side in (left, right))
    return left, right


def tube(branch: Branch, spec: VesselSpec, pixel_mm: float, rng: np.random.Generator) -> Tube:
    """The branch on the film's grid (path in mm from its corner), with a wall."""
    left, right = wall(branch, spec.pattern, spec.coverage, rng)
    thick = min(spec.wall_mm, 0.5 * float(branch.diameter_mm[0]))
    outer = branch.diameter_mm / (2 * pixel_mm)
    return Tube(branch.path_mm / pixel_mm - 0.5, outer, thick / pixel_mm, left, right, branch.tilt)


def vessel_deposit(
    tubes: list[Tube], shape: tuple[int, int], *, pixel_mm: float, blur_px: float, contrast_in_noise: float
) -> Deposit:
    """The calcium of an artery and its branches."""
    thickness, footprint = np.zeros(shape, np.float32), np.zeros(shape, bool)
    for one in tubes:
        draw(one, thickness, footprint, pixel_mm=pixel_mm, blur_px=blur_px)
    return Deposit(thickness, footprint, VESSEL, contrast_in_noise, 75.0)


def _tortuous(course: Floats, first_mm: float, last_mm: float, tortuosity: float, rng: np.random.Generator) -> Branch:
    """Wind a smooth course about itself in space and look at it along the beam."""
    path, _ = resampled(course, STEP_MM)
    n = len(path)
    calibre = np.linspace(first_mm, last_mm, n)
    slow, quick = 22 / STEP_MM, (3 + 2.5 * first_mm) / STEP_MM
    swing = tortuosity * (2.5 * wander(n, slow, rng) + 0.5 * calibre * wander(n, quick, rng))
    rise = tortuosity * (2.5 * wander(n, slow, rng) + 0.5 * calibre * wander(n, quick, rng))
    settle = np.minimum(np.arange(n) / slow, 1.0)
    tangent = np.gradient(path, axis=0)
    tangent /= np.maximum(np.hypot(*tangent.T), 1e-9)[:, None]
    path = path + (settle * swing)[:, None] * np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)
    flat = np.maximum(np.hypot(*np.gradient(path, axis=0).T), 1e-6)
    return Branch(path, calibre, np.hypot(flat, np.gradient(settle * rise)) / flat)


def _branch(parent: Branch, tortuosity: float, rng: np.random.Generator) -> Branch | None:
    n = len(parent.path_mm)
    at = int(rng.uniform(0.05, 0.9) * n)
    first = float(parent.diameter_mm[at]) * rng.uniform(0.3, 0.65)
    if first < THINNEST_MM or n < 8:
        return None
    ahead = parent.path_mm[min(at + 3, n - 1)] - parent.path_mm[max(at - 3, 0)]
    heading = np.arctan2(ahead[1], ahead[0]) + rng.choice([-1, 1]) * rng.uniform(0.35, 1.1)
    steps = int(rng.uniform(12, 22 + 18 * first) / STEP_MM)
    turn = heading + 0.25 * np.cumsum(wander(steps, 20, rng)) * STEP_MM / 3
    course = parent.path_mm[at] + np.cumsum(np.stack([np.cos(turn), np.sin(turn)], axis=1) * STEP_MM, axis=0)
    return _tortuous(course, first, max(THINNEST_MM, 0.5 * first), tortuosity, rng)


def _patches(side: Floats, coverage: float, rng: np.random.Generator) -> Floats:
    """Keep calcium on a fraction of the length, with soft ends."""
    n = len(side)
    field = wander(n, 5 / STEP_MM, rng) + 0.5 * wander(n, 1.6 / STEP_MM, rng)
    edge = np.quantile(field, 1 - min(coverage, 1.0))
    return np.asarray(side * np.clip(0.5 + 2.5 * (field - edge), 0.0, 1.0))


def calcified(left: Floats, right: Floats) -> Mask:
    """Where at least one wall holds calcium that may show."""
    return np.asarray(np.maximum(left, right) > 0.2)
