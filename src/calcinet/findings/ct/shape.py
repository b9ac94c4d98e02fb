"""What a component of calcium looks like: tubular, plate, nodular; and how deep under the skin it is."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

from calcinet.arrays import Floats, Indices, Mask, Pixels
from calcinet.findings.ct.body import SURFACE_HU
from calcinet.findings.ct.coarse_grid import CoarseGrid, Spacing
from calcinet.findings.ct.components import Component
from calcinet.image import Image
from calcinet.vocabulary import DepositForm

TUBULAR: Final = 2.5
"""Length over width from which a component is tubular. Our choice."""

FLAT: Final = 2.0
"""Width over thickness from which a component is a plate. Our choice."""

LINE_STEP_MM: Final = 2.0
"""Distance of the points of a centre line. Our choice: plaques bend less within that."""

SKIN_SEARCH_MM: Final = 12.0
"""The skin's surface is looked for this far around a component on the scanner's own grid; the depth of deeper ones is
measured coarsely. Our choice: the compartments of a leg need no more."""

BODY_MARGIN: Final = 4
"""Pixels that the coarse surface may be inside the true one. Our choice: one coarse voxel."""

MOST_SLICES: Final = 8
"""Slices in which the depth of a component is looked up. Our choice: its median is then known."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Shape:
    """Form of a component, lengths in mm."""

    form: DepositForm
    extent_mm: tuple[float, float, float]
    """Along its own axes, longest first."""
    axis: Floats
    """Direction of the longest, unit vector (Z, Y, X)."""
    length_mm: float
    """Length of its centre line."""
    centre: Floats
    """Middle, in voxels of the volume (Z, Y, X)."""
    line: Floats
    """Centre line, in voxels of the volume, shape (N, 3)."""
    slices: tuple[int, int]
    """First and last slice of the volume that it cuts."""


def measure_shape(component: Component, spacing_mm: Spacing) -> Shape:
    """Describe the form of a component by the spread of its voxels along its own axes.

    A uniform bar of length l has a variance of l^2 / 12 along itself: the extent along an axis with variance v is
    sqrt(12 v), the spread within each voxel included.
    """
    voxels = component.voxels().astype(np.float64)
    points = voxels * spacing_mm
    middle = points.mean(axis=0)
    variances, axes = np.linalg.eigh(_measure_covariance(points, middle, spacing_mm))
    order = np.argsort(variances)[::-1]
    longest, middling, shortest = np.sqrt(12 * variances[order]).tolist()
    axis = axes[:, order[0]]
    line = average_slabs(points, points @ axis, LINE_STEP_MM)
    along = float(np.linalg.norm(np.diff(line, axis=0), axis=1).sum())
    length = max(along + min(middling, longest), longest)
    return Shape(
        form=_classify_form(length, middling, shortest),
        extent_mm=(longest, middling, shortest),
        axis=axis,
        length_mm=length,
        centre=middle / spacing_mm,
        line=line / spacing_mm,
        slices=(int(voxels[:, 0].min()), int(voxels[:, 0].max())),
    )


def _measure_covariance(points: Floats, middle: Floats, spacing_mm: Spacing) -> Floats:
    """Covariance of points that fill their voxels, in mm2, shape (3, 3)."""
    within_voxel = np.diag(np.array(spacing_mm) ** 2 / 12)
    if len(points) == 1:
        return within_voxel
    return np.asarray(np.cov((points - middle).T, bias=True) + within_voxel)


def _classify_form(length: float, width: float, thickness: float) -> DepositForm:
    if length >= TUBULAR * width:
        return "tubular"
    if width >= FLAT * thickness:
        return "plate"
    return "nodular"


def average_slabs(points: Floats, along: Floats, step_mm: float) -> Floats:
    """Mean of the points in each slab of a thickness, in order along an axis, empty slabs left out.

    Parameters
    ----------
    points
        In mm, shape (N, 3).
    along
        Place of each along the axis, in mm, shape (N,).
    step_mm
        Thickness of a slab.
    """
    slab = ((along - along.min()) / step_mm).astype(np.intp)
    count = np.bincount(slab)
    sums = np.zeros((len(count), 3))
    for k, coordinates in enumerate(points.T):
        sums[:, k] = np.bincount(slab, weights=coordinates)
    return np.asarray(sums[count > 0] / count[count > 0, None])


def depth_mm(
    image: Image, component: Component, spacing_mm: Spacing, coarse_depth_mm: float, grid: CoarseGrid, body: Mask
) -> float:
    """Median distance from the voxels of a component to the skin's surface, within their slices.

    Parameters
    ----------
    image
        The volume.
    component
        Connected voxels of calcium.
    spacing_mm
        Distance of voxels along (Z, Y, X).
    coarse_depth_mm
        What the coarse grid says; kept where the surface is far.
    grid, body
        The patient on the coarse grid: a cast is as good as air.
    """
    if coarse_depth_mm > SKIN_SEARCH_MM - 2:
        return coarse_depth_mm
    voxels = component.voxels()
    depths = []
    for z in _choose_slices(voxels):
        plane, coarse_body = image.pixels[z], grid.fine_plane(body, int(z))
        depths.append(_measure_depths(plane, coarse_body, voxels[voxels[:, 0] == z, 1:], spacing_mm[1:]))
    every = np.concatenate(depths)
    if not len(every):
        return coarse_depth_mm
    return float(np.median(every))


def _choose_slices(voxels: Indices) -> Indices:
    """Slices that hold some of the voxels, evenly chosen."""
    heights = np.unique(voxels[:, 0])
    chosen = np.linspace(0, len(heights) - 1, min(MOST_SLICES, len(heights))).astype(int)
    return np.asarray(heights[chosen])


def _measure_depths(plane: Pixels, body: Mask, pixels: Indices, pixel_mm: tuple[float, float]) -> Floats:
    """Distance of pixels (Y, X) of a slice to open air in mm, shape (N,); empty where no air is near."""
    reach = np.ceil(SKIN_SEARCH_MM / np.array(pixel_mm)).astype(int)
    low = np.maximum(pixels.min(axis=0) - reach, 0)
    high = np.minimum(pixels.max(axis=0) + reach + 1, plane.shape)
    window = (slice(low[0], high[0]), slice(low[1], high[1]))
    beyond = ~ndimage.binary_dilation(body[window], iterations=BODY_MARGIN)
    outside = _find_open_air((plane[window] < SURFACE_HU) | beyond)
    edge = outside & ndimage.binary_dilation(~outside)
    if not edge.any():
        return np.empty(0)
    tree = cKDTree((np.argwhere(edge) + low) * pixel_mm)
    away = tree.query(pixels * pixel_mm)[0]
    return np.asarray(np.maximum(0.0, away - 0.5 * float(np.mean(pixel_mm))))


def _find_open_air(dark: Mask) -> Mask:
    """Dark components that reach the edge of the window: gas inside stays body."""
    numbered, _ = ndimage.label(dark)
    rim = np.concatenate([numbered[0], numbered[-1], numbered[:, 0], numbered[:, -1]])
    return np.isin(numbered, np.setdiff1d(rim, [0]))
