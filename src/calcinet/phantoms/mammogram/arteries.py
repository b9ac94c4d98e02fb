"""Arteries of the breast: winding, tapering, with tram-tracks, plaques or single beads of calcium."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from calcinet.arrays import Floats, Mask
from calcinet.errors import BadInput
from calcinet.phantoms.calcium import Deposit, Tube
from calcinet.phantoms.chance import random_pixel, wander
from calcinet.phantoms.curves import directions, normals
from calcinet.phantoms.path_lengths import resample_path
from calcinet.phantoms.random_deposits import Growth
from calcinet.phantoms.texture import cloud
from calcinet.phantoms.truth import VesselTruth
from calcinet.phantoms.vessels import STEP_MM, mark_calcified, vessel_deposit

Calcium = Literal["tram-track", "coarse", "beads"]

SEVERE: Final = 3
"""Arteries with coarse or tram-track calcium that make the highest grade. [csbi_bac]"""

ATTEMPTS: Final = 40
"""Courses that are tried for an artery that keeps clear of the others. Our choice."""

CLEAR_MM: Final = 9.0
"""Distance that arteries keep from one another over most of their course. Our choice: nearer ones could be counted as
one by any reader."""

GOOD_ENOUGH: Final = 0.93
"""Share of a course in the breast and clear of others at which no better one is looked for. Our choice."""

BETWEEN_GRAINS: Final = 0.2
"""Below this share of the mean calcium there is a gap. Our choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArterySpec:
    """One calcified artery."""

    calcium: Calcium = "tram-track"
    diameter_mm: float = 1.8
    """Outer diameter where it enters the breast; it tapers to `taper` of that."""

    taper: float = 0.6
    wall_mm: float = 0.3
    coverage: float = 0.8
    """Share of the length that is calcified, of each wall."""

    beads: int = 4
    """Number of beads, where the calcium is "beads"."""

    length_mm: float = 70.0
    tortuosity: float = 0.5
    """0 straight to 1 corkscrew."""

    grain: float = 0.5
    """How far its calcium breaks up into grains: 0 smooth, 1 single grains, as media calcium of small arteries."""

    contrast_in_noise: float = 8.0
    """Contrast of its walls (upper quartile) over the noise about them, at least."""

    attenuation: float = 0.15
    """Of its walls (upper quartile), at least: a tenth of a mm of dense calcium takes 0.19 from the beam. A film of
    a high dose has so little noise that calcium of some deviations of it would be a thousandth of that."""


def grade_of(arteries: Sequence[ArterySpec]) -> int:
    """Grade of a breast with these arteries [csbi_bac].

    >>> grade_of([]), grade_of([ArterySpec(calcium="beads")])
    (0, 1)
    >>> grade_of([ArterySpec()] * 2), grade_of([ArterySpec()] * 3)
    (2, 3)
    """
    coarse = sum(artery.calcium != "beads" for artery in arteries)
    if coarse >= SEVERE:
        return 3
    if coarse:
        return 2
    return min(len(arteries), 1)


def grow_arteries(
    arteries: Sequence[ArterySpec],
    where: Mask,
    rng: np.random.Generator,
    *,
    pixel_mm: float,
    blur_px: float,
    towards: tuple[float, float] | None = None,
) -> list[Growth]:
    """Grow each artery in a region, apart from the others.

    Parameters
    ----------
    arteries
        What to grow.
    where
        Shape (Y, X): the breast, as far as arteries may run in it.
    rng
        Source of all chance.
    pixel_mm, blur_px
        Of the film.
    towards
        Row and column of the nipple, to which most arteries run; None: any direction.

    Raises
    ------
    BadInput
        If `where` is empty.
    """
    if not where.any():
        raise BadInput("arteries need a breast to lie in: the region is empty")
    growths: list[Growth] = []
    courses: list[Floats] = []
    for artery in arteries:
        course = _find_course(artery, where, courses, rng, pixel_mm, towards)
        courses.append(course)
        growths.append(_grow(artery, course, where, rng, pixel_mm, blur_px))
    return growths


def _grow(spec: ArterySpec, course: Floats, where: Mask, rng: np.random.Generator, mm: float, blur_px: float) -> Growth:
    n = len(course)
    diameter = np.linspace(spec.diameter_mm, spec.diameter_mm * spec.taper, n) * (1 + 0.06 * wander(n, 6, rng))
    left, right = _calcify_walls(spec, n, rng)
    tilt = 1 + 0.6 * np.abs(wander(n, 10 / STEP_MM, rng)) * spec.tortuosity
    wall_mm = min(spec.wall_mm, 0.5 * float(diameter.min()))
    path_px = course / mm - 0.5
    tube = Tube(path_px=path_px, outer_px=diameter / (2 * mm), wall_px=wall_mm / mm, left=left, right=right, tilt=tilt)
    shape = where.shape[0], where.shape[1]
    deposit = vessel_deposit([tube], shape, pixel_mm=mm, blur_px=blur_px, contrast_in_noise=spec.contrast_in_noise)
    _break_up(deposit, spec.grain, mm, rng)
    deposit.thickness_mm[~where] = 0
    deposit.footprint[~where] = False
    calcified = mark_calcified(left, right) & _find_inside(where, course, mm)
    truth = VesselTruth(centre_line=path_px, diameter_mm=diameter, compartment="unknown", calcified=calcified)
    return Growth(deposit=deposit, lines=(path_px,), vessels=(truth,))


def _break_up(deposit: Deposit, grain: float, mm: float, rng: np.random.Generator) -> None:
    """Break calcium up into grains of 0.3 to 0.9 mm; where there is next to none between them, truth marks none."""
    size = rng.uniform(0.3, 0.9) / mm
    rows = np.flatnonzero(deposit.footprint.any(axis=1))
    columns = np.flatnonzero(deposit.footprint.any(axis=0))
    if grain <= 0 or not rows.size:
        return
    at = slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
    height, width = deposit.footprint[at].shape
    shape = height, width
    speckle = cloud(shape, (size, size), rng) + np.float32(0.6) * cloud(shape, (size / 2, size / 2), rng)
    kept = np.clip(1 + np.float32(1.3 * grain) * speckle, 0.02, 2.2)
    deposit.thickness_mm[at] *= kept
    deposit.footprint[at] &= kept > BETWEEN_GRAINS


def _calcify_walls(spec: ArterySpec, n: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Relative calcium of the left and the right wall at each of `n` points."""
    if spec.calcium == "beads":
        return _place_beads(spec.beads, n, rng)
    amount = [np.clip(0.85 + 0.3 * wander(n, 4, rng), 0.25, 1.6) for _ in range(2)]
    grain = [np.clip(1 + 0.5 * wander(n, 1.2, rng), 0.35, 1.8) for _ in range(2)]
    shared = wander(n, 9 / STEP_MM, rng)
    sides = []
    for side in range(2):
        extent = 0.8 * shared + 0.6 * wander(n, 3 / STEP_MM, rng) + 0.35 * wander(n, 1.0 / STEP_MM, rng)
        edge = -np.inf
        if spec.coverage < 1:
            edge = np.quantile(extent, 1 - spec.coverage)
        sides.append(amount[side] * grain[side] * np.clip(0.5 + 3 * (extent - edge), 0, 1))
    if spec.calcium == "coarse" and rng.random() < 0.6:
        sides[int(rng.integers(2))] *= np.clip(wander(n, 8 / STEP_MM, rng), 0, 1)
    return sides[0], sides[1]


def _place_beads(count: int, n: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """A few dots of 0.4 to 1.2 mm on either wall."""
    sides = np.zeros((2, n))
    at = np.sort(rng.uniform(0.08, 0.92, count)) * n
    for middle in at:
        half = rng.uniform(0.2, 0.6) / STEP_MM
        bead = np.clip(1.6 - np.abs(np.arange(n) - middle) / max(half, 0.6), 0, 1) * rng.uniform(0.7, 1.4)
        side = int(rng.integers(2))
        sides[side] = np.maximum(sides[side], bead)
    return sides[0], sides[1]


def _find_course(
    spec: ArterySpec,
    where: Mask,
    others: Sequence[Floats],
    rng: np.random.Generator,
    mm: float,
    towards: tuple[float, float] | None,
) -> Floats:
    """The clearest of some winding courses through the region, in mm from the film's corner."""
    best_share, best = -1.0, np.zeros((2, 2))
    for _ in range(ATTEMPTS):
        middle = random_pixel(where, rng) * mm
        path = _wind(_bend(middle, spec, rng, towards, mm), spec, rng)
        inside = _find_inside(where, path, mm)
        clear = _measure_clearance(path[::4], others) >= CLEAR_MM
        share = float(inside.mean()) * (0.3 + 0.7 * float(clear.mean()))
        if share > best_share:
            best_share, best = share, path
        if share > GOOD_ENOUGH:
            break
    return best


def _find_inside(where: Mask, path_mm: Floats, mm: float) -> Mask:
    """Which points of a path are on the film and in the region, shape (N,)."""
    at = np.rint(path_mm / mm - 0.5).astype(int)
    on_film = ((at >= 0) & (at < where.shape)).all(axis=1)
    at = np.clip(at, 0, np.subtract(where.shape, 1))
    return np.asarray(on_film & where[at[:, 0], at[:, 1]])


def _measure_clearance(path: Floats, others: Sequence[Floats]) -> Floats:
    """Distance of each point to the nearest artery that is there already."""
    nearest = np.full(len(path), np.inf)
    for other in others:
        apart = np.linalg.norm(path[:, None] - other[None, ::4], axis=2).min(axis=1)
        nearest = np.minimum(nearest, apart)
    return nearest


def _bend(
    middle: Floats, spec: ArterySpec, rng: np.random.Generator, towards: tuple[float, float] | None, mm: float
) -> Floats:
    """A gently bending course of the artery's length about a point."""
    n = max(12, round(spec.length_mm / STEP_MM))
    heading = rng.uniform(0, 2 * np.pi)
    if towards is not None:
        ahead = np.array(towards) * mm - middle
        heading = np.arctan2(ahead[0], ahead[1]) + rng.normal(0, 0.5)
    turn = heading + 0.45 * wander(n, 30 / STEP_MM, rng)
    path = np.cumsum(directions(turn) * STEP_MM, axis=0)
    return np.asarray(middle + path - path[n // 2])


def _wind(course: Floats, spec: ArterySpec, rng: np.random.Generator) -> Floats:
    """The course wound about itself."""
    n = len(course)
    swing = spec.tortuosity * (1.6 * wander(n, 9 / STEP_MM, rng) + 0.7 * wander(n, 4 / STEP_MM, rng))
    wound = course + swing[:, None] * normals(course)
    return resample_path(wound, STEP_MM)[0]
