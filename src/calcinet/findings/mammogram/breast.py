"""What each part of a mammogram shows: air, breast, pectoral muscle, letters; where chest wall and nipple are."""

from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Mask, Pixels
from calcinet.errors import NotMeasurable
from calcinet.findings.coarse_grid import CoarseGrid, make_coarse_grid, open_mask
from calcinet.findings.mammogram.pectoral import WallSide, find_pectoral
from calcinet.findings.regions import LEAST_AIR, LEAST_TISSUE, Regions, require_size
from calcinet.findings.skin_line import depth_under_skin, find_body
from calcinet.image import Image
from calcinet.mask_labels import Tissue
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

OBLIQUE_VIEWS: Final = (None, "MLO", "ML", "LMO")
"""Views that may show the pectoral muscle; None is unknown."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class BreastMap:
    """The parts of a mammogram."""

    regions: Regions
    """Air, breast (soft tissue, the pectoral muscle with it), letters and markers beside it (metal), frame (border)."""

    pectoral: Mask
    """Shape (Y, X)."""

    chest_wall: WallSide
    """Side of the picture at which the chest wall is."""

    nipple: tuple[float, float]
    """Row and column of the point of the skin line farthest from the chest wall."""

    height_px: int
    """Rows that the breast covers."""

    assumed_pixel_mm: float
    """Pixel size that the detector works with; the film's own where it has one."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _CoarseMap:
    """The parts of a mammogram on the coarse grid."""

    grid: CoarseGrid
    labels: NDArray[np.uint8]
    """Shape of the grid, values of `Tissue`."""

    pectoral: Mask

    air: Mask
    """Air, without the padding behind the chest wall."""

    depth: Pixels
    """Depth under the skin in mm; 0 where no skin is seen."""

    chest_wall: WallSide


def find_breast(image: Image) -> BreastMap:
    """Divide a mammogram into its parts.

    Raises
    ------
    NotMeasurable
        If the picture is too small, or shows no breast.
    """
    require_size(image.plane)
    grid = make_coarse_grid(image.plane, image.pixel_mm)
    border = _find_frame(grid)
    body = find_body(grid.rescale(~border), border)
    breast = _fill_largest(open_mask(body.mask, max(2, grid.to_px(NARROW_MM))))
    if breast.mean() < LEAST_TISSUE:
        raise NotMeasurable(say("no tissue found: nothing in the exposed field is as large as a breast"))
    wall = _find_chest_wall(breast)
    air = body.air & ~_find_padding(breast, wall)
    labels = np.full(border.shape, Tissue.AIR, np.uint8)
    labels[body.mask & ~breast] = Tissue.METAL
    labels[breast] = Tissue.SOFT
    labels[border] = Tissue.BORDER
    coarse = _CoarseMap(
        grid=grid,
        labels=labels,
        pectoral=_find_pectoral_in(image.view, grid, breast, wall),
        air=air,
        depth=depth_under_skin(grid, breast, air),
        chest_wall=wall,
    )
    return _enlarge(image, coarse)


def assume_pixel(image: Image, pixel_mm: float) -> Image:
    """The film with a pixel size that only the detector's resolution is chosen by."""
    if image.pixel_mm is not None:
        return image
    return replace(image, spacing_mm=(1.0, pixel_mm, pixel_mm))


def _find_pectoral_in(view: str | None, grid: CoarseGrid, breast: Mask, wall: WallSide) -> Mask:
    """The pectoral muscle on the coarse grid; empty in views that do not show it."""
    if view in OBLIQUE_VIEWS:
        return find_pectoral(grid, breast, wall)
    return np.zeros_like(breast)


def _enlarge(image: Image, coarse: _CoarseMap) -> BreastMap:
    """The map at the film's own pixels."""
    grid = coarse.grid
    labels = grid.upsample_nearest(coarse.labels)
    if not coarse.air.any():
        labels[labels == Tissue.AIR] = Tissue.BORDER
    depth_unit = "{pixel}" if image.pixel_mm is None else "mm"
    px_per_mm = np.float32(grid.film_px / grid.mm if image.pixel_mm is None else 1.0)
    breast = labels == Tissue.SOFT
    depth = grid.upsample(coarse.depth * px_per_mm) * breast
    rows = np.flatnonzero(breast.any(axis=1))
    return BreastMap(
        regions=Regions(labels=labels, depth=depth, depth_unit=depth_unit, cautions=_list_cautions(coarse.air)),
        pectoral=grid.upsample_nearest(coarse.pectoral),
        chest_wall=coarse.chest_wall,
        nipple=_find_nipple(breast, coarse.chest_wall),
        height_px=int(rows[-1] - rows[0] + 1),
        assumed_pixel_mm=_assume_pixel_mm(image),
    )


def _assume_pixel_mm(image: Image) -> float:
    """The film's pixel; without a spacing that of a film of `FIELD_MM`."""
    if image.pixel_mm is None:
        return float(FIELD_MM / max(image.plane.shape))
    return min(image.pixel_mm)


def _list_cautions(air: Mask) -> tuple[str, ...]:
    """What is doubtful about this map."""
    if not air.any() or air.mean() < LEAST_AIR:
        return (say("no air beside the breast: its skin line is not on this picture"),)
    return ()


def _find_frame(grid: CoarseGrid) -> Mask:
    """White rows and columns along the film's edge: a frame, or the plate at the chest wall."""
    plane = grid.plane
    row_levels, column_levels = np.median(plane, axis=1), np.median(plane, axis=0)
    border = np.zeros(plane.shape, bool)
    border[: _measure_white_rim(row_levels)] = True
    border[plane.shape[0] - _measure_white_rim(row_levels[::-1]) :] = True
    border[:, : _measure_white_rim(column_levels)] = True
    border[:, plane.shape[1] - _measure_white_rim(column_levels[::-1]) :] = True
    return border


def _measure_white_rim(levels: Pixels) -> int:
    """Number of levels from the first on that belong to a white rim and its soft edge of one; 0 where it has none."""
    white = levels > RIM_LEVEL
    if white.all():
        return 0
    width = int(np.argmin(white))
    if 0 < width <= RIM_SHARE * white.size:
        return width + 1
    return 0


def _fill_largest(mask: Mask) -> Mask:
    """The largest component of a mask, without holes."""
    _, components, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    if len(statistics) < 2:
        return mask
    breast: Mask = np.asarray(components == 1 + int(np.argmax(statistics[1:, cv2.CC_STAT_AREA])))
    filled = cv2.morphologyEx(breast.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    outlines, _ = cv2.findContours(filled, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(cv2.drawContours(np.zeros_like(filled), outlines, -1, 1, cv2.FILLED) > 0)


def _find_chest_wall(breast: Mask) -> WallSide:
    """The side along which the breast ends in a straight line."""
    columns = np.flatnonzero(breast.any(axis=0))
    rows = np.flatnonzero(breast.any(axis=1))
    near = max(2, round(FLUSH * (columns[-1] - columns[0] + 1)))
    first = np.argmax(breast[rows], axis=1)
    last = breast.shape[1] - 1 - np.argmax(breast[rows][:, ::-1], axis=1)
    left, right = (first <= columns[0] + near).sum(), (last >= columns[-1] - near).sum()
    return "left" if left >= right else "right"


def _find_padding(breast: Mask, wall: WallSide) -> Mask:
    """What is beyond the chest wall on the picture: padding, no air."""
    if wall == "right":
        return np.fliplr(_find_padding(np.fliplr(breast), "left"))
    beyond: Mask = np.asarray(np.cumsum(breast, axis=1) == 0)
    rows: Mask = np.asarray(breast.any(axis=1))
    return beyond & rows[:, None]


def _find_nipple(breast: Mask, wall: WallSide) -> tuple[float, float]:
    """Row and column of the point of the skin line farthest from the chest wall."""
    width = breast.shape[1]
    if wall == "right":
        row, column = _find_nipple(breast[:, ::-1], "left")
        return row, width - 1 - column
    reach = np.where(breast.any(axis=1), width - np.argmax(breast[:, ::-1], axis=1), 0)
    sigma = max(1.0, 0.01 * len(reach))
    smooth = cv2.GaussianBlur(reach.astype(np.float32)[:, None], (1, 0), 0, sigmaY=sigma)[:, 0]
    row_number = int(np.argmax(smooth))
    return float(row_number), float(reach[row_number] - 1)
