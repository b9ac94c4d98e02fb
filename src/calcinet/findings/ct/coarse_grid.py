"""A coarse grid over a volume: anatomy is large, so it is looked for there; calcium is small and is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calcinet.arrays import Floats, Indices, Mask, Pixels
from calcinet.image import Image

COARSE_MM: Final = 2.0
"""Voxels are averaged to at least this size. Our choice: fascia and cortex are still seen, a leg has 15 million."""

ALL_NEIGHBOURS: Final = np.ones((3, 3, 3), dtype=bool)
"""Voxels that touch by a corner are neighbours."""

Box = tuple[slice, slice, slice]
"""Slices, rows and columns of a volume."""

Spacing = tuple[float, float, float]
"""Distance of voxels in mm along (Z, Y, X)."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class CoarseGrid:
    """The volume averaged over blocks of voxels."""

    hu: Pixels
    """Shape (Z, Y, X) of the coarse grid."""

    block: tuple[int, int, int]
    """Voxels of the volume averaged into one, along each axis."""

    mm: Spacing
    """Size of a coarse voxel."""

    shape: tuple[int, int, int]
    """Shape of the volume itself."""

    @property
    def voxel_mm3(self) -> float:
        """Volume of a coarse voxel."""
        return float(np.prod(self.mm))

    def size(self, mm: float, axis: int) -> int:
        """How many coarse voxels `mm` are, at least 1."""
        return max(1, round(mm / self.mm[axis]))

    def fine_region(self, box: Box) -> Box:
        """Voxels of the volume that a box of the coarse grid averages."""
        slices, rows, columns = box
        return (
            _refine_side(slices, self.block[0]),
            _refine_side(rows, self.block[1]),
            _refine_side(columns, self.block[2]),
        )

    def fine_plane(self, values: NDArray[Any], z: int) -> NDArray[Any]:
        """Values of a coarse array in slice `z` of the volume, each voxel that of its block, shape (Y, X)."""
        return self.fine_part(values, z, self.shape[1:])

    def fine_box(self, values: NDArray[Any], box: Box) -> NDArray[Any]:
        """Values of a coarse array in a box of the volume."""
        axes = []
        for side, step, count in zip(box, self.block, values.shape, strict=True):
            axes.append(_number_blocks(np.arange(side.start, side.stop), step, count))
        return np.asarray(values[np.ix_(*axes)])

    def fine_part(self, values: NDArray[Any], z: int, shape: Sequence[int]) -> NDArray[Any]:
        """Values of a piece of a coarse array in slice `z` of that piece of the volume, whose slices have `shape`."""
        plane = values[min(z // self.block[0], values.shape[0] - 1)]
        rows = _number_blocks(np.arange(shape[0]), self.block[1], plane.shape[0])
        columns = _number_blocks(np.arange(shape[1]), self.block[2], plane.shape[1])
        return np.asarray(plane[rows][:, columns])

    def at(self, values: NDArray[Any], points: Indices) -> NDArray[Any]:
        """Values of a coarse array at voxels of the volume, shape (N, 3) -> (N,)."""
        index = np.minimum(points // np.array(self.block), np.array(values.shape) - 1)
        return np.asarray(values[tuple(index.T)])


def _refine_side(side: slice, step: int) -> slice:
    return slice(side.start * step, side.stop * step)


def _number_blocks(voxels: Indices, step: int, count: int) -> Indices:
    """Number of the block of each voxel; what is left over at the far edge counts to the last of `count` blocks."""
    return np.minimum(voxels // step, count - 1)


def make_coarse_grid(image: Image, spacing_mm: Spacing) -> CoarseGrid:
    """Average a volume over blocks; what is left over at the far edges joins no block."""
    depth, height, width = image.pixels.shape
    block = (
        _choose_block_size(spacing_mm[0], depth),
        _choose_block_size(spacing_mm[1], height),
        _choose_block_size(spacing_mm[2], width),
    )
    mm = (block[0] * spacing_mm[0], block[1] * spacing_mm[1], block[2] * spacing_mm[2])
    return CoarseGrid(hu=_average_blocks(image.pixels, block), block=block, mm=mm, shape=(depth, height, width))


def _average_blocks(pixels: Pixels, block: tuple[int, int, int]) -> Pixels:
    """Mean of each whole block of voxels."""
    depth, rows, columns = (np.array(pixels.shape) // block).tolist()
    hu = np.empty((depth, rows, columns), dtype=np.float32)
    for z in range(depth):
        slab = pixels[z * block[0] : (z + 1) * block[0]].mean(axis=0)
        whole_blocks = slab[: rows * block[1], : columns * block[2]]
        hu[z] = cv2.resize(whole_blocks, (columns, rows), interpolation=cv2.INTER_AREA)
    return hu


def _choose_block_size(voxel_mm: float, extent: int) -> int:
    """Voxels of one block along an axis that has `extent` voxels."""
    return min(max(1, round(COARSE_MM / voxel_mm)), extent)


def open_slices(mask: Mask, grid: CoarseGrid, mm: float) -> Mask:
    """Open each slice by a disc of radius `mm`: what is thinner than twice that goes."""
    return _transform_slices(mask, cv2.MORPH_OPEN, grid, mm)


def close_slices(mask: Mask, grid: CoarseGrid, mm: float) -> Mask:
    """Close each slice by a disc of radius `mm`."""
    return _transform_slices(mask, cv2.MORPH_CLOSE, grid, mm)


def dilate(mask: Mask, grid: CoarseGrid, mm: float) -> Mask:
    """Every voxel within `mm` of the mask, slices included."""
    wide = _transform_slices(mask, cv2.MORPH_DILATE, grid, mm)
    steps = int(mm / grid.mm[0])
    if not steps:
        return wide
    return ndimage.maximum_filter1d(wide, 2 * steps + 1, axis=0)


def fill_holes(mask: Mask) -> Mask:
    """Fill the holes of each slice."""
    out = np.empty_like(mask)
    for z, plane in enumerate(mask):
        outlines, _ = cv2.findContours(plane.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        canvas = np.zeros(plane.shape, np.uint8)
        cv2.drawContours(canvas, outlines, -1, 1, -1)
        out[z] = canvas > 0
    return out


def label_components(mask: Mask, least_voxels: float = 1) -> tuple[NDArray[np.int32], list[tuple[int, Box]]]:
    """Numbered connected components (26 neighbours), and number and box of each that is large enough."""
    numbered, count = ndimage.label(mask, structure=ALL_NEIGHBOURS)
    sizes = np.bincount(numbered.ravel(), minlength=count + 1)
    large: list[tuple[int, Box]] = []
    for number, box in enumerate(ndimage.find_objects(numbered), start=1):
        if sizes[number] >= least_voxels:
            large.append((number, (box[0], box[1], box[2])))
    return np.asarray(numbered, dtype=np.int32), large


def _transform_slices(mask: Mask, operation: int, grid: CoarseGrid, mm: float) -> Mask:
    """Apply an operation of morphology with a disc of radius `mm` to each slice."""
    size = (2 * grid.size(mm, 2) + 1, 2 * grid.size(mm, 1) + 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, size)
    out = np.empty_like(mask)
    for z, plane in enumerate(mask):
        out[z] = _transform_slice(plane, operation, kernel)
    return out


def _transform_slice(plane: Mask, operation: int, kernel: NDArray[Any]) -> Mask:
    """Apply an operation of morphology to one slice, as if it went on beyond the picture when it is opened."""
    edge = cv2.BORDER_CONSTANT
    if operation == cv2.MORPH_OPEN:
        edge = cv2.BORDER_REPLICATE
    margin = max(kernel.shape)
    wide = cv2.copyMakeBorder(plane.astype(np.uint8), margin, margin, margin, margin, edge)
    result = cv2.morphologyEx(wide, operation, kernel)
    return np.asarray(result[margin:-margin, margin:-margin] > 0)


def distance_to_edge(mask: Mask, pixel_mm: tuple[float, float]) -> Floats:
    """Distance of each voxel of a mask from the nearest one outside in its slice, in mm, shape of the mask."""
    out = np.zeros(mask.shape)
    for z, plane in enumerate(mask):
        out[z] = ndimage.distance_transform_edt(np.pad(plane, 1), sampling=pixel_mm)[1:-1, 1:-1]
    return out


def widen_box(box: Box, margin: Sequence[int], shape: Sequence[int]) -> Box:
    """A box with `margin` voxels more on either side along each axis, as far as a volume of `shape` goes."""
    slices, rows, columns = box
    return (
        _widen_side(slices, margin[0], shape[0]),
        _widen_side(rows, margin[1], shape[1]),
        _widen_side(columns, margin[2], shape[2]),
    )


def _widen_side(side: slice, margin: int, size: int) -> slice:
    return slice(max(0, side.start - margin), min(side.stop + margin, size))


def locate_in(outer: Box, box: Box) -> Box:
    """A box of the volume, counted from the first voxel of an outer box."""
    slices, rows, columns = box
    return (
        _move_side(slices, outer[0].start),
        _move_side(rows, outer[1].start),
        _move_side(columns, outer[2].start),
    )


def _move_side(side: slice, origin: int) -> slice:
    return slice(side.start - origin, side.stop - origin)
