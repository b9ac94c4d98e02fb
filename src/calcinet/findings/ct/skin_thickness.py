"""How thick the skin of this patient is, from the depth at which the brightness turns to that of fat."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calcinet.arrays import Floats, Indices, Mask
from calcinet.findings.ct.anatomy import Anatomy
from calcinet.findings.ct.body import SURFACE_HU
from calcinet.image import Image

USUAL_MM: Final = 2.0
"""Thickness where it cannot be seen. Our choice: skin of the leg is 1.5 to 2.5 mm thick."""

LIMITS_MM: Final = (1.2, 3.0)
"""Thinner and thicker skin is not believed. Our choice."""

DEEPEST_MM: Final = 7.0
"""Brightness is looked up to this depth. Our choice: fat begins within it."""

STEP_MM: Final = 0.25
"""Depth of a bin of the profile. Our choice: half a pixel is told."""

BINS: Final = int(DEEPEST_MM / STEP_MM)
"""Bins of a profile."""

FAT_HU: Final = -50.0
"""The subcutis is at least this dark. Our choice: between fat and muscle."""

LEAST_STEP_HU: Final = 40.0
"""Skin is brighter than fat by at least this. Our choice."""

LEAST_BINS: Final = 4
"""Bins in which brightness is known, at least. Our choice."""

SLICES: Final = 24
"""Slices that are looked at. Our choice: their mean is known to a tenth of a pixel."""

MARGIN_PX: Final = 4
"""Pixels beyond the coarse body that are looked at. Our choice: one coarse voxel."""


def skin_thickness_mm(image: Image, anatomy: Anatomy) -> float:
    """Thickness of the skin in mm, within slices.

    Parameters
    ----------
    image, anatomy
        The volume and its map.
    """
    profiles = []
    for z in _choose_slices(anatomy):
        profile = _measure_profile(image, anatomy, int(z))
        if profile is not None:
            profiles.append(profile)
    if not profiles:
        return USUAL_MM
    return _find_edge(_take_medians(np.array(profiles)))


def _choose_slices(anatomy: Anatomy) -> Indices:
    """Slices of the volume that show a limb, or else any body, evenly chosen."""
    shown = anatomy.body.any(axis=(1, 2))
    heights = np.flatnonzero(shown & ~anatomy.trunk)
    if not len(heights):
        heights = np.flatnonzero(shown)
    return np.unique(heights[np.linspace(0, len(heights) - 1, SLICES).astype(int)]) * anatomy.grid.block[0]


def _measure_profile(image: Image, anatomy: Anatomy, z: int) -> Floats | None:
    """Median brightness of a slice at each depth, shape (BINS,), NaN where unknown; None without a body."""
    _, row_mm, column_mm = image.require_spacing_mm()
    body = anatomy.grid.fine_plane(anatomy.body, z)
    if not body.any():
        return None
    rows, columns = np.asarray(body.any(axis=1)), np.asarray(body.any(axis=0))
    window = (_find_range(rows), _find_range(columns))
    hu = image.pixels[z][window]
    near = ndimage.binary_dilation(body[window], iterations=3)
    tissue = ndimage.binary_fill_holes((hu > SURFACE_HU) & near)
    depth = ndimage.distance_transform_edt(tissue, sampling=(row_mm, column_mm)) - 0.5 * column_mm
    bins = (depth / STEP_MM).astype(int)
    used = tissue & (depth >= 0) & (bins < BINS)
    profile = np.full(BINS, np.nan)
    for number in np.unique(bins[used]):
        profile[number] = np.median(hu[used & (bins == number)])
    return profile


def _find_range(line: Mask) -> slice:
    """From the first true value of a line to its last, with a margin."""
    there = np.flatnonzero(line)
    return slice(max(0, there[0] - MARGIN_PX), there[-1] + MARGIN_PX + 1)


def _take_medians(profiles: Floats) -> Floats:
    """Median of the known values of each column, NaN where none is known; shape (N, BINS) -> (BINS,)."""
    medians = np.full(profiles.shape[1], np.nan)
    for number, column in enumerate(profiles.T):
        known = column[~np.isnan(column)]
        if len(known):
            medians[number] = np.median(known)
    return medians


def _find_edge(profile: Floats) -> float:
    """Depth at which a profile crosses the middle between skin and fat; the usual one where it is not clear."""
    depth = (np.arange(BINS) + 0.5) * STEP_MM
    known = ~np.isnan(profile)
    depth, profile = depth[known], profile[known]
    below_skin = depth > LIMITS_MM[1]
    if len(depth) < LEAST_BINS or not below_skin.any():
        return USUAL_MM
    fat = float(profile[below_skin].min())
    top = int(profile[~below_skin].argmax())
    if fat > FAT_HU or profile[top] < fat + LEAST_STEP_HU:
        return USUAL_MM
    return _find_crossing(depth[top:], profile[top:], (fat + profile[top]) / 2)


def _find_crossing(depth: NDArray[np.floating], profile: Floats, middle: float) -> float:
    """Depth at which a profile first falls under the middle; the usual thickness where it does not.

    Between bins k - 1 and k, with depths d and values v, the crossing of the middle m is at d[k-1] + s (d[k] - d[k-1]),
    s = (v[k-1] - m) / (v[k-1] - v[k]).
    """
    below = np.flatnonzero(profile < middle)
    if not len(below) or below[0] == 0:
        return USUAL_MM
    k = int(below[0])
    share = (profile[k - 1] - middle) / (profile[k - 1] - profile[k])
    return float(np.clip(depth[k - 1] + share * (depth[k] - depth[k - 1]), *LIMITS_MM))
