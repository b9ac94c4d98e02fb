"""The collimated field: where the beam was, apart from shutters, rotated frames and padding."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.findings.coarse_grid import CoarseGrid, dilated, frame, opened, reached

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

RIM: Final = 0.1
"""How deep from a field edge its bright shutter line may lie, as a share of the longest side; our choice."""

RIM_FALL: Final = 0.12
"""Median fall of grey level, half of it in three quarters of the line, that ends a bright rim.

Our choice: skin and bone cross the sides of a field, a shutter runs along them."""

DARK_RIM: Final = 0.06
"""How wide a dark shutter and its soft edge may be, as a share of the longest side; our choice: wider is padding."""

EVEN: Final = 0.6
"""Share that the grey level just inside a dark shutter has of the one as far in again; our choice."""

ONSET_PX: Final = 1.0
"""Median deviation of a shutter's edge from a straight line; our choice: skin strays further."""

RISEN: Final = 0.8
"""Share of the inside's grey level where a dark shutter's soft edge ends; our choice."""

PENUMBRA_SLOPE_PER_MM: Final = 0.004
"""A shutter's soft edge still falls by this share of the grey range; our choice: above noise, below any skin."""

PENUMBRA_MM: Final = 30.0
"""Widest soft edge of a shutter; our choice."""


@dataclass(frozen=True, slots=True)
class _Edge:
    """A straight side of the field, from `start` to `end` (x, y), with its unit normal pointing inwards."""

    start: Floats
    end: Floats
    inward: Floats


def find_border(grid: CoarseGrid) -> Mask:
    """Pixels of the grid outside the collimated field.

    Straight sides are those edges of the convex hull of everything that is neither black nor white which the outline
    follows with a step (skin fades, a shutter does not); bright shutter lines beside them belong to the border, and
    so does white that comes in from the film's edge, down its soft slope to the dark.
    """
    shape = grid.plane.shape
    border = _bright_shutter(grid)
    for edge in (*_straight_sides(grid), *_film_sides(shape)):
        border |= _beyond(edge, _bright_rim(grid.plane, edge) or _dark_rim(grid.plane, edge), shape)
    return border


def _straight_sides(grid: CoarseGrid) -> list[_Edge]:
    """Edges of the hull of the exposed region that are sides of the field, inside the film."""
    exposed = _largest(opened((grid.plane > BLANK) & (grid.plane < 1.0 - BLANK), 1))
    points = cv2.findNonZero(exposed.astype(np.uint8))
    if points is None:
        return []
    hull = cv2.approxPolyDP(cv2.convexHull(points), 2.0, True)[:, 0].astype(float)
    centre = hull.mean(axis=0)
    edges = [_edge(a, b, centre) for a, b in zip(hull, np.roll(hull, -1, axis=0), strict=True)]
    return [edge for edge in edges if _is_side(grid.plane, exposed, edge)]


def _edge(start: Floats, end: Floats, centre: Floats) -> _Edge:
    along = (end - start) / max(float(np.linalg.norm(end - start)), 1e-9)
    normal = np.array([-along[1], along[0]])
    return _Edge(start, end, normal if (centre - start) @ normal > 0 else -normal)


def _is_side(plane: Pixels, exposed: Mask, edge: _Edge) -> bool:
    """A long straight outline inside the film, full grey level at once."""
    longest = max(plane.shape)
    length = float(np.linalg.norm(edge.end - edge.start))
    middle = (edge.start + edge.end) / 2
    room = min(*middle, plane.shape[1] - 1 - middle[0], plane.shape[0] - 1 - middle[1])
    if length < LONG_EDGE * longest or room < 2:
        return False
    inside = _sampled(exposed.astype(np.float32), edge, np.arange(0.0, 5.0)) > 0.5
    support = inside.any(axis=0)
    sharp = SHARPNESS
    level = _sampled(plane, edge, np.array([2.0, 3.0, 8.0, 9.0]))[:, support]
    if length > WHOLE_SIDE * np.abs(edge.end - edge.start) @ plane.shape[::-1] / length:
        level = _sampled(plane, edge, np.array([0.015, 0.02, 0.03, 0.035]) * longest)[:, support]
        sharp = WHOLE_SHARPNESS
    return bool(support.mean() > EDGE_SUPPORT and np.median(level[:2]) > sharp * np.median(level[2:]))


def _film_sides(shape: tuple[int, ...]) -> list[_Edge]:
    height, width = shape[0] - 1.0, shape[1] - 1.0
    corners = np.array([[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]])
    return [_edge(a, b, corners.mean(axis=0)) for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True)]


def _bright_rim(plane: Pixels, edge: _Edge) -> float:
    """Pixels from a side to where its bright shutter line has come down; 0 where it has none."""
    longest = max(plane.shape)
    fall_px = max(2, round(0.01 * longest))
    level = _sampled(plane, edge, np.arange(0.0, RIM * longest + fall_px))
    typical, most = np.percentile(level[:-fall_px] - level[fall_px:], (50, 25), axis=1)
    steep = np.flatnonzero((typical > RIM_FALL) & (most > RIM_FALL / 2))
    return float(steep[-1] + fall_px) if steep.size else 0.0


def _dark_rim(plane: Pixels, edge: _Edge) -> float:
    """Pixels from a side over which a dark shutter's soft edge rises to the even grey of the field; 0 without one."""
    reach = round(DARK_RIM * max(plane.shape))
    values = _sampled(plane, edge, np.arange(0.0, 2.0 * reach))
    level = np.median(values, axis=1)
    inside = float(level[reach])
    if np.quantile(values[1], 0.75) > inside / 2 or inside < max(2 * BLANK, EVEN * level[-1]):
        return 0.0
    onset = np.argmax(values > inside / 2, axis=0)
    if np.median(np.abs(onset - np.median(onset))) > ONSET_PX:
        return 0.0
    return float(np.argmax(level[1:] >= RISEN * inside) + 1)


def _sampled(plane: Pixels, edge: _Edge, depths: Floats) -> Pixels:
    """Values on lines parallel to `edge` at `depths` inwards, shape (depths, 200)."""
    along = np.linspace(0.02, 0.98, 200)[None, :, None]
    points = edge.start + along * (edge.end - edge.start) + depths[:, None, None] * edge.inward
    x, y = np.moveaxis(points.astype(np.float32), -1, 0)
    return np.asarray(cv2.remap(plane, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)


def _beyond(edge: _Edge, depth: float, shape: tuple[int, ...]) -> Mask:
    """Pixels outside of `edge` moved inwards by `depth`."""
    y, x = np.ogrid[: shape[0], : shape[1]]
    height = (x - edge.start[0]) * edge.inward[0] + (y - edge.start[1]) * edge.inward[1]
    return np.asarray(height < depth - 0.5 if depth else height < -0.5)


def _bright_shutter(grid: CoarseGrid) -> Mask:
    """White from the film's edge and its penumbra, where that ends in the dark rather than in a limb."""
    plane = grid.plane
    white = plane > 1.0 - BLANK
    seeds = reached(opened(white, grid.px(2.0)), frame(plane.shape, 2))
    smooth = np.asarray(cv2.GaussianBlur(plane, (0, 0), 1.0), np.float32)
    dark = float(np.percentile(plane[~white], 40)) if not white.all() else 1.0
    border = np.zeros(plane.shape, dtype=bool)
    count, parts = cv2.connectedComponents(seeds.astype(np.uint8))
    for part in range(1, count):
        grown = _downhill(smooth, parts == part, grid)
        shell = dilated(grown, 3) & ~grown & ~white
        if shell.any() and np.mean(smooth[shell] < dark) > 0.5:
            border |= grown
    return border


def _downhill(smooth: Pixels, seeds: Mask, grid: CoarseGrid) -> Mask:
    """Grow `seeds` over their penumbra: where grey falls straight away from them, and not aslant as skin does."""
    distance = cv2.distanceTransform((~seeds).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    away = np.gradient(cv2.GaussianBlur(distance, (0, 0), 2.0))
    rise = np.gradient(smooth)
    fall = -(away[0] * rise[0] + away[1] * rise[1])
    straight = fall > 0.8 * np.hypot(rise[0], rise[1])
    falling = (fall > PENUMBRA_SLOPE_PER_MM * grid.mm) & straight & (distance < PENUMBRA_MM / grid.mm)
    near = dilated(seeds, 2)
    return reached(falling | near, near)


def _largest(mask: Mask) -> Mask:
    """The parts of `mask` that cover at least a twentieth of what its largest part covers."""
    _, parts, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    area = statistics[:, cv2.CC_STAT_AREA].copy()
    area[0] = 0
    return np.asarray((area > 0.05 * max(area.max(), 1))[parts] & mask)
