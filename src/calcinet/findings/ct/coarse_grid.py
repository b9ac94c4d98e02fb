"""A coarse grid over a volume: anatomy is large, so it is looked for there; calcium is small and is not."""

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calcinet.arrays import Indices, Mask, Pixels
from calcinet.image import Image

COARSE_MM: Final = 2.0
"""Voxels are averaged to at least this size. Our choice: fascia and cortex are still seen, a leg has 15 million."""

Box = tuple[slice, slice, slice]


@dataclass(frozen=True, slots=True, eq=False)
class CoarseGrid:
    """The volume averaged over blocks of voxels."""

    hu: Pixels
    """Shape (Z, Y, X) of the coarse grid."""

    block: tuple[int, int, int]
    """Voxels of the volume averaged into one, along each axis."""

    mm: tuple[float, float, float]
    """Size of a coarse voxel."""

    shape: tuple[int, int, int]
    """Of the volume itself."""

    @property
    def voxel_mm3(self) -> float:
        """Volume of a coarse voxel."""
        return float(np.prod(self.mm))

    def size(self, mm: float, axis: int) -> int:
        """How many coarse voxels `mm` are, at least 1."""
        return max(1, round(mm / self.mm[axis]))

    def fine_plane(self, values: NDArray[Any], z: int) -> NDArray[Any]:
        """Values of a coarse array in slice `z` of the volume, each voxel that of its block, shape (Y, X)."""
        plane = values[min(z // self.block[0], values.shape[0] - 1)]
        return self._spread(plane)

    def fine_box(self, values: NDArray[Any], box: Box) -> NDArray[Any]:
        """Values of a coarse array in a box of the volume."""
        at = [
            np.minimum(np.arange(of.start, of.stop) // step, size - 1)
            for of, step, size in zip(box, self.block, values.shape, strict=True)
        ]
        return np.asarray(values[np.ix_(*at)])

    def fine_part(self, values: NDArray[Any], z: int, shape: tuple[int, ...]) -> NDArray[Any]:
        """Values of a piece of a coarse array in slice `z` of that piece of the volume, which has `shape`."""
        rows, columns = (
            np.minimum(np.arange(size) // step, count - 1)
            for size, step, count in zip(shape, self.block[1:], values.shape[1:], strict=True)
        )
        return np.asarray(values[min(z // self.block[0], values.shape[0] - 1)][rows][:, columns])

    def at(self, values: NDArray[Any], points: Indices) -> NDArray[Any]:
        """Values of a coarse array at voxels of the volume, shape (N, 3) -> (N,)."""
        index = np.minimum(points // np.array(self.block), np.array(values.shape) - 1)
        return np.asarray(values[tuple(index.T)])

    def _spread(self, plane: NDArray[Any]) -> NDArray[Any]:
        rows, columns = (
            np.minimum(np.arange(size) // step, count - 1)
            for size, step, count in zip(self.shape[1:], self.block[1:], plane.shape, strict=True)
        )
        return np.asarray(plane[rows][:, columns])


def coarse(image: Image, spacing_mm: tuple[float, float, float]) -> CoarseGrid:
    """Average a volume over blocks; what is left over at the far edges joins no block."""
    block = (
        max(1, round(COARSE_MM / spacing_mm[0])),
        max(1, round(COARSE_MM / spacing_mm[1])),
        max(1, round(COARSE_MM / spacing_mm[2])),
    )
    shape = image.pixels.shape
    block = (min(block[0], shape[0]), min(block[1], shape[1]), min(block[2], shape[2]))
    size = tuple(extent // step for extent, step in zip(shape, block, strict=True))
    hu = np.empty(size, dtype=np.float32)
    used = slice(0, size[1] * block[1]), slice(0, size[2] * block[2])
    for z in range(size[0]):
        slab = image.pixels[z * block[0] : (z + 1) * block[0]].mean(axis=0)[used]
        hu[z] = cv2.resize(slab, (size[2], size[1]), interpolation=cv2.INTER_AREA)
    mm = tuple(step * length for step, length in zip(block, spacing_mm, strict=True))
    return CoarseGrid(hu, block, (mm[0], mm[1], mm[2]), (shape[0], shape[1], shape[2]))


def opened(mask: Mask, grid: CoarseGrid, mm: float) -> Mask:
    """Open each slice by a disc of radius `mm`: what is thinner than twice that goes."""
    return _by_slice(mask, cv2.MORPH_OPEN, grid, mm)


def closed(mask: Mask, grid: CoarseGrid, mm: float) -> Mask:
    """Close each slice by a disc of radius `mm`."""
    return _by_slice(mask, cv2.MORPH_CLOSE, grid, mm)


def grown(mask: Mask, grid: CoarseGrid, mm: float) -> Mask:
    """Every voxel within `mm` of the mask, slices included."""
    wide = _by_slice(mask, cv2.MORPH_DILATE, grid, mm)
    steps = int(mm / grid.mm[0])
    return ndimage.maximum_filter1d(wide, 2 * steps + 1, axis=0) if steps else wide


def filled(mask: Mask) -> Mask:
    """Fill the holes of each slice."""
    out = np.empty_like(mask)
    for z, plane in enumerate(mask):
        outlines, _ = cv2.findContours(plane.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        canvas = np.zeros(plane.shape, np.uint8)
        cv2.drawContours(canvas, outlines, -1, 1, -1)
        out[z] = canvas > 0
    return out


def parts(mask: Mask, least_voxels: float = 1) -> tuple[NDArray[np.int32], list[tuple[int, Box]]]:
    """Numbered connected parts (26 neighbours), and number and box of each that is large enough."""
    numbered, count = ndimage.label(mask, structure=ALL_NEIGHBOURS)
    sizes = np.bincount(numbered.ravel(), minlength=count + 1)
    boxes = ndimage.find_objects(numbered)
    large = [
        (n, (box[0], box[1], box[2]))
        for n, box in enumerate(boxes, start=1)
        if box is not None and sizes[n] >= least_voxels
    ]
    return np.asarray(numbered, dtype=np.int32), large


ALL_NEIGHBOURS: Final = np.ones((3, 3, 3), dtype=bool)
"""Voxels that touch by a corner are neighbours."""


def _by_slice(mask: Mask, operation: int, grid: CoarseGrid, mm: float) -> Mask:
    size = (2 * grid.size(mm, 2) + 1, 2 * grid.size(mm, 1) + 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, size)
    out = np.empty_like(mask)
    for z, plane in enumerate(mask):
        edge = cv2.BORDER_REPLICATE if operation == cv2.MORPH_OPEN else cv2.BORDER_CONSTANT
        more = max(size)
        wide = cv2.copyMakeBorder(plane.astype(np.uint8), more, more, more, more, edge)
        result = cv2.morphologyEx(wide, operation, kernel)
        out[z] = result[max(size) : -max(size), max(size) : -max(size)] > 0
    return out
