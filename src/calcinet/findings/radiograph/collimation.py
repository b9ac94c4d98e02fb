"""The collimated field: where the beam was, apart from shutters, rotated frames and padding."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.findings.coarse_grid import CoarseGrid, dilate_mask, keep_seeded, make_rim, open_mask
from calcinet.geometry.exact_distance import measure_exact_distance

BLANK: Final = 0.015
"""Share of the grey range that padding and shutters keep from black or white; our choice: above JPEG's noise."""

LONG_EDGE: Final = 0.12
"""Least length of a field edge as a share of the film's longest side; our choice."""

EDGE_SUPPORT: Final = 0.75
"""Share of a hull edge that must lie on the outline to count as one; our choice: limbs may cover the rest."""

SHARPNESS: Final = 0.9
"""Share of the grey level of the inside that a side has reached after three pixels; our choice: skin takes longer."""

WHOLE_SIDE: Final = 0.85
"""An outline this long, as a share of the film along it, may reach its grey level later; our choice: shutters far from
the film are blurred, and the thickness of a limb still grows there."""

WHOLE_SHARPNESS: Final = 0.8
"""The same share for such an outline; our choice: a straight limb, thick as the root of depth, has 0.73."""

STEP_DEPTHS_PX: Final = (2.0, 3.0, 8.0, 9.0)
"""Depths inside an outline, in pixels of the grid: the first two levels are compared with the last two; our choice."""

PENUMBRA_DEPTHS: Final = (0.015, 0.02, 0.03, 0.035)
"""The same past the penumbra of a shutter far from the film, as shares of the longest side; our choice."""

RIM: Final = 0.1
"""Greatest depth of a bright shutter line from its field edge, as a share of the longest side; our choice."""

RIM_FALL: Final = 0.12
"""Median fall of grey level that ends a bright rim; three quarters of the line fall by half of it. Our choice: skin and
bone cross the sides of a field, a shutter runs along them."""

DARK_RIM: Final = 0.06
"""Greatest width of a dark shutter and its soft edge, as a share of the longest side; our choice: wider is padding."""

EVEN: Final = 0.6
"""Least grey level just inside a dark shutter, as a share of that twice as far in; our choice."""

ONSET_PX: Final = 1.0
"""Median deviation of a shutter's edge from a straight line; our choice: skin strays further."""

RISEN: Final = 0.8
"""Share of the grey level inside at which a dark shutter's soft edge ends; our choice."""

PENUMBRA_SLOPE_PER_MM: Final = 0.004
"""A shutter's soft edge still falls by this share of the grey range; our choice: above noise, below any skin."""

PENUMBRA_MM: Final = 30.0
"""Widest soft edge of a shutter; our choice."""


@dataclass(frozen=True, slots=True)
class _Edge:
    """A straight side of the field."""

    start: Floats
    """First point: x and y in pixels of the grid."""

    end: Floats
    """Last point."""

    inward: Floats
    """Unit normal that points into the field."""


def find_border(grid: CoarseGrid) -> Mask:
    """Pixels of the grid outside the collimated field.

    Straight sides are those edges of the convex hull of everything that is neither black nor white which the outline
    follows with a step (skin fades, a shutter does not); bright shutter lines beside them belong to the border, and
    so does white that comes in from the film's edge, down its soft slope to the dark.
    """
    shape = grid.plane.shape
    border = _find_bright_shutter(grid)
    for edge in (*_find_straight_sides(grid), *_list_film_sides(shape)):
        rim = _measure_bright_rim(grid.plane, edge) or _measure_dark_rim(grid.plane, edge)
        border |= _draw_outside(edge, rim, shape)
    return border


def _find_straight_sides(grid: CoarseGrid) -> list[_Edge]:
    """Edges of the hull of the exposed region that are sides of the field, inside the film."""
    exposed = _keep_large(open_mask((grid.plane > BLANK) & (grid.plane < 1.0 - BLANK), 1))
    points = cv2.findNonZero(exposed.astype(np.uint8))
    if points is None:
        return []
    hull = cv2.approxPolyDP(cv2.convexHull(points), 2.0, True)[:, 0].astype(float)
    return [edge for edge in _list_edges(hull) if _is_side(grid.plane, exposed, edge)]


def _list_edges(corners: Floats) -> list[_Edge]:
    """The edges of a convex polygon, shape (N, 2) of x and y."""
    centre = corners.mean(axis=0)
    following = np.roll(corners, -1, axis=0)
    return [_make_edge(start, end, centre) for start, end in zip(corners, following, strict=True)]


def _make_edge(start: Floats, end: Floats, centre: Floats) -> _Edge:
    along = (end - start) / max(float(np.linalg.norm(end - start)), 1e-9)
    normal = np.array([-along[1], along[0]])
    if (centre - start) @ normal > 0:
        return _Edge(start, end, normal)
    return _Edge(start, end, -normal)


def _is_side(plane: Pixels, exposed: Mask, edge: _Edge) -> bool:
    """A long straight outline inside the film, full grey level at once."""
    length = float(np.linalg.norm(edge.end - edge.start))
    if length < LONG_EDGE * max(plane.shape) or _measure_room(plane.shape, edge) < 2:
        return False
    inside = _sample(exposed.astype(np.float32), edge, np.arange(0.0, 5.0)) > 0.5
    support: Mask = np.asarray(inside.any(axis=0))
    whole = bool(length > WHOLE_SIDE * np.abs(edge.end - edge.start) @ plane.shape[::-1] / length)
    return bool(support.mean() > EDGE_SUPPORT) and _is_sharp(plane, edge, support, whole=whole)


def _is_sharp(plane: Pixels, edge: _Edge, support: Mask, *, whole: bool) -> bool:
    """Whether the grey level has risen to that further in, at once or past a penumbra; `whole` outlines need less."""
    least = SHARPNESS
    if whole:
        least = WHOLE_SHARPNESS
    penumbra = np.array(PENUMBRA_DEPTHS) * max(plane.shape)
    for depths in (np.array(STEP_DEPTHS_PX), penumbra):
        level = _sample(plane, edge, depths)[:, support]
        if np.median(level[:2]) > least * np.median(level[2:]):
            return True
    return False


def _measure_room(shape: tuple[int, ...], edge: _Edge) -> float:
    """Distance of an edge's middle from the nearest side of the film, in pixels."""
    x, y = (edge.start + edge.end) / 2
    return float(min(x, y, shape[1] - 1 - x, shape[0] - 1 - y))


def _list_film_sides(shape: tuple[int, ...]) -> list[_Edge]:
    height, width = shape[0] - 1.0, shape[1] - 1.0
    return _list_edges(np.array([[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]]))


def _measure_bright_rim(plane: Pixels, edge: _Edge) -> float:
    """Pixels from a side to where its bright shutter line has come down; 0 where it has none."""
    longest = max(plane.shape)
    fall_px = max(2, round(0.01 * longest))
    level = _sample(plane, edge, np.arange(0.0, RIM * longest + fall_px))
    typical, most = np.percentile(level[:-fall_px] - level[fall_px:], (50, 25), axis=1)
    steep = np.flatnonzero((typical > RIM_FALL) & (most > RIM_FALL / 2))
    if not steep.size:
        return 0.0
    return float(steep[-1] + fall_px)


def _measure_dark_rim(plane: Pixels, edge: _Edge) -> float:
    """Pixels from a side over which a dark shutter's soft edge rises to the even grey of the field; 0 without one."""
    reach = round(DARK_RIM * max(plane.shape))
    values = _sample(plane, edge, np.arange(0.0, 2.0 * reach))
    level = np.median(values, axis=1)
    inside = float(level[reach])
    if np.quantile(values[1], 0.75) > inside / 2 or inside < max(2 * BLANK, EVEN * level[-1]):
        return 0.0
    onset = np.argmax(values > inside / 2, axis=0)
    if np.median(np.abs(onset - np.median(onset))) > ONSET_PX:
        return 0.0
    return float(np.argmax(level[1:] >= RISEN * inside) + 1)


def _sample(plane: Pixels, edge: _Edge, depths: Floats) -> Pixels:
    """Values on lines parallel to `edge` at `depths` inwards, shape (depths, 200)."""
    along = np.linspace(0.02, 0.98, 200)[None, :, None]
    points = edge.start + along * (edge.end - edge.start) + depths[:, None, None] * edge.inward
    x, y = np.moveaxis(points.astype(np.float32), -1, 0)
    return np.asarray(cv2.remap(plane, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)


def _draw_outside(edge: _Edge, depth: float, shape: tuple[int, ...]) -> Mask:
    """Pixels outside of `edge` moved inwards by `depth`."""
    y, x = np.ogrid[: shape[0], : shape[1]]
    height = (x - edge.start[0]) * edge.inward[0] + (y - edge.start[1]) * edge.inward[1]
    return np.asarray(height < depth - 0.5)


def _find_bright_shutter(grid: CoarseGrid) -> Mask:
    """White from the film's edge and its penumbra, where that ends in the dark rather than in a limb."""
    plane = grid.plane
    white = plane > 1.0 - BLANK
    seeds = keep_seeded(open_mask(white, grid.to_px(2.0)), make_rim(plane.shape, 2))
    smooth = np.asarray(cv2.GaussianBlur(plane, (0, 0), 1.0), np.float32)
    dark = smooth < _measure_dark_level(plane, white)
    border = np.zeros(plane.shape, dtype=bool)
    count, components = cv2.connectedComponents(seeds.astype(np.uint8))
    for number in range(1, count):
        shutter = _grow_over_penumbra(smooth, components == number, grid)
        shell = dilate_mask(shutter, 3) & ~shutter & ~white
        if shell.any() and np.mean(dark[shell]) > 0.5:
            border |= shutter
    return border


def _measure_dark_level(plane: Pixels, white: Mask) -> float:
    """Grey level below which it is dark beside a shutter."""
    if white.all():
        return 1.0
    return float(np.percentile(plane[~white], 40))


def _grow_over_penumbra(smooth: Pixels, seeds: Mask, grid: CoarseGrid) -> Mask:
    """Grow `seeds` over their penumbra: where grey falls straight away from them, and not aslant as skin does."""
    distance = measure_exact_distance(~seeds)
    away = np.gradient(cv2.GaussianBlur(distance, (0, 0), 2.0))
    rise = np.gradient(smooth)
    fall = -(away[0] * rise[0] + away[1] * rise[1])
    straight = fall > 0.8 * np.hypot(rise[0], rise[1])
    falling = (fall > PENUMBRA_SLOPE_PER_MM * grid.mm) & straight & (distance < PENUMBRA_MM / grid.mm)
    near = dilate_mask(seeds, 2)
    return keep_seeded(falling | near, near)


def _keep_large(mask: Mask) -> Mask:
    """The components of `mask` that cover at least a twentieth of what the largest one covers."""
    _, components, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    area = statistics[:, cv2.CC_STAT_AREA].copy()
    area[0] = 0
    return np.asarray((area > 0.05 * max(area.max(), 1))[components] & mask)
