"""Boxes of a volume: three slices of voxel indices along Z, Y and X."""

from collections.abc import Sequence

import numpy as np

from calcinet.arrays import Indices

Box = tuple[slice, ...]


def first_voxel(box: Box) -> Indices:
    """Index of the box's first voxel, shape (3,)."""
    return np.array([side.start for side in box], dtype=np.intp)


def end_voxel(box: Box) -> Indices:
    """Index of the voxel after the box's last one along each axis, shape (3,)."""
    return np.array([side.stop for side in box], dtype=np.intp)


def box_between(first: Indices, end: Indices) -> Box:
    """The box from `first` to before `end`, each of shape (3,).

    >>> box_between(np.array([0, 1, 2]), np.array([3, 4, 5]))
    (slice(0, 3, None), slice(1, 4, None), slice(2, 5, None))
    """
    return tuple(slice(int(low), int(high)) for low, high in zip(first, end, strict=True))


def shift_box(box: Box, origin: Indices) -> Box:
    """A box as seen from `origin`, shape (3,)."""
    return box_between(first_voxel(box) - origin, end_voxel(box) - origin)


def enclose_boxes(boxes: Sequence[Box]) -> Box:
    """The smallest box that holds several."""
    first = np.min([first_voxel(box) for box in boxes], axis=0)
    end = np.max([end_voxel(box) for box in boxes], axis=0)
    return box_between(first, end)


def box_shape(box: Box) -> tuple[int, ...]:
    """Number of voxels along each axis."""
    return tuple((end_voxel(box) - first_voxel(box)).tolist())
