"""What of a CT volume is the patient: not the couch, not a cast, not the air."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calcinet.arrays import Mask, Pixels
from calcinet.errors import NotMeasurable
from calcinet.findings.ct.coarse_grid import CoarseGrid, distance_to_edge, fill_holes, label_components, open_slices
from calcinet.text import say

SURFACE_HU: Final = -300.0
"""Brighter voxels are body. Our choice: between air, -1000, and fat, -100, nearer to fat because lung and padding are
not body."""

COUCH_MM: Final = 4.0
"""Half the thickness of what is removed as couch or cast. Our choice: shells of both are 2 to 6 mm, a toe 15."""

LEAST_CM3: Final = 30.0
"""A smaller component is not a limb. Our choice: a toe is 10, a forefoot 200."""

LEAST_SHARE: Final = 0.05
"""A component smaller than this share of the largest is no limb either. Our choice."""

CAST_HU: Final = 150.0
"""A cast of plaster is at least this bright on the coarse grid. Our choice: it has 300 to 600, averaged with air."""

CAST_MM: Final = 9.0
"""A cast is no deeper below the outer surface. Our choice: twice its thickness."""

CAST_SHARE: Final = 0.3
"""Share of a slice's rim that a cast covers at least. Our choice: a splint covers a third, shin bones less."""

DIRECTIONS: Final = 72
"""Directions from the middle of a slice in which a cast is looked for. Our choice: every 5 degrees."""

SMALLER_SHARE: Final = 0.25
"""The smaller of two limbs holds at least this share of the tissue of a slice. Our choice."""

TRUNK_ASPECT: Final = 1.35
"""Width over depth from which a body is two-sided. Our choice: a leg has about 1."""

SIDE_NUMBERS: Final = {"R": 1, "L": 2}
"""Numbers of the sides in maps; 0 is unknown."""


def find_body(grid: CoarseGrid) -> Mask:
    """The patient on the coarse grid: tissue that is thicker than a couch's shell, its gas included.

    Raises
    ------
    NotMeasurable
        If nothing on the volume is as large as a limb.
    """
    tissue = open_slices((grid.hu > SURFACE_HU) & ~_find_cast(grid), grid, COUCH_MM)
    numbered, large = label_components(tissue, LEAST_CM3 * 1000 / grid.voxel_mm3)
    if not large:
        raise NotMeasurable(say("found no limb or trunk on this CT; give a series that shows one"))
    numbers = np.array([number for number, _ in large])
    sizes = np.bincount(numbered.ravel())[numbers]
    limbs = numbers[sizes >= LEAST_SHARE * sizes.max()]
    return fill_holes(np.isin(numbered, limbs))


def _find_cast(grid: CoarseGrid) -> Mask:
    """A bright shell about a limb, with what it touches."""
    out = np.zeros(grid.hu.shape, dtype=bool)
    for z, plane in enumerate(grid.hu):
        out[z] = _find_cast_in_slice(plane, grid.mm[1:])
    return out


def _find_cast_in_slice(plane: Pixels, pixel_mm: tuple[float, float]) -> Mask:
    whole = fill_holes((plane > SURFACE_HU)[None])[0]
    if not whole.any() or plane.max() < CAST_HU:
        return np.zeros_like(whole)
    depth = distance_to_edge(whole[None], pixel_mm)[0]
    bright = whole & (depth <= CAST_MM) & (plane > CAST_HU)
    if _count_directions(bright, whole) < CAST_SHARE * DIRECTIONS:
        return np.zeros_like(whole)
    return np.asarray(ndimage.binary_dilation(bright) & (depth <= CAST_MM))


def _count_directions(bright: Mask, whole: Mask) -> int:
    """In how many directions from the middle of a slice something is bright."""
    rows, columns = np.nonzero(bright)
    middle_row, middle_column = np.argwhere(whole).mean(axis=0)
    turn = np.arctan2(rows - middle_row, columns - middle_column)
    return len(np.unique((turn * DIRECTIONS / (2 * np.pi)).astype(int)))


def find_sides(body: Mask, laterality: str | None) -> NDArray[np.uint8]:
    """Side of each coarse voxel's column in each slice, shape (Z, X): 0 unknown, 1 right, 2 left.

    Two limbs beside one another, or a trunk, are split between; a lone limb has the side that its file states.
    """
    depth, _, width = body.shape
    gaps = [gap_between_limbs(columns) for columns in body.sum(axis=1)]
    one_limb = gaps.count(None) == depth and not _is_two_sided(body)
    if one_limb:
        return np.full((depth, width), SIDE_NUMBERS.get(laterality or "", 0), dtype=np.uint8)
    out = np.zeros((depth, width), dtype=np.uint8)
    for z, gap in enumerate(gaps):
        middle = gap
        if middle is None:
            middle = _find_middle(body[z])
        out[z] = np.where(np.arange(width) < middle, 1, 2)
    return out


def gap_between_limbs(columns: NDArray[np.int_]) -> float | None:
    """Middle of the widest empty stretch between two limbs of a slice; None where there is none.

    Parameters
    ----------
    columns
        Voxels of body in each column, shape (X,).
    """
    there = np.flatnonzero(columns)
    if len(there) < 2:
        return None
    steps = np.diff(there)
    widest = int(np.argmax(steps))
    if steps[widest] < 2:
        return None
    left = int(columns[: there[widest] + 1].sum())
    share = left / int(columns.sum())
    if not SMALLER_SHARE <= share <= 1 - SMALLER_SHARE:
        return None
    return float(there[widest] + there[widest + 1]) / 2


def _find_middle(plane: Mask) -> float:
    """Middle column of the body in a slice; that of the picture where there is no body."""
    there = np.flatnonzero(plane.any(axis=0))
    if not len(there):
        return float(plane.shape[1]) / 2
    return float(there.mean())


def _is_two_sided(body: Mask) -> bool:
    """Whether the slices are as wide, against their depth, as a trunk or two legs that touch."""
    wide = _measure_extent(np.asarray(body.any(axis=1)))
    deep = _measure_extent(np.asarray(body.any(axis=2)))
    return wide >= TRUNK_ASPECT * deep


def _measure_extent(lines: Mask) -> float:
    """Median extent of what is in a line, over the lines that hold anything; shape (N, M), in voxels."""
    extents = []
    for line in lines:
        there = np.flatnonzero(line)
        if len(there):
            extents.append(np.ptp(there) + 1)
    return float(np.median(extents))
