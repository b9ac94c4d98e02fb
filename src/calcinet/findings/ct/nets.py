"""A net of calcium under the skin on CT: components unrolled round the limb, and judged as a net of lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from scipy import ndimage
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from skimage.morphology import skeletonize

from calcinet.arrays import Floats, Indices, Mask
from calcinet.findings.ct.coarse_grid import Spacing
from calcinet.findings.ct.components import Component

LINK_MM: Final = 6.0
"""Components of one net are no farther apart: half a mesh that is torn. Our choice."""

FLAT_MM: Final = 0.5
"""Pixel of the unrolled net. Our choice: the finest pixel of a CT of a limb."""

MARGIN: Final = 16
"""Pixels about the unrolled net. Our choice: more than the closing reaches."""

LEAST_CM2: Final = 2.0
"""A net covers at least this. Our choice: four meshes of 7 mm."""

LEAST_LENGTH_MM: Final = 60.0
"""Length of its lines in sum, at least. Our choice."""

MOST_FILL: Final = 0.45
"""Share of its patch that its lines may cover: a plate covers all of it. Our choice."""

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
    """Group shallow components that touch or nearly do, and keep groups that are nets.

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
    groups = _group_neighbours([components[n].voxels() * np.array(spacing_mm) for n in shallow])
    found = []
    for group in groups:
        members = tuple(shallow[k] for k in group)
        voxels = np.concatenate([components[n].voxels() for n in members])
        lines, patch = unroll(voxels, axis, spacing_mm)
        if _is_net(lines, patch):
            found.append(Net(members, lines, patch))
    return found


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


def unroll(voxels: Indices, axis: Floats, spacing_mm: Spacing) -> tuple[Mask, Mask]:
    """Unroll voxels: height along the body, and arc length round its axis at their median distance from it.

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
    height = max(1, round(spacing_mm[0] / FLAT_MM)) | 1
    width = max(1, round(max(spacing_mm[1:]) / FLAT_MM)) | 1
    lines = cv2.morphologyEx(lines, cv2.MORPH_CLOSE, np.ones((height + 2, width + 2), np.uint8))
    reach = 2 * round(LINK_MM / FLAT_MM) + 1
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
