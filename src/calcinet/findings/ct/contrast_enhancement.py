"""Whether the blood on a CT holds contrast agent, from the picture alone: headers often do not say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calcinet.arrays import Mask, Pixels
from calcinet.findings.ct.coarse_grid import (
    CoarseGrid,
    Spacing,
    distance_to_edge,
    label_components,
    open_slices,
    widen_box,
)
from calcinet.findings.ct.components import Component
from calcinet.image import Image

ENHANCED_HU: Final = (110.0, 900.0)
"""Brightness of enhanced blood. Our choice: unenhanced blood stays under 80, calcium and metal of this
thickness pass 900."""

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

TUBE_LENGTH_MM: Final = 40.0
"""An even bright column this long is blood. Our choice: plaques are uneven, and seldom so long."""

TUBE_SPREAD: Final = 0.22
"""Spread of the middle of the column over its mean, at most. Our choice: noise and blur of an artery of 3 mm."""

TUBE_HU: Final = 650.0
"""Mean of the middle, at most. Our choice: heavy calcium is brighter."""

LEAST_CORE: Final = 0.12
"""Share of the column that is its middle: a calcified wall has none. Our choice."""

CORE_MM: Final = 1.1
"""Depth inside the column from which blur does not darken it. Our choice: two widths of a soft kernel's blur."""

LEAST_RUN: Final = 0.7
"""Share of the column's slices that have a middle. Our choice: plaques are broken."""

FAINT_HU: Final = (100.0, 275.0)
"""Brightness of faintly enhanced blood. Our choice: muscle and blood without agent stay under 80, and brighter blood is
marked as a whole column."""

FAINT_LENGTH_MM: Final = 30.0
"""Along the body, at least. Our choice: calcified stretches of an enhanced artery look like bone and break
the column."""

LEAST_ROUND: Final = 0.6
"""Section of a column over that of the circle about it, at least. Our choice: a wall is a crescent."""

FAINT_SMOOTHING_MM: Final = (2.0, 0.5, 0.5)
"""Standard deviation of the smoothing along (Z, Y, X) with which it is looked for. Our choice: noise falls to a third,
and an artery of 4 mm keeps its middle."""

CLEAR_MM: Final = 2.2
LEAST_CLEAR_MM2: Final = 3.0
"""Where this much of a column's section is this deep inside it, calcium of its wall does not brighten it: a lumen
without agent would be a hole there. Our choice: a wall of 1.6 mm and three widths of blur."""

SHELL_VOXELS: Final = 2
"""Thickness of the shell round a pool that is looked at, in coarse voxels. Our choice."""


@dataclass(frozen=True, slots=True)
class BloodPool:
    """Enhanced blood that was seen."""

    mean_hu: float
    spread_hu: float
    """Standard deviation over its voxels."""
    volume_mm3: float


def find_enhanced_pool(grid: CoarseGrid, body: Mask) -> BloodPool | None:
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
    even = _measure_local_spread(grid.hu, bright) < MOST_SPREAD
    least_voxels = LEAST_POOL_MM3 / grid.voxel_mm3
    numbered, large = label_components(open_slices(bright & even, grid, POOL_RADIUS_MM), least_voxels)
    best: BloodPool | None = None
    for number, box in large:
        if (box[0].stop - box[0].start) * grid.mm[0] < LEAST_LENGTH_MM:
            continue
        margin = SHELL_VOXELS + 1
        wide = widen_box(box, (margin, margin, margin), numbered.shape)
        pool = _measure_pool(grid.hu[wide], numbered[wide] == number, grid.voxel_mm3)
        if pool is not None and (best is None or pool.volume_mm3 > best.volume_mm3):
            best = pool
    return best


def _measure_pool(hu: Pixels, inside: Mask, voxel_mm3: float) -> BloodPool | None:
    """A pool of blood; None where it is uneven or has a brighter shell."""
    pool = BloodPool(float(hu[inside].mean()), float(hu[inside].std()), float(inside.sum()) * voxel_mm3)
    if pool.spread_hu > MOST_SPREAD * pool.mean_hu:
        return None
    shell = ndimage.binary_dilation(inside, iterations=SHELL_VOXELS) & ~inside
    brighter_hu = pool.mean_hu + max(pool.spread_hu, 0.25 * pool.mean_hu)
    if float((hu[shell] > brighter_hu).mean()) > MOST_SHELL:
        return None
    return pool


def _measure_local_spread(hu: Pixels, where: Mask) -> NDArray[np.floating]:
    """Standard deviation of the 3 x 3 voxels of a slice round each over their mean, shape of `hu`."""
    size = (1, 3, 3)
    mean = ndimage.uniform_filter(hu, size)
    square = ndimage.uniform_filter(hu * hu, size)
    spread = np.sqrt(np.maximum(square - mean * mean, 0))
    return np.where(where, spread / np.maximum(mean, 1), np.inf)


def find_enhanced_tube(image: Image, columns: Sequence[Component]) -> BloodPool | None:
    """Enhanced blood in an artery of a limb too thin for `find_enhanced_pool`: the longest even, solid column.

    Parameters
    ----------
    image
        The volume.
    columns
        Connected voxels above the threshold of calcium, outside bone.
    """
    spacing_mm = image.require_spacing_mm()
    best, longest = None, TUBE_LENGTH_MM
    for column in columns:
        length = column.mask.shape[0] * spacing_mm[0]
        if length < longest:
            continue
        pool = _measure_column(image.pixels[column.box], column.mask, spacing_mm)
        if pool is not None:
            best, longest = pool, length
    return best


def _measure_column(hu: Pixels, column: Mask, spacing_mm: Spacing) -> BloodPool | None:
    """Blood in a column, from its core; None where it is uneven, too bright or hollow."""
    core = distance_to_edge(column, (1.0, 1.0)) * min(spacing_mm[1:]) >= CORE_MM
    inner = hu[core]
    if inner.size < LEAST_CORE * column.sum() or core.any(axis=(1, 2)).mean() <= LEAST_RUN:
        return None
    middle = float(np.median(inner))
    spread = float(1.4826 * np.median(np.abs(inner - middle)))  # plaques within it count little
    if middle > TUBE_HU or spread > TUBE_SPREAD * middle:
        return None
    return BloodPool(middle, spread, float(column.sum()) * float(np.prod(spacing_mm)))


def find_faint_column(image: Image, grid: CoarseGrid, where: Mask) -> BloodPool | None:
    """Faintly enhanced blood, too dark to be marked as one column: the longest even column of the smoothed volume.

    Calcium about a lumen without agent is brightest at its rim, and leaves a hole where the lumen is wide.

    Parameters
    ----------
    image, grid
        The volume and its coarse grid.
    where
        Soft tissue under the fascia and away from bone, on the coarse grid.
    """
    spacing_mm = image.require_spacing_mm()
    _, columns = label_components((grid.hu > FAINT_HU[0]) & where, FAINT_LENGTH_MM / grid.mm[0])
    best, longest = None, FAINT_LENGTH_MM - grid.mm[0]
    for _, box in columns:
        length = (box[0].stop - box[0].start) * grid.mm[0]
        if length < longest:
            continue
        fine = grid.fine_region(widen_box(box, (0, 1, 1), grid.hu.shape))
        pool = _measure_faint_column(image.pixels[fine], spacing_mm)
        if pool is not None:
            best, longest = pool, length
    return best


def _measure_faint_column(hu: Pixels, spacing_mm: Spacing) -> BloodPool | None:
    """Blood in the largest column of a box; None where there is none, or its rim is brighter than its middle."""
    smooth = ndimage.gaussian_filter(hu, np.array(FAINT_SMOOTHING_MM) / np.array(spacing_mm))
    numbered, count = ndimage.label(smooth > FAINT_HU[0])
    if not count:
        return None
    column = numbered == 1 + int(np.bincount(numbered.ravel())[1:].argmax())
    tall_mm = np.ptp(np.flatnonzero(column.any(axis=(1, 2)))) * spacing_mm[0]
    if tall_mm < FAINT_LENGTH_MM or _measure_roundness(column, spacing_mm) < LEAST_ROUND:
        return None
    inside = distance_to_edge(column, (1.0, 1.0)) * min(spacing_mm[1:])
    middle = inside >= CORE_MM
    if not middle.any():
        return None
    is_brightest = float(np.median(hu[column & ~middle])) < float(np.median(hu[middle]))
    clear_mm2 = float((inside >= CLEAR_MM).sum(axis=(1, 2)).mean()) * spacing_mm[1] * spacing_mm[2]
    if not is_brightest and clear_mm2 < LEAST_CLEAR_MM2:
        return None
    pool = _measure_column(smooth, column, spacing_mm)
    if pool is None or pool.mean_hu > FAINT_HU[1]:
        return None
    return pool


def _measure_roundness(column: Mask, spacing_mm: Spacing) -> float:
    """Section of a column over that of the circle about its middle that holds it, median over its slices."""
    shares = []
    for plane in column:
        places = np.argwhere(plane) * np.array(spacing_mm[1:])
        if len(places):
            reach_mm = float(np.hypot(*(places - places.mean(axis=0)).T).max()) + max(spacing_mm[1:]) / 2
            shares.append(len(places) * spacing_mm[1] * spacing_mm[2] / (np.pi * reach_mm**2))
    return float(np.median(shares))
