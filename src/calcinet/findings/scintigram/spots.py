"""Bright places that are no tissue: bladder, injection site, urine on the skin, bags and catheters beside the body."""

from dataclasses import dataclass
from typing import Final, Literal

import cv2
import numpy as np
from scipy import ndimage

from calcinet.arrays import Mask
from calcinet.findings.scintigram import limb_segments
from calcinet.findings.scintigram.contour import Contour
from calcinet.findings.scintigram.landmarks import Figure, Limb
from calcinet.vocabulary import LimbPart, LimbSide

SpotKind = Literal["bladder", "injection site", "urine contamination", "outside the body"]

BRIGHT_TIMES: Final = 3.0
"""A spot is this many times as bright as its limb. Our choice: above bone, whose shaft has about twice."""

ONE_SIDED: Final = 2.0
"""An injection site is this many times as bright as the brightest of the same part on the other side. Our choice."""

BLADDER_TIMES: Final = 3.0
"""The bladder is this many times as bright as soft tissue. Our choice."""

HALO_MM: Final = 22.0
"""Left out round a spot. Our choice: two widths of the camera's blur."""

LARGEST_SPOT_MM: Final = 90.0
"""A longer bright place in a limb is bone or disease. Our choice: an injection that missed the vein."""

HALF: Final = 0.5
"""A spot reaches to this share of its peak."""

LEAST_ISLAND_MM2: Final = 200.0
"""A smaller bright island beside the body is chance. Our choice."""

BLADDER_TOP: Final = 0.36
"""The bladder is below this share of the figure. Our choice."""

BLADDER_HALF: Final = 0.06
"""The bladder is this near to the midline, as a share of the figure. Our choice."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Spot:
    """A bright spot that is no tissue."""

    kind: SpotKind
    part: LimbPart | None
    """Part of the limb; None on the trunk or beside the body."""
    side: LimbSide | None
    mask: Mask
    """The spot itself, shape (Y, X)."""
    halo: Mask
    """With what its blur reaches."""
    peak: float
    """Smoothed counts of its brightest pixel."""


def find_spots(contour: Contour, figure: Figure, pixel_mm: tuple[float, float]) -> list[Spot]:
    """Find and name all of them."""
    right_arm, left_arm = figure.arms
    right_leg, left_leg = figure.legs
    found = [
        _find_bladder(contour, figure, pixel_mm),
        *_find_islands(contour, figure, pixel_mm),
        _find_injection(contour, right_arm, left_arm, pixel_mm),
        _find_injection(contour, left_arm, right_arm, pixel_mm),
        _find_urine(contour, right_leg, figure.crotch, pixel_mm),
        _find_urine(contour, left_leg, figure.crotch, pixel_mm),
    ]
    return [spot for spot in found if spot is not None]


def part_at(limb: Limb, row: int, parts: tuple[LimbPart, ...]) -> LimbPart:
    """The segment that a row of a limb is in."""
    number = int(np.searchsorted(limb.levels, row, side="right")) - 1
    return parts[min(max(number, 0), len(parts) - 1)]


def _find_bladder(contour: Contour, figure: Figure, pixel_mm: tuple[float, float]) -> Spot | None:
    middle, half = int(figure.extent.midline), int(BLADDER_HALF * figure.extent.height)
    where = np.zeros_like(contour.body)
    where[figure.extent.row(BLADDER_TOP) : figure.crotch, middle - half : middle + half] = True
    peak = _find_peak(contour, where)
    if not where[peak] or float(contour.smooth[peak]) < BLADDER_TIMES * contour.soft:
        return None
    return _grow_spot("bladder", contour, peak, pixel_mm)


def _find_injection(contour: Contour, limb: Limb, other: Limb, pixel_mm: tuple[float, float]) -> Spot | None:
    """The one compact spot of an arm far brighter than that arm and than the other one's part."""
    if not limb.mask.any():
        return None
    peak = _find_peak(contour, limb.mask)
    part = part_at(limb, peak[0], limb_segments.ARM)
    opposite = _cut_segment(other, part, limb_segments.ARM)
    brightness = float(contour.smooth[peak])
    if opposite.any() and brightness < ONE_SIDED * float(contour.smooth[opposite].max()):
        return None
    if brightness < BRIGHT_TIMES * float(np.median(contour.smooth[limb.mask])):
        return None
    spot = _grow_spot("injection site", contour, peak, pixel_mm, (part, limb.side))
    return _keep_compact(spot, pixel_mm)


def _find_urine(contour: Contour, leg: Limb, crotch: int, pixel_mm: tuple[float, float]) -> Spot | None:
    """A compact spot on the inner half of a thigh."""
    thigh = _cut_segment(leg, "thigh", limb_segments.LEG)
    thigh |= leg.cut(crotch, leg.levels[0])
    inner = _take_inner_half(thigh, leg.side)
    if not inner.any():
        return None
    peak = _find_peak(contour, inner)
    if contour.smooth[peak] < BRIGHT_TIMES * float(np.median(contour.smooth[thigh])):
        return None
    spot = _grow_spot("urine contamination", contour, peak, pixel_mm, ("thigh", leg.side))
    return _keep_compact(spot, pixel_mm)


def _take_inner_half(thigh: Mask, side: LimbSide) -> Mask:
    """Pixels of a thigh between the middle of its row and the other leg."""
    inner = np.zeros_like(thigh)
    columns = np.arange(thigh.shape[1])
    for row, line in enumerate(thigh):
        inside = np.flatnonzero(line)
        if not inside.size:
            continue
        if side == "R":
            inner[row] = line & (columns > inside.mean())
        else:
            inner[row] = line & (columns < inside.mean())
    return inner


def _find_islands(contour: Contour, figure: Figure, pixel_mm: tuple[float, float]) -> list[Spot]:
    """Bright islands that are not joined to the body."""
    bright = contour.smooth > contour.air + HALF * (contour.soft - contour.air)
    labels, count = ndimage.label(bright)
    sizes = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    limbs = figure.mask_limbs()
    spots = []
    for number, size in enumerate(sizes, start=1):
        island = labels == number
        is_body = number == 1 + int(np.argmax(sizes))
        is_small = size * pixel_mm[0] * pixel_mm[1] < LEAST_ISLAND_MM2
        if is_body or is_small or (island & limbs).any():
            continue
        spots.append(_grow_spot("outside the body", contour, _find_peak(contour, island), pixel_mm))
    return spots


def _find_peak(contour: Contour, where: Mask) -> tuple[int, int]:
    """Row and column of the brightest pixel of a mask."""
    inside = np.where(where, contour.smooth, 0.0)
    row, column = np.unravel_index(int(inside.argmax()), inside.shape)
    return int(row), int(column)


def _cut_segment(limb: Limb, part: LimbPart, parts: tuple[LimbPart, ...]) -> Mask:
    """Pixels of one part of a limb."""
    number = parts.index(part)
    return limb.cut(limb.levels[number], limb.levels[number + 1])


def _grow_spot(
    kind: SpotKind,
    contour: Contour,
    peak: tuple[int, int],
    pixel_mm: tuple[float, float],
    key: limb_segments.SegmentKey | None = None,
) -> Spot:
    """A spot round its peak; beside the limbs it ends at soft tissue at the latest."""
    part, side, least = None, None, contour.soft
    if key is not None:
        part, side, least = *key, 0.0
    brightness = float(contour.smooth[peak])
    labels, _ = ndimage.label(contour.smooth > max(HALF * brightness, least))
    mask = labels == labels[peak]
    halo = _dilate_by_blur(mask, pixel_mm)
    return Spot(kind=kind, part=part, side=side, mask=mask, halo=halo, peak=brightness)


def _dilate_by_blur(mask: Mask, pixel_mm: tuple[float, float]) -> Mask:
    rows, columns = (2 * int(np.ceil(HALO_MM / mm)) + 1 for mm in pixel_mm)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (columns, rows))
    return np.asarray(cv2.dilate(mask.astype(np.uint8), disc) > 0)


def _keep_compact(spot: Spot, pixel_mm: tuple[float, float]) -> Spot | None:
    """The spot, unless it is as long as bone or disease is."""
    rows, columns = np.nonzero(spot.mask)
    length_mm = float(max(np.ptp(rows) * pixel_mm[0], np.ptp(columns) * pixel_mm[1]))
    if length_mm > LARGEST_SPOT_MM:
        return None
    return spot
