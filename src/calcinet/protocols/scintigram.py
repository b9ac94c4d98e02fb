"""One planar bone scan -> what stands in the record, and its picture."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calcinet.errors import NotMeasurable
from calcinet.findings.scintigram.finder import LEAST_SOFT, TOGETHER, Scintigram, Segment, ViewMap, find_scintigram
from calcinet.findings.scintigram.places import PLACES, Part, Place, Side
from calcinet.image import Image
from calcinet.measure.calibre import CalibreClasses
from calcinet.measure.counting import UNTOUCHED, Counting, counting_noise
from calcinet.measure.heterogeneity import BLUR_FWHM_MM, FWHM_IN_SIGMAS, Heterogeneity, Tissue, heterogeneity
from calcinet.measure.uptake import (
    PART_SD,
    SIDE_SD,
    Counted,
    Density,
    density,
    detectable_rise,
    reference,
    uptake_ratio,
)
from calcinet.protocols.examined import ExaminedImage
from calcinet.protocols.scintigram_marks import left_out, marks, outlines_of_body, outlines_of_segment
from calcinet.protocols.scintigram_words import OTHER_CAUSES, could_show, noise_cautions
from calcinet.protocols.sheet import Sheet
from calcinet.record import ImageRecord, Meaning, NotMeasured, ScintigramRecord, UptakeSegment
from calcinet.text import say

SOFT_PARTS: Final[tuple[Part, ...]] = ("upper arm", "forearm", "thigh", "lower leg")
"""Parts whose soft tissue is seen beside the bone."""

BONE_PARTS: Final[tuple[Part, ...]] = ("thigh", "lower leg")
"""Parts whose bone two scans may be normalised by."""

HETEROGENEOUS_FROM: Final = 0.10
"""Variation whose lower limit lies above this is called heterogeneous. Our choice: muscle, fat and folds of healthy
limbs vary too; the real scan that we have stays below."""

TEST_LEVEL: Final = 0.05
"""Probability by counting alone below which variation counts, all tested segments together (Bonferroni)."""

ENDS: Final = 0.06
"""Share of a segment left out at either end when variation is tested. Our choice: bone of joints spills there."""

CUT: Final = say("cut off by the edge of the field")
NO_SOFT: Final = say("no soft tissue is seen beside the bone")
NO_LINES: Final = say("a bone scan shows uptake, not lines")
SPOT_VIEW: Final = say("not a view of the whole body: limbs are not told apart, nothing was measured")
OTHER_MISSING: Final = say("the other side was not measured")


def slug(part: str, side: str = "") -> str:
    """Name of a segment in the names of measures.

    >>> slug("lower leg", "L")
    'lower_leg_L'
    """
    return part.replace(" ", "_") + (f"_{side}" if side else "")


def _meanings() -> dict[str, Meaning]:
    """Label and unit of every measure of a bone scan."""
    sides = {"L": say("left"), "R": say("right")}
    told = {
        "uptake.counts": Meaning(label=say("Counts of all views"), unit="{counts}"),
        "uptake.change.overall": Meaning(label=say("Soft-tissue uptake over the earlier scan, all segments"), unit="1"),
    }
    labels = {
        "reference": say("Soft-tissue uptake over reference tissue: {part}, {side}", part="", side="").message,
        "bone": say("Soft-tissue uptake over bone: {part}, {side}", part="", side="").message,
        "variation": say("Variation of soft-tissue uptake beyond counting: {part}, {side}", part="", side="").message,
        "change": say("Soft-tissue uptake over the earlier scan: {part}, {side}", part="", side="").message,
    }
    for part in dict.fromkeys(part for part, _ in PLACES):
        label = say("Uptake, left over right: {part}", part=say(part))
        told[f"uptake.left_over_right.{slug(part)}"] = Meaning(label=label, unit="1")
    for part, side in PLACES:
        for what, message in labels.items():
            if part in SOFT_PARTS:
                label = say(message, part=say(part), side=sides[side])
                told[f"uptake.{what}.{slug(part, side)}"] = Meaning(label=label, unit="1")
    return told


MEANINGS: Final = _meanings()


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredScan:
    """A divided scan and the densities of its segments."""

    image: Image
    found: Scintigram
    noise: Mapping[int, Counting]
    """By number of the view."""
    soft: Mapping[Place, Density]
    missing: Mapping[Place, str]


def examine_scintigram(image: Image, image_id: str, classes: CalibreClasses) -> tuple[ImageRecord, ExaminedImage]:
    """Divide and measure one bone scan; `classes` are of vessels, which a bone scan does not show."""
    del classes
    nothing = np.zeros(image.picture.shape, dtype=np.uint8)
    shown = ExaminedImage(image.picture, nothing, scanned_h=image.emission.scanned_h)
    sheet = Sheet()
    sheet.put("uptake.counts", float(image.pixels.sum(dtype=np.float64)))
    try:
        scan = measured_scan(image)
    except NotMeasurable as refusal:
        return _undivided(image, image_id, sheet, str(refusal)), shown
    segments = [_segment(scan, place) for place in PLACES]
    segments = _with_signs(segments)
    _measures(sheet, segments)
    findings = marks(image, segments, scan.found)
    part = _part(scan, segments)
    record = _header(image, image_id).model_copy(
        update={
            "statements": could_show(part, _detectable(scan)),
            "cautions": tuple(
                dict.fromkeys((*image.cautions, *scan.found.cautions, *noise_cautions(scan.noise.values())))
            ),
            "findings": findings,
            "measures": sheet.measures,
            "intervals95": sheet.intervals,
            "not_measured": _not_measured(sheet),
            "scintigram": part,
        }
    )
    return ImageRecord.model_validate(record.model_dump()), shown


def measured_scan(image: Image) -> MeasuredScan:
    """Divide a scan and measure the uptake of every segment.

    Raises
    ------
    NotMeasurable
        If no view shows a whole body.
    """
    found = find_scintigram(image)
    noise = {number: _noise(view) for number, view in enumerate(found.views)}
    soft: dict[Place, Density] = {}
    missing: dict[Place, str] = {}
    for place in PLACES:
        try:
            soft[place] = _density(found, noise, place)
        except NotMeasurable as refusal:
            missing[place] = str(refusal)
    return MeasuredScan(image, found, noise, soft, missing)


def _noise(view: ViewMap) -> Counting:
    """Noise of a view, judged in all soft tissue of it; taken for untouched where there is too little."""
    inside = np.zeros(view.counts.shape, dtype=bool)
    for (part, _), segment in view.segments.items():
        inside |= segment.soft if part in SOFT_PARTS else False
    try:
        return counting_noise(view.counts, inside)
    except NotMeasurable:
        return UNTOUCHED


def _density(found: Scintigram, noise: Mapping[int, Counting], place: Place) -> Density:
    views = [(number, view.segments[place]) for number, view in enumerate(found.views)]
    if any(segment.cut for _, segment in views):
        raise NotMeasurable(CUT)
    if any(segment.soft.sum() < _least_soft(segment) for _, segment in views):
        raise NotMeasurable(NO_SOFT)
    return density([_counted(found.views[n], segment, segment.soft, noise[n]) for n, segment in views])


def _least_soft(segment: Segment) -> float:
    return LEAST_SOFT * float(segment.whole.sum())


def _counted(view: ViewMap, segment: Segment, inside: NDArray[np.bool_], noise: Counting) -> Counted:
    return Counted(
        counts=float(view.counts[inside].sum()),
        air=view.contour.air * float(inside.sum()),
        path_mm=float(segment.path_mm[inside].sum()),
        scale=noise.scale,
    )


def _segment(scan: MeasuredScan, place: Place) -> UptakeSegment:
    """Everything about one segment but its signs."""
    part, side = place
    base = UptakeSegment(
        part=part,
        side=side,
        together=part in TOGETHER,
        because=scan.missing.get(place, ""),
        outlines=outlines_of_segment(scan.found, place, scan.image),
    )
    if place in scan.missing:
        return base
    own = scan.soft[place]
    counts = sum(float(view.counts[view.segments[place].soft].sum()) for view in scan.found.views)
    told: dict[str, object] = {"counts": counts, "density": own.value, "density_sd": float(np.sqrt(own.variance))}
    other = scan.soft.get((part, "R" if side == "L" else "L"))
    if other is not None:
        ratio = uptake_ratio(own, other, natural_sd=SIDE_SD)
        told |= {"other_side": ratio.value, "other_side_interval": ratio.value_interval}
    if part in SOFT_PARTS:
        told |= _beside_reference(scan, own) | _beside_bone(scan, place) | _variation(scan, place)
    return base.model_copy(update=told)


def _beside_reference(scan: MeasuredScan, own: Density) -> dict[str, object]:
    try:
        middle = reference([scan.soft[place] for place in PLACES if place[0] in SOFT_PARTS and place in scan.soft])
    except NotMeasurable:
        return {}
    ratio = uptake_ratio(own, middle, natural_sd=PART_SD)
    return {"reference": ratio.value, "reference_interval": ratio.value_interval}


def _beside_bone(scan: MeasuredScan, place: Place) -> dict[str, object]:
    """Counts a pixel of soft tissue over those of the segment's own bone."""
    soft = _flat(scan, [place], lambda segment: segment.soft)
    bone = _flat(scan, [place], lambda segment: segment.bone)
    if soft is None or bone is None:
        return {}
    ratio = uptake_ratio(soft, bone)
    return {"bone": ratio.value, "bone_interval": ratio.value_interval}


def _flat(
    scan: MeasuredScan, places: Sequence[Place], inside: Callable[[Segment], NDArray[np.bool_]]
) -> Density | None:
    """Counts a pixel of some segments together; None where there are too few."""
    counted = []
    for number, view in enumerate(scan.found.views):
        chosen = [view.segments[place] for place in places if not view.segments[place].cut]
        pixels = [inside(segment) for segment in chosen]
        area = sum(int(mask.sum()) for mask in pixels)
        counts = sum(float(view.counts[mask].sum()) for mask in pixels)
        counted.append(Counted(counts, view.contour.air * area, float(area), scan.noise[number].scale))
    try:
        return density(counted)
    except NotMeasurable:
        return None


def _bone_alone(scan: MeasuredScan) -> Density | None:
    """Counts a pixel of the bones of thighs and lower legs, less those of the soft tissue before and behind them."""
    counted = []
    for number, view in enumerate(scan.found.views):
        counts, other, area = 0.0, 0.0, 0
        for place in ((part, side) for part in BONE_PARTS for side in _SIDES):
            segment = view.segments[place]
            if place not in scan.soft or not segment.bone.any():
                continue
            own = _counted(view, segment, segment.soft, scan.noise[number])
            pixels = int(segment.bone.sum())
            counts += float(view.counts[segment.bone].sum())
            other += view.contour.air * pixels + own.density * float(segment.path_mm[segment.bone].sum())
            area += pixels
        counted.append(Counted(counts, other, float(area), scan.noise[number].scale))
    try:
        return density(counted)
    except NotMeasurable:
        return None


def _variation(scan: MeasuredScan, place: Place) -> dict[str, object]:
    """The view of the most counts tells of variation: two views are not independent of the same body."""
    tested: list[tuple[float, Heterogeneity]] = []
    for number, view in enumerate(scan.found.views):
        try:
            tissue = tissue_of(view, view.segments[place], scan.image.require_pixel_mm())
            tested.append((float(tissue.counts.sum()), heterogeneity(tissue, scan.noise[number])))
        except NotMeasurable:
            continue
    if not tested:
        return {}
    best = max(tested, key=lambda one: one[0])[1]
    return {
        "variation": best.variation,
        "variation_interval": best.variation_interval,
        "variation_p": best.p_value,
        "focus_ratio": best.focus_ratio,
        "focus_p": best.focus_p_value,
    }


def tissue_of(view: ViewMap, segment: Segment, pixel_mm: tuple[float, float]) -> Tissue:
    """The soft tissue of a segment as its variation is tested: without its ends."""
    middle = (segment.along > ENDS) & (segment.along < 1 - ENDS)
    rows, columns = np.nonzero(segment.soft & middle[:, None])
    sigma = [BLUR_FWHM_MM / FWHM_IN_SIGMAS / mm for mm in pixel_mm]
    spill = ndimage.gaussian_filter(segment.bone.astype(np.float64), sigma)
    return Tissue(
        rows,
        columns,
        view.counts[rows, columns],
        segment.path_mm[rows, columns],
        segment.along[rows],
        segment.across[rows, columns],
        spill[rows, columns],
        pixel_mm,
        view.contour.air,
    )


def _with_signs(segments: list[UptakeSegment]) -> list[UptakeSegment]:
    """Add what is increased and what is heterogeneous, all tests considered."""
    tested = sum(segment.variation_p is not None for segment in segments)
    signed = []
    for segment in segments:
        signs = []
        if segment.part in SOFT_PARTS and _increased(segment):
            signs.append("increased")
        low = segment.variation_interval[0] if segment.variation_interval else 0.0
        significant = segment.variation_p is not None and segment.variation_p < TEST_LEVEL / max(tested, 1)
        if significant and low > HETEROGENEOUS_FROM:
            signs.append("heterogeneous")
        signed.append(segment.model_copy(update={"signs": tuple(signs)}))
    return signed


def _increased(segment: UptakeSegment) -> bool:
    """Beyond the other side, or beyond reference tissue: what differs in health, and counting, considered."""
    intervals = (segment.other_side_interval, segment.reference_interval)
    return any(interval is not None and interval[0] > 1 for interval in intervals)


def _measures(sheet: Sheet, segments: list[UptakeSegment]) -> None:
    by_place = {(segment.part, segment.side): segment for segment in segments}
    for part in dict.fromkeys(segment.part for segment in segments):
        left, right = by_place[(part, "L")], by_place[(part, "R")]
        name = f"uptake.left_over_right.{slug(part)}"
        if left.other_side is None:
            sheet.refuse([name], left.because or right.because or OTHER_MISSING)
        else:
            sheet.put(name, left.other_side, left.other_side_interval)
    for segment in segments:
        if segment.part not in SOFT_PARTS:
            continue
        for what in ("reference", "bone", "variation"):
            name, value = f"uptake.{what}.{slug(segment.part, segment.side)}", getattr(segment, what)
            if value is None:
                sheet.refuse([name], segment.because or say("too little soft tissue, or too few counts in it"))
            else:
                sheet.put(name, value, getattr(segment, f"{what}_interval"))


def _detectable(scan: MeasuredScan) -> float | None:
    """Smallest rise of a lower leg over the other that would be found; of a thigh where no lower leg was measured."""
    for part in ("lower leg", "thigh", "upper arm", "forearm"):
        pair = [scan.soft[(part, side)] for side in _SIDES if (part, side) in scan.soft]
        if len(pair) == 2:
            return detectable_rise(pair[0].variance + pair[1].variance, SIDE_SD)
    return None


_SIDES: Final[tuple[Side, Side]] = ("L", "R")


def _part(scan: MeasuredScan, segments: list[UptakeSegment]) -> ScintigramRecord:
    emission = scan.image.emission
    bone = _bone_alone(scan)
    noise = list(scan.noise.values())
    return ScintigramRecord(
        views=tuple(view.view for view in scan.found.views),
        whole_body=emission.whole_body,
        counts=float(scan.image.pixels.sum(dtype=np.float64)),
        counts_stated=emission.counts_stated,
        dose_mbq=emission.dose_mbq,
        hours_after_injection=emission.hours_after_injection,
        half_life_h=emission.half_life_h,
        decay_corrected=emission.decay_corrected,
        seconds=emission.frame_s,
        counts_scale=float(np.mean([one.scale for one in noise])),
        filter_px=float(np.mean([one.filter_px for one in noise])),
        bone_density=None if bone is None else bone.value,
        bone_sd=None if bone is None else float(np.sqrt(bone.variance)),
        grade=_grade(segments),
        segments=tuple(segments),
        body=outlines_of_body(scan.found, scan.image),
        left_out=left_out(scan.found, scan.image),
        other_causes=OTHER_CAUSES,
    )


def _grade(segments: list[UptakeSegment]) -> Literal[0, 1, 2] | None:
    if all(segment.density is None for segment in segments if segment.part in SOFT_PARTS):
        return None
    most = max((len(segment.signs) for segment in segments), default=0)
    return 2 if most >= 2 else 1 if most else 0


def _not_measured(sheet: Sheet) -> tuple[NotMeasured, ...]:
    missing = {"resolvable_mm": NO_LINES, **sheet.missing}
    return tuple(NotMeasured(measure=name, because=why) for name, why in missing.items())


def _undivided(image: Image, image_id: str, sheet: Sheet, because: str) -> ImageRecord:
    """A scan of which only the counts are known."""
    emission = image.emission
    why = because if emission.whole_body else SPOT_VIEW
    sheet.refuse([f"uptake.left_over_right.{slug(part)}" for part in dict.fromkeys(p for p, _ in PLACES)], why)
    part = ScintigramRecord(
        views=emission.views,
        whole_body=emission.whole_body,
        counts=sheet.measures["uptake.counts"] or 0.0,
        counts_stated=emission.counts_stated,
        dose_mbq=emission.dose_mbq,
        hours_after_injection=emission.hours_after_injection,
        half_life_h=emission.half_life_h,
        decay_corrected=emission.decay_corrected,
        seconds=emission.frame_s,
        other_causes=OTHER_CAUSES,
    )
    record = _header(image, image_id).model_copy(
        update={
            "statements": (say("What this scan could have shown is unknown: {why}.", why=why),),
            "cautions": image.cautions,
            "measures": sheet.measures,
            "not_measured": _not_measured(sheet),
            "scintigram": part,
        }
    )
    return ImageRecord.model_validate(record.model_dump())


def _header(image: Image, image_id: str) -> ImageRecord:
    return ImageRecord.model_construct(
        id=image_id,
        source=image.source,
        sha256=image.sha256,
        modality=image.modality,
        anatomy=image.anatomy,
        laterality=image.laterality,
        view=image.view,
        shape=image.picture.shape,
        spacing_mm=image.pixel_mm,
        spacing_basis=image.spacing_basis,
    )
