"""Volume of calcium on CT that neither blur nor the thickness of slices makes larger."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import cv2
import numpy as np
from scipy import special

from calcinet.arrays import Floats, Mask
from calcinet.image import Image
from calcinet.measure.ct.excess_hu import Excess, measure_excess, require_part
from calcinet.measure.ct.sphere_fit import Ball, fit_ball, reached_share
from calcinet.measure.ct.volume_error import BALL, WALL, ErrorModel, correct_volume, describe_part
from calcinet.measure.result import quantity
from calcinet.text import say

BLUR_MM: Final = 0.3
"""Standard deviation of a soft kernel's blur, where it was not measured. Our choice."""

THICK: Final = 0.4
"""Slices thicker than this share of a part's width do not reach its full brightness. Our choice: a ball of that width
still fills the middle of one slice to 96 %."""

LEAST_MM: Final = 2.5
"""Width from which the brightness in the middle of a compact part is its own. Our choice: seven widths of blur."""

ROUND: Final = 1.7
"""Length over width, seen along the body, up to which a part is compact. Our choice."""

LEAST_WALL_MM: Final = 0.75
"""A thinner wall is taken for this thick. Our choice: about twice the blur; below, thickness and density look alike."""

SOLID: Final = 0.7
"""A solid ball is no fainter than what is seen of it: one that holds less than this share is hollow, a ring of an
artery. Our choice: the volume of a ball is fitted to a tenth, and noise is bright."""

LEAST_SLICES: Final = 4
"""A wall that fewer slices cut does not fill any of them. Our choice."""

RESOLVED_WALL_MM: Final = 1.2
"""From here a wall's own brightness is seen to a tenth. Our choice: measured on phantoms of legs."""

FINER: Final = 3
"""Pixels in which a wall's thickness is measured, for each pixel of the scanner. Our choice."""

TOP: Final = 0.85
"""Share of the brightness from which on thickness is taken. Our choice: where brightness is measured, too."""


@dataclass(frozen=True, slots=True)
class CtVolume:
    """What `calcium_volume` found."""

    volume_mm3: float = quantity("mm3", say("Volume of calcium, freed of blur and partial volume"), code="DCM:122660")
    resolved: bool = True
    """Whether the part is thick enough for its own brightness to be seen; else volume and density look alike, and the
    volume is that of calcium of the density which its thickness suggests."""
    integral_hu_mm3: float = quantity(
        "[hnsf'U].mm3", say("Calcium's brightness above its tissue, summed over volume"), default=0.0
    )
    """Volume times brightness: known of thin parts, too."""
    spread: float = 0.0
    """Relative standard deviation of the volume."""


Way = Literal["wall", "ball"]

MODELS: Final[Mapping[Way, ErrorModel]] = {"wall": WALL, "ball": BALL}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PartVolume:
    """A volume as it was measured."""

    way: Way
    measured_mm3: float
    width_mm: float
    """Thickness of the wall, diameter of the ball."""
    slice_mm: float
    resolved: bool
    excess: Excess

    @property
    def features(self) -> Floats:
        """What its error hangs on."""
        return describe_part(self.excess.integral / self.measured_mm3, self.width_mm, self.slice_mm)

    @property
    def sum_error(self) -> float:
        """Relative standard deviation of the sum above the tissue, 1 at most."""
        return min(1.0, self.excess.error / abs(self.excess.integral))


def calcium_volume(
    image: Image,
    part: Mask,
    others: Mask | None = None,
    *,
    blur_mm: float = BLUR_MM,
) -> CtVolume:
    """Measure one connected part of calcium.

    volume = share / brightness  sum over voxels of (HU - tissue) voxel

    What stands above the tissue around, summed over the voxels that blur and partial volume carry it to, is volume
    times brightness; it does not depend on blur or slices. It is divided by the part's own brightness: that of the
    brightest voxels over the share of it that a wall of the thickness seen reaches in this blur, or a ball where the
    part is compact; where slices are thick against a compact part, the ball's volume is the part's. What is known of
    the error of both on phantoms is taken off, and what is not known stands in `spread` (`measure.ct.volume_error`).

    Parameters
    ----------
    image
        Pixels in Hounsfield units, shape (Z, Y, X), with a spacing; may be cut to the part and 5 mm about it.
    part
        Boolean, same shape: the voxels of the part.
    others
        Boolean, same shape: other calcium and bone, which are no tissue around.
    blur_mm
        Standard deviation of the scanner's blur within slices.

    Raises
    ------
    NotMeasurable
        If the pixels are not Hounsfield units, or the spacing is unknown.
    BadInput
        If the shapes differ or the part is empty.
    """
    raw = measure_part(image, part, others, blur_mm=blur_mm)
    if raw.measured_mm3 <= 0:
        return CtVolume(0.0, raw.resolved, raw.excess.integral, 1.0)
    corrected = correct_volume(raw.measured_mm3, raw.features, raw.sum_error, MODELS[raw.way])
    return CtVolume(corrected.mm3, raw.resolved, raw.excess.integral, corrected.spread)


def measure_part(image: Image, part: Mask, others: Mask | None = None, *, blur_mm: float = BLUR_MM) -> PartVolume:
    """The volume before its error is taken off, and what that hangs on; parameters as `calcium_volume` has them."""
    spacing = require_part(image, part)
    excess = measure_excess(image, part, others)
    brightest = _count_brightest(part)
    brightness = max(1.0, float(np.sort(excess.above[part])[-brightest:].mean()))
    seen = excess.above.sum(axis=0) * spacing[0]
    tall = float(np.ptp(np.nonzero(part)[0]) + 1) * spacing[0]
    if _measure_elongation(seen, spacing[1:]) <= ROUND:
        ball = fit_ball(seen, spacing[1:], blur_mm)
        solid = excess.integral >= SOLID * brightness * ball.volume_mm3
        if solid and tall <= 2 * ball.radius_mm + 2 * spacing[0]:
            measured = _measure_ball(ball, spacing, excess.integral, brightness, brightest)
            resolved = 2 * ball.radius_mm >= LEAST_MM
            return PartVolume(
                way="ball",
                measured_mm3=measured,
                width_mm=2 * ball.radius_mm,
                slice_mm=spacing[0],
                resolved=resolved,
                excess=excess,
            )
    full_blur = float(np.hypot(blur_mm, np.sqrt(spacing[1] * spacing[2] / 12)))
    wall = _measure_wall_mm(excess.above, brightness, spacing[1:], full_blur)
    share = float(special.erf(max(wall, LEAST_WALL_MM) / full_blur / np.sqrt(8)))
    resolved = wall >= RESOLVED_WALL_MM and tall >= LEAST_SLICES * spacing[0]
    return PartVolume(
        way="wall",
        measured_mm3=excess.integral / brightness * share,
        width_mm=wall,
        slice_mm=spacing[0],
        resolved=resolved,
        excess=excess,
    )


def _count_brightest(part: Mask) -> int:
    """Voxels whose mean is the brightness of a part: a tenth, or three where there are so few."""
    voxels = int(part.sum())
    return max(min(3, voxels), voxels // 10)


def _measure_ball(
    ball: Ball, spacing: tuple[float, float, float], integral: float, brightness: float, brightest: int
) -> float:
    """Volume of a compact part in mm3: the ball's own where slices are thick against it, else the integral's."""
    if spacing[0] > THICK * 2 * ball.radius_mm:
        return ball.volume_mm3
    return integral / brightness * reached_share(ball, spacing, brightest)


def _measure_elongation(seen: Floats, pixel: tuple[float, float]) -> float:
    """Length over width of what is seen."""
    weight = np.maximum(seen, 0)
    places = np.indices(seen.shape).reshape(2, -1) * np.array(pixel)[:, None]
    if not weight.any():
        return 1.0
    spread = np.cov(places, aweights=weight.ravel(), bias=True)
    small, large = np.linalg.eigvalsh(spread)
    return float(np.sqrt(large / max(small, 1e-9)))


def _measure_wall_mm(above: Floats, brightness: float, pixel: tuple[float, float], blur: float) -> float:
    """Thickness within slices of the brightest places, freed of blur: from the width at half of their brightness."""
    mm = float(np.sqrt(pixel[0] * pixel[1])) / FINER
    widths, weights = [], []
    for plane in above:
        if plane.max() < TOP * brightness:
            continue
        width, weight = _measure_width(plane, brightness, mm)
        widths.append(width)
        weights.append(weight)
    wide = 0.0
    if widths:
        wide = float(np.average(widths, weights=weights))
    return float(np.interp(wide / blur, _HALF_WIDTHS, _WIDTHS)) * blur


def _measure_width(plane: Floats, brightness: float, mm: float) -> tuple[float, int]:
    """Mean width at half brightness of a slice's brightest places in mm, and how many places there are."""
    reach = 2 * max(1, round(0.5 / mm)) + 1
    fine = cv2.resize(plane, None, fx=FINER, fy=FINER, interpolation=cv2.INTER_CUBIC)
    half = np.pad(fine > brightness / 2, 1).astype(np.uint8)
    inside = cv2.distanceTransform(half, cv2.DIST_L2, 5)[1:-1, 1:-1]
    deepest = cv2.dilate(inside, np.ones((reach, reach), np.uint8))
    top = fine >= TOP * brightness
    # twice the depth of the middle is an even width, or an odd one and a pixel: half a pixel too much on average
    return float(2 * deepest[top].mean() - 0.5) * mm, int(top.sum())


def _compute_half_width(width: float) -> float:
    """Full width at half height of a slab blurred by a standard deviation of 1."""
    x = np.linspace(0, width / 2 + 5, 4000)
    height = special.erf((x + width / 2) / np.sqrt(2)) - special.erf((x - width / 2) / np.sqrt(2))
    return float(2 * x[np.argmin(np.abs(height - height[0] / 2))])


_WIDTHS: Final = np.geomspace(0.05, 100.0, 300)
_HALF_WIDTHS: Final = np.array([_compute_half_width(width) for width in _WIDTHS])
