"""One slice of a leg without calcium: skin, fat and its septa, fascia, muscles, vessels, bones."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.arrays import Indices, Pixels
from calcinet.phantoms.ct.bones import find_window, paint_bones
from calcinet.phantoms.ct.course import KNEE_MM, MUSCLES
from calcinet.phantoms.ct.limb import ANGLES, Artery, Leg
from calcinet.phantoms.ct.texture import Texture

AIR_HU: Final = -1000.0
SKIN_HU: Final = 20.0
FAT_HU: Final = -105.0
SEPTUM_HU: Final = -20.0
MUSCLE_HU: Final = 55.0
BLOOD_HU: Final = 45.0
"""Brightness of tissues at 120 kV. Our choice, of the middle of what is usual."""

FASCIA_MM: Final = 1.0
BETWEEN_MUSCLES_MM: Final = 1.6
"""Thickness of the fat between muscles."""

WALL_MM: Final = 0.5
"""Thickness of an artery's wall without calcium."""

SHEATH_MM: Final = 1.5
SHEATH_HU: Final = FAT_HU + 25
"""Thickness and brightness of the fat about blood vessels."""

SEPTUM: Final = 0.12
"""A septum is where a field is nearer to 0 than this, in its standard deviations."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LegTissue:
    """What the tissues of one leg look like."""

    leg: Leg
    arteries: tuple[Artery, ...]
    septa: tuple[Texture, Texture]
    mottle: Texture
    trabeculae: Texture
    lumen_hu: float
    """Brightness of arterial blood."""


def make_leg_tissue(leg: Leg, lumen_hu: float, rng: np.random.Generator) -> LegTissue:
    """Draw the textures of a leg."""
    return LegTissue(
        leg=leg,
        arteries=tuple(leg.arteries()),
        septa=(Texture((14.0, 8.0, 8.0), rng), Texture((25.0, 13.0, 13.0), rng)),
        mottle=Texture((6.0, 4.0, 4.0), rng),
        trabeculae=Texture((1.5, 1.3, 1.3), rng),
        lumen_hu=lumen_hu,
    )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Slice:
    """A slice of one leg in its window."""

    hu: Pixels
    body: Pixels
    """Share of each pixel that the body fills."""
    bone: Pixels
    depth_mm: Pixels
    """Below the surface, negative outside."""


def paint(tissue: LegTissue, z: float, y: Pixels, x: Pixels, pixel_mm: float) -> Slice:
    """Tissue at height `z` on rows `y` and columns `x` (mm); edges are shared over `pixel_mm`."""
    leg = tissue.leg
    depth, direction = _measure_depth(leg, z, y, x)
    hu = np.where(depth < leg.skin_mm, np.float32(SKIN_HU), _draw_fat(tissue, z, y, x))
    hu = _lay_over(hu, np.full_like(hu, SKIN_HU), 0.5 - (depth - leg.skin_mm) / pixel_mm)
    fascia_mm = (leg.skin_mm + leg.fat_at(z)).astype(np.float32)[direction]
    muscle = _draw_muscle(tissue, z, y, x)
    inner = np.where(depth < fascia_mm + FASCIA_MM, np.float32(MUSCLE_HU), muscle)
    hu = _lay_over(hu, inner, 0.5 + (depth - fascia_mm) / pixel_mm)
    for artery in tissue.arteries:
        low, high = artery.span
        if low <= z <= high:
            _paint_artery(hu, artery, (z, y, x), pixel_mm, tissue.lumen_hu)
    bone = np.zeros_like(hu)
    paint_bones(hu, bone, leg, (z, y, x), pixel_mm, tissue.trabeculae)
    body = np.clip(0.5 + depth / pixel_mm, 0, 1)
    return Slice(hu=hu, body=body, bone=np.minimum(bone, body), depth_mm=depth)


def _lay_over(below: Pixels, above: Pixels, share: Pixels) -> Pixels:
    share = np.clip(share, 0, 1)
    return np.asarray(below + share * (above - below), dtype=np.float32)


def _measure_depth(leg: Leg, z: float, y: Pixels, x: Pixels) -> tuple[Pixels, Indices]:
    """Distance below the surface (negative outside), and the direction's number, of each pixel."""
    middle, radius = leg.surface(z)
    v = (y - middle[0]).astype(np.float32)[:, None]
    u = (leg.sign * (x - middle[1])).astype(np.float32)[None, :]
    steep = np.gradient(np.concatenate([radius[-1:], radius, radius[:1]]))[1:-1] * ANGLES / (2 * np.pi) / radius
    cosine = (1 / np.hypot(1, steep)).astype(np.float32)
    angle = (np.arctan2(v, u) * np.float32(ANGLES / (2 * np.pi)) + np.float32(ANGLES + 0.5)).astype(np.intp) % ANGLES
    return (radius.astype(np.float32)[angle] - np.hypot(v, u)) * cosine[angle], angle


def _draw_fat(tissue: LegTissue, z: float, y: Pixels, x: Pixels) -> Pixels:
    """Fat with septa: sheets where either of two fields changes its sign."""
    first, second = (np.abs(texture.plane(z, y, x)) for texture in tissue.septa)
    thin = np.float32(SEPTUM)
    sheet = np.maximum(np.clip(1 - first / thin, 0, 1), np.clip(1 - second / thin, 0, 1))
    return np.asarray(FAT_HU + sheet * np.float32(SEPTUM_HU - FAT_HU), dtype=np.float32)


def _draw_muscle(tissue: LegTissue, z: float, y: Pixels, x: Pixels) -> Pixels:
    """Muscles with fat between: pixels that are as near to one muscle's middle as to another's."""
    leg = tissue.leg
    shift = 4 * np.sin(z / 50 + leg.phases[0])
    first = np.full((len(y), len(x)), np.inf, dtype=np.float32)
    second = first.copy()
    muscles = MUSCLES["upper"]
    if z < KNEE_MM:
        muscles = MUSCLES["lower"]
    for lateral, back in muscles:
        middle = leg.place(np.array(back + shift), np.array(lateral - shift))
        down, right = ((y - middle[0]) ** 2).astype(np.float32), ((x - middle[1]) ** 2).astype(np.float32)
        away = down[:, None] + right[None, :]
        np.minimum(second, np.maximum(first, away), out=second)
        np.minimum(first, away, out=first)
    gap = np.sqrt(second) - np.sqrt(first)
    fat = np.clip(BETWEEN_MUSCLES_MM + 0.5 - gap, 0, 1)
    hu = MUSCLE_HU + 6 * tissue.mottle.plane(z, y, x)
    return np.asarray(hu + fat * (FAT_HU + 20 - hu), dtype=np.float32)


def _paint_artery(
    hu: Pixels, artery: Artery, at: tuple[float, Pixels, Pixels], pixel_mm: float, lumen_hu: float
) -> None:
    """Lay an artery and the vein beside it over a slice, in place; both share a sheath of fat."""
    z, y, x = at
    centre, radius = artery.centre(np.array([z]))[0], float(artery.radius(np.array(z)))
    window = find_window(centre, np.full(2, 3 * radius + 4), y, x)
    if window is None:
        return
    dy, dx = (y[window[0]] - centre[0])[:, None], (x[window[1]] - centre[1])[None, :]
    artery_mm, vein_mm = np.hypot(dy, dx), np.hypot(dy - 1.6 * radius, dx + 1.4 * radius)
    discs = (
        (np.minimum(artery_mm, vein_mm), radius + SHEATH_MM, SHEATH_HU),
        (vein_mm, 1.05 * radius, BLOOD_HU),
        (artery_mm, radius, BLOOD_HU),
        (artery_mm, radius - WALL_MM, lumen_hu),
    )
    painted = hu[window]
    for distance, disc_radius, disc_hu in discs:
        share = 0.5 + (disc_radius - distance).astype(np.float32) / pixel_mm
        painted = _lay_over(painted, np.full_like(painted, disc_hu), share)
    hu[window] = painted
