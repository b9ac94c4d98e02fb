"""A net of calcified vessels in the skin or under it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.spatial import Voronoi

from calcinet.arrays import Floats
from calcinet.phantoms.ct.deposit import Cells, step_for, thread
from calcinet.phantoms.ct.foci import clear_of_bone
from calcinet.phantoms.ct.limb import Leg, ring
from calcinet.phantoms.ct.tissue import FAT_HU, SKIN_HU
from calcinet.phantoms.ct.truth import Body, Lesion

MESH_MM: Final = (3.0, 12.0)
LINE_MM: Final = (0.3, 1.0)
AREA_CM2: Final = (4.0, 60.0)
HU: Final = (800.0, 1500.0)
BROKEN: Final = (0.0, 0.3)
"""Share of the lines that is missing."""

UNDER_SKIN_MM: Final = (1.5, 4.0)
"""Depth below the skin of a net of the subcutis."""

CLEAR_MM: Final = 5.0
"""Nets lie at least this far from bones."""

LEAST_LINES: Final = 8
TRIES: Final = 8

UNEVEN: Final = 0.25
"""How far the middles of meshes lie from a regular lattice, over their distance."""

MOST_TURN: Final = 2.0
"""Radians round a leg that a net reaches at most to one side, so that it does not meet itself."""


@dataclass(frozen=True, slots=True)
class Net:
    """What a net is like."""

    mesh_mm: float
    line_mm: float
    area_cm2: float
    in_skin: bool
    hu: float
    broken: float


def random_net(in_skin: bool, rng: np.random.Generator) -> Net:
    """Draw one."""
    return Net(
        float(np.exp(rng.uniform(*np.log(MESH_MM)))),
        float(rng.uniform(*LINE_MM)),
        float(np.exp(rng.uniform(*np.log(AREA_CM2)))),
        in_skin,
        float(rng.uniform(*HU)),
        float(rng.uniform(*BROKEN)),
    )


def net(leg: Leg, span: tuple[float, float], spec: Net, rng: np.random.Generator) -> Lesion | None:
    """Lay a net on the leg between two heights; None where it has no room."""
    share = rng.uniform(0.3, 0.8) if spec.in_skin else 0.0
    depth = float(share * leg.skin_mm if spec.in_skin else leg.skin_mm + rng.uniform(*UNDER_SKIN_MM))
    tall = min(2 * np.sqrt(spec.area_cm2 * 100 / np.pi) * rng.uniform(0.8, 1.25), span[1] - span[0] - 4)
    if tall < 10:
        return None
    for _ in range(TRIES):
        middle = float(rng.uniform(span[0] + tall / 2 + 2, span[1] - tall / 2 - 2))
        radius = float(np.median(leg.surface(round(middle, 1))[1]))
        wide = min(spec.area_cm2 * 100 * 4 / np.pi / tall, 2 * MOST_TURN * radius)
        flat = _edges(spec.mesh_mm, tall, wide, rng)
        flat = flat[rng.random(len(flat)) >= spec.broken]
        if len(flat) < LEAST_LINES:
            continue
        angle = float(rng.uniform(0, 2 * np.pi))
        ends = _on_leg(leg, flat.reshape(-1, 2), middle, angle, radius, depth)
        if min(clear_of_bone(leg, p, CLEAR_MM) for p in ends[:: max(1, len(ends) // 30)]) < CLEAR_MM:
            continue
        points = np.concatenate([_walked(edge, spec.line_mm / 4) for edge in flat])
        places = _on_leg(leg, points, middle, angle, radius, depth)
        cells = thread(places, np.full(len(places), spec.line_mm / 2), step_for(spec.line_mm))
        return _lesion(leg, spec, cells, ends, depth, float(np.pi / 4 * tall * wide / 100))
    return None


def _lesion(leg: Leg, spec: Net, cells: Cells, ends: Floats, depth: float, area_cm2: float) -> Lesion:
    return Lesion(
        Body(cells, spec.hu),
        "skin" if spec.in_skin else "subcutis",
        "net-like",
        leg.side,
        SKIN_HU if spec.in_skin else FAT_HU,
        depth,
        ends,
        calibre_mm=spec.line_mm,
        mesh_mm=spec.mesh_mm,
        area_cm2=area_cm2,
    )


def _edges(mesh: float, tall: float, wide: float, rng: np.random.Generator) -> Floats:
    """Sides of meshes within an ellipse, flat (height, across) about its middle, shape (N, 2, 2)."""
    rows, columns = int(tall / mesh / 0.87) + 5, int(wide / mesh) + 5
    r, c = np.mgrid[:rows, :columns]
    seeds = np.stack([(r - rows / 2) * 0.87, c - columns / 2 + 0.5 * (r % 2)], axis=-1).reshape(-1, 2) * mesh
    seeds = seeds + rng.normal(0, UNEVEN * mesh / 2, seeds.shape)
    made = Voronoi(seeds)
    ridges = np.array([ridge for ridge in made.ridge_vertices if -1 not in ridge])
    edges = made.vertices[ridges]
    inside = ((edges / [tall / 2, wide / 2]) ** 2).sum(axis=2) <= 1
    return np.asarray(edges[inside.all(axis=1)])


def _walked(edge: Floats, step: float) -> Floats:
    count = max(2, int(np.ceil(np.hypot(*(edge[1] - edge[0])) / step)) + 1)
    return np.asarray(edge[0] + np.linspace(0, 1, count)[:, None] * (edge[1] - edge[0]))


def _on_leg(leg: Leg, flat: Floats, middle: float, angle: float, radius: float, depth: float) -> Floats:
    """Lay flat points round the leg at a depth; across is measured along its middle section."""
    heights = middle + flat[:, 0]
    turns = angle + flat[:, 1] / radius
    keys = np.round(heights, 1)
    out = np.empty((len(flat), 3))
    out[:, 0] = heights
    for key in np.unique(keys):
        chosen = keys == key
        out[chosen, 1:] = ring(leg, float(key), turns[chosen], depth)
    return out
