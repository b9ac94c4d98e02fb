"""Levels of a whole body on a scan, and which pixels belong to which limb."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage

from calcinet.arrays import Indices, Mask
from calcinet.errors import NotMeasurable
from calcinet.findings.scintigram import limb_segments
from calcinet.findings.scintigram.contour import Contour
from calcinet.findings.scintigram.seam_carving import seam
from calcinet.text import say
from calcinet.vocabulary import LimbSide

LEAST_HEIGHT_MM: Final = 1100.0
"""Silhouette of a whole body. Our choice: shorter is a child or a part, which these proportions do not fit."""

NARROWEST_ARM_MM: Final = (62.0, 28.0)
WIDEST_ARM: Final = 0.075
"""Width of an arm: least in mm at the shoulder and from the elbow on, and most as a share of the figure. Our choice."""

LEAST_STEP_MM: Final = 10.0
"""The outline steps in by this much where a hand ends. Our choice: half of a hand on the thigh."""

BELOW_HAND: Final = 0.02
"""The thigh is measured from this share of the figure below the crotch, and below a hand that lies on it. Our choice:
two blurs."""

BRIGHTEST_KNEE: Final = 2.5
"""A knee is looked for among places up to this many times as bright as the leg. Our choice."""

NEAR_PX: Final = 4
"""A hand this near to the thigh is taken to lie on it. Our choice: two pixels of blur on either side."""

LEAST_TRUNK: Final = 0.9
"""Share of the rows between chest and hips in which the midline is body. Our choice: between legs there is air."""

NO_BODY: Final = say("no whole body is on this view: nothing was divided into limbs")

NOT_WHOLE: Final = say("the body goes on past the end of the picture: nothing was divided into limbs")


@dataclass(frozen=True, slots=True, eq=False)
class Limb:
    """One arm or leg: its pixels and its levels."""

    side: LimbSide
    mask: Mask
    levels: tuple[int, ...]
    """Rows where the segments begin, and where the last ends."""


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A whole body divided."""

    top: int
    bottom: int
    midline: float
    crotch: int
    arms: tuple[Limb, Limb]
    """Right, left."""
    legs: tuple[Limb, Limb]

    @property
    def height(self) -> int:
        """From crown to toes, in rows."""
        return self.bottom - self.top


def find_figure(contour: Contour, pixel_mm: tuple[float, float]) -> Figure:
    """Find crown, crotch, knees, ankles and fingertips, and cut the silhouette into trunk and limbs.

    Raises
    ------
    NotMeasurable
        If the silhouette is not that of a whole body.
    """
    rows = np.flatnonzero(contour.body.sum(axis=1) > 2)
    if rows.size == 0 or (rows[-1] - rows[0]) * pixel_mm[0] < LEAST_HEIGHT_MM:
        raise NotMeasurable(NO_BODY)
    top, bottom = int(rows[0]), int(rows[-1])
    counted = np.flatnonzero(contour.counts.sum(axis=1) > 0)
    if top <= counted[0] or bottom >= counted[-1]:
        raise NotMeasurable(NOT_WHOLE)
    height = bottom - top
    middle = contour.body[top + int(0.2 * height) : top + int(0.45 * height)]
    midline = float(np.mean([(run[0] + run[-1]) / 2 for run in map(np.flatnonzero, middle) if run.size]))
    if middle[:, int(midline)].mean() < LEAST_TRUNK:
        raise NotMeasurable(NO_BODY)
    crotch = _crotch(contour.body, top, height, midline)
    arms = tuple(_arm(contour, top, height, midline, side, pixel_mm) for side in limb_segments.SIDES)
    legs = _legs(contour, top, bottom, midline, crotch, arms)
    return Figure(top, bottom, midline, crotch, (arms[0], arms[1]), legs)


def _crotch(body: Mask, top: int, height: int, midline: float) -> int:
    """First row from which air stands between the legs for some way; by proportion where there is none."""
    low, high = (top + int(share * height) for share in limb_segments.CROTCH_BETWEEN)
    half = int(0.05 * height)
    near = body[low:high, int(midline) - half : int(midline) + half + 1]
    gap = np.asarray(~near.all(axis=1))
    lasting = ndimage.binary_opening(gap, np.ones(max(3, int(0.015 * height)), dtype=bool))
    found = np.flatnonzero(lasting)
    return low + int(found[0]) if found.size else top + int(limb_segments.CROTCH * height)


def _arm(
    contour: Contour, top: int, height: int, midline: float, side: LimbSide, pixel_mm: tuple[float, float]
) -> Limb:
    """The pixels outside the line of fewest counts between trunk and arm, down to where the hand ends."""
    flipped = side == "L"
    body = contour.body[:, ::-1] if flipped else contour.body
    smooth = contour.smooth[:, ::-1] if flipped else contour.smooth
    middle = int(body.shape[1] - 1 - midline if flipped else midline)
    outer = np.array([run[0] if (run := np.flatnonzero(row[:middle])).size else middle for row in body])
    end = _fingertip(outer, top, height, pixel_mm)
    start = top + int(limb_segments.ARM_START * height)
    shoulder = top + int(limb_segments.SHOULDER * height)
    elbow, wrist = (shoulder + int(share * (end - shoulder)) for share in limb_segments.ELBOW_AND_WRIST)
    narrow = np.interp(np.arange(start, end), (start, elbow), NARROWEST_ARM_MM) / pixel_mm[1]
    wide = WIDEST_ARM * height * pixel_mm[0] / pixel_mm[1]
    cost = np.full((end - start, middle), np.inf)
    for number, row in enumerate(range(start, end)):
        low, high = int(outer[row] + narrow[number]), int(outer[row] + wide)
        low, high = min(low, middle - 2), min(max(high, low + 2), middle)
        cost[number, low:high] = smooth[row, low:high] / contour.soft
    path = seam(np.where(np.isfinite(cost), cost, 1e6), reach=2)
    mask = np.zeros_like(body)
    for number, row in enumerate(range(start, end)):
        mask[row, : path[number]] = body[row, : path[number]]
    return Limb(side, np.ascontiguousarray(mask[:, ::-1]) if flipped else mask, (start, elbow, wrist, end))


def _fingertip(outer: Indices, top: int, height: int, pixel_mm: tuple[float, float]) -> int:
    """Row where the outline steps in most."""
    low, high = (top + int(share * height) for share in limb_segments.FINGERTIP_BETWEEN)
    reach = max(2, int(0.012 * height))
    smooth = ndimage.median_filter(outer.astype(float), 5)
    step = smooth[low + reach : high + reach] - smooth[low - reach : high - reach]
    best = int(step.argmax())
    return low + best if step[best] * pixel_mm[1] >= LEAST_STEP_MM else top + int(limb_segments.FINGERTIP * height)


def _legs(
    contour: Contour, top: int, bottom: int, midline: float, crotch: int, arms: Sequence[Limb]
) -> tuple[Limb, Limb]:
    """What is below the crotch and not of the arms, cut between the legs."""
    height, columns = bottom - top, contour.body.shape[1]
    half = int(0.09 * height)
    low, high = max(0, int(midline) - half), min(columns, int(midline) + half)
    path = low + seam(contour.smooth[crotch : bottom + 1, low:high].astype(np.float64), reach=2)
    below = contour.body & ~arms[0].mask & ~arms[1].mask
    below[:crotch] = False
    column = np.arange(columns)
    right, left = np.zeros_like(below), np.zeros_like(below)
    for number, row in enumerate(range(crotch, bottom + 1)):
        right[row], left[row] = below[row] & (column < path[number]), below[row] & (column >= path[number])
    masks = [_largest(mask) for mask in (right, left)]
    clear = [
        (max(crotch, arm.levels[-1]) if _touch(arm.mask, mask) else crotch) + int(BELOW_HAND * height)
        for arm, mask in zip(arms, masks, strict=True)
    ]
    levels = [_leg_levels(contour, mask, top, height, start) for mask, start in zip(masks, clear, strict=True)]
    right_leg, left_leg = (Limb(*one) for one in zip(limb_segments.SIDES, masks, levels, strict=True))
    return right_leg, left_leg


def _touch(hand: Mask, leg: Mask) -> bool:
    """Whether a hand lies on the leg, or so near that they cannot be told apart."""
    return bool((ndimage.binary_dilation(hand, np.ones((3, 3), dtype=bool), iterations=NEAR_PX) & leg).any())


def _largest(mask: Mask) -> Mask:
    labels, count = ndimage.label(mask)
    if count < 2:
        return mask
    return np.asarray(labels == 1 + int(np.argmax(np.bincount(labels.ravel())[1:])))


def _leg_levels(contour: Contour, mask: Mask, top: int, height: int, start: int) -> tuple[int, ...]:
    """Rows where thigh, knee, lower leg and foot begin, and the last row of the foot; all alike where there is no leg.

    `start` is the first row of the thigh that is clear of hand and groin.
    """
    rows = np.flatnonzero(mask.any(axis=1))
    if rows.size == 0:
        return (start,) * (len(limb_segments.LEG) + 1)
    end = int(rows[-1]) + 1
    width = ndimage.gaussian_filter1d(mask.sum(axis=1).astype(float), 0.006 * height)
    low, high = (top + int(share * height) for share in limb_segments.ANKLE_BETWEEN)
    ankle = low + int(width[low:high].argmin())
    most = BRIGHTEST_KNEE * float(np.median(contour.smooth[mask]))  # urine on the thigh outshines any knee
    inside = np.minimum(np.where(mask, contour.smooth, 0.0).max(axis=1), most)
    bright = ndimage.gaussian_filter1d(inside, 0.015 * height)
    share = (np.arange(len(bright)) - top) / height
    likely = bright * np.exp(-0.5 * ((share - limb_segments.KNEE) / limb_segments.KNEE_SD) ** 2)
    knee = int(likely.argmax())
    half = int(limb_segments.KNEE_HALF * height)
    calf_end = ankle - int(limb_segments.ANKLE_MARGIN * height)
    return min(start, knee - half), knee - half, knee + half, calf_end, end
