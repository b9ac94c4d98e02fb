"""A limb as the beam meets it: attenuation, regions and depth on the grid of the film."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Floats, Pixels
from calcinet.phantoms import exposure as beam
from calcinet.phantoms.chance import wander
from calcinet.phantoms.path_lengths import NearPixels, find_pixels_near, mean_chord
from calcinet.phantoms.radiograph.rods import Limb, Rod
from calcinet.phantoms.radiograph.spec import LimbSpec
from calcinet.phantoms.texture import cloud, fibres
from calcinet.phantoms.truth import AIR, BONE, SOFT

SKIN_MM: Final = 1.5
"""Thickness of the skin. Our choice, about that of the leg."""

BONE_SHOWS_MM: Final = 0.8
"""Length of the beam in bone from which a pixel counts as bone. Our choice: less is not seen at the rim."""

JOIN: Final = 4
"""Exponent with which rods of flesh grow together: sum of powers, so that a web forms between neighbours."""

THICK_MM: Final = 20.0
"""Radius of flesh in which fat planes and veins are drawn, at least. Our choice: thinner parts have fine ones."""

PLANE_AND_VEIN: Final = (-2.5, 1.0)
"""Contrast of a fat plane and of a vein over that between muscle and fat; they are drawn by turns."""

TRABECULAE: Final = ((6.0, 0.45, 0), (4.0, 0.4, 85), (5.0, 0.4, 12), (5.0, 0.4, -12), (2.0, 1.5, 0))
"""Bars of bone: length and width in mm, angle to the limb in degrees."""


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """The limb without calcium outside bone; maps of shape (Y, X)."""

    attenuation: Pixels
    regions: NDArray[np.uint8]
    depth_mm: Pixels


def project_limb(limb: Limb, spec: LimbSpec, rng: np.random.Generator) -> Body:
    """Project the parts of `limb`."""
    skin, fat, muscle = _measure_flesh(limb.soft, spec)
    attenuation = beam.SKIN_PER_MM * skin + beam.FAT_PER_MM * fat + beam.MUSCLE_PER_MM * muscle
    attenuation += _draw_grain(skin, fat, muscle, spec, rng)
    attenuation += _draw_planes_and_veins(limb, spec, muscle, rng)
    bone_attenuation, bone_mm = _draw_skeleton(limb.bones, spec, rng)
    attenuation += bone_attenuation
    flesh, bone = skin > 0, bone_mm > BONE_SHOWS_MM
    regions = np.where(bone, BONE, np.where(flesh, SOFT, AIR)).astype(np.uint8)
    depth = cv2.distanceTransform((flesh | bone).astype(np.uint8), cv2.DIST_L2, 5) * spec.pixel_mm
    return Body(np.maximum(attenuation, 0).astype(np.float32), regions, depth.astype(np.float32))


def pixels(mm: Floats, spec: LimbSpec) -> Floats:
    """Row and column of points given in mm from the film's corner."""
    return mm / spec.pixel_mm - 0.5


def _measure_flesh(rods: tuple[Rod, ...], spec: LimbSpec) -> tuple[Pixels, Pixels, Pixels]:
    """Length of the beam in skin, fat and muscle, in mm."""
    layers = [np.zeros(spec.shape, np.float32) for _ in range(3)]
    for rod in rods:
        near = _find_pixels_of(rod, spec)
        radius = near.at(rod.radius_mm)
        under_skin = radius - SKIN_MM
        under_fat = under_skin - np.minimum(spec.fat_mm, 0.3 * radius)
        for layer, edge in zip(layers, (radius, under_skin, under_fat), strict=True):
            chord = mean_chord(near.across, edge / spec.pixel_mm) * (rod.depth * spec.pixel_mm)
            layer[near.rows, near.columns] += chord.astype(np.float32) ** JOIN
    whole, inner, muscle = (layer ** (1 / JOIN) for layer in layers)
    return whole - inner, inner - muscle, muscle


def _find_pixels_of(rod: Rod, spec: LimbSpec) -> NearPixels:
    path, radius = pixels(rod.path_mm, spec), rod.radius_mm / spec.pixel_mm
    return find_pixels_near(spec.shape, path, radius, blunt=rod.blunt)


def _draw_grain(skin: Pixels, fat: Pixels, muscle: Pixels, spec: LimbSpec, rng: np.random.Generator) -> Pixels:
    """Uneven thickness, lobules of fat and fibres of muscle."""
    mm = spec.pixel_mm
    slow = cloud(spec.shape, (25 / mm, 18 / mm), rng)
    lobules = cloud(spec.shape, (3.0 / mm, 2.5 / mm), rng) + 0.6 * cloud(spec.shape, (1.2 / mm, 1.0 / mm), rng)
    stripes = fibres(spec.shape, (18 / mm, 1.6 / mm), spec.angle_deg + rng.uniform(-12, 12), rng)
    coarse = fibres(spec.shape, (30 / mm, 4 / mm), spec.angle_deg + rng.uniform(-8, 8), rng)
    out = muscle * (beam.MUSCLE_PER_MM * (0.012 * slow + 0.0025 * stripes + 0.005 * coarse))
    out += np.minimum(fat, 20) * (beam.FAT_PER_MM * 0.012) * lobules
    out += np.minimum(skin, 4) * (beam.SKIN_PER_MM * 0.05) * cloud(spec.shape, (2 / mm, 2 / mm), rng)
    return np.asarray(out, np.float32)


def _draw_planes_and_veins(limb: Limb, spec: LimbSpec, muscle: Pixels, rng: np.random.Generator) -> Pixels:
    """Dark fat planes between muscles and soft cords of superficial veins, none of them calcium."""
    out = np.zeros(spec.shape, np.float32)
    contrast = beam.MUSCLE_PER_MM - beam.FAT_PER_MM
    for rod in limb.soft:
        if rod.radius_mm.max() < THICK_MM:
            continue
        for number in range(int(rng.integers(5, 10))):
            strength = PLANE_AND_VEIN[number % 2]
            path, radius = _draw_cord(rod, rng)
            near = find_pixels_near(spec.shape, pixels(path, spec), radius / spec.pixel_mm)
            chord = mean_chord(near.across, near.at(radius) / spec.pixel_mm) * spec.pixel_mm
            out[near.rows, near.columns] += (chord * contrast * strength).astype(np.float32)
    return np.asarray(out * np.minimum(muscle / 10, 1), np.float32)


def _draw_cord(rod: Rod, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """A path that runs along a rod within its flesh, and a radius at each of its points; in mm."""
    n = len(rod.path_mm)
    aside = np.clip(rng.uniform(-0.75, 0.75) + 0.12 * wander(n, n / 5, rng), -0.9, 0.9)
    path = rod.path_mm + np.stack([np.zeros(n), aside * rod.radius_mm], axis=1)
    radius = np.full(n, rng.uniform(0.6, 1.8)) * (1 + 0.2 * wander(n, 15, rng))
    return path, radius


def _draw_skeleton(bones: tuple[Rod, ...], spec: LimbSpec, rng: np.random.Generator) -> tuple[Pixels, Pixels]:
    """What bone adds over the muscle it displaces, and the length of the beam in bone in mm."""
    grain = _draw_trabeculae(spec, rng)
    added, total = np.zeros(spec.shape, np.float32), np.zeros(spec.shape, np.float32)
    for bone in bones:
        near = _find_pixels_of(bone, spec)
        here = (near.rows, near.columns)
        whole, within_cortex = _measure_bone(bone, near, spec)
        added[here] += _attenuate_by_bone(bone, near, whole, within_cortex, grain[here], spec).astype(np.float32)
        total[here] += whole.astype(np.float32)
    return added, total


def _measure_bone(bone: Rod, near: NearPixels, spec: LimbSpec) -> tuple[Floats, Floats]:
    """Length of the beam in a bone, and in its inside alone, in mm at each pixel near it."""
    mm, radius = spec.pixel_mm, near.at(bone.radius_mm)
    cortex = near.at(bone.cortex_mm) * (0.45 + 0.55 * spec.bone_density)
    whole = mean_chord(near.across, radius / mm) * (mm * bone.depth)
    within_cortex = mean_chord(near.across, np.maximum(radius - cortex, 0) / mm) * (mm * bone.depth)
    return whole, within_cortex


def _attenuate_by_bone(
    bone: Rod, near: NearPixels, whole: Floats, within_cortex: Floats, grain: Pixels, spec: LimbSpec
) -> Floats:
    """Attenuation that a bone adds to that of the muscle it displaces; ends hold trabeculae, thick shafts marrow."""
    cortex_per_mm = (beam.CORTEX_PER_MM - beam.MUSCLE_PER_MM) * (0.5 + 0.5 * spec.bone_density)
    trabecula_per_mm = (beam.TRABECULA_PER_MM - beam.MUSCLE_PER_MM) * spec.bone_density
    spongy = np.clip(1.6 - near.at(bone.cortex_mm) / 1.2, 0.15, 1.0)
    inside_per_mm = trabecula_per_mm * spongy * (1 + 0.11 * grain)
    cortex = (whole - within_cortex) * cortex_per_mm * (1 + 0.04 * grain)
    return np.asarray(cortex + within_cortex * inside_per_mm)


def _draw_trabeculae(spec: LimbSpec, rng: np.random.Generator) -> Pixels:
    """Bars along and across the limb; fewer and coarser where bone is thin."""
    mm, coarse = spec.pixel_mm, 1.6 - 0.6 * spec.bone_density
    out = np.zeros(spec.shape, np.float32)
    for length, width, turn in TRABECULAE:
        angle = spec.angle_deg + turn + rng.uniform(-6, 6)
        out += fibres(spec.shape, (length / mm, width * coarse / mm), angle, rng)
    return out * np.float32(0.5)
