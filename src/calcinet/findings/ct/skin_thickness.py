"""How thick the skin of this patient is, from the depth at which the brightness turns to that of fat."""

from typing import Final

import numpy as np
from scipy import ndimage

from calcinet.arrays import Floats
from calcinet.findings.ct.anatomy import Anatomy
from calcinet.findings.ct.body import SURFACE_HU
from calcinet.image import Image

USUAL_MM: Final = 2.0
"""Where it cannot be seen. Our choice: skin of the leg is 1.5 to 2.5 mm thick."""

LIMITS_MM: Final = (1.2, 3.0)
"""Thinner and thicker skin is not believed. Our choice."""

DEEPEST_MM: Final = 7.0
STEP_MM: Final = 0.25
"""Depths at which brightness is looked up. Our choice: fat begins within them, and half a pixel is told."""

FAT_HU: Final = -50.0
"""The subcutis is at least this dark. Our choice: between fat and muscle."""

SLICES: Final = 24
"""Slices that are looked at. Our choice: their mean is known to a tenth of a pixel."""


def skin_mm(image: Image, anatomy: Anatomy) -> float:
    """Thickness of the skin in mm, within slices.

    Parameters
    ----------
    image, anatomy
        The volume and its map.
    """
    assert image.spacing_mm is not None
    heights = np.flatnonzero(anatomy.body.any(axis=(1, 2)) & ~anatomy.trunk)
    if not len(heights):
        heights = np.flatnonzero(anatomy.body.any(axis=(1, 2)))
    chosen = np.unique(heights[np.linspace(0, len(heights) - 1, SLICES).astype(int)]) * anatomy.grid.block[0]
    profiles = [profile for z in chosen if (profile := _profile(image, anatomy, int(z))) is not None]
    if not profiles:
        return USUAL_MM
    each = [column[~np.isnan(column)] for column in np.array(profiles).T]
    return _thickness(np.array([np.median(known) if len(known) else np.nan for known in each]))


BINS: Final = int(DEEPEST_MM / STEP_MM)


def _profile(image: Image, anatomy: Anatomy, z: int) -> Floats | None:
    """Median brightness of a slice at each depth."""
    assert image.spacing_mm is not None
    body = anatomy.grid.fine_plane(anatomy.body, z)
    rows, columns = np.flatnonzero(body.any(axis=1)), np.flatnonzero(body.any(axis=0))
    if not len(rows):
        return None
    window = (slice(max(0, rows[0] - 4), rows[-1] + 5), slice(max(0, columns[0] - 4), columns[-1] + 5))
    hu = image.pixels[z][window]
    near = ndimage.binary_dilation(body[window], iterations=3)
    tissue = ndimage.binary_fill_holes((hu > SURFACE_HU) & near)
    depth = ndimage.distance_transform_edt(tissue, sampling=image.spacing_mm[1:]) - 0.5 * image.spacing_mm[2]
    bins = (depth / STEP_MM).astype(int)
    used = tissue & (depth >= 0) & (bins < BINS)
    out = np.full(BINS, np.nan)
    for k in np.unique(bins[used]):
        out[k] = np.median(hu[used & (bins == k)])
    return out


def _thickness(profile: Floats) -> float:
    """Depth at which a profile crosses the middle between skin and fat."""
    depth = (np.arange(BINS) + 0.5) * STEP_MM
    known = ~np.isnan(profile)
    depth, profile = depth[known], profile[known]
    if len(depth) < 4 or not (depth > LIMITS_MM[1]).any():
        return USUAL_MM
    fat = float(profile[depth > LIMITS_MM[1]].min())
    top = int(profile[depth <= LIMITS_MM[1]].argmax())
    if fat > FAT_HU or profile[top] < fat + 40:
        return USUAL_MM
    middle = (fat + profile[top]) / 2
    below = np.flatnonzero(profile[top:] < middle)
    if not len(below) or below[0] == 0:
        return USUAL_MM
    k = top + int(below[0])
    share = (profile[k - 1] - middle) / (profile[k - 1] - profile[k])
    return float(np.clip(depth[k - 1] + share * (depth[k] - depth[k - 1]), *LIMITS_MM))
