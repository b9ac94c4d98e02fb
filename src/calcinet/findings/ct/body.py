"""What of a CT volume is the patient: not the couch, not a cast, not the air."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calcinet.arrays import Mask
from calcinet.errors import NotMeasurable
from calcinet.findings.ct.coarse_grid import CoarseGrid, filled, opened, parts
from calcinet.text import say

SURFACE_HU: Final = -300.0
"""Above it is body. Our choice: between air, -1000, and fat, -100, nearer to fat because lung and padding are not."""

COUCH_MM: Final = 4.0
"""Half the thickness of what is taken away as couch or cast. Our choice: shells of both are 2 to 6 mm, a toe 15."""

LEAST_CM3: Final = 30.0
"""A smaller part is not a limb. Our choice: a toe is 10, a forefoot 200."""

LEAST_SHARE: Final = 0.05
"""Nor is one smaller than this share of the largest. Our choice."""


def find_body(grid: CoarseGrid) -> Mask:
    """The patient on the coarse grid: tissue that is thicker than a couch's shell, its gas included.

    Raises
    ------
    NotMeasurable
        If nothing on the volume is as large as a limb.
    """
    tissue = opened((grid.hu > SURFACE_HU) & ~_cast(grid), grid, COUCH_MM)
    numbered, large = parts(tissue, LEAST_CM3 * 1000 / grid.voxel_mm3)
    if not large:
        raise NotMeasurable(say("found no limb or trunk on this CT; give a series that shows one"))
    sizes = {n: int((numbered[box] == n).sum()) for n, box in large}
    kept = [n for n, size in sizes.items() if size >= LEAST_SHARE * max(sizes.values())]
    return filled(np.isin(numbered, kept))


CAST_HU: Final = 150.0
"""A cast of plaster is at least this bright on the coarse grid. Our choice: it has 300 to 600, averaged with air."""

CAST_MM: Final = 9.0
"""It lies no deeper below the outer surface. Our choice: twice its thickness."""

CAST_SHARE: Final = 0.3
"""Share of a slice's rim that it covers at least. Our choice: a splint covers a third, shin bones less."""


def _cast(grid: CoarseGrid) -> Mask:
    """A bright shell about a limb, with what it touches."""
    out = np.zeros(grid.hu.shape, dtype=bool)
    for z, plane in enumerate(grid.hu):
        whole = filled((plane > SURFACE_HU)[None])[0]
        if not whole.any() or plane.max() < CAST_HU:
            continue
        depth = ndimage.distance_transform_edt(np.pad(whole, 1), sampling=grid.mm[1:])[1:-1, 1:-1]
        rim = whole & (depth <= CAST_MM)
        bright = rim & (plane > CAST_HU)
        turn = np.arctan2(
            *(at - middle for at, middle in zip(np.nonzero(bright), np.argwhere(whole).mean(axis=0), strict=True))
        )
        if len(turn) and len(np.unique((turn * DIRECTIONS / (2 * np.pi)).astype(int))) >= CAST_SHARE * DIRECTIONS:
            reach = ndimage.binary_dilation(bright)
            out[z] = reach & (depth <= CAST_MM)
    return out


DIRECTIONS: Final = 72
"""Directions from the middle of a slice in which a cast is looked for. Our choice: every 5 degrees."""


def sides(body: Mask, laterality: str | None) -> NDArray[np.uint8]:
    """Side of each coarse voxel's column in each slice, shape (Z, X): 0 unknown, 1 right, 2 left.

    Two limbs beside one another, or a trunk, are split between; a lone limb has the side that its file states.
    """
    depth, _, width = body.shape
    out = np.zeros((depth, width), dtype=np.uint8)
    middles = [gap_between_limbs(columns) for columns in body.sum(axis=1)]
    known = [middle for middle in middles if middle is not None]
    paired = len(known) >= PAIRED_SHARE * depth
    wide = np.median([np.ptp(np.flatnonzero(c)) + 1 for c in np.asarray(body.any(axis=1)) if c.any()])
    if not paired and not known and not _is_trunk(body, wide):
        out[:] = {"R": 1, "L": 2}.get(laterality or "", 0)
        return out
    for z, middle in enumerate(middles):
        if middle is None:
            there = np.flatnonzero(body[z].any(axis=0))
            middle = float(there.mean()) if len(there) else width / 2
        out[z] = np.where(np.arange(width) < middle, 1, 2)
    return out


PAIRED_SHARE: Final = 0.3
"""Slices in which a gap is seen between two limbs, for the volume to hold two. Our choice."""

SMALLER_SHARE: Final = 0.25
"""The smaller of two limbs holds at least this share of the tissue of a slice. Our choice."""


def gap_between_limbs(columns: NDArray[np.int_]) -> float | None:
    """Middle of the widest empty stretch between two limbs of a slice; None where there is none."""
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


def _is_trunk(body: Mask, wide: float) -> bool:
    """Whether the slices are as wide, against their depth, as a trunk or two legs that touch."""
    deep = np.median([np.ptp(np.flatnonzero(r)) + 1 for r in np.asarray(body.any(axis=2)) if r.any()])
    return bool(wide >= TRUNK_ASPECT * deep)


TRUNK_ASPECT: Final = 1.35
"""Width over depth from which a body is two-sided. Our choice: a leg has about 1."""
