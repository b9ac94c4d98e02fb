"""What a part of calcium looks like: tubular, plate, nodular; and how deep under the skin it lies."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

from calcinet.arrays import Floats, Indices, Mask, Pixels
from calcinet.findings.ct.body import SURFACE_HU
from calcinet.findings.ct.coarse_grid import CoarseGrid
from calcinet.findings.ct.components import Part
from calcinet.image import Image
from calcinet.vocabulary import DepositForm

Spacing = tuple[float, float, float]

TUBULAR: Final = 2.5
"""Length over width from which a part is tubular. Our choice."""

FLAT: Final = 2.0
"""Width over thickness from which a part is a plate. Our choice."""

LINE_STEP_MM: Final = 2.0
"""Distance of the points of a centre line. Our choice: plaques bend less within that."""

SKIN_SEARCH_MM: Final = 12.0
"""Around a part the surface is sought on the scanner's own grid this far; deeper parts are measured coarsely.
Our choice: the compartments of a leg need no more."""


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Form of a part, lengths in mm."""

    form: DepositForm
    extent_mm: tuple[float, float, float]
    """Along its own axes, longest first."""
    axis: Floats
    """Direction of the longest, unit vector (Z, Y, X)."""
    length_mm: float
    """Of its centre line."""
    centre: Floats
    """Middle, in voxels of the volume (Z, Y, X)."""
    line: Floats
    """Centre line, in voxels of the volume, shape (N, 3)."""
    slices: tuple[int, int]
    """First and last slice of the volume that it cuts."""


def shape_of(part: Part, spacing_mm: Spacing) -> Shape:
    """Describe the form of a part by the spread of its voxels along its own axes."""
    voxels = part.voxels().astype(np.float64)
    places = voxels * spacing_mm
    middle = places.mean(axis=0)
    own = np.array(spacing_mm) ** 2 / 12  # a voxel's own spread
    spread = np.cov((places - middle).T, bias=True) if len(places) > 1 else np.zeros((3, 3))
    values, axes = np.linalg.eigh(spread + np.diag(own))
    order = np.argsort(values)[::-1]
    extent = np.sqrt(12 * values[order])  # of a uniform bar of that spread
    line = _line(places, axes[:, order[0]])
    length = float(np.linalg.norm(np.diff(line, axis=0), axis=1).sum()) + float(min(extent[1], extent[0]))
    length = max(length, float(extent[0]))
    return Shape(
        _form(extent, length),
        (float(extent[0]), float(extent[1]), float(extent[2])),
        axes[:, order[0]],
        length,
        middle / spacing_mm,
        line / spacing_mm,
        (int(voxels[:, 0].min()), int(voxels[:, 0].max())),
    )


def _form(extent: Floats, length: float) -> DepositForm:
    if length >= TUBULAR * extent[1]:
        return "tubular"
    return "plate" if extent[1] >= FLAT * extent[2] else "nodular"


def _line(places: Floats, axis: Floats) -> Floats:
    """Middles of slabs across the longest axis, in order along it."""
    along = places @ axis
    slab = ((along - along.min()) / LINE_STEP_MM).astype(np.intp)
    count = np.bincount(slab)
    middles = np.stack([np.bincount(slab, weights=places[:, k]) for k in range(3)], axis=1)
    return np.asarray(middles[count > 0] / count[count > 0, None])


def depth_mm(
    image: Image, part: Part, spacing_mm: Spacing, coarse_depth_mm: float, grid: CoarseGrid, body: Mask
) -> float:
    """Median distance from the voxels of a part to the skin's surface, within their slices.

    Parameters
    ----------
    image
        The volume.
    part
        A part of calcium.
    spacing_mm
        Of the volume, (Z, Y, X).
    coarse_depth_mm
        What the coarse grid says; kept where the surface is far.
    grid, body
        The patient on the coarse grid: a cast is as good as air.
    """
    if coarse_depth_mm > SKIN_SEARCH_MM - 2:
        return coarse_depth_mm
    voxels = part.voxels()
    heights = np.unique(voxels[:, 0])
    heights = heights[np.linspace(0, len(heights) - 1, min(MOST_SLICES, len(heights))).astype(int)]
    found = [
        _depths(image.pixels[z], grid.fine_plane(body, int(z)), voxels[voxels[:, 0] == z, 1:], spacing_mm[1:])
        for z in heights
    ]
    every = np.concatenate(found)
    return float(np.median(every)) if len(every) else coarse_depth_mm


BODY_MARGIN: Final = 4
"""Pixels that the coarse surface may lie inside the true one. Our choice: one coarse voxel."""

MOST_SLICES: Final = 8
"""Slices in which the depth of a part is looked up. Our choice: its median is then known."""


def _depths(plane: Pixels, body: Mask, places: Indices, pixel_mm: tuple[float, float]) -> Floats:
    """Distance of pixels (Y, X) of a slice to open air in mm; none where no air is near."""
    reach = [int(np.ceil(SKIN_SEARCH_MM / mm)) for mm in pixel_mm]
    low = np.maximum(places.min(axis=0) - reach, 0)
    high = np.minimum(places.max(axis=0) + reach + 1, plane.shape)
    window = (slice(low[0], high[0]), slice(low[1], high[1]))
    beyond = ~ndimage.binary_dilation(body[window], iterations=BODY_MARGIN)
    outside = _open_air((plane[window] < SURFACE_HU) | beyond)
    edge = outside & ndimage.binary_dilation(~outside)
    if not edge.any():
        return np.empty(0)
    tree = cKDTree((np.argwhere(edge) + low) * pixel_mm)
    away = tree.query(places * pixel_mm)[0]
    return np.asarray(np.maximum(0.0, away - 0.5 * float(np.mean(pixel_mm))))


def _open_air(dark: Mask) -> Mask:
    """Of what is dark, the parts that reach the edge of the window: gas inside stays body."""
    numbered, _ = ndimage.label(dark)
    rim = np.concatenate([numbered[0], numbered[-1], numbered[:, 0], numbered[:, -1]])
    return np.isin(numbered, np.setdiff1d(rim, [0]))
