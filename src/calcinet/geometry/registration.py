"""A follow-up film laid on its baseline: rigid first, then a mild deformation; refused where the views differ."""

import math
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np

from calcinet.arrays import Floats, Pixels
from calcinet.errors import BadInput, NotMeasurable
from calcinet.extras import require_extras
from calcinet.text import say

WORKING_MM: Final = 0.8
"""Pixel at which films are laid on one another. Our choice: below half of the error that is allowed, and quick."""

ANGLES_DEG: Final = (-8.0, 0.0, 8.0)
"""Turns from which the search begins, besides the place where the limbs' middles meet. Our choice: how far a limb
is turned from one film to the next."""

GRID_MM: Final = 40.0
"""Distance of the nodes of the deformation. Our choice: a limb bends at its joints, not within a few centimetres."""

LEAST_CORRELATION: Final = 0.985
"""Correlation of two films where both show the limb, below which they are taken for different views. Our choice:
between that of generated films of one leg in other positions and that of other legs, the mirrored leg and the foot."""

LEAST_RIGID: Final = 0.85
"""The same before the deformation, which repairs little. Our choice."""

FARTHEST_MM: Final = 8.0
"""A deformation that moves a point farther than this is none that is mild."""

ROUNDS_BACK: Final = 12
"""Steps of the way back: of a turn by 30 degrees each leaves half of what was left over, of one by 8 degrees a seventh.
Our choice: hundredths of a millimetre."""

LEAST_OVERLAP: Final = 0.5
"""Share of the smaller limb that both films show."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Registration:
    """How points of the baseline are found on the follow-up."""

    transform: Any
    """Of SimpleITK: from mm of the baseline (x, y) to mm of the follow-up."""
    baseline_mm: tuple[float, float]
    """Rows and columns of its pixels."""
    follow_up_mm: tuple[float, float]
    correlation: float
    """Of the two films where both show the limb."""
    overlap: float
    """Share of the smaller limb that both show."""
    angle_deg: float
    shift_mm: float
    """How far the middle of the limb moves."""

    def follow(self, points: Floats) -> Floats:
        """Bring points (N, 2), rows and columns of the baseline, to those of the follow-up."""
        moved = []
        for row, column in np.asarray(points, np.float64):
            x, y = self.transform.TransformPoint((column * self.baseline_mm[1], row * self.baseline_mm[0]))
            moved.append((y / self.follow_up_mm[0], x / self.follow_up_mm[1]))
        return np.array(moved).reshape(-1, 2)

    def go_back(self, points: Floats) -> Floats:
        """Bring points (N, 2), rows and columns of the follow-up, to those of the baseline.

        What is left over is gone back by, again and again; a turn of less than 60 degrees and a mild bend converge.
        """
        target = np.asarray(points, np.float64).reshape(-1, 2) * self.follow_up_mm
        found = target
        for _ in range(ROUNDS_BACK):
            found = found + target - self.follow(found / self.baseline_mm) * self.follow_up_mm
        return np.asarray(found / self.baseline_mm)


def register(
    baseline: Pixels, follow_up: Pixels, baseline_mm: tuple[float, float], follow_up_mm: tuple[float, float]
) -> Registration:
    """Lay a follow-up film on its baseline.

    Parameters
    ----------
    baseline, follow_up
        Shape (Y, X), bone bright.
    baseline_mm, follow_up_mm
        Size of their pixels, rows and columns.

    Raises
    ------
    NotMeasurable
        If they do not fit: another view, another limb, another part of it.
    BadInput
        If a pixel has no size or there is nothing on a film.
    """
    require_extras(["serial"], say("a film laid on another"))
    import SimpleITK  # comes with the extra "serial"

    fixed, fixed_limb = _prepare(baseline, baseline_mm)
    moving, moving_limb = _prepare(follow_up, follow_up_mm)
    rigid = _search_rigid(SimpleITK, _wrap(SimpleITK, fixed), _wrap(SimpleITK, moving), fixed_limb, moving_limb)
    overlap = _measure_overlap(SimpleITK, fixed_limb, moving_limb, rigid)
    first = _correlate(SimpleITK, fixed, moving, fixed_limb, moving_limb, rigid)
    if overlap < LEAST_OVERLAP or first < LEAST_RIGID:
        raise _refuse(first, overlap)
    whole = _bend_whole(SimpleITK, _wrap(SimpleITK, fixed), _wrap(SimpleITK, moving), fixed_limb, rigid)
    correlation = _correlate(SimpleITK, fixed, moving, fixed_limb, moving_limb, whole)
    if correlation < LEAST_CORRELATION:
        raise _refuse(correlation, overlap)
    angle = math.degrees(rigid.GetAngle())
    return Registration(
        transform=whole,
        baseline_mm=baseline_mm,
        follow_up_mm=follow_up_mm,
        correlation=correlation,
        overlap=overlap,
        angle_deg=angle,
        shift_mm=float(np.hypot(*rigid.GetTranslation())),
    )


def _refuse(correlation: float, overlap: float) -> NotMeasurable:
    return NotMeasurable(
        say(
            "the two films do not fit on one another (correlation {correlation:.2f}, {least:.2f} is needed; "
            "{overlap:.0f} % of the limb on both): another view, limb or part; they are not laid on one another",
            correlation=correlation,
            least=LEAST_CORRELATION,
            overlap=100 * overlap,
        )
    )


def _prepare(plane: Pixels, pixel_mm: tuple[float, float]) -> tuple[Pixels, Pixels]:
    """A film at the working pixel without its slow trend, and where the limb is."""
    if min(pixel_mm) <= 0 or not np.isfinite(plane).all():
        raise BadInput("films are laid on one another by pixels whose size is known and whose values are numbers")
    size = (
        max(16, round(plane.shape[1] * pixel_mm[1] / WORKING_MM)),
        max(16, round(plane.shape[0] * pixel_mm[0] / WORKING_MM)),
    )
    small = cv2.resize(np.asarray(plane, np.float32), size, interpolation=cv2.INTER_AREA)
    low, high = np.percentile(small, (1, 99))
    if not high > low:
        raise BadInput("there is nothing on the film")
    scaled = np.clip((small - low) / (high - low), 0, 1)
    cut, _ = cv2.threshold((255 * scaled).astype(np.uint8), 0, 255, cv2.THRESH_OTSU)
    limb = (255 * cv2.GaussianBlur(scaled, (0, 0), 2) > 0.5 * cut).astype(np.float32)
    return np.asarray(scaled, np.float32), np.asarray(limb, np.float32)


def _wrap(sitk: Any, plane: Pixels) -> Any:
    image = sitk.GetImageFromArray(plane)
    image.SetSpacing((WORKING_MM, WORKING_MM))
    return image


def _find_middle(limb: Pixels) -> tuple[float, float]:
    """Middle of a limb, (x, y) in mm."""
    rows, columns = np.nonzero(limb)
    if not len(rows):
        raise BadInput("there is no limb on the film")
    return float(columns.mean() * WORKING_MM), float(rows.mean() * WORKING_MM)


def _search_rigid(sitk: Any, fixed: Any, moving: Any, fixed_limb: Pixels, moving_limb: Pixels) -> Any:
    """The best of several searches, each from another turn."""
    middle, other = _find_middle(fixed_limb), _find_middle(moving_limb)
    best, best_value = None, math.inf
    for angle in ANGLES_DEG:
        transform = sitk.Euler2DTransform()
        transform.SetCenter(middle)
        transform.SetAngle(math.radians(angle))
        transform.SetTranslation((other[0] - middle[0], other[1] - middle[1]))
        method = _make_method(sitk, fixed_limb)
        method.SetInitialTransform(transform, inPlace=True)
        method.SetOptimizerScalesFromPhysicalShift()
        method.SetOptimizerAsRegularStepGradientDescent(2.0, 1e-3, 120, gradientMagnitudeTolerance=1e-6)
        method.Execute(fixed, moving)
        if method.GetMetricValue() < best_value:
            best, best_value = transform, method.GetMetricValue()
    return best


def _make_method(sitk: Any, limb: Pixels) -> Any:
    method = sitk.ImageRegistrationMethod()
    method.SetMetricAsCorrelation()
    method.SetMetricFixedMask(_wrap_mask(sitk, limb))
    method.SetInterpolator(sitk.sitkLinear)
    method.SetShrinkFactorsPerLevel([4, 2, 1])
    method.SetSmoothingSigmasPerLevel([2.0, 1.0, 0.0])
    method.SmoothingSigmasAreSpecifiedInPhysicalUnitsOff()
    return method


def _wrap_mask(sitk: Any, limb: Pixels) -> Any:
    """The limb with its border, so that its outline takes part."""
    grown = np.asarray(cv2.dilate(limb, np.ones((9, 9), np.float32)), np.float32)
    return sitk.Cast(_wrap(sitk, grown), sitk.sitkUInt8)


def _bend_whole(sitk: Any, fixed: Any, moving: Any, fixed_limb: Pixels, rigid: Any) -> Any:
    """The rigid transform with a mild deformation before it; without one where it would not be mild."""
    nodes = [max(1, round(size * WORKING_MM / GRID_MM)) for size in fixed.GetSize()]
    bend = sitk.BSplineTransformInitializer(fixed, nodes, 3)
    method = _make_method(sitk, fixed_limb)
    method.SetShrinkFactorsPerLevel([2, 1])
    method.SetSmoothingSigmasPerLevel([1.0, 0.0])
    method.SetMovingInitialTransform(rigid)
    method.SetInitialTransform(bend, inPlace=True)
    method.SetOptimizerAsLBFGSB(numberOfIterations=30)
    method.Execute(fixed, moving)
    if np.abs(np.array(bend.GetParameters())).max(initial=0.0) > FARTHEST_MM:
        return rigid
    return sitk.CompositeTransform([rigid, bend])


def _resample(sitk: Any, plane: Pixels, like: Pixels, transform: Any) -> Pixels:
    moved = sitk.Resample(_wrap(sitk, plane), _wrap(sitk, like), transform, sitk.sitkLinear, -1.0)
    return np.asarray(sitk.GetArrayFromImage(moved), np.float32)


def _measure_overlap(sitk: Any, fixed_limb: Pixels, moving_limb: Pixels, transform: Any) -> float:
    both = (fixed_limb > 0.5) & (_resample(sitk, moving_limb, fixed_limb, transform) > 0.5)
    return float(both.sum() / max(1.0, min(fixed_limb.sum(), moving_limb.sum())))


def _correlate(
    sitk: Any, fixed: Pixels, moving: Pixels, fixed_limb: Pixels, moving_limb: Pixels, transform: Any
) -> float:
    """Correlation of the two films where both show the limb."""
    moved = _resample(sitk, moving, fixed, transform)
    where = (fixed_limb > 0.5) & (_resample(sitk, moving_limb, fixed_limb, transform) > 0.5)
    if where.sum() < 100:
        return 0.0
    return float(np.corrcoef(fixed[where], moved[where])[0, 1])
