"""A compressed breast as the beam meets it: outline, thickness, gland, ducts, ligaments, vessels, pectoral muscle."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.phantoms.chance import random_pixel, wander
from calcinet.phantoms.curves import directions
from calcinet.phantoms.exposure import blur
from calcinet.phantoms.mammogram.spec import BreastSpec, View
from calcinet.phantoms.texture import cloud, fibres

FAT_PER_MM: Final = 0.050
GLAND_PER_MM: Final = 0.075
SKIN_PER_MM: Final = 0.080
PECTORAL_PER_MM: Final = 0.076
CALCIUM_PER_MM: Final = 1.9
METAL_PER_MM: Final = 6.0
"""Effective linear attenuation. Our nominal choice for a mammographic beam of about 20 keV effective energy: fat a
third below gland, dense hydroxyapatite some twenty-five times as much as gland."""

SKIN_MM: Final = 1.6
"""Thickness of the skin. Our choice, about that of the breast."""

MIDDLE: Final[dict[View, float]] = {"CC": 0.5, "MLO": 0.58}
"""Height of the breast's middle over that of the film."""

LOBES: Final = ((28.0, 0.9), (13.0, 0.8), (6.0, 0.7), (2.8, 0.5), (1.3, 0.3))
"""Lobes of gland: size in mm, and weight."""

LIGAMENT_GROUPS: Final = 6
"""Ligaments are drawn in groups of one width and attenuation each."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Breast:
    """The breast without calcium; maps of shape (Y, X), the chest wall along the first column."""

    attenuation: Pixels
    inside: Mask
    pectoral: Mask
    depth_mm: Pixels
    thickness_mm: Pixels
    nipple: tuple[float, float]
    """Row and column."""


def project_tissue(spec: BreastSpec, rng: np.random.Generator) -> Breast:
    """Project everything that is no calcium and no metal."""
    inside, nipple = _draw_outline(spec, rng)
    depth = cv2.distanceTransform(np.pad(inside.astype(np.uint8), ((1, 1), (0, 1))), cv2.DIST_L2, 5)[1:-1, :-1]
    depth_mm = np.asarray(depth * spec.pixel_mm, np.float32)
    thickness = _get_thickness(depth_mm, spec)
    pectoral = _draw_pectoral(spec, rng) & inside
    gland = _draw_gland(spec, nipple, depth_mm, rng) * thickness
    lines = _draw_lines(spec, nipple, depth_mm, rng)
    attenuation = FAT_PER_MM * thickness + (GLAND_PER_MM - FAT_PER_MM) * gland + lines * np.minimum(depth_mm / 4, 1)
    skin = np.minimum(2 * SKIN_MM + 14 * np.exp(-depth_mm / 1.1), thickness) * inside
    attenuation += (SKIN_PER_MM - FAT_PER_MM) * skin
    attenuation += _attenuate_by_muscle(spec, pectoral, thickness, rng)
    mottle = (0.012 * cloud(spec.shape, (9, 9), rng) * inside).astype(np.float32)
    attenuation += _attenuate_by_nipple(spec, nipple) + mottle
    return Breast(
        attenuation=np.asarray(np.maximum(attenuation, 0), np.float32),
        inside=inside,
        pectoral=pectoral,
        depth_mm=depth_mm,
        thickness_mm=thickness,
        nipple=nipple,
    )


def _draw_outline(spec: BreastSpec, rng: np.random.Generator) -> tuple[Mask, tuple[float, float]]:
    """The breast's silhouette and where its nipple is."""
    rows, columns = spec.shape
    middle_mm = spec.field_mm[0] * MIDDLE[spec.view] + rng.uniform(-8, 8)
    extent_mm = _draw_extent(spec, middle_mm, rng)
    smooth = cv2.GaussianBlur(extent_mm.astype(np.float32)[:, None], (1, 0), 0, sigmaY=4 / spec.pixel_mm)[:, 0]
    smooth = smooth + 1.2 * wander(rows, 25 / spec.pixel_mm, rng) * (smooth > 3)
    width = np.clip(smooth / spec.pixel_mm, 0, columns - 3 / spec.pixel_mm)
    inside = np.arange(columns) < width[:, None]
    nipple_row = middle_mm / spec.pixel_mm
    if spec.view == "CC":
        nipple_row = float(np.argmax(smooth))
    return inside, (nipple_row, float(width[int(nipple_row)]))


def _draw_extent(spec: BreastSpec, middle_mm: float, rng: np.random.Generator) -> Floats:
    """Distance of the skin line from the chest wall in each row, in mm; on MLO with an axillary tail."""
    row_mm = (np.arange(spec.shape[0]) + 0.5) * spec.pixel_mm
    half, reach = spec.size_mm
    share = np.clip(1 - np.abs((row_mm - middle_mm) / half) ** rng.uniform(1.9, 2.4), 0, None)
    extent = reach * share ** rng.uniform(0.5, 0.62)
    if spec.view == "CC":
        return np.asarray(extent)
    tail = rng.uniform(0.35, 0.6) * reach * np.clip((middle_mm - row_mm) / (0.7 * half), 0, 1) ** 0.7
    return np.asarray(np.where(row_mm < middle_mm, np.maximum(extent, tail), extent))


def _get_thickness(depth_mm: Pixels, spec: BreastSpec) -> Pixels:
    """Flat under the plate, round at the free edge."""
    radius = 0.5 * spec.thickness_mm
    share = np.clip(depth_mm / radius, 0, 1)
    return np.asarray(spec.thickness_mm * np.sqrt(np.maximum(1 - (1 - share) ** 2, 0)), np.float32)


def _draw_gland(spec: BreastSpec, nipple: tuple[float, float], depth_mm: Pixels, rng: np.random.Generator) -> Pixels:
    """Share of gland along the beam, 0 to 1: lobes behind the nipple, fat under the skin."""
    mm = spec.pixel_mm
    coarse: Pixels | int = 0
    for size, weight in LOBES:
        coarse = coarse + weight * cloud(spec.shape, (size / mm, size / mm), rng)
    row, column = np.mgrid[: spec.shape[0], : spec.shape[1]].astype(np.float32)
    away = np.hypot(
        (row - nipple[0]) * mm / (0.62 * spec.size_mm[0]), (column - 0.52 * nipple[1]) * mm / (0.55 * spec.size_mm[1])
    )
    lobes = np.asarray(coarse, np.float32) + np.float32(5 * spec.density - 2.2) - np.float32(1.8) * away
    share = 1 / (1 + np.exp(-0.8 * lobes))
    return np.asarray(0.75 * share * np.clip((depth_mm - 3) / 8, 0, 1), np.float32)


def _draw_lines(spec: BreastSpec, nipple: tuple[float, float], depth_mm: Pixels, rng: np.random.Generator) -> Pixels:
    """Attenuation of ducts, Cooper's ligaments and vessels without calcium."""
    mm, shape = spec.pixel_mm, spec.shape
    drawn = np.zeros(shape, np.float32)
    for _ in range(spec.ducts):
        path = _draw_duct(spec, nipple, rng)
        drawn += _draw_strands(shape, [path], rng.uniform(0.7, 2.2) / mm) * rng.uniform(0.03, 0.12)
    count = 0
    if spec.ligaments:
        count = max(1, spec.ligaments // LIGAMENT_GROUPS)
    for _ in range(LIGAMENT_GROUPS):
        paths = [_draw_ligament(spec, depth_mm, rng) for _ in range(count)]
        drawn += _draw_strands(shape, paths, rng.uniform(0.25, 1.6) / mm) * rng.uniform(0.02, 0.12) * spec.strands
    for _ in range(spec.veins):
        width = rng.uniform(1.2, 3.5)
        drawn += _draw_strands(shape, [_draw_vein(spec, nipple, rng)], width / mm) * rng.uniform(0.02, 0.04) * width
    return drawn


def _draw_strands(shape: tuple[int, int], paths: list[Floats], width_px: float) -> Pixels:
    """Round strands of a width, 0 to 1; points are rows and columns."""
    canvas = np.zeros(shape, np.uint8)
    for path in paths:
        points = np.round(path[:, ::-1] * 8).astype(np.int32)
        cv2.polylines(canvas, [points], False, 255, max(1, round(width_px)), cv2.LINE_AA, 3)
    return blur(canvas.astype(np.float32) / np.float32(255), max(0.3 * width_px, 0.7))


def _walk(
    start: Floats, heading: float, length_px: float, bend: float, scale_px: float, rng: np.random.Generator
) -> Floats:
    """A bending path from a point, in steps of about two pixels."""
    n = max(4, round(length_px / 2))
    turn = heading + bend * wander(n, scale_px / 2, rng)
    return np.asarray(start + np.cumsum(directions(turn) * 2, axis=0))


def _draw_duct(spec: BreastSpec, nipple: tuple[float, float], rng: np.random.Generator) -> Floats:
    mm = spec.pixel_mm
    heading = np.pi + rng.normal(0, 0.55)
    return _walk(np.array(nipple) - [0, 2 / mm], heading, rng.uniform(15, 60) / mm, 0.3, 14 / mm, rng)


def _draw_ligament(spec: BreastSpec, depth_mm: Pixels, rng: np.random.Generator) -> Floats:
    mm = spec.pixel_mm
    start = random_pixel(depth_mm[::8, ::8] > 2, rng) * 8
    heading = rng.normal(0, 0.7)
    if rng.random() < 0.5:
        heading = heading + np.pi
    return _walk(start, heading, rng.uniform(5, 32) / mm, 0.6, 7 / mm, rng)


def _draw_vein(spec: BreastSpec, nipple: tuple[float, float], rng: np.random.Generator) -> Floats:
    mm = spec.pixel_mm
    start = np.array([nipple[0] + rng.uniform(-0.8, 0.8) * spec.size_mm[0] / mm, 0.0])
    ahead = np.array(nipple) - start
    heading = np.arctan2(ahead[0], ahead[1]) + rng.normal(0, 0.35)
    return _walk(start, heading, rng.uniform(40, 110) / mm, 0.35, 18 / mm, rng)


def _draw_pectoral(spec: BreastSpec, rng: np.random.Generator) -> Mask:
    """A triangle at the upper end of the chest wall on MLO; at times a sliver on CC."""
    rows, columns = spec.shape
    row = np.arange(rows)[:, None] * spec.pixel_mm
    column = np.arange(columns)[None] * spec.pixel_mm
    if spec.view == "CC":
        return np.zeros(spec.shape, bool)
    wide, high = rng.uniform(35, 65), rng.uniform(0.55, 0.8) * spec.field_mm[0]
    bulge = 5 * np.sin(np.pi * np.clip(row / high, 0, 1)) * rng.uniform(-0.4, 1)
    return np.asarray(column < wide * (1 - row / high) + bulge)


def _attenuate_by_muscle(spec: BreastSpec, pectoral: Mask, thickness: Pixels, rng: np.random.Generator) -> Pixels:
    if not pectoral.any():
        return np.zeros(spec.shape, np.float32)
    edge = blur(pectoral.astype(np.float32), 1.2 / spec.pixel_mm)
    stripes = 0.03 * fibres(spec.shape, (2.2 / spec.pixel_mm, 40 / spec.pixel_mm), rng.uniform(50, 75), rng)
    return np.asarray(edge * ((PECTORAL_PER_MM - FAT_PER_MM) * 0.6 * thickness + stripes), np.float32)


def _attenuate_by_nipple(spec: BreastSpec, nipple: tuple[float, float]) -> Pixels:
    row, column = np.mgrid[: spec.shape[0], : spec.shape[1]].astype(np.float32)
    away = np.hypot(row - nipple[0], column - nipple[1] + 1.0 / spec.pixel_mm) * spec.pixel_mm
    return np.asarray(0.45 * np.sqrt(np.clip(1 - (away / 4.5) ** 2, 0, None)), np.float32)
