"""Landmarks of the trunk on the coarse grid: the front of the spine, the crest of the pelvis."""

from dataclasses import replace
from typing import Final

import numpy as np
from scipy import ndimage

from calcinet.arrays import Floats, Mask
from calcinet.findings.ct.bone import RIM_MM, Skeleton
from calcinet.findings.ct.coarse_grid import CoarseGrid, dilate

SPINE_MM: Final = 25.0
"""Half the width in which the spine is looked for. Our choice: a vertebral body is 50 mm wide."""

DISC_MM: Final = 20.0
"""The front of the spine is taken over this height, up and down. Our choice: of discs only the arch behind is seen."""

FRONT_PERCENT: Final = 40.0
"""The front of the spine is this percentile of the fronts of single slices. Our choice: spurs, and calcium before
single slices, do not count."""

WING_MM2: Final = 250.0
"""A bone of this section beside the middle is a wing of the pelvis. Our choice: a rib is cut smaller."""

WING_MM: Final = 45.0
"""A wing of the pelvis is this far beside the middle, at least. Our choice."""

BROKEN_MM: Final = 25.0
"""Gap in the run of slices that show the pelvis. Our choice: metal hides as much; ribs begin 80 mm above."""

AHEAD_MM: Final = 4.0
"""Dense voxels farther before the spine are calcium of the aorta that closing has joined to bone. Our choice: spurs are
shorter."""

ASIDE_MM: Final = 28.0
"""Such calcium is no farther beside the middle of the spine. Our choice."""

SACRUM_MM: Final = 24.0
"""Such calcium is no deeper below the crest of the pelvis. Our choice: the sacrum slants too steeply to say so."""


def spine_line(body: Mask, bone: Mask, trunk: Mask, grid: CoarseGrid) -> Floats:
    """Front of the spine and its middle (Y, X) for each slice, NaN where none is seen; shape (Z, 2)."""
    single = np.full((len(body), 2), np.nan)
    for z in np.flatnonzero(trunk):
        single[z] = _find_spine(body[z], bone[z], grid)
    reach = grid.size(DISC_MM, 0)
    line = np.empty_like(single)
    for row in range(len(line)):
        line[row] = _average_spine(single[max(0, row - reach) : row + reach + 1])
    return line


def _find_spine(body: Mask, bone: Mask, grid: CoarseGrid) -> tuple[float, float]:
    """Front and middle of the bone near to the midline of one slice; NaN where there is none."""
    middle, reach = _find_midline(body), SPINE_MM / grid.mm[2]
    if np.isnan(middle):
        return np.nan, np.nan
    first = max(0, int(middle - reach))
    rows, columns = np.nonzero(bone[:, first : int(middle + reach) + 1])
    if not len(rows):
        return np.nan, np.nan
    return float(np.percentile(rows, 2)), first + float(np.median(columns))


def _average_spine(single: Floats) -> tuple[float, float]:
    """Front and middle over some slices, from those that show a spine; NaN where none does."""
    known = single[~np.isnan(single[:, 0])]
    if not len(known):
        return np.nan, np.nan
    return float(np.percentile(known[:, 0], FRONT_PERCENT)), float(np.median(known[:, 1]))


def _find_midline(body: Mask) -> float:
    """Mean of the columns that hold body in a slice, NaN where none does."""
    columns = np.flatnonzero(body.any(axis=0))
    if not len(columns):
        return np.nan
    return float(columns.mean())


def pelvic_crest(body: Mask, bone: Mask, trunk: Mask, grid: CoarseGrid) -> int | None:
    """Topmost slice of the lowest run of slices that show both wings of the pelvis."""
    there = [z for z in np.flatnonzero(trunk) if _has_wings(body[z], bone[z], grid)]
    if not there:
        return None
    runs = np.split(np.array(there), np.flatnonzero(np.diff(there) > grid.size(BROKEN_MM, 0)) + 1)
    return int(runs[0][-1])


def _has_wings(body: Mask, bone: Mask, grid: CoarseGrid) -> bool:
    """Whether a slice shows a wing of the pelvis on both sides of its midline."""
    middle, aside = _find_midline(body), WING_MM / grid.mm[2]
    if np.isnan(middle):
        return False
    right = bone[:, : max(0, int(middle - aside))]
    left = bone[:, int(middle + aside) :]
    return _is_wing(right, grid) and _is_wing(left, grid)


def _is_wing(bone: Mask, grid: CoarseGrid) -> bool:
    numbered, count = ndimage.label(bone)
    if not count:
        return False
    return float(np.bincount(numbered.ravel())[1:].max()) * grid.mm[1] * grid.mm[2] >= WING_MM2


def remove_aorta(skeleton: Skeleton, body: Mask, trunk: Mask, grid: CoarseGrid) -> Skeleton:
    """The skeleton without what is too far before the spine to be its own."""
    if not trunk.any():
        return skeleton
    spine = spine_line(body, skeleton.bone, trunk, grid)
    crest = pelvic_crest(body, skeleton.bone, trunk, grid)
    lowest = 0
    if crest is not None:
        lowest = crest - round(SACRUM_MM / grid.mm[0])
    bone = skeleton.bone.copy()
    for z in np.flatnonzero(trunk & ~np.isnan(spine[:, 0])):
        if z < lowest:
            continue
        front, middle = spine[z]
        bone[z][_find_region_ahead(front, middle, grid)] = False
    return replace(skeleton, bone=bone, near_bone=dilate(bone, grid, RIM_MM) & body)


def _find_region_ahead(front: float, middle: float, grid: CoarseGrid) -> tuple[slice, slice]:
    """Rows and columns of a slice in which the aorta may be, before the spine."""
    row = max(0, int(np.ceil(front - AHEAD_MM / grid.mm[1])))
    aside = ASIDE_MM / grid.mm[2]
    return slice(0, row), slice(max(0, int(middle - aside)), int(middle + aside) + 1)
