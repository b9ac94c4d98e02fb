"""What else a mammogram shows: microcalcification, stones, clips, wires, letters, scratches."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from calcinet.arrays import Floats, Pixels
from calcinet.phantoms.calcium import Deposit
from calcinet.phantoms.chance import random_pixel, wander
from calcinet.phantoms.curves import axes_at, directions
from calcinet.phantoms.exposure import blur
from calcinet.phantoms.mammogram.spec import BreastSpec, Mark
from calcinet.phantoms.mammogram.tissue import METAL_PER_MM, Breast
from calcinet.phantoms.path_lengths import find_pixels_near, mean_chord
from calcinet.phantoms.truth import OTHER

COARSE_PX: Final = 4
"""Random points are chosen among every fourth row and column: quick, and near enough."""

POINT_PX: Final = 1e-3
"""Length of a rod that is a dot."""


@dataclass(frozen=True, slots=True, eq=False)
class Extras:
    """Maps of shape (Y, X)."""

    metal: Pixels
    """Attenuation."""

    film: Pixels
    """What scratches add to or take from the finished film, in its grey range."""

    other: Deposit
    """Calcium that is not arterial, in mm."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Canvas:
    """Where extras are drawn, in place; maps as of `Extras`."""

    spec: BreastSpec
    breast: Breast
    rng: np.random.Generator
    metal: Pixels
    film: Pixels
    thickness: Pixels
    """Dense calcium in mm."""


def draw_extras(spec: BreastSpec, breast: Breast, rng: np.random.Generator) -> Extras:
    """Everything that `spec` names besides tissue and arteries."""
    metal, film, thickness = (np.zeros(spec.shape, np.float32) for _ in range(3))
    canvas = _Canvas(spec=spec, breast=breast, rng=rng, metal=metal, film=film, thickness=thickness)
    for _ in range(spec.clusters):
        _draw_cluster(spec.pixel_mm, _choose_spot(breast, rng), thickness, rng)
    for _ in range(spec.grains):
        _draw_stone(spec.pixel_mm, _choose_spot(breast, rng), thickness, rng)
    for name in spec.marks:
        DRAWERS[name](canvas)
    other = Deposit(thickness_mm=thickness, footprint=thickness > 0.01, label=OTHER, contrast_in_noise=1.0)
    return Extras(metal, film, other)


def grains_on(shape: tuple[int, int], pixel_mm: float, rng: np.random.Generator) -> Deposit:
    """A cluster or some stones on a square of a film of any breast, to be put into another."""
    thickness = np.zeros(shape, np.float32)
    side = min(shape)
    for _ in range(int(rng.integers(1, 4))):
        at = rng.uniform(0.2, 0.8, 2) * side
        if rng.random() < 0.6:
            _draw_cluster(pixel_mm, at, thickness, rng)
        else:
            _draw_stone(pixel_mm, at, thickness, rng)
    contrast = float(np.exp(rng.uniform(np.log(5), np.log(40))))
    footprint = thickness > 0.05 * float(thickness.max())
    return Deposit(thickness_mm=thickness, footprint=footprint, label=OTHER, contrast_in_noise=contrast)


def _choose_spot(breast: Breast, rng: np.random.Generator, least_mm: float = 6.0) -> Floats:
    """A random point well under the skin, row and column."""
    depth_mm = breast.depth_mm[::COARSE_PX, ::COARSE_PX]
    deep = depth_mm > min(least_mm, 0.5 * float(breast.depth_mm.max()))
    return random_pixel(deep, rng) * COARSE_PX


def _draw_rod(onto: Pixels, ends: Floats, radius_px: float, per_px: float) -> None:
    """Draw a round rod; where rods meet the thicker one counts."""
    near = find_pixels_near((onto.shape[0], onto.shape[1]), ends, np.full(len(ends), radius_px))
    value = mean_chord(near.across, np.full_like(near.across, radius_px)) * per_px
    onto[near.rows, near.columns] = np.maximum(onto[near.rows, near.columns], value.astype(np.float32))


def _draw_dot(onto: Pixels, at: Floats, radius_px: float, per_px: float) -> None:
    _draw_rod(onto, np.stack([at, at + POINT_PX]), radius_px, per_px)


def _draw_cluster(mm: float, at: Floats, thickness: Pixels, rng: np.random.Generator) -> None:
    """Five to forty grains of 0.1 to 0.6 mm within a centimetre or two, at times in a row as in a duct."""
    spread = rng.uniform(2, 8) / mm
    angle, elongation = rng.uniform(0, np.pi), rng.uniform(1, 3)
    ahead, aside = axes_at(angle)
    for _ in range(int(rng.integers(5, 40))):
        along, across = rng.normal(0, spread, 2) * (elongation, 1 / elongation)
        grain = at + along * ahead + across * aside
        radius = rng.uniform(0.05, 0.3) / mm
        tip = grain + rng.normal(0, 0.25 / mm, 2) * (rng.random() < 0.4)
        _draw_rod(thickness, np.stack([grain, tip + POINT_PX]), radius, mm * rng.uniform(0.15, 0.6))


def _draw_stone(mm: float, at: Floats, thickness: Pixels, rng: np.random.Generator) -> None:
    """A grain, a stone with a clear core, or a short rod of a duct."""
    kind = rng.random()
    if kind < 0.5:
        _draw_dot(thickness, at, rng.uniform(0.1, 0.5) / mm, mm * rng.uniform(0.2, 0.5))
    elif kind < 0.75:
        _draw_ring(mm, at, thickness, rng)
    else:
        angle, half = rng.uniform(0, np.pi), rng.uniform(0.7, 3.0) / mm
        ahead = half * axes_at(angle)[0]
        ends = np.stack([at - ahead, at + ahead])
        _draw_rod(thickness, ends, rng.uniform(0.15, 0.5) / mm, mm * rng.uniform(0.2, 0.5))


def _draw_ring(mm: float, at: Floats, thickness: Pixels, rng: np.random.Generator) -> None:
    """A round stone with a clear core."""
    radius = rng.uniform(0.6, 2.5) / mm
    shape = thickness.shape[0], thickness.shape[1]
    near = find_pixels_near(shape, np.stack([at, at + POINT_PX]), np.full(2, radius))
    ring = mean_chord(near.across, np.full_like(near.across, radius))
    ring -= mean_chord(near.across, np.full_like(near.across, radius * rng.uniform(0.5, 0.8)))
    thickness[near.rows, near.columns] += (ring * mm * rng.uniform(0.15, 0.5)).astype(np.float32)


def _draw_clips(canvas: _Canvas) -> None:
    """Surgical clips in pairs of bars, or one small coil or ring of a biopsy."""
    mm, rng = canvas.spec.pixel_mm, canvas.rng
    for _ in range(int(rng.integers(1, 6))):
        at, angle = _choose_spot(canvas.breast, rng), rng.uniform(0, np.pi)
        ahead, aside = axes_at(angle)
        half = rng.uniform(1.2, 4.5) / mm
        sides: tuple[float, ...] = (0.0,)
        if rng.random() < 0.6:
            sides = (-0.5, 0.5)
        for side in sides:
            ends = np.stack([at - half * ahead, at + half * ahead]) + side / mm * aside
            _draw_rod(canvas.metal, ends, 0.35 / mm, METAL_PER_MM * mm)


def _draw_wire(canvas: _Canvas) -> None:
    """A localisation wire or a skin marker's thin wire."""
    mm, rng = canvas.spec.pixel_mm, canvas.rng
    start = _choose_spot(canvas.breast, rng)
    angle, n = rng.uniform(0, 2 * np.pi), 40
    turn = angle + rng.uniform(0, 0.25) * wander(n, 20, rng)
    length = rng.uniform(20, 80) / mm
    path = start + np.cumsum(directions(turn) * length / n, axis=0)
    _draw_rod(canvas.metal, path, rng.uniform(0.15, 0.3) / mm, METAL_PER_MM * mm)


def _draw_letters(canvas: _Canvas) -> None:
    """Lead letters of side and view beside the breast; at times their foot lies on it."""
    spec, rng = canvas.spec, canvas.rng
    rows, columns = spec.shape
    size = rng.uniform(0.9, 1.5) * 6 / spec.pixel_mm
    row = int(rng.uniform(0.03, 0.12) * rows + size)
    edge = _find_skin_column(canvas.breast, row - int(size), row)
    left = edge + int(rng.uniform(-1, 12) / spec.pixel_mm)
    left = max(min(left, columns - int(3.4 * size)), 0)
    ink = np.zeros(spec.shape, np.uint8)
    text, scale, stroke = f"{spec.laterality} {spec.view}", size / 22, max(2, int(size / 7))
    cv2.putText(ink, text, (left, row), cv2.FONT_HERSHEY_SIMPLEX, scale, 255, stroke, cv2.LINE_AA)
    canvas.metal[:] += np.float32(4.0) * ink / np.float32(255)


def _find_skin_column(breast: Breast, first: int, last: int) -> int:
    """Last column of the breast in some rows; 0 where it is not there."""
    columns = np.flatnonzero(breast.inside[max(first, 0) : last + 1].any(axis=0))
    if not columns.size:
        return 0
    return int(columns[-1])


def _draw_scratches(canvas: _Canvas) -> None:
    """Thin bright or dark lines, nearly straight, single or a few side by side; hairs that bend."""
    rng = canvas.rng
    for _ in range(int(rng.integers(1, 7))):
        line = blur(_draw_line(canvas.spec, rng), rng.uniform(0.3, 0.9))
        canvas.film[:] += np.float32(rng.choice([-1, 1]) * rng.uniform(0.05, 0.3)) * line


def _draw_line(spec: BreastSpec, rng: np.random.Generator) -> Pixels:
    """One scratch or hair, 0 to 1; seven of ten are nearly straight."""
    rows, columns = spec.shape
    start = rng.uniform(0, 1, 2) * (rows, columns * 0.6)
    angle, n = rng.uniform(0, 2 * np.pi), 60
    bends = (0.5, 1.2)
    if rng.random() < 0.7:
        bends = (0.05, 0.15)
    turn = angle + rng.uniform(*bends) * wander(n, 25, rng)
    length = rng.uniform(10, 90) / spec.pixel_mm
    path = start + np.cumsum(directions(turn) * length / n, axis=0)
    ink = np.zeros(spec.shape, np.uint8)
    points = np.round(path[:, ::-1] * 8).astype(np.int32)
    cv2.polylines(ink, [points], False, 255, 1, cv2.LINE_AA, 3)
    return np.asarray(ink.astype(np.float32) / np.float32(255), np.float32)


def _draw_skin_beads(canvas: _Canvas) -> None:
    """Round calcifications of the skin, near its line and, seen from the front, anywhere."""
    mm, rng = canvas.spec.pixel_mm, canvas.rng
    depth_mm = canvas.breast.depth_mm[::COARSE_PX, ::COARSE_PX]
    rim = (depth_mm > 0.4) & (depth_mm < 3)
    for _ in range(int(rng.integers(3, 14))):
        at = random_pixel(rim, rng) * COARSE_PX
        _draw_dot(canvas.thickness, at, rng.uniform(0.2, 0.7) / mm, mm * rng.uniform(0.15, 0.4))


def _draw_plate_edge(canvas: _Canvas) -> None:
    """The bright edge of the plate along the chest wall, or of a digitised film's frame."""
    wide = max(1, round(canvas.rng.uniform(0.3, 3) / canvas.spec.pixel_mm))
    canvas.film[:, :wide] += np.float32(canvas.rng.uniform(0.2, 0.9))


DRAWERS: Final[dict[Mark, Callable[[_Canvas], None]]] = {
    "letter": _draw_letters,
    "clips": _draw_clips,
    "wire": _draw_wire,
    "scratches": _draw_scratches,
    "skin beads": _draw_skin_beads,
    "plate edge": _draw_plate_edge,
}
"""How each mark is drawn."""
