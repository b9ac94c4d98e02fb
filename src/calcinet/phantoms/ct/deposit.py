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
"""Cells looked at in one step, to bound the memory."""


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


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
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
    """Size of the cells of a body, from the thickness of its thinnest part."""
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
    y, x = np.arange(first[1], last[1] + 1), np.arange(first[2], last[2] + 1)
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
    for start in range(0, len(points), block):
        centres, radii = points[start : start + block], radius_mm[start : start + block]
        cells = np.round(centres / step_mm).astype(np.int64)[:, None] + offsets[None]
        away_squared = ((cells * step_mm - centres[:, None]) ** 2).sum(axis=2)
        found.append(_drop_repeated(cells[away_squared <= radii[:, None] ** 2]))
    return Cells(_drop_repeated(np.concatenate(found)), step_mm)


def _drop_repeated(cells: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each cell once, shape (N, 3)."""
    low = cells.min(axis=0)
    size = tuple((cells.max(axis=0) - low + 1).tolist())
    keys = np.unique(np.ravel_multi_index(tuple((cells - low).T), size))
    return np.asarray(np.stack(np.unravel_index(keys, size), axis=1) + low, dtype=np.int64)


def shares(cells: Cells, grid: Grid) -> tuple[Box, Pixels] | None:
    """Share of each voxel that the cells fill, in the box that holds them all; None outside the scan.

    A cell adds to a voxel the volume that both have in common over the volume of the voxel, so that the shares of all
    voxels add up to the volume of the cells.
    """
    size = np.array([grid.thickness_mm, *grid.spacing_mm[1:]])
    points = cells.points - np.array(grid.first)
    first = _find_first_voxels(points, cells.step_mm, size, grid)
    touched = _count_touched_voxels(cells.step_mm, size, grid)
    low = np.maximum(first.min(axis=0), 0)
    high = np.minimum(first.max(axis=0) + touched, grid.shape)
    if (low >= high).any():
        return None
    out = np.zeros(high - low)
    for offset in np.ndindex(*touched):
        at = first + offset
        share = _share_volume(points, at * np.array(grid.spacing_mm), cells.step_mm, size)
        used = (share > 0) & ((at >= low) & (at < high)).all(axis=1)
        flat = np.ravel_multi_index(tuple((at[used] - low).T), out.shape)
        out += np.bincount(flat, weights=share[used], minlength=out.size).reshape(out.shape)
    z, y, x = (slice(int(start), int(stop)) for start, stop in zip(low, high, strict=True))
    return (z, y, x), np.minimum(out, 1).astype(np.float32)


def _find_first_voxels(points: Floats, step_mm: float, size: Floats, grid: Grid) -> NDArray[np.int64]:
    """The first voxel that each cell touches, shape (N, 3)."""
    lowest = (points - step_mm / 2 - size / 2) / np.array(grid.spacing_mm)
    return np.asarray(np.ceil(lowest - 1e-9).astype(np.int64))


def _count_touched_voxels(step_mm: float, size: Floats, grid: Grid) -> list[int]:
    """How many voxels one cell can touch at most along each axis."""
    counts = []
    for voxel_mm, spacing_mm in zip(size, grid.spacing_mm, strict=True):
        counts.append(int(np.floor((voxel_mm + step_mm) / spacing_mm + 1e-9)) + 1)
    return counts


def _share_volume(points: Floats, middle: Floats, step_mm: float, size: Floats) -> Floats:
    """Share of a voxel about each middle that the cell about each point fills."""
    half = step_mm / 2
    common = np.minimum(points + half, middle + size / 2) - np.maximum(points - half, middle - size / 2)
    return np.asarray(np.prod(np.maximum(common, 0) / size, axis=1))
