"""Where the bones of a limb are: brighter than soft tissue on both sides of the body, or far brighter on one."""

from collections.abc import Mapping
from typing import Final

import cv2
import numpy as np
from scipy import ndimage

from calcinet.arrays import Floats, Mask
from calcinet.vocabulary import LimbPart

BINS: Final = 37
"""Points across a segment that its profile has. Our choice: finer than the camera's blur."""

ALONG: Final = 24
"""Rows along a segment that its profile has. Our choice: finer than the camera's blur."""

WIDEST: Final = 0.92
"""The profile ends here, 1 being the edge. Our choice: beyond it there is more air than limb under the blur."""

ALONG_SMOOTHING: Final = 3.0
"""Standard deviation in rows of the bell that the profile is smoothed with. Our choice: shafts run along the limb."""

ACROSS_SMOOTHING: Final = 1.5
"""The same across the limb, in points. Our choice."""

ON_BOTH: Final = 1.16
"""Bone is this many times as bright as soft tissue on both sides of the body. Our choice."""

ON_ONE: Final = 1.7
"""Bone is this many times as bright as soft tissue on one side alone. Our choice: a lesion on one side stays soft
tissue until it is brighter than bone."""

LEAST_PIXELS: Final = 3
"""A row with no more pixels of the limb is left out. Our choice."""

SOFT_QUANTILE: Final = 0.2
"""Share of a segment's points that are surely soft tissue. Our choice."""

APART: Final = 3
"""Points that a bone may be off on the other side. Our choice: a leg that is turned."""

LONG: Final = 9
"""A gap along the limb shorter than this many rows is bone, too. Our choice: a shaft does not end in its middle."""

MAY_HOLD_BONE: Final[Mapping[LimbPart, float]] = {
    "upper arm": 0.75,
    "forearm": 0.85,
    "hand": 1.0,
    "thigh": 0.72,
    "knee": 0.92,
    "lower leg": 0.8,
    "foot": 1.0,
}
"""How far from the limb's middle bone may be, as a share of its half width. Our choice: anatomy."""


def measure_profile(counts: Floats, path_mm: Floats, across: Floats, rows: tuple[int, int]) -> Floats:
    """Counts a mm of tissue along and across one segment, shape (ALONG, BINS).

    Parameters
    ----------
    counts, path_mm, across
        Shape (Y, X): counts above air, tissue seen, place across the limb from -1 to 1.
    rows
        First row of the segment, and the row after its last.
    """
    points = np.linspace(-WIDEST, WIDEST, BINS)
    lines = np.zeros((rows[1] - rows[0], BINS))
    for number, row in enumerate(range(*rows)):
        inside = path_mm[row] > 0
        if inside.sum() > LEAST_PIXELS:
            density = counts[row][inside] / path_mm[row][inside]
            lines[number] = np.interp(points, across[row][inside], density)
    even = cv2.resize(lines, (BINS, ALONG), interpolation=cv2.INTER_AREA)
    return np.asarray(ndimage.gaussian_filter(even, (ALONG_SMOOTHING, ACROSS_SMOOTHING), mode="nearest"))


def find_bone(part: LimbPart, own: Floats, other: Floats | None) -> Mask:
    """Where a segment holds bone, shape (ALONG, BINS).

    Parameters
    ----------
    part
        Part of the limb.
    own, other
        Profiles of this side and of the other one mirrored; None where the other was not seen.
    """
    allowed = np.abs(np.linspace(-WIDEST, WIDEST, BINS)) <= MAY_HOLD_BONE[part]
    own_contrast = own / _estimate_soft_tissue(own)
    if other is None:
        return np.asarray((own_contrast > ON_BOTH) & allowed)
    other_contrast = ndimage.maximum_filter(other / _estimate_soft_tissue(other), (APART, 2 * APART + 1))
    on_both = (own_contrast > ON_BOTH) & (other_contrast > ON_BOTH)
    found = ((own_contrast > ON_ONE) | on_both) & allowed
    return np.asarray(_close_along(found) | found)


def _close_along(found: Mask) -> Mask:
    """Close gaps along the limb."""
    wide = ndimage.binary_closing(np.pad(found, LONG), np.ones((LONG, 1), dtype=bool))
    return np.asarray(wide[LONG:-LONG, LONG:-LONG])


def _estimate_soft_tissue(lines: Floats) -> Floats:
    """Counts of soft tissue along the segment, shape (ALONG, 1)."""
    low = np.quantile(lines, SOFT_QUANTILE, axis=1, keepdims=True)
    smooth = ndimage.gaussian_filter1d(low, ALONG_SMOOTHING, axis=0, mode="nearest")
    return np.asarray(np.maximum(smooth, 1e-9))


def map_to_pixels(found: Mask, across: Floats, inside: Mask, rows: tuple[int, int]) -> Mask:
    """Carry a mask of a profile back to pixels.

    Parameters
    ----------
    found
        Shape (ALONG, BINS).
    across, inside
        Place across the limb from -1 to 1, and the segment, shape (Y, X).
    rows
        First row of the segment, and the row after its last.
    """
    first, end = rows
    mask = np.zeros(across.shape, dtype=bool)
    for row in range(first, end):
        line = found[min(ALONG - 1, (row - first) * ALONG // max(1, end - first))]
        points = np.rint((across[row] + WIDEST) / (2 * WIDEST) * (BINS - 1)).astype(int)
        there = inside[row] & (points >= 0) & (points < BINS)
        mask[row, there] = line[points[there]]
    return mask
