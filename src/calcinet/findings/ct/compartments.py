"""From the skin inwards: skin, subcutis, what the fascia holds, bone."""

from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calcinet.arrays import Mask, Pixels
from calcinet.findings.ct.bone import Skeleton
from calcinet.findings.ct.coarse_grid import CoarseGrid, close_slices, fill_holes, open_slices

MUSCLE_HU: Final = (0.0, 120.0)
"""Mean of a coarse voxel of muscle or organ. Our choice: fat lies below, calcium and bone above."""

SEPTUM_MM: Final = 2.5
"""Half the thickness of strands in the subcutis that are not muscle: septa, veins. Our choice."""

FASCIA_GAP_MM: Final = 12.0
"""Half the width of fat that the fascia bridges, between muscles and at its own turns. Our choice: behind the inner
ankle lies the posterior tibial artery."""

WALL_GAP_MM: Final = 24.0
"""Half the width of gaps in the wall of the trunk. Our choice: the midline, the flanks, between ribs."""

GAS_HU: Final = -250.0
"""Bowel and lung are darker than this. Our choice: fat is at -100."""

GAS_MM: Final = 8.0
"""Gas nearer to the surface is outside. Our choice."""

UNDER_SKIN_MM: Final = 3.0
"""Muscle does not begin nearer to the surface. Our choice: skin is 1 to 3 mm thick, and as bright as muscle."""


class Layer(IntEnum):
    """Values of the map of compartments."""

    OUTSIDE = 0
    SUBCUTIS = 2
    DEEP = 3
    BONE = 4


def find_layers(grid: CoarseGrid, body: Mask, skeleton: Skeleton, trunk: Mask) -> NDArray[np.uint8]:
    """Map of `Layer` on the coarse grid; skin is told by depth, finer than this grid.

    Parameters
    ----------
    grid
        The volume, averaged over blocks.
    body
        The patient.
    skeleton
        Its bones.
    trunk
        Slices of the trunk, shape (Z,): the wall of the belly has wider gaps than a limb's fascia.
    """
    layers = np.where(body, Layer.SUBCUTIS, Layer.OUTSIDE).astype(np.uint8)
    layers[_find_deep(grid, body, skeleton, trunk)] = Layer.DEEP
    layers[skeleton.bone] = Layer.BONE
    return layers


def _find_deep(grid: CoarseGrid, body: Mask, skeleton: Skeleton, trunk: Mask) -> Mask:
    """What the fascia and the wall of the trunk hold: muscle and bone, and the gaps between them."""
    depth = depth_in_slices(body, grid)
    inside = depth > UNDER_SKIN_MM
    low, high = MUSCLE_HU
    soft = (grid.hu > low) & (grid.hu < high) & inside
    core = open_slices(soft, grid, SEPTUM_MM) | (skeleton.bone & inside)
    shut = close_slices(core, grid, FASCIA_GAP_MM)
    if trunk.any():
        gas = (grid.hu < GAS_HU) & (depth > GAS_MM)
        shut[trunk] = close_slices((core | gas)[trunk], grid, WALL_GAP_MM)
    return open_slices(fill_holes(shut), grid, SEPTUM_MM) & inside


def depth_in_slices(body: Mask, grid: CoarseGrid) -> Pixels:
    """Distance from the surface within each slice in mm, shape of `body`; the cut ends of a limb are no surface."""
    out = np.zeros(body.shape, dtype=np.float32)
    for z, plane in enumerate(body):
        if plane.any():
            padded = np.pad(plane, 1, mode="edge")
            out[z] = ndimage.distance_transform_edt(padded, sampling=grid.mm[1:])[1:-1, 1:-1]
    return out
