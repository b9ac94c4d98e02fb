"""What each pixel of a radiograph shows: field border, air, soft tissue, bone or metal; and how deep under the skin."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Indices, Pixels
from calcinet.errors import NotMeasurable
from calcinet.findings.coarse_grid import CoarseGrid, make_coarse_grid
from calcinet.findings.radiograph.bone import find_bone
from calcinet.findings.radiograph.collimation import find_border
from calcinet.findings.radiograph.metal import find_metal
from calcinet.findings.regions import LEAST_AIR, LEAST_TISSUE, Regions, require_size
from calcinet.findings.skin_line import depth_under_skin, find_body
from calcinet.image import Image
from calcinet.mask_labels import Tissue
from calcinet.text import say

SURE: Final = 0.98
"""A film pixel is one tissue, or one of two, where the coarse grid gives it at least this share; our choice."""

EDGE_MM: Final = 2.0
"""Width over which grey levels on either side of a bone's edge are averaged; our choice: the width of a cortex."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _CoarseMap:
    """The map on the coarse grid, with what is needed to sharpen it."""

    grid: CoarseGrid

    labels: NDArray[np.uint8]
    """Shape of the grid, values of `Tissue`."""

    depth: Pixels
    """Depth under the skin in mm, by the grid's own notion of a millimetre."""

    skin: Pixels
    """Grey level at which the body begins."""

    @property
    def film_px_per_mm(self) -> float:
        return self.grid.film_px / self.grid.mm


def find_regions(image: Image) -> Regions:
    """Divide a radiograph into border, air, soft tissue, bone and metal.

    Parameters
    ----------
    image
        One slice, any grey scale that rises with attenuation. Without a spacing the longest side is taken for
        25 cm, and depth comes in pixels.

    Raises
    ------
    NotMeasurable
        If the picture is too small, or shows no tissue.
    """
    plane = image.plane
    require_size(plane)
    coarse = _map_tissues(make_coarse_grid(plane, image.pixel_mm))
    labels = _sharpen(plane, coarse)
    cautions = _list_cautions(coarse)
    is_tissue = (labels == Tissue.SOFT) | (labels == Tissue.BONE)
    if coarse.grid.calibrated:
        depth, unit = coarse.grid.upsample(coarse.depth), "mm"
    else:
        depth, unit = coarse.grid.upsample(coarse.depth * coarse.film_px_per_mm), "{pixel}"
    depth *= is_tissue
    return Regions(labels=labels, depth=depth, depth_unit=unit, cautions=cautions)


def _map_tissues(grid: CoarseGrid) -> _CoarseMap:
    """Find the regions from the outside inwards."""
    border = find_border(grid)
    if border.all():
        raise NotMeasurable(say("no tissue found: the exposed field is empty"))
    grid = grid.rescale(~border)
    body = find_body(grid, border)
    metal = find_metal(grid, body.mask, border)
    tissue = body.mask & ~metal
    if tissue.mean() < LEAST_TISSUE:
        raise NotMeasurable(say("no tissue found: nothing in the exposed field is as large as a limb"))
    depth = depth_under_skin(grid, tissue, body.air)
    labels = np.full(border.shape, Tissue.SOFT, np.uint8)
    labels[body.air] = Tissue.AIR
    labels[border] = Tissue.BORDER
    labels[find_bone(grid, tissue, depth)] = Tissue.BONE
    labels[metal] = Tissue.METAL
    return _CoarseMap(grid=grid, labels=labels, depth=depth, skin=body.threshold)


def _sharpen(plane: Pixels, coarse: _CoarseMap) -> NDArray[np.uint8]:
    """The map at the film's own resolution, skin and bone edges drawn on its own pixels."""
    labels = coarse.grid.upsample_nearest(coarse.labels)
    # only between unlike pixels of the grid is there anything to draw
    unlike = cv2.morphologyEx(coarse.labels, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    at = np.flatnonzero(coarse.grid.upsample_nearest(unlike))
    film = np.asarray(cv2.blur(plane, (3, 3)), np.float32).ravel()  # lowers the noise a little
    labels.ravel()[at] = _draw_edges(coarse, film[at], at)
    return labels


def _draw_edges(coarse: _CoarseMap, film: Pixels, at: Indices) -> NDArray[np.uint8]:
    """Tissue of some pixels of the flat film, of which `film` are the grey levels."""
    grid = coarse.grid
    share = np.stack([grid.interpolate((coarse.labels == tissue).astype(np.float32), at) for tissue in Tissue])
    labels: NDArray[np.uint8] = share.argmax(axis=0).astype(np.uint8)
    mixed = share.max(axis=0) < SURE
    edges = ((Tissue.AIR, Tissue.SOFT, coarse.skin), (Tissue.SOFT, Tissue.BONE, _measure_midway(coarse)))
    for low, high, level in edges:
        here = mixed & (share[low] + share[high] > SURE)
        above = grid.scale_levels(film[here]) > grid.interpolate(level, at[here])
        labels[here] = np.where(above, high, low)
    return labels


def _measure_midway(coarse: _CoarseMap) -> Pixels:
    """Grey level half-way between the bone and the soft tissue near each pixel of the grid."""
    soft = _measure_level(coarse, Tissue.SOFT)
    bone = _measure_level(coarse, Tissue.BONE)
    return np.asarray((soft + bone) / 2, np.float32)


def _measure_level(coarse: _CoarseMap, tissue: Tissue) -> Pixels:
    """Grey level of a tissue near each pixel of the grid."""
    weights = (coarse.labels == tissue) + np.float32(1e-7)
    return coarse.grid.local_mean(coarse.grid.plane, weights, EDGE_MM)


def _list_cautions(coarse: _CoarseMap) -> tuple[str, ...]:
    """What is doubtful about this map."""
    inside = coarse.labels[coarse.labels != Tissue.BORDER]
    if np.mean(inside == Tissue.AIR) < LEAST_AIR:
        return (say("no air beside the body: bone and soft tissue could not be told apart reliably here"),)
    return ()
