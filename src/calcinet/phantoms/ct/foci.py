"""Nodules of calcium, and small calcified vessels under the skin."""

from typing import Final, Literal

import numpy as np

from calcinet.arrays import Floats, Mask
from calcinet.phantoms.ct.bones import cut_sections
from calcinet.phantoms.ct.deposit import Cells, solid, step_for, thread
from calcinet.phantoms.ct.limb import ANGLES, Leg, ring
from calcinet.phantoms.ct.tissue import FAT_HU, MUSCLE_HU, SKIN_HU
from calcinet.phantoms.ct.truth import Body, Lesion

NoduleSite = Literal["skin", "subcutis", "muscle"]

DIAMETER_MM: Final[dict[NoduleSite, tuple[float, float]]] = {
    "skin": (1.0, 1.8),
    "subcutis": (1.0, 8.0),
    "muscle": (1.0, 8.0),
}
HU: Final = (400.0, 1500.0)
AROUND_HU: Final[dict[NoduleSite, float]] = {"skin": SKIN_HU, "subcutis": FAT_HU, "muscle": MUSCLE_HU}

VESSEL_MM: Final = (0.6, 1.6)
VESSEL_LENGTH_MM: Final = (10.0, 50.0)
VESSEL_HU: Final = (700.0, 1500.0)

CLEAR_MM: Final = 6.0
"""Nodules of muscle are at least this far from bones and arteries."""

CLEAR_UNDER_SKIN_MM: Final = 2.0
VESSEL_CLEAR_MM: Final = 4.0
"""The same of nodules and of small vessels of the subcutis, from bones."""

TRIES: Final = 30


def make_nodule(leg: Leg, span: tuple[float, float], site: NoduleSite, rng: np.random.Generator) -> Lesion | None:
    """An ellipsoid of calcium in a compartment; None where there is no room."""
    low, high = DIAMETER_MM[site]
    half = np.exp(rng.uniform(np.log(low), np.log(high))) / 2 * rng.uniform(0.8, 1.25, 3)
    hu = float(rng.uniform(*HU))
    for _ in range(TRIES):
        spot = _find_spot(leg, span, site, float(half.max()), rng)
        if spot is None:
            continue
        middle, depth = spot
        if site == "skin":
            half = np.minimum(half, 0.45 * leg.skin_mm)
        return Lesion(
            body=Body(ellipsoid(middle, half, rng), hu),
            compartment=site,
            form="nodular",
            side=leg.side,
            around_hu=AROUND_HU[site],
            depth_mm=depth,
            line_mm=middle[None],
        )
    return None


def _find_spot(
    leg: Leg, span: tuple[float, float], site: NoduleSite, half: float, rng: np.random.Generator
) -> tuple[Floats, float] | None:
    """A random point (Z, Y, X) of a compartment and its depth; None where a ball of radius `half` has no room."""
    z = float(rng.uniform(span[0] + half + 1, span[1] - half - 1))
    angle = float(rng.uniform(0, 2 * np.pi))
    depth = _draw_depth(leg, z, angle, site, half, rng)
    if depth is None:
        return None
    spot = np.array([z, *leg.under_skin(z, angle, depth)])
    if not _has_room(leg, spot, site, half):
        return None
    return spot, depth


def _draw_depth(
    leg: Leg, z: float, angle: float, site: NoduleSite, half: float, rng: np.random.Generator
) -> float | None:
    """A random depth within a compartment; None where the subcutis is too thin."""
    if site == "skin":
        return leg.skin_mm / 2
    fat = leg.fat_towards(z, angle)
    if site == "muscle":
        return leg.skin_mm + fat + half + float(rng.uniform(3.0, 20.0))
    shallowest, deepest = leg.skin_mm + half + 0.5, leg.skin_mm + fat - half - 1
    if shallowest >= deepest:
        return None
    return float(rng.uniform(shallowest, deepest))


def _has_room(leg: Leg, spot: Floats, site: NoduleSite, half: float) -> bool:
    """Whether a ball keeps clear of bones, and in muscle of arteries."""
    if site == "skin":
        return True
    if site == "subcutis":
        return clear_of_bone(leg, spot) >= half + CLEAR_UNDER_SKIN_MM
    return clear_of_bone(leg, spot) >= half + CLEAR_MM and clear_of_arteries(leg, spot) >= half + CLEAR_MM


def clear_of_bone(leg: Leg, spot: Floats, reach_mm: float = 14.0) -> float:
    """Distance of a point (Z, Y, X) from the nearest bone, as far as `reach_mm`."""
    nearest = reach_mm
    steps = np.arange(-reach_mm, reach_mm + 1, 1.0, dtype=np.float32)
    y, x = spot[1] + steps, spot[2] + steps
    for dz in np.linspace(-reach_mm, reach_mm, 2 * int(reach_mm / 2) + 1):
        for section in cut_sections(leg, float(spot[0] + dz), y, x):
            rows, columns = np.nonzero(section.outside_mm <= 0)
            if len(rows):
                off = np.hypot(steps[section.rows][rows], steps[section.columns][columns])
                nearest = min(nearest, float(np.hypot(off.min(), dz)))
    return nearest


def clear_of_arteries(leg: Leg, spot: Floats) -> float:
    """Distance of a point from the nearest artery's wall within its slice."""
    z = spot[:1]
    nearest = np.inf
    for artery in leg.arteries():
        low, high = artery.span
        if low - 5 <= spot[0] <= high + 5:
            off = artery.centre(z)[0] - spot[1:]
            nearest = min(nearest, float(np.hypot(*off) - artery.radius(z)[0]))
    return nearest


def ellipsoid(middle: Floats, half_mm: Floats, rng: np.random.Generator) -> Cells:
    """An ellipsoid turned at random."""
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))

    def inside(points: Floats) -> Mask:
        return np.asarray(((((points - middle) @ turn) / half_mm) ** 2).sum(axis=1) <= 1)

    reach = float(half_mm.max()) + 0.2
    return solid(inside, middle - reach, middle + reach, step_for(2 * float(half_mm.min())))


def make_small_vessel(leg: Leg, span: tuple[float, float], rng: np.random.Generator) -> Lesion | None:
    """A winding thread of calcium in the subcutis; None where it is too thin."""
    diameter = float(rng.uniform(*VESSEL_MM))
    length = float(min(rng.uniform(*VESSEL_LENGTH_MM), span[1] - span[0] - 4))
    hu = float(rng.uniform(*VESSEL_HU))
    if length < VESSEL_LENGTH_MM[0]:
        return None
    for _ in range(TRIES):
        low = float(rng.uniform(span[0] + 2, span[1] - length - 2))
        heights = np.arange(low, low + length, diameter / 5)
        turns = _wind(leg, heights, rng)
        room = _measure_room(leg, heights, turns)
        if room < diameter + 3:
            continue
        depth = leg.skin_mm + float(rng.uniform(1.0 + diameter / 2, room - 1.5 - diameter / 2))
        line = np.column_stack([heights, _lay_under_skin(leg, heights, turns, depth)])
        if min(clear_of_bone(leg, point) for point in line[:: max(1, len(line) // 6)]) < VESSEL_CLEAR_MM:
            continue
        cells = thread(line, np.full(len(line), diameter / 2), step_for(diameter))
        return Lesion(
            body=Body(cells, hu),
            compartment="subcutis",
            form="tubular",
            side=leg.side,
            around_hu=FAT_HU,
            depth_mm=depth,
            line_mm=line,
            calibre_mm=diameter,
        )
    return None


def _wind(leg: Leg, heights: Floats, rng: np.random.Generator) -> Floats:
    """Direction from the middle of the leg at each height, in radians: a course that leans and swings."""
    up = heights - heights[0]
    radius = float(np.median(leg.surface(round(float(heights[0]), 1))[1]))
    drift = rng.uniform(-0.5, 0.5) * up
    across = drift + rng.uniform(0.5, 1.5) * np.sin(up / rng.uniform(3, 8))
    return np.asarray(rng.uniform(0, 2 * np.pi) + across / radius)


def _measure_room(leg: Leg, heights: Floats, turns: Floats) -> float:
    """Thickness of the subcutis where it is thinnest along a course, in mm."""
    direction = (turns / (2 * np.pi) * ANGLES).astype(int) % ANGLES
    return min(float(leg.fat_at(z)[n]) for z, n in zip(heights[::10], direction[::10], strict=True))


def _lay_under_skin(leg: Leg, heights: Floats, turns: Floats, depth: float) -> Floats:
    points = [ring(leg, round(float(z), 1), np.array([turn]), depth) for z, turn in zip(heights, turns, strict=True)]
    return np.concatenate(points)
