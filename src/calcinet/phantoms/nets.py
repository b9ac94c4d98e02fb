"""Nets of calcified arterioles: relaxed polygons with curved, uneven and missing edges."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from scipy.spatial import Voronoi

from calcinet.arrays import Floats, Mask
from calcinet.errors import BadInput
from calcinet.phantoms.calcium import Deposit, Tube, draw
from calcinet.phantoms.calcium_spec import NetSpec
from calcinet.phantoms.chance import wander
from calcinet.phantoms.truth import NET, NetTruth

DEEPEST: Final = 3.0
"""A line of the net may hold this many times the calcium of a round one. Our choice: the beam crosses several
arterioles and the calcium between them in one line."""


@dataclass(frozen=True, slots=True, eq=False)
class Net:
    """The lines of a net; points are (N, 2) row and column."""

    lines: tuple[Floats, ...]
    outline: Floats


def lay_net(
    where: Mask,
    *,
    mesh_px: float,
    area_px2: float,
    broken: float,
    rng: np.random.Generator,
    about: Mask | None = None,
    stretch: float = 1.0,
) -> Net:
    """Lay a net somewhere in `where`.

    Parameters
    ----------
    where
        Shape (Y, X): where lines may run.
    mesh_px
        Square root of the mean cell area.
    area_px2
        Size of the patch, before `where` cuts it.
    broken
        Fraction of the edges that are left out.
    rng
        Source of all chance.
    about
        Shape (Y, X): where the middle of the patch may lie, when not everywhere in `where`.
    stretch
        Length of the cells over their breadth.
    """
    if not where.any():
        raise BadInput("a net needs somewhere to lie: the region is empty")
    if about is None or not about.any():
        about = where
    outline = _draw_outline(about, area_px2, rng)
    inside = np.zeros(where.shape, np.uint8)
    cv2.fillPoly(inside, [np.rint(outline[:, ::-1]).astype(np.int32)], 1)
    allowed = (inside > 0) & where
    edges = [_bend_edge(start, end, rng) for start, end in _tessellate(outline, mesh_px, rng, stretch)]
    lines = tuple(edge for edge in edges if _check_inside(edge, allowed) and rng.uniform() >= broken)
    return Net(lines, outline)


def lay_net_of(
    spec: NetSpec,
    where: Mask,
    *,
    pixel_mm: float,
    blur_mm: float,
    rng: np.random.Generator,
    about: Mask | None = None,
) -> tuple[Deposit, NetTruth]:
    """Lay the net that is asked for somewhere in `where`, shape (Y, X): its calcium, and what it truly is.

    `about` as for `lay_net`.
    """
    net = lay_net(
        where,
        mesh_px=spec.mesh_mm / pixel_mm,
        area_px2=spec.area_cm2 * 100 / pixel_mm**2,
        broken=spec.broken,
        rng=rng,
        about=about,
    )
    rows, columns = where.shape
    deposit = net_deposit(
        net,
        (rows, columns),
        line_px=spec.line_mm / pixel_mm,
        pixel_mm=pixel_mm,
        blur_px=blur_mm / pixel_mm,
        contrast_in_noise=spec.contrast_in_noise,
        rng=rng,
    )
    truth = NetTruth(
        mesh_mm=spec.mesh_mm, line_mm=spec.line_mm, depth_mm=spec.depth_mm, lines=net.lines, outline=net.outline
    )
    return deposit, truth


def net_deposit(
    net: Net,
    shape: tuple[int, int],
    *,
    line_px: float,
    pixel_mm: float,
    blur_px: float,
    contrast_in_noise: float,
    rng: np.random.Generator,
) -> Deposit:
    """The calcium of a net's lines, of uneven width and density."""
    thickness, footprint = np.zeros(shape, np.float32), np.zeros(shape, bool)
    for line in net.lines:
        n = len(line)
        width = line_px * rng.uniform(0.85, 1.15)
        amount = np.clip(rng.normal(1.0, 0.2) + 0.25 * wander(n, 6, rng), 0.3, 1.8)
        tube = Tube.flat(line, np.full(n, width / 2), width, amount)
        draw(tube, thickness, footprint, pixel_mm=pixel_mm, blur_px=blur_px)
    return Deposit(
        thickness_mm=thickness,
        footprint=footprint,
        label=NET,
        contrast_in_noise=contrast_in_noise,
        densest=DEEPEST,
    )


def _draw_outline(where: Mask, area_px2: float, rng: np.random.Generator) -> Floats:
    """A rounded outline of the given area about a point well inside `where`."""
    step = max(1, min(where.shape) // 200)
    depth = cv2.distanceTransform(where[::step, ::step].astype(np.uint8), cv2.DIST_L2, 3)
    spots = np.argwhere(depth >= 0.5 * depth.max())
    centre = spots[rng.integers(len(spots))] * step
    t = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    phase = rng.uniform(0, 2 * np.pi, 3)
    r = 1 + 0.15 * np.sin(2 * t + phase[0]) + 0.1 * np.sin(3 * t + phase[1]) + 0.06 * np.sin(5 * t + phase[2])
    r *= np.sqrt(area_px2 / (0.5 * np.sum(r**2) * (t[1] - t[0])))
    longer = rng.uniform(1.0, 1.5)
    return np.asarray(centre + np.stack([r * np.sin(t) * longer, r * np.cos(t) / longer], axis=1))


def _tessellate(
    outline: Floats, mesh_px: float, rng: np.random.Generator, stretch: float
) -> list[tuple[Floats, Floats]]:
    """Edges of the cells about jittered seeds on a hexagonal grid, one seed per mesh_px squared, then stretched."""
    pull = np.array([np.sqrt(stretch), 1 / np.sqrt(stretch)])
    wider = (pull.max() - 1) * (outline.max(axis=0) - outline.min(axis=0)) / 2 + 2 * mesh_px
    low, high = outline.min(axis=0) - wider, outline.max(axis=0) + wider
    seeds = _arrange_hexagonally(low, high, mesh_px)
    seeds += rng.uniform(-0.28, 0.28, seeds.shape) * mesh_px
    diagram = Voronoi(seeds)
    middle = (low + high) / 2
    corners: Floats = middle + (diagram.vertices - middle) * pull
    edges = []
    for start, end in diagram.ridge_vertices:
        if min(start, end) >= 0:  # -1 is a corner at infinity
            edges.append((corners[start], corners[end]))
    return edges


def _arrange_hexagonally(low: Floats, high: Floats, mesh_px: float) -> Floats:
    """Place points on a hexagonal grid between two corners, shape (N, 2), one per mesh_px squared.

    Neighbours at a distance d have cells of sqrt(3) / 2 d^2, hence d = mesh sqrt(2 / sqrt(3)).
    """
    across = mesh_px * np.sqrt(2 / np.sqrt(3))
    down = across * np.sqrt(3) / 2
    height = max(3, (high[0] - low[0]) // down + 1)
    width = max(3, (high[1] - low[1]) // across + 1)
    rows, columns = np.mgrid[0:height, 0:width]
    points = np.stack([low[0] + rows * down, low[1] + (columns + 0.5 * (rows % 2)) * across], axis=-1)
    return points.reshape(-1, 2)


def _bend_edge(start: Floats, end: Floats, rng: np.random.Generator) -> Floats:
    """A curved edge between two corners."""
    chord = end - start
    n = max(4, int(np.hypot(*chord) / 2))
    t = np.linspace(0, 1, n)
    normal = np.array([-chord[1], chord[0]])
    bow = rng.normal(0, 0.1) * 4 * t * (1 - t) + rng.normal(0, 0.06) * np.sin(2 * np.pi * t)
    return np.asarray(start + t[:, None] * chord + bow[:, None] * normal)


def _check_inside(edge: Floats, allowed: Mask) -> bool:
    spots = np.rint(edge).astype(int)
    if (spots < 0).any() or (spots >= allowed.shape).any():
        return False
    return bool(allowed[spots[:, 0], spots[:, 1]].all())
