"""One slice of a leg without calcium: skin, fat and its septa, fascia, muscles, vessels, bones."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.arrays import Indices, Pixels
from calcinet.phantoms.ct.bones import paint_bones
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


@dataclass(frozen=True, slots=True, eq=False)
class Stuff:
    """What the tissues of one leg look like."""

    leg: Leg
    arteries: tuple[Artery, ...]
    septa: tuple[Texture, Texture]
    mottle: Texture
    trabeculae: Texture
    lumen_hu: float
    """Brightness of arterial blood."""


def make_stuff(leg: Leg, lumen_hu: float, rng: np.random.Generator) -> Stuff:
    """Draw the textures of a leg."""
    return Stuff(
        leg,
        tuple(leg.arteries()),
        (Texture((14.0, 8.0, 8.0), rng), Texture((25.0, 13.0, 13.0), rng)),
        Texture((6.0, 4.0, 4.0), rng),
        Texture((1.5, 1.3, 1.3), rng),
        lumen_hu,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    """A slice of one leg in its window."""

    hu: Pixels
    body: Pixels
    """Share of each pixel that the body fills."""
    bone: Pixels
    depth_mm: Pixels
    """Below the surface, negative outside."""


def paint(stuff: Stuff, z: float, y: Pixels, x: Pixels, pixel_mm: float) -> Slice:
    """Tissue at height `z` on rows `y` and columns `x` (mm); edges are shared over `pixel_mm`."""
    leg = stuff.leg
    depth, angle = _depth(leg, z, y, x)
    body = np.clip(0.5 + depth / pixel_mm, 0, 1)
    hu = np.where(depth < leg.skin_mm, np.float32(SKIN_HU), _fat(stuff, z, y, x))
    hu = _over(hu, np.full_like(hu, SKIN_HU), 0.5 - (depth - leg.skin_mm) / pixel_mm)
    fascia_mm = (leg.skin_mm + leg.fat_at(z)).astype(np.float32)[angle]
    muscle = _muscle(stuff, z, y, x)
    inner = np.where(depth < fascia_mm + FASCIA_MM, np.float32(MUSCLE_HU), muscle)
    hu = _over(hu, inner, 0.5 + (depth - fascia_mm) / pixel_mm)
    for artery in stuff.arteries:
        low, high = artery.span
        if low <= z <= high:
            _paint_artery(hu, artery, (z, y, x), pixel_mm, stuff.lumen_hu)
    bone = np.zeros_like(hu)
    paint_bones(hu, bone, leg, (z, y, x), pixel_mm, stuff.trabeculae)
    return Slice(hu, body, np.minimum(bone, body), depth)


def _over(below: Pixels, above: Pixels, share: Pixels) -> Pixels:
    share = np.clip(share, 0, 1)
    return np.asarray(below + share * (above - below), dtype=np.float32)


def _depth(leg: Leg, z: float, y: Pixels, x: Pixels) -> tuple[Pixels, Indices]:
    """Distance below the surface (negative outside), and the direction's number, of each pixel."""
    middle, radius = leg.surface(z)
    v = (y - middle[0]).astype(np.float32)[:, None]
    u = (leg.sign * (x - middle[1])).astype(np.float32)[None, :]
    steep = np.gradient(np.concatenate([radius[-1:], radius, radius[:1]]))[1:-1] * ANGLES / (2 * np.pi) / radius
    cosine = (1 / np.hypot(1, steep)).astype(np.float32)
    angle = (np.arctan2(v, u) * np.float32(ANGLES / (2 * np.pi)) + np.float32(ANGLES + 0.5)).astype(np.intp) % ANGLES
    return (radius.astype(np.float32)[angle] - np.hypot(v, u)) * cosine[angle], angle


def _fat(stuff: Stuff, z: float, y: Pixels, x: Pixels) -> Pixels:
    """Fat with septa: sheets where either of two fields changes its sign."""
    fields = [texture.plane(z, y, x) for texture in stuff.septa]
    sheet = np.maximum(*(np.clip(1 - np.abs(field) / np.float32(0.12), 0, 1) for field in fields))
    return np.asarray(FAT_HU + sheet * np.float32(SEPTUM_HU - FAT_HU), dtype=np.float32)


def _muscle(stuff: Stuff, z: float, y: Pixels, x: Pixels) -> Pixels:
    """Muscles with fat between: pixels that are as near to one muscle's middle as to another's."""
    leg = stuff.leg
    shift = 4 * np.sin(z / 50 + leg.phases[0])
    first = np.full((len(y), len(x)), np.inf, dtype=np.float32)
    second = first.copy()
    for lateral, back in MUSCLES["lower" if z < KNEE_MM else "upper"]:
        middle = leg.place(np.array(back + shift), np.array(lateral - shift))
        away = ((y - middle[0]) ** 2).astype(np.float32)[:, None] + ((x - middle[1]) ** 2).astype(np.float32)[None, :]
        np.minimum(second, np.maximum(first, away), out=second)
        np.minimum(first, away, out=first)
    gap = np.sqrt(second) - np.sqrt(first)
    fat = np.clip(BETWEEN_MUSCLES_MM + 0.5 - gap, 0, 1)
    hu = MUSCLE_HU + 6 * stuff.mottle.plane(z, y, x)
    return np.asarray(hu + fat * (FAT_HU + 20 - hu), dtype=np.float32)


def _paint_artery(
    hu: Pixels, artery: Artery, at: tuple[float, Pixels, Pixels], pixel_mm: float, lumen_hu: float
) -> None:
    """Lay an artery and the vein beside it over a slice, in place; blood vessels lie in a sheath of fat."""
    z, y, x = at
    centre, radius = artery.centre(np.array([z]))[0], float(artery.radius(np.array(z)))
    rows = np.flatnonzero(np.abs(y - centre[0]) <= 3 * radius + 4)
    columns = np.flatnonzero(np.abs(x - centre[1]) <= 3 * radius + 4)
    if not len(rows) or not len(columns):
        return
    window = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    dy, dx = (y[window[0]] - centre[0])[:, None], (x[window[1]] - centre[1])[None, :]
    own, vein = np.hypot(dy, dx), np.hypot(dy - 1.6 * radius, dx + 1.4 * radius)
    part = hu[window]
    for away, reach, value in (
        (np.minimum(own, vein), radius + 1.5, FAT_HU + 25),
        (vein, 1.05 * radius, BLOOD_HU),
        (own, radius, BLOOD_HU),
        (own, radius - WALL_MM, lumen_hu),
    ):
        part = _over(part, np.full_like(part, value), 0.5 + (reach - away).astype(np.float32) / pixel_mm)
    hu[window] = part
