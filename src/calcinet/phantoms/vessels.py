"""Calcified arteries: tortuous, tapering, branching, with walls that are whole, ringed or patchy."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.arrays import Floats, Mask
from calcinet.phantoms.calcium import Deposit, Tube, draw
from calcinet.phantoms.calcium_spec import Pattern, VesselSpec
from calcinet.phantoms.chance import log_uniform, wander
from calcinet.phantoms.curves import normals
from calcinet.phantoms.path_lengths import resample_path
from calcinet.phantoms.truth import VESSEL

STEP_MM: Final = 0.4
"""Distance of the points of a centre line. Our choice: finer than any bend."""

THINNEST_MM: Final = 0.3
"""Branches end here. Our choice: thinner ones are drawn as nets."""

BRANCH_OF_ANY: Final = 0.3
"""Probability that a branch leaves any vessel drawn so far, else the trunk. Our choice."""

SHOWS: Final = 0.2
"""Relative calcium of a wall from which it may show. Our choice."""

COARSE_GRAIN_MM: Final = 3.0
FINE_GRAIN_MM: Final = 1.0
"""Sizes of the grains of a wall. Our choice, by the look of calcified arteries on open films."""

FAINT_WALL: Final = (0.0, 0.35)
"""Relative calcium of the other wall where mostly one holds it, and of the walls between plaques. Our choice."""

PLAQUE_MM: Final = (1.0, 9.0)
PLAQUE_GAP_MM: Final = (0.8, 12.0)
"""Length of plaques and of the gaps between them. Our choice, by the look of femoral arteries on open films."""

PLAQUE_OF_RADIUS: Final = (0.25, 0.9)
"""Half-width of a plaque over the artery's radius. Our choice: from a flake in the wall to one that fills the lumen."""

PLAQUE_AMOUNT: Final = (0.35, 1.4)
"""Relative calcium of a plaque. Our choice: tablets beside flakes."""


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """One unbranched stretch of an artery; arrays are (N, ...) along it."""

    path_mm: Floats
    diameter_mm: Floats
    tilt: Floats
    """Length in space over length as projected."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class CalcifiedBranch:
    """One unbranched stretch of an artery on a film's grid, with its calcium; arrays are (N, ...) along it."""

    path_px: Floats
    diameter_mm: Floats
    tubes: tuple[Tube, ...]
    """Its wall, and its plaques."""

    calcified: Mask
    """Where it holds calcium that may show."""


def grow_branches(course_mm: Floats, spec: VesselSpec, rng: np.random.Generator) -> list[Branch]:
    """An artery along `course_mm` (N, 2) and its branches."""
    trunk = _wind(course_mm, spec.diameter_mm, spec.diameter_mm * spec.taper, spec.tortuosity, rng)
    branches = [trunk]
    for _ in range(spec.branches):
        stem = trunk
        if rng.uniform() < BRANCH_OF_ANY:
            stem = branches[int(rng.integers(len(branches)))]
        branch = _grow_branch(stem, spec.tortuosity, rng)
        if branch is not None:
            branches.append(branch)
    return branches


def calcify_walls(branch: Branch, pattern: Pattern, coverage: float, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Relative calcium of the left and right wall along a branch."""
    n = len(branch.path_mm)
    left = np.clip(0.9 + 0.2 * wander(n, 8, rng), 0.3, 1.5)
    right = np.clip(0.9 + 0.2 * wander(n, 8, rng), 0.3, 1.5)
    if pattern == "rings":
        pitch = rng.uniform(0.9, 1.8) / STEP_MM
        ring = 0.55 + 0.45 * np.cos(2 * np.pi * (np.arange(n) / pitch + 0.4 * wander(n, 3 * pitch, rng)))
        left, right = left * ring, right * ring
    if pattern == "one wall":
        right = right * rng.uniform(*FAINT_WALL)
    if pattern == "plaques":
        left, right = left * rng.uniform(*FAINT_WALL), right * rng.uniform(*FAINT_WALL)
    if pattern != "continuous" or coverage < 1:
        left, right = _keep_patches(left, coverage, rng), _keep_patches(right, coverage, rng)
    return left, right


def make_tube(branch: Branch, spec: VesselSpec, pixel_mm: float, rng: np.random.Generator) -> Tube:
    """The branch on the film's grid (path in mm from its corner), with a wall."""
    left, right = calcify_walls(branch, spec.pattern, spec.coverage, rng)
    if spec.granular > 0:
        left, right = _make_granular(left, spec.granular, rng), _make_granular(right, spec.granular, rng)
    thick = min(spec.wall_mm, 0.5 * float(branch.diameter_mm[0]))
    outer = branch.diameter_mm / (2 * pixel_mm)
    return Tube(
        path_px=branch.path_mm / pixel_mm - 0.5,
        outer_px=outer,
        wall_px=thick / pixel_mm,
        left=left,
        right=right,
        tilt=branch.tilt,
    )


def calcify(branch: Branch, spec: VesselSpec, pixel_mm: float, rng: np.random.Generator) -> CalcifiedBranch:
    """The branch on the film's grid with the calcium of its walls, and with plaques where its pattern has some."""
    wall = make_tube(branch, spec, pixel_mm, rng)
    calcified = mark_calcified(wall.left, wall.right)
    tubes = [wall]
    if spec.pattern == "plaques":
        for first, last in _lay_plaques(len(branch.path_mm), rng):
            tubes.append(_make_plaque(wall, first, last, rng))
            calcified[first:last] = True
    return CalcifiedBranch(
        path_px=wall.path_px, diameter_mm=branch.diameter_mm, tubes=tuple(tubes), calcified=calcified
    )


def _lay_plaques(points: int, rng: np.random.Generator) -> list[tuple[int, int]]:
    """First and past-the-last point of each plaque along a branch of so many points; at least one."""
    laid: list[tuple[int, int]] = []
    at = int(rng.uniform(0, PLAQUE_GAP_MM[1]) / STEP_MM) % max(points - 4, 1)
    while at < points - 3:
        length = max(4, int(log_uniform(rng, PLAQUE_MM) / STEP_MM))
        laid.append((at, min(at + length, points)))
        at += length + int(log_uniform(rng, PLAQUE_GAP_MM) / STEP_MM)
    return laid


def _make_plaque(wall: Tube, first: int, last: int, rng: np.random.Generator) -> Tube:
    """A solid, uneven piece of calcium between two points of a wall, at one side of it or within it."""
    path, radius = wall.path_px[first:last], wall.outer_px[first:last]
    points = len(path)
    share = log_uniform(rng, PLAQUE_OF_RADIUS)
    bulge = np.sin(np.linspace(0.15, np.pi - 0.15, points)) ** 0.6
    uneven = np.clip(1 + 0.3 * wander(points, 2.5, rng), 0.4, 1.6)
    half_width = share * radius * bulge * uneven
    sideways = (1 - share) * rng.uniform(-1.0, 1.0) * radius
    return Tube.flat(
        path + sideways[:, None] * normals(path),
        half_width,
        float(half_width.max()) + 1.0,
        np.full(points, rng.uniform(*PLAQUE_AMOUNT)),
    )


def vessel_deposit(
    tubes: list[Tube], shape: tuple[int, int], *, pixel_mm: float, blur_px: float, contrast_in_noise: float
) -> Deposit:
    """The calcium of an artery and its branches."""
    thickness, footprint = np.zeros(shape, np.float32), np.zeros(shape, bool)
    for tube in tubes:
        draw(tube, thickness, footprint, pixel_mm=pixel_mm, blur_px=blur_px)
    return Deposit(thickness_mm=thickness, footprint=footprint, label=VESSEL, contrast_in_noise=contrast_in_noise)


def _wind(course: Floats, first_mm: float, last_mm: float, tortuosity: float, rng: np.random.Generator) -> Branch:
    """Wind a smooth course about itself in space and look at it along the beam."""
    path, _ = resample_path(course, STEP_MM)
    n = len(path)
    calibre = np.linspace(first_mm, last_mm, n)
    slow, quick = 22 / STEP_MM, (3 + 2.5 * first_mm) / STEP_MM
    swing = tortuosity * (2.5 * wander(n, slow, rng) + 0.5 * calibre * wander(n, quick, rng))
    rise = tortuosity * (2.5 * wander(n, slow, rng) + 0.5 * calibre * wander(n, quick, rng))
    settle = np.minimum(np.arange(n) / slow, 1.0)
    path = path + (settle * swing)[:, None] * normals(path)
    flat = np.maximum(np.hypot(*np.gradient(path, axis=0).T), 1e-6)
    return Branch(path, calibre, np.hypot(flat, np.gradient(settle * rise)) / flat)


def _grow_branch(stem: Branch, tortuosity: float, rng: np.random.Generator) -> Branch | None:
    """A branch off a random point of a stem; None where it would be too thin."""
    n = len(stem.path_mm)
    at = int(rng.uniform(0.05, 0.9) * n)
    first = float(stem.diameter_mm[at]) * rng.uniform(0.3, 0.65)
    if first < THINNEST_MM or n < 8:
        return None
    ahead = stem.path_mm[min(at + 3, n - 1)] - stem.path_mm[max(at - 3, 0)]
    heading = np.arctan2(ahead[1], ahead[0]) + rng.choice([-1, 1]) * rng.uniform(0.35, 1.1)
    steps = int(rng.uniform(12, 22 + 18 * first) / STEP_MM)
    turn = heading + 0.25 * np.cumsum(wander(steps, 20, rng)) * STEP_MM / 3
    steps_mm = np.stack([np.cos(turn), np.sin(turn)], axis=1) * STEP_MM
    course = stem.path_mm[at] + np.cumsum(steps_mm, axis=0)
    return _wind(course, first, max(THINNEST_MM, 0.5 * first), tortuosity, rng)


def _make_granular(side: Floats, granular: float, rng: np.random.Generator) -> Floats:
    """Calcium that comes and goes from grain to grain, its mean kept but for what is cut off at 0."""
    n = len(side)
    grains = 0.6 * wander(n, COARSE_GRAIN_MM / STEP_MM, rng) + 0.5 * wander(n, FINE_GRAIN_MM / STEP_MM, rng)
    return np.asarray(side * np.clip(1 + granular * grains, 0.0, 2.2))


def _keep_patches(side: Floats, coverage: float, rng: np.random.Generator) -> Floats:
    """Keep calcium on a fraction of the length, with soft ends."""
    n = len(side)
    field = wander(n, 5 / STEP_MM, rng) + 0.5 * wander(n, 1.6 / STEP_MM, rng)
    edge = np.quantile(field, 1 - min(coverage, 1.0))
    return np.asarray(side * np.clip(0.5 + 2.5 * (field - edge), 0.0, 1.0))


def mark_calcified(left: Floats, right: Floats) -> Mask:
    """Points where at least one wall holds calcium that may show."""
    return np.asarray(np.maximum(left, right) > SHOWS)
