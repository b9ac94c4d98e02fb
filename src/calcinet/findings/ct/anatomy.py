"""The map that calcium is placed on: body, bone, compartments, sides, trunk or limb."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calcinet.arrays import Floats, Indices, Mask, Pixels
from calcinet.errors import NotMeasurable
from calcinet.findings.ct.body import find_body, gap_between_limbs, sides
from calcinet.findings.ct.bone import Skeleton, find_bone
from calcinet.findings.ct.coarse_grid import CoarseGrid, coarse
from calcinet.findings.ct.compartments import Layer, depth_in_slices, find_layers
from calcinet.findings.ct.spine import without_aorta
from calcinet.image import Image
from calcinet.text import say

TRUNK_MM: Final = 220.0
"""A slice of one body this wide, with bone in its middle, is trunk. Our choice: a knee is 130 mm wide."""

MIDDLE_MM: Final = 35.0
"""Bone this near to the midline is spine, sacrum or pubis. Our choice."""

CROPPED_SHARE: Final = 0.6
"""Share of the slices. Our choice: the couch's edge may cut an elbow or a hip in some."""


@dataclass(frozen=True, slots=True, eq=False)
class Anatomy:
    """Everything on the coarse grid."""

    grid: CoarseGrid
    body: Mask
    skeleton: Skeleton
    layers: NDArray[np.uint8]
    """Values of `Layer`."""
    depth_mm: Pixels
    """Below the skin, within slices."""
    side: NDArray[np.uint8]
    """Shape (Z, X): 0 unknown, 1 right, 2 left."""
    trunk: Mask
    """Shape (Z,): slices of the trunk; the others are limbs."""

    voxel_mm3: float
    """Of the volume."""

    @property
    def cropped(self) -> bool:
        """Whether the picture cuts the body at opposite edges in most slices: then it shows no skin to measure from."""
        there = self.body.any(axis=(1, 2))
        edges = [self.body[there, :, 0], self.body[there, :, -1], self.body[there, 0], self.body[there, -1]]
        left, right, front, back = (edge.any(axis=1) for edge in edges)
        return bool(max((left & right).mean(), (front & back).mean()) > CROPPED_SHARE) if there.any() else False

    def side_at(self, points: Indices) -> NDArray[np.uint8]:
        """Side of voxels of the volume, shape (N, 3) -> (N,)."""
        index = np.minimum(points // np.array(self.grid.block), np.array(self.layers.shape) - 1)
        return np.asarray(self.side[index[:, 0], index[:, 2]])

    def trunk_at(self, z: float) -> bool:
        """Whether a slice of the volume is trunk."""
        return bool(self.trunk[min(int(z) // self.grid.block[0], len(self.trunk) - 1)])

    def limb_axis(self, side: int) -> Floats:
        """Middle of the body, or of its half of that side, (Y, X) in voxels of the volume for each slice, (Z, 2)."""
        here = self.body & (np.ones_like(self.side, bool) if side == 0 else self.side == side)[:, None, :]
        middles = np.full((len(here), 2), np.nan)
        for z, plane in enumerate(here):
            if plane.any():
                middles[z] = [coordinate.mean() for coordinate in np.nonzero(plane)]
        known = np.flatnonzero(~np.isnan(middles[:, 0]))
        if not len(known):
            return np.zeros((self.grid.shape[0], 2))
        every = np.arange(len(middles))
        full = np.stack([np.interp(every, known, middles[known, k]) for k in range(2)], axis=1)
        full = ndimage.gaussian_filter1d(full, 3, axis=0, mode="nearest")
        at = (np.arange(self.grid.shape[0]) + 0.5) / self.grid.block[0] - 0.5
        fine = np.stack([np.interp(at, every, full[:, k]) for k in range(2)], axis=1)
        return np.asarray((fine + 0.5) * np.array(self.grid.block[1:]) - 0.5)


def find_anatomy(image: Image, bones: Mask | None = None) -> Anatomy:
    """Map a volume.

    Parameters
    ----------
    image
        In Hounsfield units, with a spacing.
    bones
        Bones that the caller knows, shape of the volume.

    Raises
    ------
    NotMeasurable
        If it shows no body, or its voxels have no size.
    """
    if image.spacing_mm is None:
        raise NotMeasurable(say("a CT needs the size of a pixel and the distance of slices"))
    grid = coarse(image, image.spacing_mm)
    body = find_body(grid)
    skeleton = find_bone(image, grid, body, None if bones is None else _averaged(bones, grid))
    side = sides(body, image.laterality)
    trunk = _trunk(body, skeleton.bone, grid)
    skeleton = without_aorta(skeleton, body, trunk, grid)
    return Anatomy(
        grid,
        body,
        skeleton,
        find_layers(grid, body, skeleton, trunk),
        depth_in_slices(body, grid),
        side,
        trunk,
        float(np.prod(image.spacing_mm)),
    )


def _averaged(mask: Mask, grid: CoarseGrid) -> Mask:
    """Coarse voxels in whose middle the mask is."""
    at = [np.arange(size) * step + step // 2 for size, step in zip(grid.hu.shape, grid.block, strict=True)]
    return np.asarray(mask[np.ix_(*at)])


def _trunk(body: Mask, bone: Mask, grid: CoarseGrid) -> Mask:
    out = np.zeros(len(body), dtype=bool)
    for z, plane in enumerate(body):
        columns = plane.sum(axis=0)
        there = np.flatnonzero(columns)
        if not len(there) or np.ptp(there) * grid.mm[2] < TRUNK_MM or gap_between_limbs(columns) is not None:
            continue
        middle, reach = float(there.mean()), MIDDLE_MM / grid.mm[2]
        out[z] = bone[z, :, max(0, int(middle - reach)) : int(middle + reach) + 1].any()
    usual = ndimage.median_filter(out.astype(np.uint8), grid.size(30.0, 0) | 1) > 0
    return np.asarray(ndimage.binary_closing(np.pad(usual, gap := grid.size(GAP_MM, 0)), iterations=gap)[gap:-gap])


GAP_MM: Final = 25.0
"""Half the height of a stretch of trunk without bone in its middle. Our choice: between pubis and sacrum."""


__all__ = ["Anatomy", "Layer", "find_anatomy"]
