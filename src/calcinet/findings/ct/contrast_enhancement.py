"""Whether the blood on a CT holds contrast agent, from the picture alone: headers often do not say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calcinet.arrays import Mask, Pixels
from calcinet.findings.ct.coarse_grid import CoarseGrid, opened, parts
from calcinet.findings.ct.components import Part
from calcinet.image import Image

ENHANCED_HU: Final = (110.0, 900.0)
"""Of enhanced blood. Our choice: unenhanced blood stays under 80, calcium and metal of this thickness pass 900."""

POOL_RADIUS_MM: Final = 3.0
"""Half the width of a vessel that is looked into. Our choice: popliteal and larger."""

LEAST_POOL_MM3: Final = 1500.0
"""A smaller pool says nothing. Our choice: 5 cm of a popliteal artery."""

MOST_SPREAD: Final = 0.17
"""Spread of a pool over its height above water, at most: blood mixes. Our choice: trabeculae and stones have more."""

LEAST_LENGTH_MM: Final = 25.0
"""Along the body: vessels of this width run along it; an endplate of a vertebra does not. Our choice."""

MOST_SHELL: Final = 0.12
"""Share of its surroundings that may be brighter than the pool by its spread: bone has a shell. Our choice."""


@dataclass(frozen=True, slots=True)
class BloodPool:
    """Enhanced blood that was seen."""

    mean_hu: float
    spread_hu: float
    """Standard deviation over its voxels."""
    volume_mm3: float


def enhanced_pool(grid: CoarseGrid, body: Mask) -> BloodPool | None:
    """The largest even, bright pool without a brighter shell; None where blood is not enhanced.

    Parameters
    ----------
    grid
        The volume, averaged over blocks.
    body
        The patient, same shape.
    """
    low, high = ENHANCED_HU
    bright = (grid.hu > low) & (grid.hu < high) & body
    even = _local_spread(grid.hu, bright) < MOST_SPREAD
    numbered, large = parts(opened(bright & even, grid, POOL_RADIUS_MM), LEAST_POOL_MM3 / grid.voxel_mm3)
    best: BloodPool | None = None
    for number, box in large:
        wide = tuple(slice(max(0, at.start - 3), at.stop + 3) for at in box)
        part, hu = numbered[wide] == number, grid.hu[wide]
        pool = BloodPool(float(hu[part].mean()), float(hu[part].std()), float(part.sum()) * grid.voxel_mm3)
        shell = ndimage.binary_dilation(part, iterations=2) & ~part
        brighter = float((hu[shell] > pool.mean_hu + max(pool.spread_hu, 0.25 * pool.mean_hu)).mean())
        long = (box[0].stop - box[0].start) * grid.mm[0] >= LEAST_LENGTH_MM
        if not long or pool.spread_hu > MOST_SPREAD * pool.mean_hu or brighter > MOST_SHELL:
            continue
        if best is None or pool.volume_mm3 > best.volume_mm3:
            best = pool
    return best


def _local_spread(hu: Pixels, where: Mask) -> NDArray[np.floating]:
    """Standard deviation of the 3 x 3 voxels of a slice round each over their mean, shape of `hu`."""
    size = (1, 3, 3)
    mean = ndimage.uniform_filter(hu, size)
    square = ndimage.uniform_filter(hu * hu, size)
    spread = np.sqrt(np.maximum(square - mean * mean, 0))
    return np.where(where, spread / np.maximum(mean, 1), np.inf)


TUBE_LENGTH_MM: Final = 40.0
"""An even bright column this long is blood. Our choice: plaques are uneven, and seldom so long."""

TUBE_SPREAD: Final = 0.22
"""Spread of the middle of the column over its mean, at most. Our choice: noise and blur of an artery of 3 mm."""

TUBE_HU: Final = 650.0
"""Mean of the middle, at most. Our choice: heavy calcium is brighter."""

LEAST_CORE: Final = 0.12
"""Share of the column that is its middle: a calcified wall has none. Our choice."""


def enhanced_tube(image: Image, columns: Sequence[Part]) -> BloodPool | None:
    """Enhanced blood in an artery of a limb too thin for `enhanced_pool`: the longest even, solid column.

    Parameters
    ----------
    image
        The volume.
    columns
        Connected voxels above the threshold of calcium, outside bone.
    """
    assert image.spacing_mm is not None
    best, longest = None, TUBE_LENGTH_MM
    for part in columns:
        tall = part.mask.shape[0] * image.spacing_mm[0]
        if tall < longest:
            continue
        inside = np.stack([ndimage.distance_transform_edt(np.pad(plane, 1))[1:-1, 1:-1] for plane in part.mask])
        core = inside * min(image.spacing_mm[1:]) >= CORE_MM
        hu = image.pixels[part.box][core]
        if hu.size < LEAST_CORE * part.mask.sum() or not core.any(axis=(1, 2)).mean() > LEAST_RUN:
            continue
        middle = float(np.median(hu))
        spread = float(1.4826 * np.median(np.abs(hu - middle)))  # plaques within it count little
        pool = BloodPool(middle, spread, float(part.mask.sum()) * float(np.prod(image.spacing_mm)))
        if pool.mean_hu <= TUBE_HU and pool.spread_hu <= TUBE_SPREAD * pool.mean_hu:
            best, longest = pool, tall
    return best


CORE_MM: Final = 1.1
"""Depth inside the column from which blur does not darken it. Our choice: two widths of a soft kernel's blur."""

LEAST_RUN: Final = 0.7
"""Share of the column's slices that have a middle. Our choice: plaques are broken."""
