"""Landmarks of the trunk on the coarse grid: the front of the spine, the crest of the pelvis."""

from typing import Final

import numpy as np
from scipy import ndimage

from calcinet.arrays import Floats, Mask
from calcinet.findings.ct.bone import RIM_MM, Skeleton
from calcinet.findings.ct.coarse_grid import CoarseGrid, grown

SPINE_MM: Final = 25.0
"""Half the width in which the spine is looked for. Our choice: a vertebral body is 50 mm wide."""

DISC_MM: Final = 20.0
FRONT_PERCENT: Final = 40.0
"""The front of the spine is this percentile of the fronts so far up and down. Our choice: of discs only the arch behind
is seen, and spurs and calcium before single slices do not count."""

WING_MM2: Final = 250.0
WING_MM: Final = 45.0
"""A bone of this section, so far beside the middle, is a wing of the pelvis. Our choice: a rib is cut smaller."""

BROKEN_MM: Final = 25.0
"""Gap in the run of slices that show the pelvis. Our choice: metal hides as much; ribs begin 80 mm above."""

AHEAD_MM: Final = 4.0
ASIDE_MM: Final = 28.0
SACRUM_MM: Final = 24.0
"""Dense voxels so far before the spine, no farther aside, and no deeper below the crest, are calcium of the aorta that
closing has joined to bone. Our choice: spurs are shorter; the sacrum slants too steeply to say so."""


def spine_line(body: Mask, bone: Mask, trunk: Mask, grid: CoarseGrid) -> Floats:
    """Front of the spine and its middle (Y, X) for each slice, NaN where none is seen; shape (Z, 2)."""
    seen = np.array([_spine(body[z], bone[z], grid) if trunk[z] else (np.nan, np.nan) for z in range(len(body))])
    reach = grid.size(DISC_MM, 0)
    return np.array([_usual(seen[max(0, z - reach) : z + reach + 1]) for z in range(len(seen))])


def _usual(seen: Floats) -> tuple[float, float]:
    known = seen[~np.isnan(seen[:, 0])]
    if not len(known):
        return np.nan, np.nan
    return float(np.percentile(known[:, 0], FRONT_PERCENT)), float(np.median(known[:, 1]))


def _middle(body: Mask) -> float:
    columns = np.flatnonzero(body.any(axis=0))
    return float(columns.mean()) if len(columns) else np.nan


def _spine(body: Mask, bone: Mask, grid: CoarseGrid) -> tuple[float, float]:
    middle, reach = _middle(body), SPINE_MM / grid.mm[2]
    if np.isnan(middle):
        return np.nan, np.nan
    first = max(0, int(middle - reach))
    rows, across = np.nonzero(bone[:, first : int(middle + reach) + 1])
    if not len(rows):
        return np.nan, np.nan
    return float(np.percentile(rows, 2)), first + float(np.median(across))


def pelvic_crest(body: Mask, bone: Mask, trunk: Mask, grid: CoarseGrid) -> int | None:
    """Topmost slice of the lowest run of slices that show both wings of the pelvis."""
    there = [z for z in range(len(body)) if trunk[z] and _has_wings(body[z], bone[z], grid)]
    if not there:
        return None
    runs = np.split(np.array(there), np.flatnonzero(np.diff(there) > grid.size(BROKEN_MM, 0)) + 1)
    return int(runs[0][-1])


def _has_wings(body: Mask, bone: Mask, grid: CoarseGrid) -> bool:
    middle, off = _middle(body), WING_MM / grid.mm[2]
    if np.isnan(middle):
        return False
    return all(_is_wing(half, grid) for half in (bone[:, : max(0, int(middle - off))], bone[:, int(middle + off) :]))


def _is_wing(bone: Mask, grid: CoarseGrid) -> bool:
    numbered, count = ndimage.label(bone)
    if not count:
        return False
    return float(np.bincount(numbered.ravel())[1:].max()) * grid.mm[1] * grid.mm[2] >= WING_MM2


def without_aorta(skeleton: Skeleton, body: Mask, trunk: Mask, grid: CoarseGrid) -> Skeleton:
    """The skeleton without what lies too far before the spine to be its own."""
    if not trunk.any():
        return skeleton
    spine = spine_line(body, skeleton.bone, trunk, grid)
    crest = pelvic_crest(body, skeleton.bone, trunk, grid)
    lowest = 0 if crest is None else crest - round(SACRUM_MM / grid.mm[0])
    bone = skeleton.bone.copy()
    for z in np.flatnonzero(trunk & ~np.isnan(spine[:, 0])):
        if z < lowest:
            continue
        front, middle = spine[z]
        row = max(0, int(np.ceil(front - AHEAD_MM / grid.mm[1])))
        columns = slice(max(0, int(middle - ASIDE_MM / grid.mm[2])), int(middle + ASIDE_MM / grid.mm[2]) + 1)
        bone[z, :row, columns] = False
    return Skeleton(bone, grown(bone, grid, RIM_MM) & body, skeleton.metal, skeleton.near_metal)
