"""Boxes of a volume: three slices of voxel indices along Z, Y and X."""

from collections.abc import Sequence

import numpy as np

from calcinet.arrays import Indices

Box = tuple[slice, ...]


def corners(box: Box) -> Indices:
    """First voxel of a box, and the voxel after its last one along each axis, shape (2, 3)."""
    ends = np.array([(side.start, side.stop) for side in box], dtype=np.intp)
    return ends.transpose()


def first_voxel(box: Box) -> Indices:
    """Index of the box's first voxel, shape (3,)."""
    first: Indices = corners(box)[0]
    return first


def box_between(first: Indices, end: Indices) -> Box:
    """The box from `first` to before `end`, each of shape (3,).

    >>> box_between(np.array([0, 1, 2]), np.array([3, 4, 5]))
    (slice(0, 3, None), slice(1, 4, None), slice(2, 5, None))
    """
    return tuple(slice(int(low), int(high)) for low, high in zip(first, end, strict=True))


def shift_box(box: Box, origin: Indices) -> Box:
    """A box as seen from `origin`, shape (3,)."""
    first, end = corners(box) - origin
    return box_between(first, end)


def enclose_boxes(boxes: Sequence[Box]) -> Box:
    """The smallest box that holds several."""
    ends = np.array([corners(box) for box in boxes])
    return box_between(ends[:, 0].min(axis=0), ends[:, 1].max(axis=0))


def box_shape(box: Box) -> tuple[int, ...]:
    """Number of voxels along each axis."""
    first, end = corners(box)
    return tuple((end - first).tolist())
