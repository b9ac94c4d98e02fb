"""A net of calcium under the skin on CT: components unrolled round the limb, and judged as a net of lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from scipy import ndimage
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from skimage.morphology import skeletonize

from calcinet.arrays import Floats, Indices, Mask
from calcinet.findings.ct.coarse_grid import Spacing
from calcinet.findings.ct.components import Component

LINK_MM: Final = 6.0
"""Components of one net are no farther apart: half a mesh that is torn. Our choice."""

FLAT_MM: Final = 0.5
"""Pixel of the unrolled net. Our choice: the finest pixel of a CT of a limb."""

CRACK_PX: Final = 3
"""Pixels over which cracks between voxels are closed, at least: as wide as a voxel. Our choice: meshes of 3 mm with
blurred lines keep holes of 1.5 mm."""

MARGIN: Final = 28
"""Pixels about the unrolled net. Our choice: more than the closing reaches."""

LEAST_CM2: Final = 2.0
"""A net covers at least this. Our choice: four meshes of 7 mm."""

LEAST_LENGTH_MM: Final = 60.0
"""Length of its lines in sum, at least. Our choice."""

MOST_FILL: Final = 0.7
"""Share of its patch that its lines may cover: a plate covers all of it, blurred lines of meshes of 3 mm half. Our
choice: nodules and small vessels of generated calves cover 0.72 and more of theirs, and less than 1 cm2."""

DOTS_LINK_MM: Final = 12.0
"""Dots of one net are no farther apart: a mesh whose lines are too thin, or slices too thick, to be seen.
Our choice."""

LEAST_DOTS: Final = 8
"""Fewer dots are nodules. Our choice."""

MOST_DOTS_FILL: Final = 0.3
"""Share of their patch that dots may cover. Our choice: nodules that lie close cover more."""

SHEET_MM: Final = 0.5
"""How far dots of one net lie from a smooth sheet, standard deviation. Our choice: those of generated nets under 0.3
mm, nodules of skin and fat lie at any depth."""

LEAST_JUNCTIONS: Final = 6
"""Places where lines meet: a vessel's branch has one. Our choice."""


@dataclass(frozen=True, slots=True, eq=False)
class Net:
    """Components that are one net, unrolled."""

    members: tuple[int, ...]
    lines: Mask
    """Shape (rows along the body, columns round it), pixels of `FLAT_MM`."""
    patch: Mask
    """What it covers, meshes included, same shape."""


def find_nets(components: Sequence[Component], shallow: Sequence[int], axis: Floats, spacing_mm: Spacing) -> list[Net]:
    """Group shallow components that touch or nearly do, and keep groups that are nets: of lines, or else of dots.

    Parameters
    ----------
    components
        All components of calcium.
    shallow
        Indices of those in the skin or the subcutis.
    axis
        Middle of the limb (Y, X) in voxels for each slice of the volume, shape (Z, 2).
    spacing_mm
        Distance of voxels along (Z, Y, X).
    """
    found = []
    clouds = [components[n].voxels() * np.array(spacing_mm) for n in shallow]
    for group in _group_neighbours(clouds):
        members = tuple(shallow[k] for k in group)
        lines, patch = unroll(_join_voxels(components, members), axis, spacing_mm)
        if _is_net(lines, patch):
            found.append(Net(members, lines, patch))
    in_nets: set[int] = set()
    for net in found:
        in_nets.update(net.members)
    others = [n for n in shallow if n not in in_nets]
    for members in _group_dots(components, others, spacing_mm):
        voxels = _join_voxels(components, members)
        lines, patch = unroll(voxels, axis, spacing_mm, DOTS_LINK_MM)
        if _are_dots(lines, patch) and _measure_unevenness(voxels, axis, spacing_mm) <= SHEET_MM:
            found.append(Net(members, lines, patch))
    return found


def _group_dots(components: Sequence[Component], numbers: Sequence[int], spacing_mm: Spacing) -> list[tuple[int, ...]]:
    """Groups of `LEAST_DOTS` components and more whose middles are within `DOTS_LINK_MM` of one another."""
    if len(numbers) < LEAST_DOTS:
        return []
    middles = np.array([components[n].voxels().mean(axis=0) for n in numbers]) * np.array(spacing_mm)
    pairs = cKDTree(middles).query_pairs(DOTS_LINK_MM, output_type="ndarray")
    alone = np.arange(len(numbers))
    group = _connect(np.concatenate([pairs, np.stack([alone, alone], axis=1)]))
    groups = []
    for number in np.unique(group):
        members = tuple(numbers[k] for k in np.flatnonzero(group == number).tolist())
        if len(members) >= LEAST_DOTS:
            groups.append(members)
    return groups


def _join_voxels(components: Sequence[Component], numbers: Sequence[int]) -> Indices:
    return np.concatenate([components[n].voxels() for n in numbers])


def _group_neighbours(clouds: Sequence[Floats]) -> list[list[int]]:
    """Indices of clouds of points that are within about `LINK_MM`, group by group.

    Points are sorted into cells of half that size; clouds in cells that touch belong together.
    """
    if not clouds:
        return []
    owner = np.repeat(np.arange(len(clouds)), [len(cloud) for cloud in clouds])
    cells = (np.concatenate(clouds) / (LINK_MM / 2)).astype(np.intp)
    cells -= cells.min(axis=0)
    occupied = np.zeros(cells.max(axis=0) + 1, dtype=bool)
    occupied[tuple(cells.T)] = True
    numbered, _ = ndimage.label(occupied, structure=np.ones((3, 3, 3)))
    edges = np.unique(np.stack([owner, numbered[tuple(cells.T)] + len(clouds)], axis=1), axis=0)
    group = _connect(edges)[: len(clouds)]
    return [np.flatnonzero(group == number).tolist() for number in np.unique(group)]


def _connect(edges: Indices) -> Indices:
    """Number of the connected group of each node, of pairs of nodes that are joined, shape (N, 2)."""
    size = int(edges.max()) + 1
    graph = coo_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(size, size))
    _, group = connected_components(graph, directed=False)
    return np.asarray(group)


def unroll(voxels: Indices, axis: Floats, spacing_mm: Spacing, link_mm: float = LINK_MM) -> tuple[Mask, Mask]:
    """Unroll voxels: height along the body, and arc length round its axis at their median distance from it.

    The patch is what they cover where gaps of up to twice `link_mm` are closed.

    Returns
    -------
    tuple
        Lines and the patch that they cover, shape (rows, columns), pixels of `FLAT_MM`.
    """
    flat = _unroll_points(voxels, axis, spacing_mm) / FLAT_MM
    flat -= flat.min(axis=0) - MARGIN
    size = np.ceil(flat.max(axis=0) + MARGIN).astype(int)
    lines = np.zeros(size, np.uint8)
    lines[tuple(np.round(flat).astype(int).T)] = 1
    height, width = (max(CRACK_PX, round(mm / FLAT_MM) | 1) for mm in (spacing_mm[0], max(spacing_mm[1:])))
    lines = cv2.morphologyEx(lines, cv2.MORPH_CLOSE, np.ones((height, width), np.uint8))
    reach = 2 * round(link_mm / FLAT_MM) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    return lines > 0, cv2.morphologyEx(lines, cv2.MORPH_CLOSE, disc) > 0


def _unroll_points(voxels: Indices, axis: Floats, spacing_mm: Spacing) -> Floats:
    """Height and arc length of voxels in mm, shape (N, 2)."""
    off = (voxels[:, 1:] - axis[voxels[:, 0]]) * np.array(spacing_mm[1:])
    radius = float(np.median(np.hypot(*off.T)))
    middle = np.arctan2(*off.mean(axis=0))
    angle = np.angle(np.exp(1j * (np.arctan2(off[:, 0], off[:, 1]) - middle)))
    return np.stack([voxels[:, 0] * spacing_mm[0], angle * radius], axis=1)


def _is_net(lines: Mask, patch: Mask) -> bool:
    """Whether lines cover an area as a net does: not all of it, with junctions, and long enough in sum."""
    area_cm2 = float(patch.sum()) * FLAT_MM**2 / 100
    if area_cm2 < LEAST_CM2 or lines.sum() > MOST_FILL * patch.sum():
        return False
    thin = skeletonize(lines)
    neighbours = cv2.filter2D(thin.astype(np.uint8), -1, np.ones((3, 3), np.uint8), borderType=cv2.BORDER_CONSTANT)
    junctions = cv2.connectedComponents((thin & (neighbours >= 4)).astype(np.uint8))[0] - 1
    return bool(junctions >= LEAST_JUNCTIONS and thin.sum() * FLAT_MM >= LEAST_LENGTH_MM)


def _are_dots(lines: Mask, patch: Mask) -> bool:
    """Whether dots cover as much as a net does, and little of it."""
    area_cm2 = float(patch.sum()) * FLAT_MM**2 / 100
    return area_cm2 >= LEAST_CM2 and bool(lines.sum() <= MOST_DOTS_FILL * patch.sum())


def _measure_unevenness(voxels: Indices, axis: Floats, spacing_mm: Spacing) -> float:
    """Standard deviation in mm of voxels from the smooth sheet round a limb that fits them best.

    Its distance from the axis changes with the height and with the first two harmonics of the direction.
    """
    off = (voxels[:, 1:] - axis[voxels[:, 0]]) * np.array(spacing_mm[1:])
    turn = np.arctan2(*off.T)
    terms = [np.ones(len(turn)), voxels[:, 0] * spacing_mm[0]]
    for order in (1, 2):
        terms += [np.cos(order * turn), np.sin(order * turn)]
    sheet = np.stack(terms, axis=1)
    away = np.hypot(*off.T)
    solution, *_ = np.linalg.lstsq(sheet, away, rcond=None)
    return float((away - sheet @ solution).std())
