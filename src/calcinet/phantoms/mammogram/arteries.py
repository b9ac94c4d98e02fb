"""Arteries of the breast: winding, tapering, with tram-tracks, plaques or single beads of calcium."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from calcinet.arrays import Floats, Mask
from calcinet.errors import BadInput
from calcinet.phantoms.calcium import Deposit, Tube
from calcinet.phantoms.path_lengths import resampled
from calcinet.phantoms.random_deposits import Growth
from calcinet.phantoms.texture import cloud, wander
from calcinet.phantoms.truth import VesselTruth
from calcinet.phantoms.vessels import STEP_MM, calcified, vessel_deposit

Calcium = Literal["tram-track", "coarse", "beads"]

SEVERE: Final = 3
"""Arteries with coarse or tram-track calcium that make the highest grade. [csbi_bac]"""

ATTEMPTS: Final = 40
"""Courses that are tried for an artery that keeps clear of the others. Our choice."""

CLEAR_MM: Final = 9.0
"""Distance that arteries keep from one another over most of their course. Our choice: nearer ones could be counted as
one by any reader."""


BETWEEN_GRAINS: Final = 0.2
"""Below this share of the mean calcium there is a gap. Our choice."""


@dataclass(frozen=True, slots=True)
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
    """How many, where the calcium is "beads"."""

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
    """Grade that the arteries stand for [csbi_bac].

    >>> grade_of([]), grade_of([ArterySpec("beads")]), grade_of([ArterySpec()] * 2), grade_of([ArterySpec()] * 3)
    (0, 1, 2, 3)
    """
    coarse = sum(artery.calcium != "beads" for artery in arteries)
    if coarse:
        return 3 if coarse >= SEVERE else 2
    return 1 if arteries else 0


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
        Shape (Y, X): the breast, as far as arteries may lie in it.
    rng
        Source of all chance.
    pixel_mm, blur_px
        Of the film.
    towards
        Row and column of the nipple, which most arteries run to; None: any direction.

    Raises
    ------
    BadInput
        If `where` is empty.
    """
    if not where.any():
        raise BadInput("arteries need a breast to lie in: the region is empty")
    grown: list[Growth] = []
    taken: list[Floats] = []
    for artery in arteries:
        course = _course(artery, where, taken, rng, pixel_mm, towards)
        taken.append(course)
        grown.append(_grown(artery, course, where, rng, pixel_mm, blur_px))
    return grown


def _grown(
    spec: ArterySpec, course: Floats, where: Mask, rng: np.random.Generator, mm: float, blur_px: float
) -> Growth:
    n = len(course)
    diameter = np.linspace(spec.diameter_mm, spec.diameter_mm * spec.taper, n) * (1 + 0.06 * wander(n, 6, rng))
    left, right = _walls(spec, n, rng)
    tilt = 1 + 0.6 * np.abs(wander(n, 10 / STEP_MM, rng)) * spec.tortuosity
    thick = min(spec.wall_mm, 0.5 * float(diameter.min()))
    tube = Tube(course / mm - 0.5, diameter / (2 * mm), thick / mm, left, right, tilt)
    deposit = vessel_deposit(
        [tube], (where.shape[0], where.shape[1]), pixel_mm=mm, blur_px=blur_px, contrast_in_noise=spec.contrast_in_noise
    )
    _break_up(deposit, spec.grain, mm, rng)
    deposit.thickness_mm[~where] = 0
    deposit.footprint[~where] = False
    truth = VesselTruth(tube.path_px, diameter, "unknown", calcified(left, right))
    return Growth(deposit, (tube.path_px,), vessels=(truth,))


def _break_up(deposit: Deposit, grain: float, mm: float, rng: np.random.Generator) -> None:
    """Grains of 0.3 to 0.9 mm with less calcium between them; where there is next to none, nothing is true."""
    size = rng.uniform(0.3, 0.9) / mm
    box = np.flatnonzero(deposit.footprint.any(axis=1)), np.flatnonzero(deposit.footprint.any(axis=0))
    if grain <= 0 or not box[0].size:
        return
    at = slice(int(box[0][0]), int(box[0][-1]) + 1), slice(int(box[1][0]), int(box[1][-1]) + 1)
    rows, columns = deposit.footprint[at].shape
    shape = rows, columns
    speckle = cloud(shape, (size, size), rng) + np.float32(0.6) * cloud(shape, (size / 2, size / 2), rng)
    kept = np.clip(1 + np.float32(1.3 * grain) * speckle, 0.02, 2.2)
    deposit.thickness_mm[at] *= kept
    deposit.footprint[at] &= kept > BETWEEN_GRAINS


def _walls(spec: ArterySpec, n: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Relative calcium of the left and the right wall at each of `n` points."""
    if spec.calcium == "beads":
        return _beads(spec.beads, n, rng)
    amount = [np.clip(0.85 + 0.3 * wander(n, 4, rng), 0.25, 1.6) for _ in range(2)]
    grain = [np.clip(1 + 0.5 * wander(n, 1.2, rng), 0.35, 1.8) for _ in range(2)]
    shared = wander(n, 9 / STEP_MM, rng)
    sides = []
    for side in range(2):
        course = 0.8 * shared + 0.6 * wander(n, 3 / STEP_MM, rng) + 0.35 * wander(n, 1.0 / STEP_MM, rng)
        edge = np.quantile(course, 1 - spec.coverage) if spec.coverage < 1 else -np.inf
        sides.append(amount[side] * grain[side] * np.clip(0.5 + 3 * (course - edge), 0, 1))
    if spec.calcium == "coarse" and rng.random() < 0.6:
        sides[int(rng.integers(2))] *= np.clip(wander(n, 8 / STEP_MM, rng), 0, 1)
    return sides[0], sides[1]


def _beads(count: int, n: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """A few dots of 0.4 to 1.2 mm on either wall."""
    sides = np.zeros((2, n))
    at = np.sort(rng.uniform(0.08, 0.92, count)) * n
    for middle in at:
        half = rng.uniform(0.2, 0.6) / STEP_MM
        bead = np.clip(1.6 - np.abs(np.arange(n) - middle) / max(half, 0.6), 0, 1) * rng.uniform(0.7, 1.4)
        side = int(rng.integers(2))
        sides[side] = np.maximum(sides[side], bead)
    return sides[0], sides[1]


def _course(
    spec: ArterySpec,
    where: Mask,
    taken: Sequence[Floats],
    rng: np.random.Generator,
    mm: float,
    towards: tuple[float, float] | None,
) -> Floats:
    """The clearest of some winding ways through the region, in mm from the film's corner."""
    spots = np.flatnonzero(where)
    best, found = -1.0, np.zeros((2, 2))
    for _ in range(ATTEMPTS):
        middle = np.array(divmod(int(spots[rng.integers(len(spots))]), where.shape[1]), float) * mm
        path = _wound(_bent(middle, spec, rng, towards, mm), spec, rng)
        at = np.rint(path / mm - 0.5).astype(int)
        on = ((at >= 0) & (at < where.shape)).all(axis=1)
        at = np.clip(at, 0, np.subtract(where.shape, 1))
        inside = on & where[at[:, 0], at[:, 1]]
        clear = _clearance(path[::4], taken) >= CLEAR_MM
        share = float(inside.mean()) * (0.3 + 0.7 * float(clear.mean()))
        if share > best:
            best, found = share, path
        if share > 0.93:
            break
    return found


def _clearance(path: Floats, taken: Sequence[Floats]) -> Floats:
    """Distance of each point to the nearest artery that is there already."""
    nearest = np.full(len(path), np.inf)
    for other in taken:
        apart = np.linalg.norm(path[:, None] - other[None, ::4], axis=2).min(axis=1)
        nearest = np.minimum(nearest, apart)
    return nearest


def _bent(
    middle: Floats, spec: ArterySpec, rng: np.random.Generator, towards: tuple[float, float] | None, mm: float
) -> Floats:
    """A gently bending way of the artery's length about a point."""
    n = max(12, round(spec.length_mm / STEP_MM))
    heading = rng.uniform(0, 2 * np.pi)
    if towards is not None:
        ahead = np.array(towards) * mm - middle
        heading = np.arctan2(ahead[0], ahead[1]) + rng.normal(0, 0.5)
    turn = heading + 0.45 * wander(n, 30 / STEP_MM, rng)
    path = np.cumsum(np.stack([np.sin(turn), np.cos(turn)], axis=1) * STEP_MM, axis=0)
    return np.asarray(middle + path - path[n // 2])


def _wound(course: Floats, spec: ArterySpec, rng: np.random.Generator) -> Floats:
    """The way wound about itself."""
    n = len(course)
    swing = spec.tortuosity * (1.6 * wander(n, 9 / STEP_MM, rng) + 0.7 * wander(n, 4 / STEP_MM, rng))
    tangent = np.gradient(course, axis=0)
    tangent /= np.maximum(np.hypot(*tangent.T), 1e-9)[:, None]
    wound = course + swing[:, None] * np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)
    return resampled(wound, STEP_MM)[0]
