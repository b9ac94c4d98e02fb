"""Nodules of calcium, and small calcified vessels under the skin."""

from typing import Final, Literal

import numpy as np

from calcinet.arrays import Floats, Mask
from calcinet.phantoms.ct.bones import sections
from calcinet.phantoms.ct.deposit import Cells, solid, step_for, thread
from calcinet.phantoms.ct.limb import ANGLES, Leg, ring
from calcinet.phantoms.ct.tissue import FAT_HU, MUSCLE_HU, SKIN_HU
from calcinet.phantoms.ct.truth import Body, Lesion

Place = Literal["skin", "subcutis", "muscle"]

DIAMETER_MM: Final[dict[Place, tuple[float, float]]] = {
    "skin": (1.0, 1.8),
    "subcutis": (1.0, 8.0),
    "muscle": (1.0, 8.0),
}
HU: Final = (400.0, 1500.0)
AROUND_HU: Final[dict[Place, float]] = {"skin": SKIN_HU, "subcutis": FAT_HU, "muscle": MUSCLE_HU}

VESSEL_MM: Final = (0.6, 1.6)
VESSEL_LENGTH_MM: Final = (10.0, 50.0)
VESSEL_HU: Final = (700.0, 1500.0)

CLEAR_MM: Final = 6.0
"""Nodules of muscle lie at least this far from bones and arteries."""

TRIES: Final = 30


def nodule(leg: Leg, span: tuple[float, float], place: Place, rng: np.random.Generator) -> Lesion | None:
    """An ellipsoid of calcium in a compartment; None where there is no room."""
    low, high = DIAMETER_MM[place]
    half = np.exp(rng.uniform(np.log(low), np.log(high))) / 2 * rng.uniform(0.8, 1.25, 3)
    hu = float(rng.uniform(*HU))
    for _ in range(TRIES):
        middle, depth = _spot(leg, span, place, float(half.max()), rng)
        if middle is not None:
            cells = ellipsoid(middle, np.minimum(half, 0.45 * leg.skin_mm) if place == "skin" else half, rng)
            return Lesion(Body(cells, hu), place, "nodular", leg.side, AROUND_HU[place], depth, middle[None])
    return None


def _spot(
    leg: Leg, span: tuple[float, float], place: Place, half: float, rng: np.random.Generator
) -> tuple[Floats | None, float]:
    z = float(rng.uniform(span[0] + half + 1, span[1] - half - 1))
    angle = float(rng.uniform(0, 2 * np.pi))
    fat = float(leg.fat_at(z)[int(angle / (2 * np.pi) * ANGLES)])
    if place == "skin":
        depth = leg.skin_mm / 2
    elif place == "subcutis":
        room = (leg.skin_mm + half + 0.5, leg.skin_mm + fat - half - 1)
        if room[0] >= room[1]:
            return None, 0.0
        depth = float(rng.uniform(*room))
    else:
        depth = leg.skin_mm + fat + half + float(rng.uniform(3.0, 20.0))
    spot = np.array([z, *leg.under_skin(z, angle, depth)])
    if place != "skin" and clear_of_bone(leg, spot) < half + (CLEAR_MM if place == "muscle" else 2.0):
        return None, 0.0
    if place == "muscle" and clear_of_arteries(leg, spot) < half + CLEAR_MM:
        return None, 0.0
    return spot, depth


def clear_of_bone(leg: Leg, spot: Floats, reach_mm: float = 14.0) -> float:
    """Distance of a point (Z, Y, X) from the nearest bone, as far as `reach_mm`."""
    nearest = reach_mm
    steps = np.arange(-reach_mm, reach_mm + 1, 1.0, dtype=np.float32)
    y, x = (spot[k] + steps for k in (1, 2))
    for dz in np.linspace(-reach_mm, reach_mm, 2 * int(reach_mm / 2) + 1):
        for part in sections(leg, float(spot[0] + dz), y, x):
            rows, columns = np.nonzero(part.outside_mm <= 0)
            if len(rows):
                off = np.hypot(steps[part.rows][rows], steps[part.columns][columns])
                nearest = min(nearest, float(np.hypot(off.min(), dz)))
    return nearest


def clear_of_arteries(leg: Leg, spot: Floats) -> float:
    """Distance of a point from the nearest artery's wall within its slice."""
    z = spot[:1]
    away = [
        float(np.hypot(*(a.centre(z)[0] - spot[1:])) - a.radius(z)[0])
        for a in leg.arteries()
        if a.span[0] - 5 <= spot[0] <= a.span[1] + 5
    ]
    return min(away, default=np.inf)


def ellipsoid(middle: Floats, half_mm: Floats, rng: np.random.Generator) -> Cells:
    """An ellipsoid turned at random."""
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))

    def inside(points: Floats) -> Mask:
        return np.asarray(((((points - middle) @ turn) / half_mm) ** 2).sum(axis=1) <= 1)

    reach = float(half_mm.max()) + 0.2
    return solid(inside, middle - reach, middle + reach, step_for(2 * float(half_mm.min())))


def small_vessel(leg: Leg, span: tuple[float, float], rng: np.random.Generator) -> Lesion | None:
    """A winding thread of calcium in the subcutis; None where it is too thin."""
    diameter = float(rng.uniform(*VESSEL_MM))
    length = float(min(rng.uniform(*VESSEL_LENGTH_MM), span[1] - span[0] - 4))
    hu = float(rng.uniform(*VESSEL_HU))
    if length < VESSEL_LENGTH_MM[0]:
        return None
    for _ in range(TRIES):
        low = float(rng.uniform(span[0] + 2, span[1] - length - 2))
        heights = np.arange(low, low + length, diameter / 5)
        radius = float(np.median(leg.surface(round(low, 1))[1]))
        drift = rng.uniform(-0.5, 0.5) * (heights - low)
        across = drift + rng.uniform(0.5, 1.5) * np.sin((heights - low) / rng.uniform(3, 8))
        turns = rng.uniform(0, 2 * np.pi) + across / radius
        at = (turns / (2 * np.pi) * ANGLES).astype(int) % ANGLES
        room = min(float(leg.fat_at(z)[n]) for z, n in zip(heights[::10], at[::10], strict=True))
        if room < diameter + 3:
            continue
        depth = leg.skin_mm + float(rng.uniform(1.0 + diameter / 2, room - 1.5 - diameter / 2))
        line = np.column_stack([heights, _under(leg, heights, turns, depth)])
        if min(clear_of_bone(leg, p) for p in line[:: max(1, len(line) // 6)]) < 4:
            continue
        cells = thread(line, np.full(len(line), diameter / 2), step_for(diameter))
        return Lesion(Body(cells, hu), "subcutis", "tubular", leg.side, FAT_HU, depth, line, calibre_mm=diameter)
    return None


def _under(leg: Leg, heights: Floats, turns: Floats, depth: float) -> Floats:
    return np.concatenate(
        [ring(leg, round(float(z), 1), np.array([turn]), depth) for z, turn in zip(heights, turns, strict=True)]
    )
