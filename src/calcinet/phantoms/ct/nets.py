"""A net of calcified vessels in the skin or under it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.spatial import Voronoi

from calcinet.arrays import Floats
from calcinet.phantoms.chance import log_uniform
from calcinet.phantoms.ct.deposit import step_for, thread
from calcinet.phantoms.ct.foci import clear_of_bone
from calcinet.phantoms.ct.limb import Leg, ring
from calcinet.phantoms.ct.tissue import FAT_HU, SKIN_HU
from calcinet.phantoms.ct.truth import Body, Compartment, Lesion

MESH_MM: Final = (3.0, 12.0)
LINE_MM: Final = (0.3, 1.0)
AREA_CM2: Final = (4.0, 60.0)
HU: Final = (800.0, 1500.0)
BROKEN: Final = (0.0, 0.3)
"""Share of the lines that is missing."""

UNDER_SKIN_MM: Final = (1.5, 4.0)
"""Depth below the skin of a net of the subcutis."""

CLEAR_MM: Final = 5.0
"""Nets are at least this far from bones."""

LEAST_LINES: Final = 8
LEAST_HEIGHT_MM: Final = 10.0
"""Fewer or lower is no net."""

TRIES: Final = 8

UNEVEN: Final = 0.25
"""How far the middles of meshes are from a regular lattice, over their distance."""

MOST_TURN: Final = 2.0
"""Radians round a leg that a net reaches at most to one side, so that it does not meet itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """What a net is like."""

    mesh_mm: float
    line_mm: float
    area_cm2: float
    in_skin: bool
    hu: float
    broken: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Site:
    """Where a flat net is laid round a leg."""

    leg: Leg
    middle_mm: float
    """Height."""
    angle: float
    """Direction from the middle of the leg."""
    radius_mm: float
    depth_mm: float

    def lay(self, flat: Floats) -> Floats:
        """Points (Z, Y, X) of flat ones (height, across); across is measured along the middle section."""
        heights = self.middle_mm + flat[:, 0]
        turns = self.angle + flat[:, 1] / self.radius_mm
        keys = np.round(heights, 1)
        points = np.empty((len(flat), 3))
        points[:, 0] = heights
        for key in np.unique(keys):
            chosen = keys == key
            points[chosen, 1:] = ring(self.leg, float(key), turns[chosen], self.depth_mm)
        return points


def random_net(in_skin: bool, rng: np.random.Generator) -> Net:
    """Draw what a net is like."""
    return Net(
        mesh_mm=log_uniform(rng, MESH_MM),
        line_mm=float(rng.uniform(*LINE_MM)),
        area_cm2=log_uniform(rng, AREA_CM2),
        in_skin=in_skin,
        hu=float(rng.uniform(*HU)),
        broken=float(rng.uniform(*BROKEN)),
    )


def make_net(leg: Leg, span: tuple[float, float], spec: Net, rng: np.random.Generator) -> Lesion | None:
    """Lay a net on the leg between two heights; None where it has no room."""
    depth = _draw_depth(leg, spec, rng)
    tall = min(2 * np.sqrt(spec.area_cm2 * 100 / np.pi) * rng.uniform(0.8, 1.25), span[1] - span[0] - 4)
    if tall < LEAST_HEIGHT_MM:
        return None
    for _ in range(TRIES):
        middle = float(rng.uniform(span[0] + tall / 2 + 2, span[1] - tall / 2 - 2))
        radius = float(np.median(leg.surface(round(middle, 1))[1]))
        wide = min(spec.area_cm2 * 100 * 4 / np.pi / tall, 2 * MOST_TURN * radius)
        edges = _tessellate(spec.mesh_mm, tall, wide, rng)
        edges = edges[rng.random(len(edges)) >= spec.broken]
        if len(edges) < LEAST_LINES:
            continue
        angle = float(rng.uniform(0, 2 * np.pi))
        site = _Site(leg=leg, middle_mm=middle, angle=angle, radius_mm=radius, depth_mm=depth)
        ends = site.lay(edges.reshape(-1, 2))
        if min(clear_of_bone(leg, point, CLEAR_MM) for point in ends[:: max(1, len(ends) // 30)]) < CLEAR_MM:
            continue
        return _make_lesion(site, spec, edges, ends, float(np.pi / 4 * tall * wide / 100))
    return None


def _draw_depth(leg: Leg, spec: Net, rng: np.random.Generator) -> float:
    if spec.in_skin:
        return float(rng.uniform(0.3, 0.8) * leg.skin_mm)
    return float(leg.skin_mm + rng.uniform(*UNDER_SKIN_MM))


def _make_lesion(site: _Site, spec: Net, edges: Floats, ends: Floats, area_cm2: float) -> Lesion:
    points = site.lay(np.concatenate([_sample_edge(edge, spec.line_mm / 4) for edge in edges]))
    cells = thread(points, np.full(len(points), spec.line_mm / 2), step_for(spec.line_mm))
    compartment: Compartment = "subcutis"
    around_hu = FAT_HU
    if spec.in_skin:
        compartment, around_hu = "skin", SKIN_HU
    return Lesion(
        body=Body(cells, spec.hu),
        compartment=compartment,
        form="net-like",
        side=site.leg.side,
        around_hu=around_hu,
        depth_mm=site.depth_mm,
        line_mm=ends,
        calibre_mm=spec.line_mm,
        mesh_mm=spec.mesh_mm,
        area_cm2=area_cm2,
    )


def _tessellate(mesh: float, tall: float, wide: float, rng: np.random.Generator) -> Floats:
    """Sides of meshes within an ellipse, flat (height, across) about its middle, shape (N, 2, 2)."""
    seeds = _arrange_hexagonally(mesh, tall, wide)
    seeds = seeds + rng.normal(0, UNEVEN * mesh / 2, seeds.shape)
    diagram = Voronoi(seeds)
    ridges = np.array([ridge for ridge in diagram.ridge_vertices if -1 not in ridge])
    edges = diagram.vertices[ridges]
    inside = ((edges / [tall / 2, wide / 2]) ** 2).sum(axis=2) <= 1
    return np.asarray(edges[inside.all(axis=1)])


def _arrange_hexagonally(mesh: float, tall: float, wide: float) -> Floats:
    """Points of a hexagonal lattice over a rectangle and a little more, shape (N, 2)."""
    rows, columns = int(tall / mesh / 0.87) + 5, int(wide / mesh) + 5
    row, column = np.mgrid[:rows, :columns]
    lattice = np.stack([(row - rows / 2) * 0.87, column - columns / 2 + 0.5 * (row % 2)], axis=-1)
    return np.asarray(lattice.reshape(-1, 2) * mesh)


def _sample_edge(edge: Floats, step: float) -> Floats:
    """Points at most `step` apart on a straight edge, shape (N, 2)."""
    along = edge[1] - edge[0]
    count = max(2, int(np.ceil(np.hypot(*along) / step)) + 1)
    return np.asarray(edge[0] + np.linspace(0, 1, count)[:, None] * along)
