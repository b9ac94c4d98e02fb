"""Outer diameter of a calcified artery on CT, from its wall slice by slice, freed of blur."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special

from calcinet.arrays import Floats, Indices, Mask, Pixels
from calcinet.errors import NotMeasurable
from calcinet.measure.result import quantity
from calcinet.text import say

SECTORS: Final = 24
"""Directions from the artery's middle in which its wall is looked for. Our choice: every 15 degrees."""

MOST_GAP_SECTORS: Final = 10
"""Widest gap without calcium round the middle, in sectors. Our choice: two walls that face one another leave 110
degrees between them; a plaque on one side leaves more than 200, and shows no diameter."""

LEAST_SHARE: Final = 0.2
"""A sector holds wall from this share of the fullest sector's calcium on. Our choice."""

BAND_MM: Final = 1.4
"""How far before and beyond the middle of the wall its calcium is summed. Our choice: half a wall and three widths of a
soft kernel's blur."""

RINGS_MM: Final = (0.5, 0.4, 5)
"""Where, beyond the middle of the wall, the tissue about the artery is seen: first ring, thickness of a ring, rings.
The darkest ring of an eighth of the circle is taken there. Our choice: the sheath of fat about an artery is 1 mm
thick, and muscle or a vein follows."""

EIGHTHS: Final = 8

LEAST_PIXELS: Final = 3
"""Of a ring in an eighth, whose mean is believed. Our choice: noise falls to a half."""

RADIUS_MM: Final = (0.7, 6.5)
"""Radius of the middle of the wall. Our choice: from an artery of two pixels to a widened popliteal one."""

STEPS: Final = 6
"""Rounds in which middle and radius are improved. Our choice: the last changes are below 0.01 mm."""

DENSITY_HU: Final = (450.0, 1600.0)
"""Brightness of calcium of walls above blood, if blur did not lower it. Our choice: dense plaques of limbs reach
1500."""

BLUR_MM: Final = (0.28, 0.09)
"""Standard deviation of a scanner's blur, mean and spread over kernels. Our choice: kernels from soft to sharp have 0.5
to 0.9 mm at half their height."""

BLURS_MM: Final = (0.12, 0.5)
"""Blurs over which is summed. Our choice: about two and a half spreads."""

SPREAD_ERROR: Final = 0.2
PEAK_ERROR: Final = 0.1
"""Relative errors of a wall's spread and of its brightest voxel. Our choice: measured on walls that were simulated."""

MOST_WALL: Final = 0.75
"""Thickness of a wall over its outer radius from which it is taken for a solid plaque. Our choice: the walls of
calcified arteries that were generated take up to 0.45."""

LEAST_INNER_MM2: Final = 0.01
"""Keeps a root real where noise makes the wall thinner than its blur. Our choice."""

RUN_GAP: Final = 2
"""A stretch of wall ends where this many of the slices that are looked at show none. Our choice."""

LEAST_SLICES: Final = 2
"""Of a stretch that counts, where there is a longer one. Our choice: one slice may be the blur of the next."""

MOST_SLICES: Final = 60
"""Slices of an artery that are looked at, evenly chosen. Our choice: one a centimetre from the groin to the ankle."""

AROUND_MM: Final = 4.0
"""How far beyond its calcium an artery is looked at. Our choice: the tissue about it, and the lumen of one wall."""

LEAST_ERROR_MM: Final = 0.08
"""Standard deviation of a diameter that many slices leave. Our choice: measured on phantoms of legs."""

COVERAGE: Final = 1.96
"""Standard deviations of a 95 % interval."""

DENSITIES: Final = 40
BLURS: Final = 20
"""Steps over which is summed. Our choice: the sum no longer changes."""

NO_DIAMETER: Final = say("its calcium does not show both sides of the artery in any slice: no outer diameter")
"""Why an artery has no calibre."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ArteryCalibre:
    """What `artery_calibre` found."""

    calibre_mm: float = quantity("mm", say("Outer diameter of the calcified artery"))
    interval_mm: tuple[float, float]
    """It holds the diameter in 95 of 100."""
    slices: Indices
    """Slices in which it was measured, shape (N,)."""
    diameters_mm: Floats
    """In each of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wall:
    """The wall in one slice, blur included; lengths in mm."""

    slice: int
    square_mm2: float
    """Mean square of the distance of its calcium from its middle."""
    spread_mm2: float
    """Variance of that distance."""
    mass_hu_mm: float
    """Calcium along a radius: brightness times thickness."""
    peak_hu: float
    error_mm: float
    """Standard error of its radius."""


def artery_calibre(
    hu: Pixels,
    own: Mask,
    others: Mask,
    spacing_mm: tuple[float, float, float],
    line: Floats,
    blood_hu: float,
) -> ArteryCalibre:
    """Measure an artery where calcium goes round it or lies on both of its sides.

    In each slice the wall's middle c and the mean square distance Q of its calcium from it are found. Blur with a
    standard deviation s adds 2 s^2 to Q; of a wall between the radii R - t and R the rest is (R^2 + (R - t)^2) / 2, so

        R = t / 2 + sqrt(Q - 2 s^2 - t^2 / 4).

    How thick a thin wall is, is not seen: its calcium along a radius is thickness times density, and its spread
    s^2 + t^2 / 12. Diameter and interval are taken over all densities and blurs that fit both.

    Parameters
    ----------
    hu
        Cut out of the volume about the artery, shape (Z, Y, X).
    own, others
        Voxels of its calcium, and of other calcium and bone, same shape.
    spacing_mm
        Distance of voxels along (Z, Y, X).
    line
        The artery's course in voxels of the cut-out, shape (N, 3), Z rising.
    blood_hu
        Brightness of blood.

    Raises
    ------
    NotMeasurable
        If no slice shows both sides of the wall.
    """
    tilts = _measure_tilts(line, spacing_mm, len(hu))
    walls = []
    heights = np.flatnonzero(own.any(axis=(1, 2)))
    step = -(-len(heights) // MOST_SLICES)
    for z in heights[::step]:
        wall = _find_wall(hu[z], own[z], others[z], spacing_mm[1:], tilts[z], blood_hu, int(z))
        if wall is not None:
            walls.append(wall)
    if not walls:
        raise NotMeasurable(NO_DIAMETER)
    stretches = [_measure_stretch(run, spacing_mm) for run in _split_runs(walls, step)]
    stretches = [stretch for stretch in stretches if stretch.is_hollow]
    if not stretches:
        raise NotMeasurable(NO_DIAMETER)
    weights = np.array([len(stretch.slices) for stretch in stretches])
    diameter = float(np.average([stretch.diameter_mm for stretch in stretches], weights=weights))
    systematic = float(np.average([stretch.density_sd_mm for stretch in stretches], weights=weights))
    scatter = np.average([stretch.scatter_sd_mm**2 for stretch in stretches], weights=weights) / len(stretches)
    error = COVERAGE * float(np.sqrt(systematic**2 + scatter + LEAST_ERROR_MM**2))
    return ArteryCalibre(
        calibre_mm=diameter,
        interval_mm=(max(0.0, diameter - error), diameter + error),
        slices=np.concatenate([stretch.slices for stretch in stretches]),
        diameters_mm=np.concatenate([stretch.diameters_mm for stretch in stretches]),
    )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Stretch:
    """Slices one after the other that show the same wall."""

    slices: Indices
    diameters_mm: Floats
    diameter_mm: float
    thickness_mm: float
    density_sd_mm: float
    """Standard deviation that density and blur leave, which are not seen."""
    scatter_sd_mm: float
    """Standard error of the mean over its slices."""

    @property
    def is_hollow(self) -> bool:
        """Whether the wall leaves a lumen; a solid plaque looks like a thick wall round a point."""
        return self.thickness_mm < MOST_WALL * self.diameter_mm / 2


def _measure_tilts(line: Floats, spacing_mm: tuple[float, float, float], slices: int) -> Floats:
    """How far the course moves (Y, X) for each mm along the body in each slice, shape (slices, 2)."""
    if len(line) < 2 or np.ptp(line[:, 0]) == 0:
        return np.zeros((slices, 2))
    places = line * np.array(spacing_mm)
    slopes = np.gradient(places[:, 1:], places[:, 0] + 1e-6 * np.arange(len(places)), axis=0)
    heights = np.arange(slices)
    return np.stack([np.interp(heights, line[:, 0], slopes[:, k]) for k in range(2)], axis=1)


def _find_wall(
    hu: Pixels,
    own: Mask,
    others: Mask,
    pixel_mm: tuple[float, float],
    tilt: Floats,
    blood_hu: float,
    number: int,
) -> _Wall | None:
    """The wall in one slice; None where its calcium does not go round, or lies on one side alone."""
    window = _find_window(own, pixel_mm)
    hu, own, others = hu[window], own[window], others[window]
    marked = np.argwhere(own)
    places = _straighten(marked * np.array(pixel_mm), tilt)
    start = _fit_circle(places, np.maximum(hu[own] - blood_hu, 1.0).astype(np.float64))
    if start is None:
        return None
    middle, radius = start
    grid = _straighten(np.indices(hu.shape).reshape(2, -1).T * np.array(pixel_mm), tilt)
    free = ~others.ravel() | own.ravel()
    values = hu.ravel().astype(np.float64)
    for _ in range(STEPS):
        if not RADIUS_MM[0] <= radius <= RADIUS_MM[1]:
            return None
        off = grid - middle
        away = np.hypot(*off.T)
        turn = (np.arctan2(off[:, 0], off[:, 1]) / (2 * np.pi) + 1) % 1
        about = _find_tissue(values, away - radius, turn, free)
        tissue, reach = about[(turn * EIGHTHS).astype(np.intp) % EIGHTHS].T
        beyond = 1 / (1 + np.exp(-(away - radius - BLUR_MM[0]) / (0.6 * BLUR_MM[0])))
        near = free & (away - radius >= -BAND_MM) & (away - radius <= reach)
        above = (values - blood_hu - (tissue - blood_hu) * beyond)[near]
        sectors = (turn[near] * SECTORS).astype(np.intp) % SECTORS
        mass = np.bincount(sectors, above, SECTORS)
        held = mass > LEAST_SHARE * mass.max()
        if mass.max() <= 0 or _measure_widest_gap(held) > MOST_GAP_SECTORS:
            return None
        mean = np.bincount(sectors, above * away[near], SECTORS)[held] / mass[held]
        step = _solve_step(np.flatnonzero(held), mean, mass[held])
        middle, radius = middle + step[:2], step[2]
    chosen = held[sectors]
    weight = above[chosen]
    total = float(weight.sum())
    distance = away[near][chosen]
    square = float((weight * distance**2).sum()) / total
    first = float((weight * distance).sum()) / total
    arc_mm = 2 * np.pi * radius * held.sum() / SECTORS
    residual = mean - _list_directions(np.flatnonzero(held)) @ step
    return _Wall(
        slice=number,
        square_mm2=square,
        spread_mm2=max(0.0, square - first**2),
        mass_hu_mm=total * float(np.prod(pixel_mm)) / arc_mm,
        peak_hu=float(hu[own].max()) - blood_hu,
        error_mm=float(residual.std() / np.sqrt(max(1, held.sum() - 3))),
    )


def _find_window(own: Mask, pixel_mm: tuple[float, float]) -> tuple[slice, slice]:
    """Rows and columns of a slice that hold some pixels and `AROUND_MM` about them."""
    sides = []
    for line, mm in zip((own.any(axis=1), own.any(axis=0)), pixel_mm, strict=True):
        there, margin = np.flatnonzero(line), int(np.ceil(AROUND_MM / mm))
        sides.append(slice(max(0, int(there[0]) - margin), int(there[-1]) + margin + 1))
    return sides[0], sides[1]


def _straighten(places: Floats, tilt: Floats) -> Floats:
    """Places in a slice as a slice across a tilted artery would show them: shortened along the tilt."""
    steep = float(np.hypot(*tilt))
    if steep < 1e-6:
        return places
    direction = tilt / steep
    along = places @ direction
    return np.asarray(places - np.outer(along * (1 - 1 / np.sqrt(1 + steep**2)), direction))


def _fit_circle(places: Floats, weights: Floats) -> tuple[Floats, float] | None:
    """Middle and radius of the circle that places lie about [least squares of y^2 + x^2 = 2 c (y, x) + k]."""
    if len(places) < 4:
        return None
    origin = places.mean(axis=0)
    local = places - origin
    root = np.sqrt(weights)
    design = np.column_stack([local, np.ones(len(local))]) * root[:, None]
    solution, _, rank, _ = np.linalg.lstsq(design, (local**2).sum(axis=1) * root, rcond=None)
    if rank < 3:
        return None
    middle = solution[:2] / 2
    squared = float(solution[2] + (middle**2).sum())
    if squared <= 0:
        return None
    return origin + middle, float(np.sqrt(squared))


def _find_tissue(values: Floats, beyond_mm: Floats, turn: Floats, free: Mask) -> Floats:
    """Brightness about the artery in each eighth of the circle, and how far beyond the wall it is seen; (EIGHTHS, 2).

    Parameters
    ----------
    values, beyond_mm, turn
        Of each pixel: brightness, distance beyond the middle of the wall, direction as a share of the circle.
    free
        Pixels without other calcium or bone.
    """
    first, thick, rings = RINGS_MM
    ring = np.floor((beyond_mm - first) / thick).astype(np.intp)
    used = free & (ring >= 0) & (ring < rings)
    place = (turn[used] * EIGHTHS).astype(np.intp) % EIGHTHS * rings + ring[used]
    count = np.bincount(place, minlength=EIGHTHS * rings)
    sums = np.bincount(place, values[used], EIGHTHS * rings)
    means = np.where(count >= LEAST_PIXELS, sums / np.maximum(count, 1), np.inf).reshape(EIGHTHS, rings)
    darkest = means.argmin(axis=1)
    tissue = means[np.arange(EIGHTHS), darkest]
    known = np.isfinite(tissue)
    usual = float(np.median(tissue[known])) if known.any() else 0.0
    tissue = np.where(known, tissue, usual)
    return np.stack([tissue, first + thick * (darkest + 0.5)], axis=1)


def _measure_widest_gap(held: Mask) -> int:
    """Longest run of sectors without wall, round the circle."""
    if held.all():
        return 0
    turned = np.roll(held, -int(np.flatnonzero(held)[0]))
    longest, run = 0, 0
    for has_wall in turned:
        run = 0 if has_wall else run + 1
        longest = max(longest, run)
    return longest


def _solve_step(sectors: Indices, means: Floats, weights: Floats) -> Floats:
    """Shift of the middle (Y, X) and radius that make the sectors' mean distances even, shape (3,)."""
    root = np.sqrt(np.maximum(weights, 0))
    design = _list_directions(sectors) * root[:, None]
    solution, *_ = np.linalg.lstsq(design, means * root, rcond=None)
    return np.asarray(solution)


def _list_directions(sectors: Indices) -> Floats:
    """Row, column and 1 for the middle of each sector, shape (N, 3)."""
    angle = (sectors + 0.5) * 2 * np.pi / SECTORS
    return np.column_stack([np.sin(angle), np.cos(angle), np.ones(len(angle))])


def _split_runs(walls: list[_Wall], step: int) -> list[list[_Wall]]:
    """Walls of slices that follow one another, every `step`-th looked at; the longer runs where there are such."""
    runs = [[walls[0]]]
    for wall in walls[1:]:
        if wall.slice - runs[-1][-1].slice > RUN_GAP * step:
            runs.append([])
        runs[-1].append(wall)
    return [run for run in runs if len(run) >= LEAST_SLICES] or runs


def _measure_stretch(walls: list[_Wall], spacing_mm: tuple[float, float, float]) -> _Stretch:
    """Diameter of a stretch, over the densities and blurs that its calcium, its spread and its peak allow.

    A wall of density d and thickness t = mass / d, blurred by s, has the spread t^2 / 12 + s^2 and reaches
    d erf(t / (sqrt(8) s)).
    """
    square = np.array([wall.square_mm2 for wall in walls])
    spread = float(np.median([wall.spread_mm2 for wall in walls]))
    peak = float(np.median([wall.peak_hu for wall in walls]))
    density = np.geomspace(*DENSITY_HU, DENSITIES)[:, None]
    blur = np.linspace(*BLURS_MM, BLURS)[None, :]
    blur2 = blur**2 + spacing_mm[1] * spacing_mm[2] / 12
    thickness = float(np.median([wall.mass_hu_mm for wall in walls])) / density
    expected_spread = thickness**2 / 12 + blur2
    expected_peak = density * special.erf(thickness / np.sqrt(8 * blur2))
    weights = _weigh(blur, BLUR_MM[0], BLUR_MM[1])
    weights = weights * _weigh(spread, expected_spread, SPREAD_ERROR * expected_spread)
    weights = weights * _weigh(peak, expected_peak, PEAK_ERROR * expected_peak)
    weights = weights / weights.sum()
    inner = square[:, None, None] - 2 * blur2 - thickness**2 / 4
    every = thickness + 2 * np.sqrt(np.maximum(inner, LEAST_INNER_MM2))
    diameters = np.asarray((every * weights).sum(axis=(1, 2)))
    means = every.mean(axis=0)
    density_variance = float((weights * (means - (means * weights).sum()) ** 2).sum())
    scatter = float(np.median(np.abs(diameters - np.median(diameters)))) * 1.4826
    return _Stretch(
        slices=np.array([wall.slice for wall in walls]),
        diameters_mm=diameters,
        diameter_mm=float(np.median(diameters)),
        thickness_mm=float((weights * thickness).sum()),
        density_sd_mm=float(np.sqrt(density_variance)),
        scatter_sd_mm=float(np.hypot(scatter, 2 * np.median([wall.error_mm for wall in walls])) / np.sqrt(len(walls))),
    )


def _weigh(value: Floats | float, expected: Floats | float, error: Floats | float) -> Floats:
    """Normal density of a value."""
    return np.asarray(np.exp(-0.5 * ((value - expected) / error) ** 2) / error)
