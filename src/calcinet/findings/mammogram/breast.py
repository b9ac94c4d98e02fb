"""What each part of a mammogram shows: air, breast, pectoral muscle, letters; where chest wall and nipple are."""

from dataclasses import dataclass, replace
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Mask, Pixels
from calcinet.errors import NotMeasurable
from calcinet.findings.coarse_grid import CoarseGrid, opened, work_grid
from calcinet.findings.mammogram.pectoral import find_pectoral
from calcinet.findings.radiograph.tissue_map import LEAST_AIR, LEAST_TISSUE, Regions, Tissue, require_size
from calcinet.findings.skin_line import find_body
from calcinet.image import Image
from calcinet.text import say

FIELD_MM: Final = 240.0
"""Longest side that a mammogram without a spacing is taken for when its resolution is chosen, never for a length. Our
choice: the cassettes and detectors in use have 24 and 29 to 30 cm."""

RIM_LEVEL: Final = 0.97
"""Rows and columns at the film's edge whose median is this white are its frame. Our choice."""

RIM_SHARE: Final = 0.06
"""No frame is wider than this share of the film. Our choice."""

FLUSH: Final = 0.02
"""Share of the breast's width within which a row counts as reaching the chest wall. Our choice."""

NARROW_MM: Final = 1.5
"""What is narrower is not breast but a wire or a letter that touches it. Our choice."""

Side = Literal["left", "right"]


@dataclass(frozen=True, slots=True, eq=False)
class BreastMap:
    """The parts of a mammogram."""

    regions: Regions
    """Air, breast (soft tissue, the pectoral muscle with it), letters and markers beside it (metal), frame (border)."""

    pectoral: Mask
    """Shape (Y, X)."""

    chest_wall: Side
    """At which side of the picture the chest wall lies."""

    nipple: tuple[float, float]
    """Row and column of the point of the skin line farthest from the chest wall."""

    height_px: int
    """Rows that the breast covers."""

    looks_like_mm: float
    """Pixel size that the detector is told; the film's own where it has one."""


def find_breast(image: Image) -> BreastMap:
    """Part a mammogram.

    Raises
    ------
    NotMeasurable
        If the picture is too small, or shows no breast.
    """
    plane = image.plane
    require_size(plane)
    grid = work_grid(plane, image.pixel_mm)
    border = _frame(grid)
    body = find_body(grid.rescaled(~border), border)
    breast = _largest(opened(body.mask, max(2, grid.px(NARROW_MM))))
    if breast.mean() < LEAST_TISSUE:
        raise NotMeasurable(say("no tissue found: nothing in the exposed field is as large as a breast"))
    wall = _chest_wall(breast)
    air = body.air & ~_behind(breast, wall)
    depth = _depth(grid, breast, air)
    labels = np.full(border.shape, Tissue.AIR, np.uint8)
    labels[body.mask & ~breast] = Tissue.METAL
    labels[breast] = Tissue.SOFT
    labels[border] = Tissue.BORDER
    pectoral = find_pectoral(grid, breast, wall) if image.view in (None, "MLO", "ML", "LMO") else np.zeros_like(breast)
    return _at_film(image, grid, labels, depth, pectoral, wall, air)


def _at_film(
    image: Image,
    grid: CoarseGrid,
    labels: NDArray[np.uint8],
    depth: Pixels,
    pectoral: Mask,
    wall: Side,
    air: Mask,
) -> BreastMap:
    """The map at the film's own pixels."""
    known = image.pixel_mm is not None
    per_mm = 1.0 if known else grid.film_px / grid.mm
    whole = grid.nearest(labels)
    cautions: tuple[str, ...] = ()
    if not air.any() or air.mean() < LEAST_AIR:
        cautions = (say("no air beside the breast: its skin line is not on this picture"),)
        if not air.any():
            whole[whole == Tissue.AIR] = Tissue.BORDER
    deep = grid.upsampled(depth * np.float32(per_mm)) * (whole == Tissue.SOFT)
    rows = np.flatnonzero((whole == Tissue.SOFT).any(axis=1))
    return BreastMap(
        regions=Regions(whole, deep, "mm" if known else "{pixel}", cautions),
        pectoral=grid.nearest(pectoral),
        chest_wall=wall,
        nipple=_nipple(whole == Tissue.SOFT, wall),
        height_px=int(rows[-1] - rows[0] + 1),
        looks_like_mm=min(image.pixel_mm) if image.pixel_mm else FIELD_MM / max(image.plane.shape),
    )


def with_pixel(image: Image, pixel_mm: float) -> Image:
    """The film with a pixel size that only the detector's resolution is chosen by."""
    return image if image.pixel_mm else replace(image, spacing_mm=(1.0, pixel_mm, pixel_mm))


def _frame(grid: CoarseGrid) -> Mask:
    """White rows and columns along the film's edge: a frame, or the plate at the chest wall."""
    border = np.zeros(grid.plane.shape, bool)
    for axis in (0, 1):
        middle = np.median(grid.plane, axis=1 - axis)
        for order in (1, -1):
            white = middle[::order] > RIM_LEVEL
            width = int(np.argmin(white)) if not white.all() else 0
            if 0 < width <= RIM_SHARE * white.size:
                at = slice(0, width + 1) if order == 1 else slice(white.size - width - 1, None)
                border[at if axis == 0 else (slice(None), at)] = True
    return border


def _largest(mask: Mask) -> Mask:
    _, parts, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    if len(statistics) < 2:
        return mask
    breast: Mask = np.asarray(parts == 1 + int(np.argmax(statistics[1:, cv2.CC_STAT_AREA])))
    filled = cv2.morphologyEx(breast.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    outlines, _ = cv2.findContours(filled, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(cv2.drawContours(np.zeros_like(filled), outlines, -1, 1, cv2.FILLED) > 0)


def _chest_wall(breast: Mask) -> Side:
    """The side along which the breast ends in a straight line."""
    columns = np.flatnonzero(breast.any(axis=0))
    rows = np.flatnonzero(breast.any(axis=1))
    near = max(2, round(FLUSH * (columns[-1] - columns[0] + 1)))
    first = np.argmax(breast[rows], axis=1)
    last = breast.shape[1] - 1 - np.argmax(breast[rows][:, ::-1], axis=1)
    left, right = (first <= columns[0] + near).sum(), (last >= columns[-1] - near).sum()
    return "left" if left >= right else "right"


def _behind(breast: Mask, wall: Side) -> Mask:
    """What lies beyond the chest wall on the picture: padding, no air."""
    facing = breast if wall == "left" else np.fliplr(breast)
    beyond = np.asarray(np.cumsum(facing, axis=1) == 0, dtype=bool)
    rows = np.asarray(breast.any(axis=1), dtype=bool)
    return np.asarray((beyond if wall == "left" else np.fliplr(beyond)) & rows[:, None])


def _depth(grid: CoarseGrid, breast: Mask, air: Mask) -> Pixels:
    if not air.any():
        return np.zeros(breast.shape, np.float32)
    away = cv2.distanceTransform((~air).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(np.where(breast, (away - 0.5) * grid.mm, 0), np.float32)


def _nipple(breast: Mask, wall: Side) -> tuple[float, float]:
    reach = np.where(breast.any(axis=1), breast.shape[1] - np.argmax(breast[:, ::-1], axis=1), 0)
    if wall == "right":
        reach = np.where(breast.any(axis=1), breast.shape[1] - np.argmax(breast, axis=1), 0)
    smooth = cv2.GaussianBlur(reach.astype(np.float32)[:, None], (1, 0), 0, sigmaY=max(1.0, 0.01 * len(reach)))[:, 0]
    row = int(np.argmax(smooth))
    column = float(reach[row] - 1 if wall == "left" else breast.shape[1] - reach[row])
    return float(row), column
