"""Bones of a leg in one slice: cortex, trabeculae, marrow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.arrays import Floats, Pixels
from calcinet.phantoms.ct.course import BONES, RODS, ROUND, Course
from calcinet.phantoms.ct.limb import Leg
from calcinet.phantoms.ct.texture import Texture

CORTEX_HU: Final = (750.0, 1450.0)
"""Of a shell of 1 mm and of a shaft."""

MARROW_HU: Final = -50.0
TRABECULAE_HU: Final = (190.0, 80.0)
"""Mean at the ends of bones, and spread."""

END_CORTEX_MM: Final = 2.0
"""Where the cortex is thinner than this, trabeculae lie inside."""


ROUND_CORTEX_MM: Final = 1.1
ROD_CORTEX_MM: Final = 1.3
"""Cortex of condyles, patella and tarsals, and of metatarsals and toes."""

MARGIN_MM: Final = 3.0
"""A window reaches so much beyond its bone."""


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """One bone in a window of a slice."""

    rows: slice
    columns: slice
    outside_mm: Pixels
    """Signed distance to its surface, negative inside."""
    cortex_mm: float


def cut_sections(leg: Leg, z: float, y: Pixels, x: Pixels) -> Iterator[Section]:
    """Sections of all bones at height `z` on rows `y` and columns `x` (mm)."""
    for course in BONES.values():
        if course.low <= z <= course.high:
            yield from _cut_shaft(leg, course, z, y, x)
    for height, back, lateral, *half in ROUND:
        off = (z - height) / half[0]
        if abs(off) < 1:
            wide = np.sqrt(1 - off**2)
            yield from _cut_ellipse(leg, (back, lateral), (half[1] * wide, half[2] * wide), ROUND_CORTEX_MM, y, x)
    for first, second, radius in RODS:
        lowest, highest = min(first[0], second[0]) - radius, max(first[0], second[0]) + radius
        if lowest < z < highest:
            yield from _cut_rod(_place_rod(leg, first, second), radius, leg.girth, z, y, x)


def _cut_shaft(leg: Leg, course: Course, z: float, y: Pixels, x: Pixels) -> Iterator[Section]:
    lateral, back, half, deep, cortex = course(z)
    end = min(z - course.low, course.high - z)
    if end < cortex:  # the closing plate of its end
        cortex = max(half, deep)
    yield from _cut_ellipse(leg, (back, lateral), (deep, half), float(cortex), y, x)


def _cut_ellipse(
    leg: Leg, at: tuple[float, float], half: tuple[float, float], cortex_mm: float, y: Pixels, x: Pixels
) -> Iterator[Section]:
    """`at` and `half`: towards the back and lateral, in mm of an average leg."""
    middle = leg.place(np.array(at[0]), np.array(at[1]))
    half_mm = np.maximum(np.array(half) * leg.girth, 0.5)
    window = find_window(middle, half_mm + MARGIN_MM, y, x)
    if window is None:
        return
    rows, columns = window
    outside = _measure_outside_ellipse(y[rows] - middle[0], x[columns] - middle[1], half_mm)
    yield Section(rows, columns, outside.astype(np.float32), cortex_mm)


def _measure_outside_ellipse(down: Pixels, right: Pixels, half_mm: Floats) -> Floats:
    """Signed distance to an ellipse, near enough: (f - 1) / |grad f| with f = sqrt((y / a)^2 + (x / b)^2)."""
    v, u = down / half_mm[0], right / half_mm[1]
    level = np.hypot(v[:, None], u[None, :])
    steep = np.hypot((v / half_mm[0])[:, None], (u / half_mm[1])[None, :]) / np.maximum(level, 1e-3)
    return np.asarray((level - 1) / np.maximum(steep, 1 / half_mm.max()))


def _place_rod(leg: Leg, first: Sequence[float], second: Sequence[float]) -> Floats:
    """Ends (Z, Y, X) of a rod in the scanner, from (height, back, lateral), shape (2, 3)."""
    ends = np.array([first, second], float)
    return np.column_stack([ends[:, 0], leg.place(ends[:, 1], ends[:, 2])])


def _cut_rod(ends: Floats, radius: float, girth: float, z: float, y: Pixels, x: Pixels) -> Iterator[Section]:
    """The section of a rod with round ends: within `radius` of the nearest point of its axis."""
    low, high = ends[:, 1:].min(axis=0), ends[:, 1:].max(axis=0)
    window = find_window((low + high) / 2, (high - low) / 2 + radius + MARGIN_MM, y, x)
    if window is None:
        return
    rows, columns = window
    start, axis = ends[0], ends[1] - ends[0]
    dz, dy, dx = z - start[0], (y[rows] - start[1])[:, None], (x[columns] - start[2])[None, :]
    share = np.clip((dz * axis[0] + dy * axis[1] + dx * axis[2]) / (axis @ axis), 0, 1)
    away = np.sqrt((dz - share * axis[0]) ** 2 + (dy - share * axis[1]) ** 2 + (dx - share * axis[2]) ** 2)
    yield Section(rows, columns, (away - radius * girth).astype(np.float32), ROD_CORTEX_MM)


def find_window(middle: Floats, reach: Floats, y: Pixels, x: Pixels) -> tuple[slice, slice] | None:
    """Rows and columns within a reach of a point; None where there are none."""
    rows = np.flatnonzero(np.abs(y - middle[0]) <= reach[0])
    columns = np.flatnonzero(np.abs(x - middle[1]) <= reach[1])
    if not len(rows) or not len(columns):
        return None
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def paint_bones(
    hu: Pixels, bone: Pixels, leg: Leg, at: tuple[float, Pixels, Pixels], pixel_mm: float, trabeculae: Texture
) -> None:
    """Lay the bones of a slice over its tissue, and their share of each pixel over `bone`, both in place.

    Parameters
    ----------
    hu, bone
        Brightness and share of bone, shape (Y, X).
    leg
        Whose bones they are.
    at
        Height, rows, columns in mm.
    pixel_mm
        Over which edges are shared.
    trabeculae
        Texture of spongy bone.
    """
    for section in cut_sections(leg, *at):
        inside = np.clip(0.5 - section.outside_mm / pixel_mm, 0, 1)
        core = np.clip(0.5 - (section.outside_mm + section.cortex_mm) / pixel_mm, 0, 1)
        own = _get_cortex_hu(section) * (1 - core) + _paint_core(section, at, trabeculae) * core
        window = (section.rows, section.columns)
        old = bone[window]
        new = np.clip(inside - old, 0, 1)  # where parts of one bone overlap the first stays
        hu[window] = hu[window] * (1 - new) + own * new
        bone[window] = np.maximum(old, inside)


def _get_cortex_hu(section: Section) -> np.float64:
    """Brightness of the cortex: thin shells share their pixels with what is beside them."""
    thick = np.clip((section.cortex_mm - 1) / 3, 0, 1)
    thin_hu, thick_hu = CORTEX_HU
    return np.float64(thin_hu + thick * (thick_hu - thin_hu))


def _paint_core(section: Section, at: tuple[float, Pixels, Pixels], trabeculae: Texture) -> Pixels:
    """Brightness of what a bone holds: trabeculae at its ends, more and more marrow where its cortex is thick."""
    z, y, x = at
    mean_hu, spread_hu = TRABECULAE_HU
    if section.cortex_mm < END_CORTEX_MM:
        spongy = trabeculae.plane(z, y[section.rows], x[section.columns])
        return np.asarray(mean_hu + spread_hu * spongy)
    share = np.float32(max(0.0, 1 - (section.cortex_mm - END_CORTEX_MM)))
    return np.full_like(section.outside_mm, MARROW_HU + share * (mean_hu - MARROW_HU))
