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

Box = tuple[int, int, int, int]

Kind = Literal["bladder", "injection site", "urine contamination", "outside the body"]

BRIGHT_TIMES: Final = 3.0
"""A spot is this many times as bright as the limb it lies in. Our choice: above bone, whose shaft has about twice."""

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


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """One of them."""

    kind: Kind
    part: LimbPart | None
    """Of the limb; None on the trunk or beside the body."""
    side: LimbSide | None
    mask: Mask
    """The spot itself, shape (Y, X)."""
    halo: Mask
    """With what its blur reaches."""
    peak: float
    """Smoothed counts of its brightest pixel."""


def find_spots(contour: Contour, figure: Figure, pixel_mm: tuple[float, float]) -> list[Spot]:
    """Find and name all of them."""
    found = [*_bladder(contour, figure, pixel_mm), *_beside(contour, figure, pixel_mm)]
    for limb, other in zip(figure.arms, figure.arms[::-1], strict=True):
        found += _injections(contour, limb, other, pixel_mm)
    for limb in figure.legs:
        found += _urine(contour, figure, limb, pixel_mm)
    return found


def part_at(limb: Limb, row: int, parts: tuple[LimbPart, ...]) -> LimbPart:
    """The segment that a row of a limb lies in."""
    number = int(np.searchsorted(limb.levels, row, side="right")) - 1
    return parts[min(max(number, 0), len(parts) - 1)]


def _bladder(contour: Contour, figure: Figure, pixel_mm: tuple[float, float]) -> list[Spot]:
    low, high = figure.top + int(0.36 * figure.height), figure.crotch
    half = int(0.06 * figure.height)
    where = np.zeros_like(contour.body)
    where[low:high, int(figure.midline) - half : int(figure.midline) + half] = True
    peak = float(np.where(where, contour.smooth, 0).max())
    if peak < BLADDER_TIMES * contour.soft:
        return []
    row, column = np.unravel_index(int(np.argmax(np.where(where, contour.smooth, 0))), where.shape)
    return [_spot("bladder", contour, (int(row), int(column)), None, None, pixel_mm)]


def _injections(contour: Contour, limb: Limb, other: Limb, pixel_mm: tuple[float, float]) -> list[Spot]:
    """One compact spot an arm at most, far brighter than that arm and than the other one's part."""
    if not limb.mask.any():
        return []
    inside = np.where(limb.mask, contour.smooth, 0.0)
    row, column = (int(at) for at in np.unravel_index(int(inside.argmax()), inside.shape))
    peak = float(inside[row, column])
    part = part_at(limb, row, limb_segments.ARM)
    opposite = _segment(other, part, limb_segments.ARM)
    beyond = ONE_SIDED * float(contour.smooth[opposite].max()) if opposite.any() else 0.0
    if peak < BRIGHT_TIMES * float(np.median(contour.smooth[limb.mask])) or peak < beyond:
        return []
    spot = _spot("injection site", contour, (row, column), part, limb.side, pixel_mm)
    return [spot] if _length_mm(spot.mask, pixel_mm) <= LARGEST_SPOT_MM else []


def _urine(contour: Contour, figure: Figure, limb: Limb, pixel_mm: tuple[float, float]) -> list[Spot]:
    """A compact spot on the inner half of a thigh."""
    thigh = _segment(limb, "thigh", limb_segments.LEG)
    thigh[figure.crotch : limb.levels[0]] |= limb.mask[figure.crotch : limb.levels[0]]
    columns = np.arange(thigh.shape[1])[None, :]
    middle = np.array([np.mean(run) if (run := np.flatnonzero(row)).size else 0 for row in thigh])[:, None]
    inner = thigh & (columns > middle if limb.side == "R" else columns < middle)
    if not inner.any():
        return []
    inside = np.where(inner, contour.smooth, 0.0)
    row, column = (int(at) for at in np.unravel_index(int(inside.argmax()), inside.shape))
    if inside[row, column] < BRIGHT_TIMES * float(np.median(contour.smooth[thigh])):
        return []
    spot = _spot("urine contamination", contour, (row, column), "thigh", limb.side, pixel_mm)
    return [spot] if _length_mm(spot.mask, pixel_mm) <= LARGEST_SPOT_MM else []


def _beside(contour: Contour, figure: Figure, pixel_mm: tuple[float, float]) -> list[Spot]:
    """Bright islands that are not joined to the body."""
    bright = contour.smooth > contour.air + HALF * (contour.soft - contour.air)
    labels, count = ndimage.label(bright)
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    main = 1 + int(np.argmax(sizes[1:])) if count else 0
    limbs = figure.arms[0].mask | figure.arms[1].mask | figure.legs[0].mask | figure.legs[1].mask
    spots = []
    for number in range(1, count + 1):
        island = labels == number
        if number == main or (island & limbs).any() or sizes[number] * pixel_mm[0] * pixel_mm[1] < 200:
            continue
        row, column = np.unravel_index(int(np.argmax(np.where(island, contour.smooth, 0))), island.shape)
        spots.append(_spot("outside the body", contour, (int(row), int(column)), None, None, pixel_mm))
    return spots


def _segment(limb: Limb, part: LimbPart, parts: tuple[LimbPart, ...]) -> Mask:
    number = parts.index(part)
    mask = np.zeros_like(limb.mask)
    mask[limb.levels[number] : limb.levels[number + 1]] = limb.mask[limb.levels[number] : limb.levels[number + 1]]
    return mask


def _spot(
    kind: Kind,
    contour: Contour,
    at: tuple[int, int],
    part: LimbPart | None,
    side: LimbSide | None,
    pixel_mm: tuple[float, float],
) -> Spot:
    peak = float(contour.smooth[at])
    labels, _ = ndimage.label(contour.smooth > max(HALF * peak, contour.soft if part is None else 0.0))
    mask = labels == labels[at]
    reach = [2 * int(np.ceil(HALO_MM / mm)) + 1 for mm in pixel_mm]
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach[1], reach[0]))
    return Spot(kind, part, side, mask, cv2.dilate(mask.astype(np.uint8), disc) > 0, peak)


def _length_mm(mask: Mask, pixel_mm: tuple[float, float]) -> float:
    rows, columns = np.nonzero(mask)
    return float(max(np.ptp(rows) * pixel_mm[0], np.ptp(columns) * pixel_mm[1])) if rows.size else 0.0
