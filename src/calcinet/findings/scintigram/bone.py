"""Where the bones of a limb lie: brighter than soft tissue on both sides of the body, or far brighter on one."""

from collections.abc import Mapping
from typing import Final

import cv2
import numpy as np
from scipy import ndimage

from calcinet.arrays import Floats, Mask
from calcinet.vocabulary import LimbPart

BINS: Final = 37
ALONG: Final = 24
"""Places across and along a segment that its profile has. Our choice: finer than the camera's blur."""

WIDEST: Final = 0.92
"""The profile ends here, 1 being the edge. Our choice: beyond it there is more air than limb under the blur."""

ALONG_SMOOTHING: Final = 3.0
ACROSS_SMOOTHING: Final = 1.5
"""Standard deviation in places of the bell that the profile is smoothed with. Our choice: shafts run along the limb."""

ON_BOTH: Final = 1.16
ON_ONE: Final = 1.7
"""Bone is this many times as bright as soft tissue on both sides of the body, or on one. Our choice: a lesion on one
side stays soft tissue until it is brighter than bone."""

SOFT_QUANTILE: Final = 0.2
"""Share of a segment's places that are surely soft tissue. Our choice."""

APART: Final = 3
"""Places that a bone may lie off on the other side. Our choice: a leg that is turned."""

LONG: Final = 9
"""A gap along the limb shorter than this many places is bone, too. Our choice: a shaft does not end in its middle."""

MAY_HOLD_BONE: Final[Mapping[LimbPart, float]] = {
    "upper arm": 0.75,
    "forearm": 0.85,
    "hand": 1.0,
    "thigh": 0.72,
    "knee": 0.92,
    "lower leg": 0.8,
    "foot": 1.0,
}
"""How far from the limb's middle bone may lie. Our choice: anatomy."""


def profile(counts: Floats, path_mm: Floats, across: Floats, rows: tuple[int, int]) -> Floats:
    """Counts a mm of tissue along and across one segment, shape (ALONG, BINS).

    Parameters
    ----------
    counts, path_mm, across
        Shape (Y, X): counts above air, tissue seen, place from -1 to 1.
    rows
        First row of the segment, and the row after its last.
    """
    at = np.linspace(-WIDEST, WIDEST, BINS)
    lines = np.zeros((rows[1] - rows[0], BINS))
    for number, row in enumerate(range(*rows)):
        inside = path_mm[row] > 0
        if inside.sum() > 3:
            place, value = across[row][inside], counts[row][inside] / path_mm[row][inside]
            lines[number] = np.interp(at, place, value)
    even = cv2.resize(lines, (BINS, ALONG), interpolation=cv2.INTER_AREA)
    return np.asarray(ndimage.gaussian_filter(even, (ALONG_SMOOTHING, ACROSS_SMOOTHING), mode="nearest"))


def bone_of(part: LimbPart, own: Floats, other: Floats | None) -> Mask:
    """Where a segment holds bone, shape (ALONG, BINS).

    Parameters
    ----------
    part
        Of the limb.
    own, other
        Profiles of this side and of the other one mirrored; None where the other was not seen.
    """
    allowed = np.abs(np.linspace(-WIDEST, WIDEST, BINS)) <= MAY_HOLD_BONE[part]
    mine = own / _soft(own)
    found = mine > ON_ONE
    if other is None:
        return np.asarray((mine > ON_BOTH) & allowed)
    theirs = ndimage.maximum_filter(other / _soft(other), (APART, 2 * APART + 1))
    both = (found | ((mine > ON_BOTH) & (theirs > ON_BOTH))) & allowed
    return np.asarray(
        ndimage.binary_closing(np.pad(both, LONG), np.ones((LONG, 1), dtype=bool))[LONG:-LONG, LONG:-LONG] | both
    )


def _soft(lines: Floats) -> Floats:
    """Soft tissue along the segment, shape (ALONG, 1)."""
    low = np.quantile(lines, SOFT_QUANTILE, axis=1, keepdims=True)
    return np.asarray(np.maximum(ndimage.gaussian_filter1d(low, ALONG_SMOOTHING, axis=0, mode="nearest"), 1e-9))


def mapped(found: Mask, across: Floats, inside: Mask, rows: tuple[int, int]) -> Mask:
    """Carry a profile's places back to pixels, shape (Y, X)."""
    mask = np.zeros(across.shape, dtype=bool)
    for row in range(*rows):
        line = found[min(ALONG - 1, (row - rows[0]) * ALONG // max(1, rows[1] - rows[0]))]
        place = np.rint((across[row] + WIDEST) / (2 * WIDEST) * (BINS - 1)).astype(int)
        there = inside[row] & (place >= 0) & (place < BINS)
        mask[row, there] = line[place[there]]
    return mask
