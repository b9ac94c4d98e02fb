"""Where the body is in a CT, coarsely: for pictures that follow a limb, and for its skin. Nothing is measured."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage

from calcinet.arrays import Mask, Pixels

BODY_HU: Final = -300.0
"""Brighter is body. Our choice: between air and fat."""

COARSE_MM: Final = 4.0
"""Step of the coarse grid. Our choice: a toe is still two steps wide."""

SMALLEST_SHARE: Final = 0.02
"""A piece smaller than this share of all is a table or a tube. Our choice."""


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """The body on every n-th voxel."""

    inside: Mask
    """Shape (Z, Y, X) in steps."""
    step: tuple[int, int, int]
    """Voxels a step."""


def find_body(hu: Pixels, spacing_mm: tuple[float, float, float], coarse_mm: float = COARSE_MM) -> Body:
    """Mark the body, without the table it lies on.

    Parameters
    ----------
    hu
        Hounsfield units, shape (Z, Y, X).
    spacing_mm
        Distance of slices, rows and columns.
    coarse_mm
        Step of the grid.
    """
    along, down, across = (max(1, round(coarse_mm / mm)) for mm in spacing_mm)
    bright = np.asarray(hu[::along, ::down, ::across] > BODY_HU)
    opened = ndimage.binary_opening(bright, np.ones((1, 3, 3), bool))  # a sheet of the table is one step thick
    labels, _ = ndimage.label(opened)
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    kept = sizes >= SMALLEST_SHARE * max(1, sizes.sum())
    inside = bright  # what is thinner than a table is all there is
    if sizes.sum():
        inside = np.asarray(kept[labels], bool)
    return Body(ndimage.binary_fill_holes(inside), (along, down, across))
