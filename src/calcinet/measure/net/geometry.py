"""How large, how fine and how whole a net of lines is, even when half of its edges are missing."""

from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from scipy import ndimage as ndi

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.errors import BadInput, NotMeasurable
from calcinet.geometry.skeleton import SkeletonGraph, skeleton_graph, smooth_line
from calcinet.measure.net.gap_pairing import torn_gaps
from calcinet.measure.net.mesh_size import Counts, Mesh, measure_mesh
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

MAX_OBLONG: Final = 0.01
"""Pixels whose sides differ by less, relatively, are taken for square. Our choice."""

TANGENT_SIGMA_PX: Final = 2.0
"""Smoothing of a line before its direction is read: takes out the staircase of pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetTopology:
    """Pure numbers, without length, by which a net differs from what is taken for one."""

    ends: int
    """Loose ends inside the patch."""

    threes: int
    """Junctions of three lines inside the patch."""

    fours: int
    """Junctions of four lines and more inside the patch."""

    meshes: float
    """Patch area over the square of the rough mesh side."""

    loops: int
    """Closed loops."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class NetGeometry:
    """A net's size, mesh and topology. Lengths in mm are None where the pixel spacing is unknown."""

    topology: NetTopology
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


def net_geometry(lines: Mask, outline: Mask | None = None, pixel_mm: tuple[float, float] | None = None) -> NetGeometry:
    """Describe a net of lines.

    Nothing is filled or closed: every number comes from line length, junctions, ends and directions, which a break
    changes a little and never all at once (see `mesh_size`).

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
    lines, outline, mm = _make_square(lines, outline, pixel_mm)
    width_px, graph = _trace_lines(lines)
    patch = outline
    if patch is None:
        patch = _close_lines(lines, graph)
    inside, rough = _cut_rim(graph, patch)
    counts = _count(graph, inside, width_px, reach=MAX_TEAR * rough)
    topology = _measure_topology(graph, lines, inside, counts, rough)
    geometry = _measure_in_pixels(topology, measure_mesh(counts), counts)
    if mm is None:
        return geometry
    return _convert_to_mm(geometry, counts, patch, width_px, mm)


def _make_square(
    lines: Mask, outline: Mask | None, pixel_mm: tuple[float, float] | None
) -> tuple[Mask, Mask | None, float | None]:
    """The masks cut to their box and resampled to square pixels of the finer distance."""
    whole = lines
    if outline is not None:
        whole = lines | outline
    box = ndi.find_objects(whole.astype(np.uint8))[0]
    lines = lines[box]
    if outline is not None:
        outline = outline[box]
    if pixel_mm is None:
        return lines, outline, None
    rows_mm, columns_mm = pixel_mm
    if abs(rows_mm / columns_mm - 1) < MAX_OBLONG:
        return lines, outline, float(np.sqrt(rows_mm * columns_mm))
    mm = min(pixel_mm)
    size = (round(lines.shape[1] * columns_mm / mm), round(lines.shape[0] * rows_mm / mm))
    if outline is not None:
        outline = _resize(outline, size)
    return _resize(lines, size), outline, mm


def _resize(mask: Mask, size: tuple[int, int]) -> Mask:
    return np.asarray(cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0)


def _trace_lines(lines: Mask) -> tuple[float, SkeletonGraph]:
    """Median width in pixels, and the graph of the lines without spurs."""
    inner = _measure_depth(lines)
    raw = skeleton_graph(lines)
    width = float(np.median(2 * inner[raw.skeleton] - 1))
    return width, skeleton_graph(lines, min_spur_px=max(3.0, SPUR_WIDTHS * width))


def _measure_depth(mask: Mask) -> Pixels:
    """Distance in pixels of every pixel of a mask from the outside, which begins at the image's edge too."""
    distance = cv2.distanceTransform(np.pad(mask, 1).astype(np.uint8), cv2.DIST_L2, 5)
    return np.asarray(distance[1:-1, 1:-1], dtype=np.float32)


def _sum_lengths(graph: SkeletonGraph) -> float:
    """Length in pixels of all lines."""
    return float(sum(branch.length() for branch in graph.branches))


def _close_lines(lines: Mask, graph: SkeletonGraph) -> Mask:
    """The patch that lines fill: closed by a disc of a mesh, the mesh guessed from the line length in the box."""
    rough = ROUGH_LENGTH_FACTOR * lines.size / max(_sum_lengths(graph), 1.0)
    reach = int(np.clip(rough, 3, max(lines.shape)))
    padded = np.pad(lines, reach + 1)
    outwards = cv2.distanceTransform((~padded).astype(np.uint8), cv2.DIST_L2, 5)
    inwards = cv2.distanceTransform((outwards <= reach).astype(np.uint8), cv2.DIST_L2, 5)
    cut = slice(reach + 1, -reach - 1)
    return np.asarray(inwards[cut, cut] >= reach)


def _cut_rim(graph: SkeletonGraph, patch: Mask) -> tuple[Mask, float]:
    """The patch without its rim, and the rough mesh side that the rim is a share of."""
    rough = ROUGH_LENGTH_FACTOR * float(patch.sum()) / max(_sum_lengths(graph), 1.0)
    inside = np.asarray(_measure_depth(patch) > MARGIN_MESHES * rough)
    if inside.sum() <= MIN_INSIDE * patch.sum():
        return patch, rough
    return inside, rough


def _collect_steps(graph: SkeletonGraph, inside: Mask) -> Floats:
    """All steps (rows, columns) along the smoothed lines whose middle is inside, shape (N, 2)."""
    steps = [np.zeros((0, 2))]
    for branch in graph.branches:
        line = smooth_line(branch.path, TANGENT_SIGMA_PX)
        middle = np.round((line[1:] + line[:-1]) / 2).astype(int)
        steps.append(np.diff(line, axis=0)[inside[middle[:, 0], middle[:, 1]]])
    return np.concatenate(steps)


def _count(graph: SkeletonGraph, inside: Mask, width_px: float, *, reach: float) -> Counts:
    """Length, ends and junctions inside; torn edges mended, loose ends given back the half width that thinning took."""
    steps = _collect_steps(graph, inside)
    degree = np.zeros(0, dtype=int)
    if len(graph.nodes):
        node = np.round(graph.nodes).astype(int).reshape(-1, 2)
        degree = graph.degree[inside[node[:, 0], node[:, 1]]]
    tears = torn_gaps(graph, inside, reach)
    ends = max(int((degree == 1).sum()) - 2 * len(tears), 0)
    return Counts(
        area_px2=float(inside.sum()),
        length_px=float(np.hypot(*steps.T).sum() + tears.sum()) + ends * width_px / 2,
        ends=ends,
        threes=int((degree == 3).sum()),
        fours=int((degree >= 4).sum()),
    )


def _measure_topology(graph: SkeletonGraph, lines: Mask, inside: Mask, counts: Counts, rough: float) -> NetTopology:
    """Length-free numbers of the pattern inside the patch."""
    steps = _collect_steps(graph, inside)
    outwards = cv2.distanceTransform((~graph.skeleton).astype(np.uint8), cv2.DIST_L2, 5)
    return NetTopology(
        ends=counts.ends,
        threes=counts.threes,
        fours=counts.fours,
        meshes=counts.area_px2 / rough**2,
        loops=max(graph.loop_count, 0),
        alignment=_align(steps, 2),
        squareness=_align(steps, 4),
        connected=_measure_connected(graph.skeleton & inside),
        emptiness=float(outwards[inside].mean() * counts.length_px / counts.area_px2),
        fill=float(lines[inside].mean()),
    )


def _align(steps: Floats, fold: int) -> float:
    """Length of the mean vector of the angles times `fold`, weighed by length: |sum l exp(i fold a)| / sum l."""
    weight, angle = np.hypot(*steps.T), np.arctan2(steps[:, 0], steps[:, 1])
    total = max(float(weight.sum()), 1e-9)
    return float(abs((weight * np.exp(fold * 1j * angle)).sum()) / total)


def _measure_connected(skeleton: Mask) -> float:
    """Share of the skeleton in its largest connected part."""
    labels, _ = ndi.label(skeleton, np.ones((3, 3)))
    sizes = np.bincount(labels.ravel())[1:]
    if not sizes.size:
        return 0.0
    return float(sizes.max() / sizes.sum())


def _measure_in_pixels(topology: NetTopology, mesh: Mesh | None, counts: Counts) -> NetGeometry:
    """What is known of a net without the size of a pixel."""
    geometry = NetGeometry(
        area_cm2=None,
        mesh_mm=None,
        length_density_per_mm=None,
        junction_density_per_mm2=None,
        line_width_mm=None,
        extent_mm=None,
        loops=topology.loops,
        isotropy=1 - topology.alignment,
        intact=None,
        mesh_px=None,
        meshes=topology.meshes,
        topology=topology,
    )
    if mesh is None:
        return geometry
    meshes = counts.area_px2 / mesh.side_px**2
    return replace(geometry, intact=mesh.intact, mesh_px=mesh.side_px, meshes=meshes)


def _convert_to_mm(geometry: NetGeometry, counts: Counts, patch: Mask, width_px: float, mm: float) -> NetGeometry:
    """Add what the size of a pixel gives."""
    mesh_mm: float | None = None
    interval: tuple[float, float] | None = None
    mesh = measure_mesh(counts)
    if mesh is not None:
        mesh_mm = mesh.side_px * mm
        interval = (mesh.interval_px[0] * mm, mesh.interval_px[1] * mm)
    junctions = counts.threes + counts.fours
    return replace(
        geometry,
        area_cm2=float(patch.sum()) * mm**2 / 100,
        mesh_mm=mesh_mm,
        mesh_mm_interval=interval,
        length_density_per_mm=counts.length_px / counts.area_px2 / mm,
        junction_density_per_mm2=junctions / counts.area_px2 / mm**2,
        line_width_mm=width_px * mm,
        extent_mm=_measure_extent(patch) * mm,
    )


def _measure_extent(patch: Mask) -> float:
    """Longest distance in pixels between two points of the patch."""
    rows, columns = np.nonzero(patch)
    hull = cv2.convexHull(np.stack([columns, rows], axis=1).astype(np.int32))[:, 0].astype(float)
    between = (hull[:, None] - hull[None]).reshape(-1, 2)
    return float(np.hypot(*between.T).max())
