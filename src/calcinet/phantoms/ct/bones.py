"""Bones of a leg in one slice: cortex, trabeculae, marrow."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.arrays import Pixels
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


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """One bone in a window of a slice."""

    rows: slice
    columns: slice
    outside_mm: Pixels
    """Signed distance to its surface, negative inside."""
    cortex_mm: float


def sections(leg: Leg, z: float, y: Pixels, x: Pixels) -> Iterator[Section]:
    """Sections of all bones at height `z` on rows `y` and columns `x` (mm)."""
    for course in BONES.values():
        if course.low <= z <= course.high:
            yield from _shaft(leg, course, z, y, x)
    for height, back, lateral, *half in ROUND:
        off = (z - height) / half[0]
        if abs(off) < 1:
            wide = np.sqrt(1 - off**2)
            yield from _ellipse(leg, (back, lateral), (half[1] * wide, half[2] * wide), 1.1, y, x)
    yield from _rods(leg, z, y, x)


def _shaft(leg: Leg, course: Course, z: float, y: Pixels, x: Pixels) -> Iterator[Section]:
    lateral, back, half, deep, cortex = course(z)
    end = min(z - course.low, course.high - z)
    if end < cortex:  # the closing plate of its end
        cortex = max(half, deep)
    yield from _ellipse(leg, (back, lateral), (deep, half), float(cortex), y, x)


def _ellipse(
    leg: Leg, at: tuple[float, float], half: tuple[float, float], cortex_mm: float, y: Pixels, x: Pixels
) -> Iterator[Section]:
    """`at` and `half`: towards the back and lateral, in mm of an average leg."""
    middle = leg.place(np.array(at[0]), np.array(at[1]))
    half_mm = np.maximum(np.array(half) * leg.girth, 0.5)
    window = _window(middle, half_mm + 3, y, x)
    if window is None:
        return
    rows, columns = window
    v, u = (y[rows] - middle[0]) / half_mm[0], (x[columns] - middle[1]) / half_mm[1]
    level = np.hypot(v[:, None], u[None, :])
    steep = np.hypot((v / half_mm[0])[:, None], (u / half_mm[1])[None, :]) / np.maximum(level, 1e-3)
    outside = (level - 1) / np.maximum(steep, 1 / half_mm.max())
    yield Section(rows, columns, outside.astype(np.float32), cortex_mm)


def _rods(leg: Leg, z: float, y: Pixels, x: Pixels) -> Iterator[Section]:
    for first, second, radius in RODS:
        a, b = np.array(first, float), np.array(second, float)
        if not min(a[0], b[0]) - radius < z < max(a[0], b[0]) + radius:
            continue
        ends = np.array([leg.place(p[1], p[2]) for p in (a, b)])
        low, high = ends.min(axis=0), ends.max(axis=0)
        window = _window((low + high) / 2, (high - low) / 2 + radius + 3, y, x)
        if window is None:
            continue
        rows, columns = window
        p = np.concatenate([[a[0]], ends[0]]), np.concatenate([[b[0]], ends[1]])
        along = p[1] - p[0]
        dz, dy, dx = z - p[0][0], (y[rows] - p[0][1])[:, None], (x[columns] - p[0][2])[None, :]
        share = np.clip((dz * along[0] + dy * along[1] + dx * along[2]) / (along @ along), 0, 1)
        away = np.sqrt((dz - share * along[0]) ** 2 + (dy - share * along[1]) ** 2 + (dx - share * along[2]) ** 2)
        yield Section(rows, columns, (away - radius * leg.girth).astype(np.float32), 1.3)


def _window(middle: np.ndarray, reach: np.ndarray, y: Pixels, x: Pixels) -> tuple[slice, slice] | None:
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
    z, y, x = at
    for part in sections(leg, z, y, x):
        inside = np.clip(0.5 - part.outside_mm / pixel_mm, 0, 1)
        core = np.clip(0.5 - (part.outside_mm + part.cortex_mm) / pixel_mm, 0, 1)
        thick = np.clip((part.cortex_mm - 1) / 3, 0, 1)
        cortex = CORTEX_HU[0] + thick * (CORTEX_HU[1] - CORTEX_HU[0])
        window = (part.rows, part.columns)
        if part.cortex_mm < END_CORTEX_MM:
            spongy = trabeculae.plane(z, y[part.rows], x[part.columns])
            within = TRABECULAE_HU[0] + TRABECULAE_HU[1] * spongy
        else:
            share = np.float32(max(0.0, 1 - (part.cortex_mm - END_CORTEX_MM)))
            within = np.full_like(inside, MARROW_HU + share * (TRABECULAE_HU[0] - MARROW_HU))
        own = cortex * (1 - core) + within * core
        old = bone[window]
        new = np.clip(inside - old, 0, 1)  # overlapping parts of one bone: the first stays
        hu[window] = hu[window] * (1 - new) + own * new
        bone[window] = np.maximum(old, inside)
