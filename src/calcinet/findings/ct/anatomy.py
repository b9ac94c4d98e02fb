"""The map that calcium is placed on: body, bone, compartments, sides, trunk or limb."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calcinet.arrays import Floats, Indices, Mask, Pixels
from calcinet.errors import NotMeasurable
from calcinet.findings.ct.body import find_body, find_sides, gap_between_limbs
from calcinet.findings.ct.bone import Skeleton, find_bone
from calcinet.findings.ct.coarse_grid import CoarseGrid, make_coarse_grid
from calcinet.findings.ct.compartments import Layer, depth_in_slices, find_layers
from calcinet.findings.ct.spine import remove_aorta
from calcinet.image import Image
from calcinet.text import say

TRUNK_MM: Final = 220.0
"""A slice of one body this wide, with bone in its middle, is trunk. Our choice: a knee is 130 mm wide."""

MIDDLE_MM: Final = 35.0
"""Bone this near to the midline is spine, sacrum or pubis. Our choice."""

CROPPED_SHARE: Final = 0.6
"""Share of the slices. Our choice: the couch's edge may cut an elbow or a hip in some."""

STRETCH_MM: Final = 30.0
"""Most slices over this height decide whether one of them is trunk. Our choice."""

TRUNK_GAP_MM: Final = 25.0
"""Half the height of a stretch of trunk without bone in its middle. Our choice: between pubis and sacrum."""

AXIS_SMOOTHING: Final = 3.0
"""Standard deviation in coarse slices of the bell that a limb's axis is smoothed with. Our choice."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Anatomy:
    """Everything on the coarse grid."""

    grid: CoarseGrid
    body: Mask
    skeleton: Skeleton
    layers: NDArray[np.uint8]
    """Values of `Layer`."""
    depth_mm: Pixels
    """Depth below the skin, within slices."""
    side: NDArray[np.uint8]
    """Shape (Z, X): 0 unknown, 1 right, 2 left."""
    trunk: Mask
    """Shape (Z,): slices of the trunk; the others are limbs."""

    voxel_mm3: float
    """Size of a voxel of the volume."""

    @property
    def cropped(self) -> bool:
        """Whether the picture cuts the body at opposite edges in most slices: then it shows no skin to measure from."""
        shown = self.body[self.body.any(axis=(1, 2))]
        if not len(shown):
            return False
        left, right = shown[:, :, 0].any(axis=1), shown[:, :, -1].any(axis=1)
        front, back = shown[:, 0].any(axis=1), shown[:, -1].any(axis=1)
        share = max((left & right).mean(), (front & back).mean())
        return bool(share > CROPPED_SHARE)

    def side_at(self, points: Indices) -> NDArray[np.uint8]:
        """Side of voxels of the volume, shape (N, 3) -> (N,)."""
        index = np.minimum(points // np.array(self.grid.block), np.array(self.layers.shape) - 1)
        return np.asarray(self.side[index[:, 0], index[:, 2]])

    def trunk_at(self, z: float) -> bool:
        """Whether a slice of the volume is trunk."""
        return bool(self.trunk[min(int(z) // self.grid.block[0], len(self.trunk) - 1)])

    def limb_axis(self, side: int) -> Floats:
        """Middle of the body, or of its half of that side, (Y, X) in voxels of the volume for each slice, (Z, 2)."""
        half = self.body
        if side != 0:
            half = self.body & (self.side == side)[:, None, :]
        coarse = _smooth_axis(_find_middles(half))
        if coarse is None:
            return np.zeros((self.grid.shape[0], 2))
        slices = (np.arange(self.grid.shape[0]) + 0.5) / self.grid.block[0] - 0.5
        fine = _interpolate(slices, np.arange(len(coarse)), coarse)
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
    grid = make_coarse_grid(image, image.spacing_mm)
    body = find_body(grid)
    given = None
    if bones is not None:
        given = _sample_blocks(bones, grid)
    skeleton = find_bone(image, grid, body, given)
    trunk = _find_trunk_slices(body, skeleton.bone, grid)
    skeleton = remove_aorta(skeleton, body, trunk, grid)
    return Anatomy(
        grid=grid,
        body=body,
        skeleton=skeleton,
        layers=find_layers(grid, body, skeleton, trunk),
        depth_mm=depth_in_slices(body, grid),
        side=find_sides(body, image.laterality),
        trunk=trunk,
        voxel_mm3=float(np.prod(image.spacing_mm)),
    )


def _find_middles(body: Mask) -> Floats:
    """Mean row and column of the body in each slice, NaN where there is none; shape (Z, 2)."""
    middles = np.full((len(body), 2), np.nan)
    for z, plane in enumerate(body):
        if plane.any():
            rows, columns = np.nonzero(plane)
            middles[z] = rows.mean(), columns.mean()
    return middles


def _smooth_axis(middles: Floats) -> Floats | None:
    """Middles without gaps and jitter, shape (Z, 2); None where none is known."""
    known = np.flatnonzero(~np.isnan(middles[:, 0]))
    if not len(known):
        return None
    full = _interpolate(np.arange(len(middles)), known, middles[known])
    return np.asarray(ndimage.gaussian_filter1d(full, AXIS_SMOOTHING, axis=0, mode="nearest"))


def _interpolate(wanted: NDArray[Any], known: NDArray[Any], values: Floats) -> Floats:
    """Values of shape (N, 2), given at `known`, at the wanted heights; shape (M, 2)."""
    rows = np.interp(wanted, known, values[:, 0])
    columns = np.interp(wanted, known, values[:, 1])
    return np.stack([rows, columns], axis=1)


def _sample_blocks(mask: Mask, grid: CoarseGrid) -> Mask:
    """Coarse voxels in whose middle the mask is."""
    axes = []
    for size, step in zip(grid.hu.shape, grid.block, strict=True):
        axes.append(np.arange(size) * step + step // 2)
    return np.asarray(mask[np.ix_(*axes)])


def _find_trunk_slices(body: Mask, bone: Mask, grid: CoarseGrid) -> Mask:
    """Slices of the trunk, shape (Z,)."""
    single = np.zeros(len(body), dtype=bool)
    for z, plane in enumerate(body):
        single[z] = _is_trunk(plane, bone[z], grid)
    usual = ndimage.median_filter(single.astype(np.uint8), grid.size(STRETCH_MM, 0) | 1) > 0
    gap = grid.size(TRUNK_GAP_MM, 0)
    return np.asarray(ndimage.binary_closing(np.pad(usual, gap), iterations=gap)[gap:-gap])


def _is_trunk(body: Mask, bone: Mask, grid: CoarseGrid) -> bool:
    """Whether a slice shows one wide body with bone near to its midline."""
    columns = body.sum(axis=0)
    there = np.flatnonzero(columns)
    if not len(there) or np.ptp(there) * grid.mm[2] < TRUNK_MM or gap_between_limbs(columns) is not None:
        return False
    middle, reach = float(there.mean()), MIDDLE_MM / grid.mm[2]
    return bool(bone[:, max(0, int(middle - reach)) : int(middle + reach) + 1].any())


__all__ = ["Anatomy", "Layer", "find_anatomy"]
