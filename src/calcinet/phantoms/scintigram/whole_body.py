"""Whole-body bone scans with known uptake: what a gamma camera would count of a figure of soft tissue and bone."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

import numpy as np
from scipy import ndimage

from calcinet.arrays import Floats, Mask
from calcinet.constants import FWHM_PER_SIGMA, TECHNETIUM_99M_HALF_LIFE_H, WATER_ATTENUATION_140_KEV_PER_MM
from calcinet.image import Emission, Image, Projection
from calcinet.phantoms.scintigram import figure
from calcinet.phantoms.scintigram.figure import LEVELS_MM, Column, LimbSegment, Pose, random_pose
from calcinet.vocabulary import LimbPart, LimbSide

BLUR_FWHM_MM: Final = 10.0
"""Full width at half maximum of camera and collimator at the distance of a limb. Our choice: high resolution."""

AIR_SHARE: Final = 0.01
"""Counts of a pixel of air over those of a limb. Our choice: the real scan that we have shows that much."""

NOMINAL_MBQ: Final = 740.0
NOMINAL_HOURS: Final = 3.0
"""Dose and time of an ordinary scan. Our choice."""


SHAPE: Final = (1024, 256)
PIXEL_MM: Final = 2.26
SCAN_S: Final = 1200.0
"""Duration of a view. Our choice: that of an ordinary scan."""

INJECTION_SD_MM: Final = 8.0
INJECTION_AMOUNT: Final = 6e5
SPILL_SD_MM: Final = 7.0
SPILL_AMOUNT: Final = 2e5
"""Spread and amount of tracer left at the injection site and of urine on the skin. Our choice: plain to see."""

CROWN_MM: Final = 200.0
"""Of the picture's rows above the head."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeBody:
    """What is to be drawn."""

    seed: int = 0
    """Of how the figure lies, and of the counts."""
    person: int = 0
    """Of the size of its limbs."""
    counts: float = 1.5e6
    """Of a view of the default pose that takes up `NOMINAL_MBQ` normally, scanned `NOMINAL_HOURS` later: the camera's
    sensitivity and patience. Another figure, uptake, dose or time gives more or fewer."""
    activity: float = 1.0
    """Activity really given over the written `dose_mbq`."""
    views: tuple[Projection, ...] = ("anterior", "posterior")
    uptake: Mapping[LimbSegment, float] = field(default_factory=dict)
    """Of the soft tissue of a segment, over normal; 1 where not named."""
    variation: Mapping[LimbSegment, float] = field(default_factory=dict)
    """Coefficient of variation of the uptake within a segment; 0 where not named."""
    grain_mm: float = 12.0
    """Standard deviation of the bell that the variation is smoothed with."""
    injection: LimbSegment | None = None
    """Segment in whose middle some of the dose was left."""
    spill: bool = False
    """Urine on the inner side of the left thigh."""
    dose_mbq: float = NOMINAL_MBQ
    """As written."""
    hours: float = NOMINAL_HOURS
    """From injection to scan."""
    states_dose: bool = True
    """Whether the image says dose and hours."""
    pose: Pose | None = None
    """Drawn from the seeds where not given."""


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Where the parts of a figure are seen from the front; each of shape (Y, X)."""

    segments: Mapping[LimbSegment, Mask]
    """Soft tissue and bone of each limb segment."""
    body: Mask
    bone: Mask
    """Of the limbs."""


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """Height below the crown of each row and place beside the midline of each column, in mm."""

    rows: Floats
    columns: Floats

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.rows), len(self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limb:
    """The left one of two limbs."""

    flesh: Column
    bones: tuple[Column, ...]
    segments: tuple[LimbPart, ...]
    joint_mm: float
    """Height, below the crown, about which it leans out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _PosedLimb:
    """One limb as it lies."""

    limb: _Limb
    side: LimbSide
    flesh: Column
    bones: tuple[Column, ...]


LEGS: Final = _Limb(
    flesh=figure.LEG,
    bones=figure.LEG_BONES,
    segments=("thigh", "knee", "lower leg", "foot"),
    joint_mm=850.0,
)
ARMS: Final = _Limb(flesh=figure.ARM, bones=figure.ARM_BONES, segments=("upper arm", "forearm", "hand"), joint_mm=300.0)
LIMBS: Final = (LEGS, ARMS)
SIDES: Final[tuple[LimbSide, LimbSide]] = ("L", "R")


@dataclass(frozen=True, slots=True, eq=False)
class Scanned:
    """A scan and the truth behind it."""

    image: Image
    expected: Floats
    """Counts that the image would have without chance, shape (views, Y, X)."""
    spec: WholeBody
    truth: Truth


def whole_body(spec: WholeBody) -> Scanned:
    """Draw a figure, blur it as a camera does, and let chance count."""
    expected, truth = expected_counts(spec)
    return Scanned(scan(spec, expected), expected, spec, truth)


def scan(spec: WholeBody, expected: Floats) -> Image:
    """Counts drawn by chance around those expected, as an image."""
    counts = np.random.default_rng([13, spec.person, spec.seed]).poisson(expected).astype(np.float32)
    emission = Emission(
        views=spec.views,
        whole_body=True,
        half_life_h=TECHNETIUM_99M_HALF_LIFE_H,
        frame_s=(SCAN_S,) * len(spec.views),
        counts_stated=int(counts.sum(dtype=np.float64)),
        scanned_h=float(spec.seed),
    )
    if spec.states_dose:
        emission = replace(emission, dose_mbq=spec.dose_mbq, hours_after_injection=spec.hours)
    return Image(
        counts,
        (1.0, PIXEL_MM, PIXEL_MM),
        "{counts}",
        modality="NM",
        spacing_basis="corrected",
        anatomy="whole body",
        view=" + ".join(spec.views),
        source="phantom",
        linear=True,
        emission=emission,
    )


def expected_counts(spec: WholeBody) -> tuple[Floats, Truth]:
    """Expected counts, shape (views, Y, X), and where the parts are seen from the front."""
    pose = spec.pose or random_pose(spec.seed, spec.person)
    seen, truth = _draw_figure(spec, pose)
    planes = []
    for view in spec.views:
        plane = seen.get(view, seen["anterior"])
        if view == "posterior":
            plane = plane[:, ::-1]
        planes.append(_blur(plane) * _count_per_tracer(spec))
    return np.stack(planes), truth


def _count_per_tracer(spec: WholeBody) -> float:
    """Counts for each unit of tracer seen: proportional to the dose and to its decay, 0.5 ** (hours / half-life)."""
    left = 0.5 ** ((spec.hours - NOMINAL_HOURS) / TECHNETIUM_99M_HALF_LIFE_H)
    return float(spec.counts / _sum_nominal_tracer() * spec.activity * spec.dose_mbq / NOMINAL_MBQ * left)


@cache
def _sum_nominal_tracer() -> float:
    """Tracer that a view of the default pose sees."""
    pose = Pose()
    seen, _ = _draw_figure(WholeBody(pose=pose), pose)
    return float(_blur(seen["anterior"]).sum())


def _make_grid(pose: Pose) -> _Grid:
    rows = ((np.arange(SHAPE[0]) + 0.5) * PIXEL_MM - CROWN_MM) / pose.height
    columns = (np.arange(SHAPE[1]) + 0.5 - SHAPE[1] / 2) * PIXEL_MM - pose.shift_mm
    return _Grid(rows.astype(np.float64), columns.astype(np.float64))


def _pose_limbs(pose: Pose) -> list[_PosedLimb]:
    """Legs and arms, left before right."""
    posed = []
    for limb in LIMBS:
        lean, size = pose.arms_apart, pose.arm_size
        if limb is LEGS:
            lean, size = pose.legs_apart, pose.leg_size
        for number, side in enumerate(SIDES):
            flesh = limb.flesh.move(lean=lean[number], about=limb.joint_mm, wider=size[number])
            bones = [bone.move(lean=lean[number], about=limb.joint_mm) for bone in limb.bones]
            if side == "R":
                flesh, bones = flesh.mirror(), [bone.mirror() for bone in bones]
            posed.append(_PosedLimb(limb=limb, side=side, flesh=flesh, bones=tuple(bones)))
    return posed


def _draw_figure(spec: WholeBody, pose: Pose) -> tuple[dict[str, Floats], Truth]:
    """Tracer seen from the front and from behind, attenuated, not yet blurred; and the truth."""
    grid = _make_grid(pose)
    seen = {view: np.zeros(grid.shape) for view in ("anterior", "posterior")}
    body, bone = np.zeros(grid.shape, bool), np.zeros(grid.shape, bool)
    leg_mm = np.zeros(grid.shape)
    segments: dict[LimbSegment, Mask] = {}
    for posed in _pose_limbs(pose):
        thick = posed.flesh.across(grid.rows, grid.columns)
        own_segments = _mark_segments(posed, thick, grid)
        segments |= own_segments
        _add_soft_tissue(seen, thick, _draw_uptake(spec, own_segments, grid))
        if posed.limb is LEGS:
            leg_mm += thick
        for column in posed.bones:
            bone |= _add_bone(seen, column, thick, grid) > 0
        body |= thick > 0
    for flesh, bones in _list_trunk_and_head():
        thick = flesh.across(grid.rows, grid.columns)
        _add_soft_tissue(seen, np.maximum(thick - leg_mm, 0.0), np.ones(grid.shape))  # the hip is not there twice
        for column in bones:
            _add_bone(seen, column, thick, grid)
        body |= thick > 0
    _add_spots(seen, spec, segments, grid)
    return seen, Truth(segments, body, bone)


def _mark_segments(posed: _PosedLimb, thick: Floats, grid: _Grid) -> dict[LimbSegment, Mask]:
    """Pixels of each segment of a limb."""
    segments: dict[LimbSegment, Mask] = {}
    for name in posed.limb.segments:
        low, high = LEVELS_MM[name]
        at_height = (grid.rows >= low) & (grid.rows < high)
        segments[name, posed.side] = (thick > 0) & at_height[:, None]
    return segments


def _draw_uptake(spec: WholeBody, segments: Mapping[LimbSegment, Mask], grid: _Grid) -> Floats:
    """Tracer a volume of the soft tissue of a limb, over normal."""
    uptake = np.ones(grid.shape)
    for segment, there in segments.items():
        uptake[there] *= spec.uptake.get(segment, 1.0)
        _vary(uptake, there, spec, segment)
    return uptake


def _list_trunk_and_head() -> list[tuple[Column, tuple[Column, ...]]]:
    """Flesh and bones of the trunk and of the head; kidneys and bladder count as bones."""
    paired: list[Column] = []
    for column in (*figure.PAIRED_TRUNK_BONES, figure.KIDNEY):
        paired += [column, column.mirror()]
    return [(figure.TRUNK, (*figure.TRUNK_BONES, figure.BLADDER, *paired)), (figure.HEAD, (figure.SKULL,))]


def _add_soft_tissue(seen: dict[str, Floats], thick: Floats, amount: Floats) -> None:
    """Add soft tissue, in place.

    The beam is attenuated within it: of a thickness d the integral (1 - exp(-mu d)) / mu is seen.
    """
    reached = (1 - np.exp(-WATER_ATTENUATION_140_KEV_PER_MM * thick)) / WATER_ATTENUATION_140_KEV_PER_MM
    for plane in seen.values():
        plane += amount * reached


def _add_bone(seen: dict[str, Floats], bone: Column, thick: Floats, grid: _Grid) -> Floats:
    """Add, in place, what a bone in the depth of its part has above soft tissue; returns its thickness."""
    across = bone.across(grid.rows, grid.columns)
    there = slice(*np.searchsorted(grid.rows, (bone.y[0], bone.y[-1])))
    above_soft = (bone.amount - 1) * across[there]
    for view, sign in (("anterior", 1), ("posterior", -1)):
        before = np.maximum(thick[there] / 2 + sign * bone.behind, 0.0)
        seen[view][there] += above_soft * np.exp(-WATER_ATTENUATION_140_KEV_PER_MM * before)
    return across


def _add_spots(seen: dict[str, Floats], spec: WholeBody, segments: Mapping[LimbSegment, Mask], grid: _Grid) -> None:
    """Add, in place, what is no tissue: tracer at the injection site, urine on the skin."""
    if spec.injection is not None:
        middle = np.argwhere(segments[spec.injection]).mean(axis=0)
        _add_bell(seen, middle, INJECTION_SD_MM, INJECTION_AMOUNT)
    if spec.spill:
        middle = np.array([np.searchsorted(grid.rows, 930.0), np.searchsorted(grid.columns, 40.0)], float)
        _add_bell(seen, middle, SPILL_SD_MM, SPILL_AMOUNT)


def _add_bell(seen: dict[str, Floats], middle: Floats, sd_mm: float, amount: float) -> None:
    down = (np.arange(SHAPE[0]) - middle[0]) * PIXEL_MM
    right = (np.arange(SHAPE[1]) - middle[1]) * PIXEL_MM
    bell = np.exp(-0.5 * (down[:, None] ** 2 + right[None, :] ** 2) / sd_mm**2)
    for plane in seen.values():
        plane += amount * bell / (2 * np.pi * sd_mm**2)


def _vary(amount: Floats, there: Mask, spec: WholeBody, segment: LimbSegment) -> None:
    """Vary the uptake within a segment, in place, by a smooth random field of mean 1.

    It is log-normal: exp(s g - s^2 / 2) of a normal field g has the mean 1 and, for s^2 = ln(1 + cv^2), the coefficient
    of variation cv.
    """
    cv = spec.variation.get(segment, 0.0)
    if cv <= 0:
        return
    number = sorted(LEVELS_MM).index(segment[0]) * 2 + (segment[1] == "L")
    noise = np.random.default_rng([14, spec.person, spec.seed, number]).standard_normal(there.shape)
    smooth = ndimage.gaussian_filter(noise, spec.grain_mm / PIXEL_MM)
    smooth = (smooth - smooth[there].mean()) / smooth[there].std()
    log_sd = np.sqrt(np.log1p(cv**2))
    amount[there] *= np.exp(log_sd * smooth - log_sd**2 / 2)[there]


def _blur(plane: Floats) -> Floats:
    """Blur as the camera does, and add what air holds."""
    pixels = ndimage.gaussian_filter(plane, BLUR_FWHM_MM / FWHM_PER_SIGMA / PIXEL_MM)
    limb = np.median(pixels[pixels > 0.2 * np.percentile(pixels, 95)])
    return np.asarray(pixels + AIR_SHARE * limb)


def follow_up(
    spec: WholeBody, change: Mapping[LimbSegment, float], *, seed: int, repeat_sd: float, hours: float, dose_mbq: float
) -> WholeBody:
    """The same person scanned again: a true change of each segment, chance from scan to scan, another dose and time.

    `change` is a factor of the uptake; `repeat_sd` the relative standard deviation of a segment from scan to scan.
    """
    chance = np.random.default_rng([15, spec.person, seed])
    uptake = {}
    for name in LEVELS_MM:
        for side in SIDES:
            segment: LimbSegment = (name, side)
            factor = spec.uptake.get(segment, 1.0) * change.get(segment, 1.0)
            uptake[segment] = factor * float(np.exp(chance.normal(0.0, repeat_sd)))
    return replace(spec, seed=seed, uptake=uptake, hours=hours, dose_mbq=dose_mbq, pose=None)
