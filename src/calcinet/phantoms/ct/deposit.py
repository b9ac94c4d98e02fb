"""Small bodies as fine cells: their volume is counted, and shared among voxels of any size exactly."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Floats, Mask, Pixels

Box = tuple[slice, slice, slice]

FINEST_MM: Final = 0.05
COARSEST_MM: Final = 0.15
"""Cells are a sixth of a body's thickness, within these."""

BLOCK: Final = 4_000_000
"""Cells asked at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """A body made of cubes on a grid that all bodies share."""

    index: NDArray[np.int64]
    """Shape (N, 3): cell (i, j, k) has its middle at `step_mm` times that, (Z, Y, X) in mm."""
    step_mm: float

    @property
    def volume_mm3(self) -> float:
        """Counted."""
        return len(self.index) * self.step_mm**3

    @property
    def points(self) -> Floats:
        """Middles of the cells in mm."""
        return np.asarray(self.index * self.step_mm, dtype=np.float64)

    @property
    def centre(self) -> Floats:
        """Their mean."""
        return np.asarray(self.points.mean(axis=0))


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """The voxels of a scan in space."""

    first: tuple[float, float, float]
    """Middle of the first voxel, (Z, Y, X) in mm."""
    spacing_mm: tuple[float, float, float]
    shape: tuple[int, int, int]
    thickness_mm: float
    """Of a slice; slices may overlap or leave gaps."""

    def voxel(self, points: Floats) -> Floats:
        """Places in mm as voxels of the scan."""
        return np.asarray((points - np.array(self.first)) / np.array(self.spacing_mm))


def step_for(thickness_mm: float) -> float:
    """Size of the cells of a body whose thinnest part is so thick."""
    return float(np.clip(thickness_mm / 6, FINEST_MM, COARSEST_MM))


def solid(inside: Callable[[Floats], Mask], low: Floats, high: Floats, step_mm: float) -> Cells:
    """All cells of a box whose middles lie inside.

    Parameters
    ----------
    inside
        Asked with points in mm, shape (N, 3).
    low, high
        Corners of the box in mm.
    step_mm
        Size of a cell.
    """
    first, last = np.floor(low / step_mm).astype(int), np.ceil(high / step_mm).astype(int)
    y, x = (np.arange(first[k], last[k] + 1) for k in (1, 2))
    slab = max(1, BLOCK // (len(y) * len(x)))
    found = []
    for z in range(first[0], last[0] + 1, slab):
        heights = np.arange(z, min(z + slab, last[0] + 1))
        cells = np.stack(np.meshgrid(heights, y, x, indexing="ij"), axis=-1).reshape(-1, 3)
        found.append(cells[inside(cells * step_mm)])
    return Cells(np.concatenate(found).astype(np.int64), step_mm)


def thread(points: Floats, radius_mm: Floats, step_mm: float) -> Cells:
    """Everything within a radius of any of the points.

    Parameters
    ----------
    points
        Along lines, nearer to one another than the radius, shape (N, 3) in mm.
    radius_mm
        At each point, shape (N,).
    step_mm
        Size of a cell.
    """
    reach = int(np.ceil(radius_mm.max() / step_mm)) + 1
    offsets = np.array(list(product(range(-reach, reach + 1), repeat=3)))
    offsets = offsets[(offsets**2).sum(axis=1) <= (reach + 1) ** 2]
    found = []
    block = max(1, BLOCK // len(offsets))
    for n in range(0, len(points), block):
        some = points[n : n + block]
        cells = np.round(some / step_mm).astype(np.int64)[:, None] + offsets[None]
        away = ((cells * step_mm - some[:, None]) ** 2).sum(axis=2)
        found.append(_once(cells[away <= radius_mm[n : n + block, None] ** 2]))
    return Cells(_once(np.concatenate(found)), step_mm)


def _once(cells: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each cell once, shape (N, 3)."""
    low = cells.min(axis=0)
    size = tuple((cells.max(axis=0) - low + 1).tolist())
    keys = np.unique(np.ravel_multi_index(tuple((cells - low).T), size))
    return np.asarray(np.stack(np.unravel_index(keys, size), axis=1) + low, dtype=np.int64)


def shares(cells: Cells, grid: Grid) -> tuple[Box, Pixels] | None:
    """Share of each voxel that the cells fill, in the box that holds them all; None outside the scan."""
    size = np.array([grid.thickness_mm, *grid.spacing_mm[1:]])
    spacing, half = np.array(grid.spacing_mm), cells.step_mm / 2
    points = cells.points - np.array(grid.first)
    first = np.ceil((points - half - size / 2) / spacing - 1e-9).astype(np.int64)  # voxel touched first
    most = [int(np.floor((size[k] + cells.step_mm) / spacing[k] + 1e-9)) + 1 for k in range(3)]
    low = np.maximum(first.min(axis=0), 0)
    high = np.minimum(first.max(axis=0) + most, grid.shape)
    if (low >= high).any():
        return None
    out = np.zeros(high - low)
    for offset in product(*map(range, most)):
        at = first + offset
        middle = at * spacing
        common = np.minimum(points + half, middle + size / 2) - np.maximum(points - half, middle - size / 2)
        part = np.prod(np.maximum(common, 0) / size, axis=1)
        used = (part > 0) & ((at >= low) & (at < high)).all(axis=1)
        flat = np.ravel_multi_index(tuple((at[used] - low).T), out.shape)
        out += np.bincount(flat, weights=part[used], minlength=out.size).reshape(out.shape)
    box = (slice(int(low[0]), int(high[0])), slice(int(low[1]), int(high[1])), slice(int(low[2]), int(high[2])))
    return box, np.minimum(out, 1).astype(np.float32)
