"""How large, how fine and how whole a net of lines is, even when half of its edges are missing."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from scipy import ndimage as ndi

from calcinet.arrays import Floats, Mask
from calcinet.errors import BadInput, NotMeasurable
from calcinet.geometry.skeleton import SkeletonGraph, skeleton_graph, smooth_line
from calcinet.measure.net.gap_pairing import torn_gaps
from calcinet.measure.net.mesh_size import Counts, Mesh, mesh_of
from calcinet.measure.result import quantity
from calcinet.text import say

ROUGH_LENGTH_FACTOR: Final = 2.0
"""Line length per area times mesh side, for a first guess of the mesh: 2 on a square lattice."""

MARGIN_MESHES: Final = 0.25
"""Rim of the patch, in meshes, whose loose ends are cut edges and not broken ones. Our choice."""

MIN_INSIDE: Final = 0.4
"""If less of the patch is left inside the rim, the whole patch is used. Our choice."""

SPUR_WIDTHS: Final = 1.5
"""A side branch shorter than this many line widths is roughness of the line's border. Our choice."""

MAX_TEAR: Final = 0.6
"""Longest tear that is mended, in rough meshes. Our choice: an edge is about 0.6 meshes long."""

TANGENT_SIGMA_PX: Final = 2.0
"""Smoothing of a line before its direction is read: takes out the staircase of pixels."""


@dataclass(frozen=True, slots=True)
class NetTopology:
    """Pure numbers, without length, by which a net differs from what is taken for one."""

    ends: int
    threes: int
    fours: int
    """Loose ends, junctions of three lines and of four and more, inside the patch."""

    meshes: float
    """Patch area over the square of the rough mesh side."""

    loops: int

    alignment: float
    """Length of the mean vector of doubled angles: 1 where all lines are parallel."""

    squareness: float
    """The same of fourfold angles: 1 where there are two directions at right angles, as in gauze."""

    connected: float
    """Share of the skeleton in its largest connected part."""

    emptiness: float
    """Mean distance to the nearest line times line length per area: grows where lines cluster and leave voids."""

    fill: float
    """Share of the patch that the lines cover."""


@dataclass(frozen=True, slots=True)
class NetGeometry:
    """A net's size, mesh and order. Lengths in mm are None where the pixel spacing is unknown."""

    order: NetTopology
    area_cm2: float | None = quantity("cm2", "Area of the net")
    mesh_mm: float | None = quantity("mm", "Mesh size, side of a square as large as the mean mesh")
    length_density_per_mm: float | None = quantity("mm/mm2", "Line length per area")
    junction_density_per_mm2: float | None = quantity("/mm2", "Junctions per area")
    line_width_mm: float | None = quantity("mm", "Median width of the drawn lines")
    extent_mm: float | None = quantity("mm", "Longest extent of the net")
    loops: int = quantity("1", "Closed loops")
    isotropy: float = quantity("1", "Evenness of directions, 0 parallel to 1 all alike")
    intact: float | None = quantity("1", "Share of the net's edges that are there")
    mesh_px: float | None = quantity("{pixel}", "Mesh size in pixels")
    meshes: float = quantity("1", "Patch area in meshes")
    mesh_mm_interval: tuple[float, float] | None = None


def network(lines: Mask, outline: Mask | None = None, pixel_mm: tuple[float, float] | None = None) -> NetGeometry:
    """Describe a net of lines.

    Nothing is filled or closed: every number comes from line length, junctions, ends and directions, which a break
    changes a little and never all at once (see `measure.mesh`).

    Parameters
    ----------
    lines
        Boolean, shape (Y, X): pixels of the lines.
    outline
        Boolean, same shape: the patch that the net fills; None: the lines, closed over the width of a mesh.
    pixel_mm
        Distance of rows and columns in mm; None: unknown, then quantities in mm are None and the net is still judged.

    Raises
    ------
    NotMeasurable
        If there is no line in the patch.
    BadInput
        If the shapes differ.
    """
    if outline is not None and outline.shape != lines.shape:
        raise BadInput(f"outline {outline.shape} must match lines {lines.shape}")
    if outline is not None:
        lines = lines & outline
    if not lines.any():
        raise NotMeasurable(say("no line, no net"))
    lines, outline, mm = _squared(lines, outline, pixel_mm)
    width_px, graph = _traced(lines)
    patch = _closed(lines, graph) if outline is None else outline
    inside, rough = _inside(graph, patch)
    counts = _counts(graph, inside, width_px, reach=MAX_TEAR * rough)
    order = _order(graph, lines, inside, counts, rough)
    return _result(order, mesh_of(counts), counts, patch, width_px, mm=mm)


def _squared(
    lines: Mask, outline: Mask | None, pixel_mm: tuple[float, float] | None
) -> tuple[Mask, Mask | None, float | None]:
    """The masks cut to their box and resampled to square pixels of the finer distance."""
    box = ndi.find_objects((lines if outline is None else lines | outline).astype(np.uint8))[0]
    lines, outline = lines[box], None if outline is None else outline[box]
    if pixel_mm is None or abs(pixel_mm[0] / pixel_mm[1] - 1) < 0.01:
        return lines, outline, None if pixel_mm is None else float(np.sqrt(pixel_mm[0] * pixel_mm[1]))
    mm = min(pixel_mm)
    size = (round(lines.shape[1] * pixel_mm[1] / mm), round(lines.shape[0] * pixel_mm[0] / mm))
    return _resized(lines, size), None if outline is None else _resized(outline, size), mm


def _resized(mask: Mask, size: tuple[int, int]) -> Mask:
    return np.asarray(cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0)


def _traced(lines: Mask) -> tuple[float, SkeletonGraph]:
    """Median width in pixels, and the graph of the lines without spurs."""
    padded = np.pad(lines, 1)
    inner = cv2.distanceTransform(padded.astype(np.uint8), cv2.DIST_L2, 5)[1:-1, 1:-1]
    raw = skeleton_graph(lines)
    width = float(np.median(2 * inner[raw.skeleton] - 1))
    return width, skeleton_graph(lines, min_spur_px=max(3.0, SPUR_WIDTHS * width))


def _closed(lines: Mask, graph: SkeletonGraph) -> Mask:
    """The patch that lines fill: closed by a disc of a mesh, the mesh guessed from the line length in the box."""
    rough = ROUGH_LENGTH_FACTOR * lines.size / max(sum(b.length() for b in graph.branches), 1.0)
    reach = int(np.clip(rough, 3, max(lines.shape)))
    padded = np.pad(lines, reach + 1)
    far = cv2.distanceTransform((~padded).astype(np.uint8), cv2.DIST_L2, 5)
    back = cv2.distanceTransform((far <= reach).astype(np.uint8), cv2.DIST_L2, 5)
    cut = slice(reach + 1, -reach - 1)
    return np.asarray(back[cut, cut] >= reach)


def _inside(graph: SkeletonGraph, patch: Mask) -> tuple[Mask, float]:
    """The patch without its rim, and the rough mesh side that the rim is a share of."""
    length = float(sum(branch.length() for branch in graph.branches))
    rough = ROUGH_LENGTH_FACTOR * float(patch.sum()) / max(length, 1.0)
    depth = cv2.distanceTransform(np.pad(patch, 1).astype(np.uint8), cv2.DIST_L2, 5)[1:-1, 1:-1]
    inside = np.asarray(depth > MARGIN_MESHES * rough)
    return (inside if inside.sum() > MIN_INSIDE * patch.sum() else patch), rough


def _steps(graph: SkeletonGraph, inside: Mask) -> Floats:
    """All steps (rows, columns) along the smoothed lines that lie inside, shape (N, 2)."""
    steps = [np.zeros((0, 2))]
    for branch in graph.branches:
        line = smooth_line(branch.path, TANGENT_SIGMA_PX)
        middle = np.round((line[1:] + line[:-1]) / 2).astype(int)
        steps.append(np.diff(line, axis=0)[inside[middle[:, 0], middle[:, 1]]])
    return np.concatenate(steps)


def _counts(graph: SkeletonGraph, inside: Mask, width_px: float, *, reach: float) -> Counts:
    """Length, ends and junctions inside; torn edges mended, loose ends given back the half width that thinning took."""
    steps = _steps(graph, inside)
    at = np.round(graph.nodes).astype(int).reshape(-1, 2)
    degree = graph.degree[inside[at[:, 0], at[:, 1]]] if len(at) else np.zeros(0, dtype=int)
    tears = torn_gaps(graph, inside, reach)
    ends = max(int((degree == 1).sum()) - 2 * len(tears), 0)
    return Counts(
        area_px2=float(inside.sum()),
        length_px=float(np.hypot(*steps.T).sum() + tears.sum()) + ends * width_px / 2,
        ends=ends,
        threes=int((degree == 3).sum()),
        fours=int((degree >= 4).sum()),
    )


def _order(graph: SkeletonGraph, lines: Mask, inside: Mask, counts: Counts, rough: float) -> NetTopology:
    """Length-free numbers of the pattern inside the patch."""
    steps = _steps(graph, inside)
    weight, angle = np.hypot(*steps.T), np.arctan2(steps[:, 0], steps[:, 1])
    total = max(float(weight.sum()), 1e-9)
    parts, _ = ndi.label(graph.skeleton & inside, np.ones((3, 3)))
    sizes = np.bincount(parts.ravel())[1:]
    away = cv2.distanceTransform((~graph.skeleton).astype(np.uint8), cv2.DIST_L2, 5)
    return NetTopology(
        ends=counts.ends,
        threes=counts.threes,
        fours=counts.fours,
        meshes=counts.area_px2 / rough**2,
        loops=max(graph.loop_count, 0),
        alignment=float(abs((weight * np.exp(2j * angle)).sum()) / total),
        squareness=float(abs((weight * np.exp(4j * angle)).sum()) / total),
        connected=float(sizes.max() / sizes.sum()) if sizes.size else 0.0,
        emptiness=float(away[inside].mean() * counts.length_px / counts.area_px2),
        fill=float(lines[inside].mean()),
    )


def _result(
    order: NetTopology,
    mesh: Mesh | None,
    counts: Counts,
    patch: Mask,
    width_px: float,
    *,
    mm: float | None,
) -> NetGeometry:
    """Pixels to millimetres, where a pixel has a size."""
    rows, columns = np.nonzero(patch)
    hull = cv2.convexHull(np.stack([columns, rows], axis=1).astype(np.int32))[:, 0].astype(float)
    extent = float(np.hypot(*(hull[:, None] - hull[None]).reshape(-1, 2).T).max())
    side = None if mesh is None else mesh.side_px
    known = mm is not None
    scale = mm or 1.0
    return NetGeometry(
        area_cm2=float(patch.sum()) * scale**2 / 100 if known else None,
        mesh_mm=side * scale if known and side is not None else None,
        length_density_per_mm=counts.length_px / counts.area_px2 / scale if known else None,
        junction_density_per_mm2=(counts.threes + counts.fours) / counts.area_px2 / scale**2 if known else None,
        line_width_mm=width_px * scale if known else None,
        extent_mm=extent * scale if known else None,
        loops=order.loops,
        isotropy=1 - order.alignment,
        intact=None if mesh is None else mesh.intact,
        mesh_px=side,
        meshes=order.meshes if side is None else counts.area_px2 / side**2,
        mesh_mm_interval=None
        if mesh is None or not known
        else (mesh.interval_px[0] * scale, mesh.interval_px[1] * scale),
        order=order,
    )
