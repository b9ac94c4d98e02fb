"""What each pixel of a radiograph shows: field border, air, soft tissue, bone or metal; and how deep under the skin."""

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Mask, Pixels
from calcinet.errors import NotMeasurable
from calcinet.findings.coarse_grid import CoarseGrid, work_grid
from calcinet.findings.radiograph.bone import find_bone
from calcinet.findings.radiograph.collimation import find_border
from calcinet.findings.radiograph.metal import find_metal
from calcinet.findings.skin_line import depth_under_skin, find_body
from calcinet.image import Image
from calcinet.text import say

LEAST_SIDE_PX: Final = 32
"""Smaller pictures hold no limb; our choice."""

LEAST_TISSUE: Final = 0.01
"""Least share of the picture that must be tissue; our choice."""

LEAST_AIR: Final = 0.02
"""With less of the field showing air the soft-tissue surface has no hold; our choice."""

SURE: Final = 0.98
"""Share of a film pixel that is one tissue by the work grid, or one of two, to be taken for just that; our choice."""

EDGE_MM: Final = 2.0
"""Width over which grey levels on either side of a bone's edge are averaged; our choice: the width of a cortex."""


class Tissue(IntEnum):
    """Labels of a region map."""

    BORDER = 0
    """Outside the collimated field, film edges, padding."""
    AIR = 1
    """Direct exposure beside the limb."""
    SOFT = 2
    """Skin, fat, muscle."""
    BONE = 3
    """Bone, with the soft tissue before and behind it."""
    METAL = 4
    """Metal, lead markers, burned-in letters."""


@dataclass(frozen=True, eq=False)
class Regions:
    """The region map of one radiograph."""

    labels: NDArray[np.uint8]
    """Shape (Y, X), values of `Tissue`."""

    depth: Pixels
    """Distance of each tissue pixel to the nearest air, shape (Y, X), in `depth_unit`; 0 outside the body. Where the
    body runs over the film's edge that edge is not skin."""

    depth_unit: str
    """UCUM: "mm", or "{pixel}" when the image has no spacing."""

    cautions: tuple[str, ...] = ()

    @cached_property
    def depth_known(self) -> bool:
        """Whether any skin is seen: without air beside the body there is no depth under it."""
        return bool((self.labels == Tissue.AIR).any())

    def __getitem__(self, tissue: Tissue) -> Mask:
        """Where the map shows `tissue`."""
        return np.asarray(self.labels == tissue)


def require_size(plane: Pixels) -> None:
    """Refuse a picture that is too small to show tissue.

    Raises
    ------
    NotMeasurable
        If a side has fewer than `LEAST_SIDE_PX` pixels.
    """
    if min(plane.shape) < LEAST_SIDE_PX:
        rows, columns = plane.shape
        raise NotMeasurable(
            say("no tissue found: the picture has only {rows} x {columns} pixels", rows=rows, columns=columns)
        )


def find_regions(image: Image) -> Regions:
    """Part a radiograph into border, air, soft tissue, bone and metal.

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
    coarse = _map(work_grid(plane, image.pixel_mm))
    labels = _sharpened(plane, coarse)
    depth = coarse.grid.upsampled(coarse.depth if coarse.grid.calibrated else coarse.depth * coarse.film_px_per_mm)
    depth *= (labels == Tissue.SOFT) | (labels == Tissue.BONE)
    return Regions(labels, depth, "mm" if coarse.grid.calibrated else "{pixel}", _cautions(coarse))


@dataclass(frozen=True, slots=True, eq=False)
class _Coarse:
    """The map on the work grid, with what is needed to sharpen it."""

    grid: CoarseGrid
    labels: NDArray[np.uint8]
    depth: Pixels
    """mm, by the grid's own notion of a millimetre."""
    skin: Pixels
    """Grey level at which the body begins."""

    @property
    def film_px_per_mm(self) -> float:
        return self.grid.film_px / self.grid.mm


def _map(grid: CoarseGrid) -> _Coarse:
    """Find the regions from the outside inwards."""
    border = find_border(grid)
    if border.all():
        raise NotMeasurable(say("no tissue found: the exposed field is empty"))
    grid = grid.rescaled(~border)
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
    return _Coarse(grid, labels, depth, body.threshold)


def _sharpened(plane: Pixels, coarse: _Coarse) -> NDArray[np.uint8]:
    """The map at the film's own resolution, skin and bone edges drawn on its own pixels."""
    grid, known = coarse.grid, coarse.labels
    labels = grid.nearest(known)
    # only between unlike pixels of the grid is there anything to draw
    at = np.flatnonzero(grid.nearest(cv2.morphologyEx(known, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))))
    share = np.stack([grid.interpolated((known == tissue).astype(np.float32), at) for tissue in Tissue])
    drawn = share.argmax(axis=0).astype(np.uint8)
    film = np.asarray(cv2.blur(plane, (3, 3)), np.float32).ravel()  # lowers the noise a little
    mixed = share.max(axis=0) < SURE
    for low, high, level in ((Tissue.AIR, Tissue.SOFT, coarse.skin), (Tissue.SOFT, Tissue.BONE, _midway(coarse))):
        here = mixed & (share[low] + share[high] > SURE)
        above = grid.scaled(film[at[here]]) > grid.interpolated(level, at[here])
        drawn[here] = np.where(above, high, low)
    labels.ravel()[at] = drawn
    return labels


def _midway(coarse: _Coarse) -> Pixels:
    """Grey level half-way between the bone and the soft tissue near each pixel of the grid."""
    levels = [
        coarse.grid.local_mean(coarse.grid.plane, (coarse.labels == tissue) + np.float32(1e-7), EDGE_MM)
        for tissue in (Tissue.SOFT, Tissue.BONE)
    ]
    return np.asarray((levels[0] + levels[1]) / 2, np.float32)


def _cautions(coarse: _Coarse) -> tuple[str, ...]:
    """What is doubtful about this map."""
    inside = coarse.labels[coarse.labels != Tissue.BORDER]
    said = []
    if np.mean(inside == Tissue.AIR) < LEAST_AIR:
        said.append(say("no air beside the body: bone and soft tissue could not be told apart reliably here"))
    return tuple(said)
