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
from calcinet.phantoms.scintigram.figure import LEVELS_MM, Column, Place, Pose, random_pose

BLUR_FWHM_MM: Final = 10.0
"""Full width at half maximum of camera and collimator at the distance of a limb. Our choice: high resolution."""

AIR_SHARE: Final = 0.01
"""Counts of a pixel of air over those of a limb. Our choice: the real scan that we have shows that much."""

NOMINAL_MBQ: Final = 740.0
NOMINAL_HOURS: Final = 3.0
"""Dose and time of an ordinary scan. Our choice."""


SHAPE: Final = (1024, 256)
PIXEL_MM: Final = 2.26
CROWN_MM: Final = 200.0
"""Of the picture's rows above the head."""


@dataclass(frozen=True, slots=True)
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
    uptake: Mapping[Place, float] = field(default_factory=dict)
    """Of the soft tissue of a segment, over normal; 1 where not named."""
    variation: Mapping[Place, float] = field(default_factory=dict)
    """Coefficient of variation of the uptake within a segment; 0 where not named."""
    grain_mm: float = 12.0
    """Standard deviation of the bell that the variation is smoothed with."""
    injection: Place | None = None
    """Segment in whose middle some of the dose was left."""
    spill: bool = False
    """Urine on the inner side of the left thigh."""
    dose_mbq: float = NOMINAL_MBQ
    """As written."""
    hours: float = NOMINAL_HOURS
    """From injection to scan."""
    told: bool = True
    """Whether the image says dose and hours."""
    pose: Pose | None = None
    """Drawn from the seeds where not given."""


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Where the parts of a figure lie seen from the front; each of shape (Y, X)."""

    segments: Mapping[Place, Mask]
    """Soft tissue and bone of each limb segment."""
    body: Mask
    bone: Mask
    """Of the limbs."""


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
    return Scanned(scanned(spec, expected), expected, spec, truth)


def scanned(spec: WholeBody, expected: Floats) -> Image:
    """Counts drawn by chance around those expected, as an image."""
    counts = np.random.default_rng([13, spec.person, spec.seed]).poisson(expected).astype(np.float32)
    emission = Emission(
        views=spec.views,
        whole_body=True,
        dose_mbq=spec.dose_mbq if spec.told else None,
        hours_after_injection=spec.hours if spec.told else None,
        half_life_h=TECHNETIUM_99M_HALF_LIFE_H,
        frame_s=(1200.0,) * len(spec.views),
        counts_stated=int(counts.sum(dtype=np.float64)),
        scanned_h=float(spec.seed),
    )
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
    """Expected counts, shape (views, Y, X), and where the parts lie seen from the front."""
    pose = spec.pose or random_pose(spec.seed, spec.person)
    rows, columns = _grid(pose)
    front, truth = _drawn(spec, pose, rows, columns)
    planes = []
    for view in spec.views:
        plane = front[view] if view in front else front["anterior"]
        planes.append(_blurred(plane[:, ::-1] if view == "posterior" else plane) * _sensitivity(spec))
    return np.stack(planes), truth


def _sensitivity(spec: WholeBody) -> float:
    """Counts for each unit of tracer seen."""
    left = 0.5 ** ((spec.hours - NOMINAL_HOURS) / TECHNETIUM_99M_HALF_LIFE_H)
    return float(spec.counts / _nominal() * spec.activity * spec.dose_mbq / NOMINAL_MBQ * left)


@cache
def _nominal() -> float:
    """Tracer that a view of the default pose sees."""
    pose = Pose()
    plane = _drawn(WholeBody(pose=pose), pose, *_grid(pose))[0]["anterior"]
    return float(_blurred(plane).sum())


def _grid(pose: Pose) -> tuple[Floats, Floats]:
    """Height below the crown and place beside the midline of each drawn row and column, in mm."""
    rows = ((np.arange(SHAPE[0]) + 0.5) * PIXEL_MM - CROWN_MM) / pose.height
    columns = (np.arange(SHAPE[1]) + 0.5 - SHAPE[1] / 2) * PIXEL_MM - pose.shift_mm
    return rows.astype(np.float64), columns.astype(np.float64)


def _limbs(pose: Pose) -> list[tuple[str, str, Column, tuple[Column, ...]]]:
    """Each limb: which, its side, its flesh and its bones."""
    placed = []
    for which, flesh, bones, about, lean, size in (
        ("leg", figure.LEG, figure.LEG_BONES, 850.0, pose.legs_apart, pose.leg_size),
        ("arm", figure.ARM, figure.ARM_BONES, 300.0, pose.arms_apart, pose.arm_size),
    ):
        for number, side in enumerate(("L", "R")):
            parts = [flesh.moved(lean=lean[number], about=about, wider=size[number])]
            parts += [bone.moved(lean=lean[number], about=about) for bone in bones]
            parts = parts if side == "L" else [part.mirrored() for part in parts]
            placed.append((which, side, parts[0], tuple(parts[1:])))
    return placed


def _drawn(spec: WholeBody, pose: Pose, rows: Floats, columns: Floats) -> tuple[dict[str, Floats], Truth]:
    """Tracer seen from the front and from behind, attenuated, not yet blurred; and the truth."""
    size = len(rows), len(columns)
    seen = {view: np.zeros(size) for view in ("anterior", "posterior")}
    body, bone = np.zeros(size, bool), np.zeros(size, bool)
    limbs = np.zeros(size)
    segments: dict[Place, Mask] = {}
    for which, side, flesh, bones in _limbs(pose):
        thick = flesh.across(rows, columns)
        amount = np.ones(size)
        for part in ("thigh", "knee", "lower leg", "foot") if which == "leg" else ("upper arm", "forearm", "hand"):
            place: Place = (part, side)  # type: ignore[assignment]
            there = (thick > 0) & _between(rows, LEVELS_MM[place[0]])[:, None]
            amount[there] *= spec.uptake.get(place, 1.0)
            _vary(amount, there, spec, place)
            segments[place] = there
        _see(seen, thick, amount)
        limbs += thick if which == "leg" else 0.0
        for one in bones:
            bone |= _see_bone(seen, one, thick, rows, columns) > 0
        body |= thick > 0
    for flesh, bones in _middle():
        thick = flesh.across(rows, columns)
        _see(seen, np.maximum(thick - limbs, 0.0), np.ones(size))  # the hip is not there twice
        for one in bones:
            _see_bone(seen, one, thick, rows, columns)
        body |= thick > 0
    _spots(seen, spec, segments, rows, columns)
    return seen, Truth(segments, body, bone)


def _middle() -> list[tuple[Column, tuple[Column, ...]]]:
    paired = [one for bone in (*figure.PAIRED_TRUNK_BONES, figure.KIDNEY) for one in (bone, bone.mirrored())]
    return [(figure.TRUNK, (*figure.TRUNK_BONES, figure.BLADDER, *paired)), (figure.HEAD, (figure.SKULL,))]


def _see(seen: dict[str, Floats], thick: Floats, amount: Floats) -> None:
    """Add soft tissue: the beam is attenuated within it."""
    reached = (1 - np.exp(-WATER_ATTENUATION_140_KEV_PER_MM * thick)) / WATER_ATTENUATION_140_KEV_PER_MM
    for plane in seen.values():
        plane += amount * reached


def _see_bone(seen: dict[str, Floats], bone: Column, thick: Floats, rows: Floats, columns: Floats) -> Floats:
    """Add a bone in the depth of its part: what it has above soft tissue; returns its thickness."""
    across = bone.across(rows, columns)
    there = slice(*np.searchsorted(rows, (bone.y[0], bone.y[-1])))
    for view, plane in seen.items():
        before = np.maximum(thick[there] / 2 + (bone.behind if view == "anterior" else -bone.behind), 0.0)
        plane[there] += (bone.amount - 1) * across[there] * np.exp(-WATER_ATTENUATION_140_KEV_PER_MM * before)
    return across


def _spots(
    seen: dict[str, Floats], spec: WholeBody, segments: Mapping[Place, Mask], rows: Floats, columns: Floats
) -> None:
    """Add what is no tissue: tracer at the injection site, urine on the skin."""
    spots = []
    if spec.injection is not None:
        at = np.argwhere(segments[spec.injection]).mean(axis=0)
        spots.append((at, 8.0, 6e5))
    if spec.spill:
        at = np.array([np.searchsorted(rows, 930.0), np.searchsorted(columns, 40.0)], float)
        spots.append((at, 7.0, 2e5))
    for (row, column), sigma_mm, amount in spots:
        down, right = (np.arange(len(rows)) - row) * PIXEL_MM, (np.arange(len(columns)) - column) * PIXEL_MM
        bell = np.exp(-0.5 * (down[:, None] ** 2 + right[None, :] ** 2) / sigma_mm**2)
        for plane in seen.values():
            plane += amount * bell / (2 * np.pi * sigma_mm**2)


def _vary(amount: Floats, there: Mask, spec: WholeBody, place: Place) -> None:
    """Vary the uptake within a segment by a smooth random field of mean 1."""
    cv = spec.variation.get(place, 0.0)
    if cv <= 0:
        return
    number = sorted(LEVELS_MM).index(place[0]) * 2 + (place[1] == "L")
    noise = np.random.default_rng([14, spec.person, spec.seed, number]).standard_normal(there.shape)
    smooth = ndimage.gaussian_filter(noise, spec.grain_mm / PIXEL_MM)
    smooth = (smooth - smooth[there].mean()) / smooth[there].std()
    log_sd = np.sqrt(np.log1p(cv**2))
    amount[there] *= np.exp(log_sd * smooth - log_sd**2 / 2)[there]


def _between(rows: Floats, levels: tuple[float, float]) -> Mask:
    return np.asarray((rows >= levels[0]) & (rows < levels[1]))


def _blurred(plane: Floats) -> Floats:
    """Blur as the camera does, and add what air holds."""
    pixels = ndimage.gaussian_filter(plane, BLUR_FWHM_MM / FWHM_PER_SIGMA / PIXEL_MM)
    return np.asarray(pixels + AIR_SHARE * np.median(pixels[pixels > 0.2 * np.percentile(pixels, 95)]))


def follow_up(
    spec: WholeBody, change: Mapping[Place, float], *, seed: int, repeat_sd: float, hours: float, dose_mbq: float
) -> WholeBody:
    """The same person scanned again: a true change of each segment, chance from scan to scan, another dose and time.

    `change` is a factor of the uptake; `repeat_sd` the relative standard deviation of a segment from scan to scan.
    """
    chance = np.random.default_rng([15, spec.person, seed])
    uptake = {}
    for part in LEVELS_MM:
        for side in ("L", "R"):
            place: Place = (part, side)
            factor = spec.uptake.get(place, 1.0) * change.get(place, 1.0)
            uptake[place] = factor * float(np.exp(chance.normal(0.0, repeat_sd)))
    return replace(spec, seed=seed, uptake=uptake, hours=hours, dose_mbq=dose_mbq, pose=None)
