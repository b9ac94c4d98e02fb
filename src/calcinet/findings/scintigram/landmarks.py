"""Levels of a whole body on a scan, and which pixels belong to which limb."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calcinet.arrays import Floats, Indices, Mask, Pixels
from calcinet.errors import NotMeasurable
from calcinet.findings.scintigram import limb_segments
from calcinet.findings.scintigram.contour import Contour
from calcinet.findings.scintigram.seam_carving import find_seam
from calcinet.text import say
from calcinet.vocabulary import LimbSide

LEAST_HEIGHT_MM: Final = 1100.0
"""Silhouette of a whole body. Our choice: shorter is a child or a part, which these proportions do not fit."""

NARROWEST_ARM_MM: Final = (62.0, 28.0)
"""Least width of an arm at the shoulder, and from the elbow on. Our choice."""

WIDEST_ARM: Final = 0.075
"""Most width of an arm, as a share of the figure. Our choice."""

FORBIDDEN: Final = 1e6
"""Cost of a pixel that the line between arm and trunk may not cross. Our choice: more than any path."""

LEAST_STEP_MM: Final = 10.0
"""The outline steps in by this much where a hand ends. Our choice: half of a hand on the thigh."""

BELOW_HAND: Final = 0.02
"""The thigh is measured from this share of the figure below the crotch, and below a hand that lies on it. Our choice:
two blurs."""

BRIGHTEST_KNEE: Final = 2.5
"""A knee is looked for among rows up to this many times as bright as the leg. Our choice."""

NEAR_PX: Final = 4
"""A hand this near to the thigh is taken to lie on it. Our choice: two pixels of blur on either side."""

LEAST_TRUNK: Final = 0.9
"""Share of the rows between chest and hips in which the midline is body. Our choice: between legs there is air."""

TRUNK_BETWEEN: Final = (0.2, 0.45)
"""Rows between chest and hips, as shares of the figure. Our choice."""

CROTCH_HALF: Final = 0.05
"""Half the width in which air between the legs is looked for, as a share of the figure. Our choice."""

LASTING_GAP: Final = 0.015
"""Height of the air between the legs, at least, as a share of the figure. Our choice: noise is shorter."""

SEAM_HALF: Final = 0.09
"""Half the width in which the line between the legs is looked for, as a share of the figure. Our choice."""

NO_BODY: Final = say("no whole body is on this view: nothing was divided into limbs")

NOT_WHOLE: Final = say("the body goes on past the end of the picture: nothing was divided into limbs")


@dataclass(frozen=True, slots=True, eq=False)
class Limb:
    """One arm or leg: its pixels and its levels."""

    side: LimbSide
    mask: Mask
    levels: tuple[int, ...]
    """Rows where the segments begin, and where the last ends."""

    def cut(self, first: int, end: int) -> Mask:
        """Its pixels from one row to another, the last not included."""
        mask = np.zeros_like(self.mask)
        mask[first:end] = self.mask[first:end]
        return mask


@dataclass(frozen=True, slots=True)
class Extent:
    """Where a whole body is on a view."""

    top: int
    """Row of the crown."""
    bottom: int
    """Row of the toes."""
    midline: float
    """Column."""

    @property
    def height(self) -> int:
        """From crown to toes, in rows."""
        return self.bottom - self.top

    def row(self, share: float) -> int:
        """Row at a share of the height, from the crown."""
        return self.top + int(share * self.height)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Figure:
    """A whole body divided."""

    extent: Extent
    crotch: int
    """First row below the trunk."""
    arms: tuple[Limb, Limb]
    """Right, left."""
    legs: tuple[Limb, Limb]
    """Right, left."""

    def mask_limbs(self) -> Mask:
        """Pixels of all limbs."""
        masks = [limb.mask for limb in (*self.arms, *self.legs)]
        return np.asarray(np.any(masks, axis=0))


def find_figure(contour: Contour, pixel_mm: tuple[float, float]) -> Figure:
    """Find crown, crotch, knees, ankles and fingertips, and cut the silhouette into trunk and limbs.

    Raises
    ------
    NotMeasurable
        If the silhouette is not that of a whole body.
    """
    extent = _find_extent(contour, pixel_mm)
    crotch = _find_crotch(contour.body, extent)
    arms = (_find_arm(contour, extent, "R", pixel_mm), _find_arm(contour, extent, "L", pixel_mm))
    right, left = _split_legs(contour, extent, crotch, arms)
    legs = (
        _find_leg(contour, extent, crotch, "R", right, arms[0]),
        _find_leg(contour, extent, crotch, "L", left, arms[1]),
    )
    return Figure(extent=extent, crotch=crotch, arms=arms, legs=legs)


def _find_extent(contour: Contour, pixel_mm: tuple[float, float]) -> Extent:
    """Crown, toes and midline; refuses what is no whole body."""
    top, bottom = _find_crown_and_toes(contour, pixel_mm)
    low, high = TRUNK_BETWEEN
    height = bottom - top
    trunk = contour.body[top + int(low * height) : top + int(high * height)]
    midline = _find_midline(trunk)
    if trunk[:, int(midline)].mean() < LEAST_TRUNK:
        raise NotMeasurable(NO_BODY)
    return Extent(top, bottom, midline)


def _find_crown_and_toes(contour: Contour, pixel_mm: tuple[float, float]) -> tuple[int, int]:
    """First and last row of the silhouette; refuses one that is too short or goes on past the picture."""
    rows = np.flatnonzero(contour.body.sum(axis=1) > 2)
    if rows.size == 0 or (rows[-1] - rows[0]) * pixel_mm[0] < LEAST_HEIGHT_MM:
        raise NotMeasurable(NO_BODY)
    top, bottom = int(rows[0]), int(rows[-1])
    counted = np.flatnonzero(contour.counts.sum(axis=1) > 0)
    if top <= counted[0] or bottom >= counted[-1]:
        raise NotMeasurable(NOT_WHOLE)
    return top, bottom


def _find_midline(trunk: Mask) -> float:
    """Mean over the rows of the middle between the first and the last column of the body."""
    middles = []
    for row in trunk:
        columns = np.flatnonzero(row)
        if columns.size:
            middles.append((columns[0] + columns[-1]) / 2)
    return float(np.mean(middles))


def _find_crotch(body: Mask, extent: Extent) -> int:
    """First row from which air is between the legs for some way; by proportion where there is none."""
    low, high = (extent.row(share) for share in limb_segments.CROTCH_BETWEEN)
    middle, half = int(extent.midline), int(CROTCH_HALF * extent.height)
    near = body[low:high, middle - half : middle + half + 1]
    gap = np.asarray(~near.all(axis=1))
    lasting = ndimage.binary_opening(gap, np.ones(max(3, int(LASTING_GAP * extent.height)), dtype=bool))
    found = np.flatnonzero(lasting)
    if not found.size:
        return extent.row(limb_segments.CROTCH)
    return low + int(found[0])


def _find_arm(contour: Contour, extent: Extent, side: LimbSide, pixel_mm: tuple[float, float]) -> Limb:
    """An arm; the left one is found as a right one in the mirror."""
    body, brightness, middle = contour.body, contour.smooth / contour.soft, int(extent.midline)
    if side == "R":
        mask, levels = _cut_arm(body, brightness, middle, extent, pixel_mm)
        return Limb(side, mask, levels)
    middle = int(body.shape[1] - 1 - extent.midline)
    mask, levels = _cut_arm(body[:, ::-1], brightness[:, ::-1], middle, extent, pixel_mm)
    return Limb(side, np.ascontiguousarray(mask[:, ::-1]), levels)


def _cut_arm(
    body: Mask, brightness: Pixels, middle: int, extent: Extent, pixel_mm: tuple[float, float]
) -> tuple[Mask, tuple[int, ...]]:
    """Pixels outside the line of fewest counts between trunk and arm, down to where the hand ends, and the levels."""
    outer = _find_outline(body[:, :middle])
    end = _find_fingertip(outer, extent, pixel_mm)
    start = extent.row(limb_segments.ARM_START)
    shoulder = extent.row(limb_segments.SHOULDER)
    elbow, wrist = (shoulder + int(share * (end - shoulder)) for share in limb_segments.ELBOW_AND_WRIST)
    narrowest = np.interp(np.arange(start, end), (start, elbow), NARROWEST_ARM_MM) / pixel_mm[1]
    widest = WIDEST_ARM * extent.height * pixel_mm[0] / pixel_mm[1]
    outer, brightness = outer[start:end], brightness[start:end, :middle]
    cost = _assign_cost(brightness, outer + narrowest, outer + widest)
    outside = np.arange(body.shape[1]) < find_seam(cost, reach=2)[:, None]
    mask = np.zeros_like(body)
    mask[start:end] = body[start:end] & outside
    return mask, (start, elbow, wrist, end)


def _find_outline(half: Mask) -> Indices:
    """First column of the body in each row; the number of columns where there is none."""
    outer = np.full(len(half), half.shape[1])
    there = half.any(axis=1)
    outer[there] = half.argmax(axis=1)[there]
    return outer


def _assign_cost(brightness: Pixels, first: NDArray[np.floating], last: NDArray[np.floating]) -> Floats:
    """Cost of cutting at each pixel: its brightness from the first to the last column of its row, else far more."""
    middle = brightness.shape[1]
    cost = np.full(brightness.shape, FORBIDDEN)
    for row, line in enumerate(brightness):
        low = min(int(first[row]), middle - 2)
        high = min(max(int(last[row]), low + 2), middle)
        cost[row, low:high] = line[low:high]
    return cost


def _find_fingertip(outer: Indices, extent: Extent, pixel_mm: tuple[float, float]) -> int:
    """Row where the outline steps in most; by proportion where it does not."""
    low, high = (extent.row(share) for share in limb_segments.FINGERTIP_BETWEEN)
    reach = max(2, int(0.012 * extent.height))
    smooth = ndimage.median_filter(outer.astype(float), 5)
    step = smooth[low + reach : high + reach] - smooth[low - reach : high - reach]
    best = int(step.argmax())
    if step[best] * pixel_mm[1] < LEAST_STEP_MM:
        return extent.row(limb_segments.FINGERTIP)
    return low + best


def _split_legs(contour: Contour, extent: Extent, crotch: int, arms: tuple[Limb, Limb]) -> tuple[Mask, Mask]:
    """What is below the crotch and not of the arms, cut between the legs: right and left."""
    rows = slice(crotch, extent.bottom + 1)
    path = _find_line_between(contour.smooth[rows], extent)
    is_right = np.arange(contour.body.shape[1]) < path[:, None]
    below = contour.body & ~arms[0].mask & ~arms[1].mask
    right, left = np.zeros_like(below), np.zeros_like(below)
    right[rows], left[rows] = below[rows] & is_right, below[rows] & ~is_right
    return right, left


def _find_line_between(below: Pixels, extent: Extent) -> Indices:
    """Column of fewest counts between the legs in each row."""
    middle, half = int(extent.midline), int(SEAM_HALF * extent.height)
    low, high = max(0, middle - half), min(below.shape[1], middle + half)
    return low + find_seam(below[:, low:high].astype(np.float64), reach=2)


def _find_leg(contour: Contour, extent: Extent, crotch: int, side: LimbSide, half: Mask, arm: Limb) -> Limb:
    """A leg from its half of what is below the crotch; its thigh begins below a hand that lies on it."""
    mask = _keep_largest(half)
    start = crotch
    if _touch(arm.mask, mask):
        start = max(crotch, arm.levels[-1])
    start += int(BELOW_HAND * extent.height)
    return Limb(side, mask, _find_leg_levels(contour, mask, extent, start))


def _touch(hand: Mask, leg: Mask) -> bool:
    """Whether a hand lies on the leg, or so near that they cannot be told apart."""
    return bool((ndimage.binary_dilation(hand, np.ones((3, 3), dtype=bool), iterations=NEAR_PX) & leg).any())


def _keep_largest(mask: Mask) -> Mask:
    labels, count = ndimage.label(mask)
    if count < 2:
        return mask
    return np.asarray(labels == 1 + int(np.argmax(np.bincount(labels.ravel())[1:])))


def _find_leg_levels(contour: Contour, mask: Mask, extent: Extent, start: int) -> tuple[int, ...]:
    """Rows where thigh, knee, lower leg and foot begin, and the last row of the foot; all alike where there is no leg.

    `start` is the first row of the thigh that is clear of hand and groin.
    """
    rows = np.flatnonzero(mask.any(axis=1))
    if rows.size == 0:
        return (start,) * (len(limb_segments.LEG) + 1)
    knee = _find_knee(contour, mask, extent)
    half = int(limb_segments.KNEE_HALF * extent.height)
    calf_end = _find_ankle(mask, extent) - int(limb_segments.ANKLE_MARGIN * extent.height)
    return min(start, knee - half), knee - half, knee + half, calf_end, int(rows[-1]) + 1


def _find_ankle(leg: Mask, extent: Extent) -> int:
    """Row where the lower leg is narrowest."""
    width = ndimage.gaussian_filter1d(leg.sum(axis=1).astype(float), 0.006 * extent.height)
    low, high = (extent.row(share) for share in limb_segments.ANKLE_BETWEEN)
    return low + int(width[low:high].argmin())


def _find_knee(contour: Contour, leg: Mask, extent: Extent) -> int:
    """Row that is bright for a leg and near to where knees are: brightness times exp(-(s - s0)^2 / (2 sd^2))."""
    most = BRIGHTEST_KNEE * float(np.median(contour.smooth[leg]))  # urine on the thigh outshines any knee
    inside = np.minimum(np.where(leg, contour.smooth, 0.0).max(axis=1), most)
    bright = ndimage.gaussian_filter1d(inside, 0.015 * extent.height)
    share = (np.arange(len(bright)) - extent.top) / extent.height
    likely = bright * np.exp(-0.5 * ((share - limb_segments.KNEE) / limb_segments.KNEE_SD) ** 2)
    return int(likely.argmax())
