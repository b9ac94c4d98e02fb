"""A follow-up CT laid on its baseline by bone and outline, each leg for itself; refused where bones do not fit."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy import ndimage

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.errors import BadInput, NotMeasurable
from calcinet.extras import require_extras
from calcinet.text import say

WORKING_MM: Final = 2.0
"""Voxel at which volumes are laid on one another. Our choice: the error is then a fraction of a slice, in seconds."""

DARKEST_HU: Final = -150.0
BRIGHTEST_HU: Final = 650.0
"""Values beyond are taken for these. Our choice: air is as dark as fat, cortex as bright as calcium. A shaft slides
along itself by bone alone; the outline of the limb and its muscles hold it."""

BONE: Final = (300.0 - DARKEST_HU) / (BRIGHTEST_HU - DARKEST_HU)
BODY: Final = (-100.0 - DARKEST_HU) / (BRIGHTEST_HU - DARKEST_HU)
"""Scaled values from which a voxel is bone and body."""

LEAST_STRETCH_MM: Final = 30.0
"""Length of the body that two scans share at least. Our choice."""

STARTS: Final = 3
START_APART_MM: Final = 10.0
"""Shifts along the body from which the search begins, those at which the sections fit best, and how far apart they
are."""

GAP_MM: Final = 8.0
"""Width without bone, over the whole height, that parts two legs. Our choice."""

MOST_BETWEEN: Final = 0.5
"""Mean thickness of the body there over that of its thickest column, at most. Our choice: shin and calf bone of one leg
have its full thickness between them, two legs that touch are thin there."""

LEAST_SIDE: Final = 0.2
"""Share of the bone on either side of that gap. Our choice: a table or a drip is less."""

LEAST_DICE: Final = 0.92
"""Agreement of the bones that both scans show (Dice), below which they are of two bodies or a joint was bent. Our
choice: the same generated legs and a real trunk, turned by 4 degrees, had 0.95 and more, other legs 0.90 and less."""

LEAST_CORRELATION: Final = 0.96
"""The same of the values within the body: 0.988 and more, and 0.94 and less."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Volume:
    """A CT in the patient."""

    hu: Pixels
    """Shape (Z, Y, X)."""
    affine: Floats
    """Shape (4, 4), voxel (Z, Y, X, 1) to the patient's (left, posterior, superior, 1) in mm."""

    @property
    def middle(self) -> Floats:
        """Middle of its field in the patient, (left, posterior, superior) in mm."""
        return np.asarray(self.affine[:3] @ [*((np.array(self.hu.shape) - 1) / 2), 1.0], np.float64)

    def without_values(self) -> "Volume":
        """The same field without Hounsfield units, which take memory."""
        return Volume(hu=np.broadcast_to(np.float32(0), self.hu.shape), affine=self.affine)

    def locate(self, points: Floats) -> Floats:
        """Voxels (N, 3) of points of the patient, (N, 3) in mm."""
        back = np.linalg.inv(self.affine)
        return np.asarray(np.c_[points, np.ones(len(points))] @ back[:3].T, np.float64)

    def shows(self, points: Floats) -> Mask:
        """Whether points of the patient, (N, 3) in mm, lie in its field."""
        voxels = self.locate(points)
        return np.asarray(((voxels >= -0.5) & (voxels <= np.array(self.hu.shape) - 0.5)).all(axis=1))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LaidLimb:
    """One leg, or the trunk, on its baseline."""

    transform: Any
    """Of SimpleITK, rigid: from mm of the baseline to mm of the follow-up."""
    dice: float
    correlation: float
    overlap: float
    """Share of the baseline's bone that the follow-up shows."""

    @property
    def angle_deg(self) -> float:
        """Turn about whatever axis."""
        turn = np.array(self.transform.GetMatrix()).reshape(3, 3)
        return math.degrees(math.acos(float(np.clip((np.trace(turn) - 1) / 2, -1, 1))))

    @property
    def shift_mm(self) -> float:
        """How far the middle of the bone moves."""
        return float(np.linalg.norm(self.transform.GetTranslation()))


@dataclass(frozen=True, slots=True, eq=False)
class BodyRegistration:
    """How points of the baseline are found on the follow-up."""

    limbs: tuple[LaidLimb, ...]
    """One, or the right and the left leg."""
    between_mm: tuple[float, float] = (-math.inf, -math.inf)
    """Place between two legs, from right to left, on the baseline and on the follow-up."""

    def follow(self, points: Floats) -> Floats:
        """Bring points (N, 3) in mm of the baseline to those of the follow-up."""
        return self._move(points, self.between_mm[0], [limb.transform for limb in self.limbs])

    def go_back(self, points: Floats) -> Floats:
        """Bring points (N, 3) in mm of the follow-up to those of the baseline."""
        return self._move(points, self.between_mm[1], [limb.transform.GetInverse() for limb in self.limbs])

    def _move(self, points: Floats, between: float, transforms: Sequence[Any]) -> Floats:
        moved = []
        for point in np.asarray(points, np.float64).reshape(-1, 3):
            side = int(point[0] > between) if len(transforms) > 1 else 0
            moved.append(transforms[side].TransformPoint(point.tolist()))
        return np.array(moved, np.float64).reshape(-1, 3)


def register_bodies(baseline: Volume, follow_up: Volume) -> BodyRegistration:
    """Lay a follow-up CT on its baseline.

    Parameters
    ----------
    baseline, follow_up
        Volumes in Hounsfield units that say how they lie in the patient.

    Raises
    ------
    NotMeasurable
        If they do not fit: another body, another part of it, a joint bent otherwise.
    BadInput
        If a volume is tilted in itself or has no bone.
    """
    require_extras(["serial"], say("a CT laid on another"))
    import SimpleITK  # comes with the extra "serial"

    fixed, moving = _shrink(SimpleITK, baseline), _shrink(SimpleITK, follow_up)
    parts, other_parts = _separate_legs(SimpleITK, fixed), _separate_legs(SimpleITK, moving)
    if len(parts) != len(other_parts):
        raise NotMeasurable(say("one scan shows one leg and the other both: they are not laid on one another"))
    limbs = []
    for (low, high), (other_low, other_high) in zip(parts, other_parts, strict=True):
        own, other = _cut_out(fixed, low, high), _cut_out(moving, other_low, other_high)
        limbs.append(_lay_limb(SimpleITK, own, other))
    between = (-math.inf, -math.inf)
    if len(parts) > 1:
        between = (_find_between(fixed, parts), _find_between(moving, other_parts))
    return BodyRegistration(tuple(limbs), between)


def _shrink(sitk: Any, volume: Volume) -> Any:
    """A volume at the working voxel, its values from 0 to 1."""
    columns = np.asarray(volume.affine, np.float64)[:3, [2, 1, 0]]
    size_mm = np.linalg.norm(columns, axis=0)
    axes = columns / size_mm
    if not np.allclose(axes.T @ axes, np.eye(3), atol=1e-3):
        raise BadInput(say("a tilted scan is not laid on another: its slices are shifted against one another"))
    scaled = np.clip((np.asarray(volume.hu, np.float32) - DARKEST_HU) / (BRIGHTEST_HU - DARKEST_HU), 0, 1)
    widths = WORKING_MM / size_mm[::-1] / 2.5
    image = sitk.GetImageFromArray(ndimage.gaussian_filter(scaled, np.where(widths > 0.4, widths, 0)))
    image.SetSpacing(size_mm.tolist())
    image.SetDirection(axes.ravel().tolist())
    image.SetOrigin(volume.affine[:3, 3].tolist())
    size = [max(8, round(count * mm / WORKING_MM)) for count, mm in zip(image.GetSize(), size_mm, strict=True)]
    grid = sitk.Image(size, sitk.sitkFloat32)
    grid.SetSpacing([WORKING_MM] * 3)
    grid.SetDirection(image.GetDirection())
    grid.SetOrigin(image.GetOrigin())
    return sitk.Resample(image, grid, sitk.Transform(), sitk.sitkLinear, 0.0)


def _separate_legs(sitk: Any, image: Any) -> list[tuple[int, int]]:
    """First and last column of each leg, or of the one body, in the order of the patient's right to left."""
    values = np.asarray(sitk.GetArrayViewFromImage(image))
    across, thickness = (values > BONE).sum(axis=(0, 1)), (values > BODY).sum(axis=(0, 1))
    if not across.any():
        raise BadInput(say("there is no bone on the scan"))
    filled = np.nonzero(across)[0]
    gaps = np.diff(filled)
    columns = image.GetSize()[0]
    widest = int(np.argmax(gaps)) if len(gaps) else 0
    if not len(gaps) or gaps[widest] * WORKING_MM < GAP_MM:
        return [(0, columns)]
    middle = int(filled[widest]) + 1 + int(np.argmin(thickness[filled[widest] + 1 : filled[widest + 1]]))
    share = across[:middle].sum() / across.sum()
    if not LEAST_SIDE <= share <= 1 - LEAST_SIDE or thickness[middle] > MOST_BETWEEN * thickness.max():
        return [(0, columns)]
    legs = [(0, middle), (middle, columns)]
    if image.GetDirection()[0] < 0:  # columns that go to the right
        legs.reverse()
    return legs


def _cut_out(image: Any, low: int, high: int) -> Any:
    return image[low:high, :, :]


def _find_between(image: Any, parts: Sequence[tuple[int, int]]) -> float:
    """Place of the gap from right to left, in mm of the patient."""
    middle = min(high for _, high in parts)
    size = image.GetSize()
    place = image.TransformContinuousIndexToPhysicalPoint((float(middle), size[1] / 2, size[2] / 2))
    return float(place[0])


def _lay_limb(sitk: Any, fixed: Any, moving: Any) -> LaidLimb:
    """The best of several searches, each from another shift along the body."""
    best: LaidLimb | None = None
    mask = _find_body(sitk, fixed)
    for start in _list_starts(sitk, fixed, moving):
        transform = _search(sitk, fixed, moving, mask, start)
        found = _judge(sitk, fixed, moving, transform)
        if best is None or found.correlation > best.correlation:
            best = found
    if best is None:
        raise NotMeasurable(say("the scans are too short to be laid on one another"))
    if best.dice < LEAST_DICE or best.correlation < LEAST_CORRELATION:
        raise NotMeasurable(
            say(
                "the bones of the two scans do not fit on one another (Dice {dice:.2f}, {least:.2f} is needed; "
                "correlation {correlation:.2f} of {least_correlation:.2f}): another body or part, or a joint bent "
                "otherwise; they are not laid on one another",
                dice=best.dice,
                least=LEAST_DICE,
                correlation=best.correlation,
                least_correlation=LEAST_CORRELATION,
            )
        )
    return best


def _find_body(sitk: Any, image: Any) -> Any:
    """The body with a border, so that its outline takes part."""
    body = ndimage.binary_dilation(np.asarray(sitk.GetArrayViewFromImage(image)) > BODY, iterations=2)
    mask = sitk.GetImageFromArray(body.astype(np.uint8))
    mask.CopyInformation(image)
    return mask


def _list_starts(sitk: Any, fixed: Any, moving: Any) -> Iterator[Any]:
    """Rigid transforms that lay the sections of the body where they fit best, without a turn."""
    own, other = (np.asarray(sitk.GetArrayViewFromImage(image)) for image in (fixed, moving))
    for shift in _rank_shifts(own.sum(axis=(1, 2)), other.sum(axis=(1, 2))):
        first = max(0, shift)
        count = min(len(own), shift + len(other)) - first
        middles = [
            _find_middle(own[first : first + count], first, fixed),
            _find_middle(other[first - shift : first - shift + count], first - shift, moving),
        ]
        transform = sitk.Euler3DTransform()
        transform.SetCenter(middles[0].tolist())
        transform.SetTranslation((middles[1] - middles[0]).tolist())
        yield transform


def _rank_shifts(own: Floats, other: Floats) -> list[int]:
    """Slices by which the first slice of the other lies behind the own first, the best first.

    Each sum of a section is set beside the one that it would lie on.
    """
    least = max(2, min(round(LEAST_STRETCH_MM / WORKING_MM), min(len(own), len(other)) // 2))
    costs = []
    for shift in range(least - len(other), len(own) - least + 1):
        here = own[max(0, shift) : shift + len(other)]
        there = other[max(0, -shift) : max(0, -shift) + len(here)]
        here = here[: len(there)]
        costs.append((float(np.abs(here - there).sum() / (here.sum() + there.sum() + 1e-9)), shift))
    chosen: list[int] = []
    for _, shift in sorted(costs):
        if all(abs(shift - one) * WORKING_MM >= START_APART_MM for one in chosen):
            chosen.append(shift)
        if len(chosen) == STARTS:
            break
    return chosen


def _find_middle(part: Pixels, first: int, image: Any) -> Floats:
    """Middle of the dense tissue of some sections, in mm of the patient."""
    z, y, x = ndimage.center_of_mass(np.where(part > BODY, part, 0.0))
    return np.array(image.TransformContinuousIndexToPhysicalPoint((float(x), float(y), float(z + first))))


def _search(sitk: Any, fixed: Any, moving: Any, mask: Any, start: Any) -> Any:
    method = sitk.ImageRegistrationMethod()
    method.SetMetricAsCorrelation()
    method.SetMetricFixedMask(mask)
    method.SetInterpolator(sitk.sitkLinear)
    method.SetMetricSamplingStrategy(method.REGULAR)
    method.SetMetricSamplingPercentagePerLevel([1.0, 0.5, 0.25])
    method.SetShrinkFactorsPerLevel([4, 2, 1])
    method.SetSmoothingSigmasPerLevel([2.0, 1.0, 0.0])
    method.SmoothingSigmasAreSpecifiedInPhysicalUnitsOff()
    method.SetOptimizerScalesFromPhysicalShift()
    method.SetOptimizerAsRegularStepGradientDescent(3.0, 1e-3, 100, gradientMagnitudeTolerance=1e-7)
    method.SetInitialTransform(start, inPlace=True)
    try:
        method.Execute(fixed, moving)
    except RuntimeError:  # the two have nothing in common there
        raise NotMeasurable(say("the two scans have no place in common: they are not laid on one another")) from None
    return start


def _judge(sitk: Any, fixed: Any, moving: Any, transform: Any) -> LaidLimb:
    whole = sitk.Image(moving.GetSize(), sitk.sitkFloat32) + 1
    whole.CopyInformation(moving)
    seen = sitk.GetArrayFromImage(sitk.Resample(whole, fixed, transform, sitk.sitkLinear, 0.0)) > 0.99
    own = np.asarray(sitk.GetArrayViewFromImage(fixed))
    other = sitk.GetArrayFromImage(sitk.Resample(moving, fixed, transform, sitk.sitkLinear, 0.0))
    bone, other_bone = (own > BONE) & seen, (other > BONE) & seen
    body = seen & ((own > BODY) | (other > BODY))
    correlation = 0.0
    if body.sum() > 2 and np.ptp(own[body]) > 0 and np.ptp(other[body]) > 0:
        correlation = float(np.corrcoef(own[body], other[body])[0, 1])
    return LaidLimb(
        transform=transform,
        dice=float(2 * (bone & other_bone).sum() / max(1, bone.sum() + other_bone.sum())),
        correlation=correlation,
        overlap=float(bone.sum() / max(1, (own > BONE).sum())),
    )
