"""What a part of calcium adds to the tissue around it: blur and slices spread it, but neither makes it more."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.constants import HOUNSFIELD
from calcinet.errors import BadInput, NotMeasurable
from calcinet.image import Image
from calcinet.text import say

REACH_MM: Final = 1.0
"""How far blur carries calcium beyond its threshold within slices; along the body it is a slice. Our choice: three
widths of a soft kernel's blur."""

SHELL_MM: Final = 2.5
"""Thickness of the shell around that, from which the tissue under the calcium is known. Our choice: as wide again."""

SMOOTH_MM: Final = 1.5
"""Width of the mean that carries this tissue inwards. Our choice: an artery's wall is between blood and fat."""

LEAST_WIDTH_VOXELS: Final = 0.6
"""Least width of that mean in voxels, so that thick slices know of one another. Our choice."""

LEAST_WEIGHT: Final = 1e-4
"""Weight of that mean below which the tissue is too far: its median is taken. Our choice."""

TISSUE_SD_HU: Final = 16.0
"""How well the tissue under the calcium is known: standard deviation of its mean. Our own fit to generated legs, where
muscle, blood and fat meet at an artery."""

SUM_SD: Final = 0.05
"""Relative standard deviation of the sum besides. Our own fit, as before: blur carries some of it too far."""

TISSUE_HU: Final = -300.0
"""Darker voxels are air, and no tissue. Our choice."""


@dataclass(frozen=True, slots=True, eq=False)
class Excess:
    """Brightness above the tissue."""

    above: Floats
    """In HU; 0 beyond the reach of the part. Shape of the image."""

    integral: float
    """Its sum, in HU mm3: volume times brightness."""

    error: float
    """Standard deviation of the sum, in HU mm3."""


def measure_excess(image: Image, part: Mask, others: Mask | None = None) -> Excess:
    """Take the tissue away from a part of calcium and from where blur carries it.

    Parameters
    ----------
    image
        Pixels in Hounsfield units, shape (Z, Y, X), with a spacing.
    part
        Boolean, same shape: the voxels of the part.
    others
        Boolean, same shape: other calcium and bone, which are no tissue.

    Raises
    ------
    NotMeasurable
        If the pixels are not Hounsfield units, or the spacing is unknown.
    BadInput
        If the shapes differ or the part is empty.
    """
    spacing = np.array(require_part(image, part))
    reach = np.array([1.01 * spacing[0], *np.maximum(REACH_MM, 1.01 * spacing[1:])])
    free = np.ones_like(part)
    if others is not None:
        free = ~others | part
    near = _dilate(part, reach, spacing) & free
    shell = _dilate(part, reach + SHELL_MM, spacing) & ~near & free & (image.pixels > TISSUE_HU)
    above = np.where(near, image.pixels - _extend_tissue(image.pixels, shell, spacing), 0.0)
    voxel_mm3 = float(np.prod(spacing))
    integral = float(above.sum()) * voxel_mm3
    error = float(np.hypot(SUM_SD * integral, TISSUE_SD_HU * near.sum() * voxel_mm3))
    return Excess(above=above, integral=integral, error=error)


def require_part(image: Image, part: Mask) -> tuple[float, float, float]:
    """Check the image and a part of calcium in it, and return the spacing along (Z, Y, X) in mm.

    Raises
    ------
    NotMeasurable
        If the pixels are not Hounsfield units, or the spacing is unknown.
    BadInput
        If the shapes differ or the part is empty.
    """
    image.require_unit(HOUNSFIELD)
    if part.shape != image.pixels.shape or not part.any():
        raise BadInput(f"a part of calcium in the image's shape {image.pixels.shape} is needed, got {part.shape}")
    if image.spacing_mm is None:
        raise NotMeasurable(say("a volume needs the size of a pixel and the distance of slices"))
    return image.spacing_mm


def _dilate(part: Mask, reach_mm: Floats, spacing: Floats) -> Mask:
    """Voxels within an ellipsoid's reach of the part."""
    return np.asarray(ndimage.distance_transform_edt(~part, sampling=spacing / reach_mm) <= 1)


def _extend_tissue(hu: Pixels, tissue: Mask, spacing: Floats) -> Floats:
    """Brightness of the tissue everywhere: a mean of its voxels in which the nearer ones weigh more."""
    if not tissue.any():
        return np.zeros(hu.shape)
    width = np.maximum(SMOOTH_MM / spacing, LEAST_WIDTH_VOXELS)
    weight = ndimage.gaussian_filter(tissue.astype(np.float64), width)
    value = ndimage.gaussian_filter(np.where(tissue, hu, 0).astype(np.float64), width)
    middle = float(np.median(hu[tissue]))
    return np.where(weight > LEAST_WEIGHT, value / np.maximum(weight, LEAST_WEIGHT), middle)
