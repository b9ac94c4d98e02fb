"""One planar bone scan -> what stands in the record, and its picture."""

from typing import Final, Literal

import numpy as np

from calcinet.errors import NotMeasurable
from calcinet.examined import ExaminedImage
from calcinet.findings.scintigram.limb_segments import PLACES
from calcinet.image import Image
from calcinet.measure.calibre.calibre import CalibreClasses
from calcinet.measure.scintigram.uptake import PART_SD, apart, detectable_rise, sd_of
from calcinet.protocols.image_header import header_of
from calcinet.protocols.measurements import Measurements
from calcinet.protocols.scintigram.finding_records import left_out, marks, outlines_of_body
from calcinet.protocols.scintigram.scan import (
    SIDES_OF_BODY,
    SOFT_PARTS,
    MeasuredScan,
    bone_alone,
    measured_scan,
)
from calcinet.protocols.scintigram.segment_records import (
    halves,
    measured_segment,
    other_level,
    side_level,
    with_signs,
)
from calcinet.protocols.scintigram.sentences import OTHER_CAUSES, could_show, noise_cautions, uneven, unseen
from calcinet.record import ImageRecord, Meaning, NotMeasured, ScintigramRecord, UptakeSegment
from calcinet.text import say

NO_LINES: Final = say("a bone scan shows uptake, not lines")
SPOT_VIEW: Final = say("not a view of the whole body: limbs are not told apart, nothing was measured")
NO_VALUE: Final = {
    "reference": say("fewer than three parts of soft tissue to compare with"),
    "bone": say("too few counts of bone, or none found in this segment"),
    "variation": say("too little soft tissue, or too few counts in it"),
    "focus": say("too little soft tissue, or too few counts in it"),
}
"""Why a measured segment lacks one of its measures."""

FIELDS: Final = {"reference": "reference", "bone": "bone", "variation": "variation", "focus": "focus_ratio"}
"""Measures of a segment, and where its line of the record holds them."""

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
        "focus": say("Brightest place of soft tissue over its surroundings: {part}, {side}", part="", side="").message,
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


def examine_scintigram(image: Image, image_id: str, classes: CalibreClasses) -> tuple[ImageRecord, ExaminedImage]:
    """Divide and measure one bone scan; `classes` are of vessels, which a bone scan does not show."""
    del classes
    nothing = np.zeros(image.picture.shape, dtype=np.uint8)
    shown = ExaminedImage.of(image, nothing, picture=image.picture, scanned_h=image.emission.scanned_h)
    sheet = Measurements()
    sheet.put("uptake.counts", float(image.pixels.sum(dtype=np.float64)))
    try:
        scan = measured_scan(image)
    except NotMeasurable as refusal:
        return _undivided(image, image_id, sheet, str(refusal)), shown
    segments = [measured_segment(scan, place) for place in PLACES]
    segments = with_signs(segments)
    put_measures(sheet, segments)
    findings = marks(image, segments, scan.found)
    part = _part(scan, segments)
    record = header_of(image, image_id).model_copy(
        update={
            "statements": could_show(part, *_detectable(segments)),
            "cautions": _cautions(scan),
            "findings": findings,
            "measures": sheet.measures,
            "intervals95": sheet.intervals,
            "not_measured": _not_measured(sheet),
            "scintigram": part,
        }
    )
    return ImageRecord.model_validate(record.model_dump()), shown


def _cautions(scan: MeasuredScan) -> tuple[str, ...]:
    told = (
        *scan.image.cautions,
        *scan.found.cautions,
        *noise_cautions(scan.noise.values()),
        *unseen(_share_seen(scan)),
        *uneven(apart(*halves(scan))),
    )
    return tuple(dict.fromkeys(told))


def _share_seen(scan: MeasuredScan) -> float | None:
    """Area of the lower legs that was measured as soft tissue, of their whole; None where they were not."""
    legs = [
        view.segments[("lower leg", side)]
        for view in scan.found.views
        for side in SIDES_OF_BODY
        if ("lower leg", side) in scan.soft
    ]
    whole = sum(int(leg.whole.sum()) for leg in legs)
    return sum(int(leg.soft.sum()) for leg in legs) / whole if whole else None


def put_measures(sheet: Measurements, segments: list[UptakeSegment]) -> None:
    """Every number of every segment, or why it is missing."""
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
        for what, field in FIELDS.items():
            name, value = f"uptake.{what}.{slug(segment.part, segment.side)}", getattr(segment, field)
            if value is None:
                sheet.refuse([name], segment.because or NO_VALUE[what])
            else:
                sheet.put(name, value, getattr(segment, f"{field}_interval", None))


def _detectable(segments: list[UptakeSegment]) -> tuple[str, float | None, float | None]:
    """Part, and its smallest rise over the other side and on both sides that would be found; the lower leg first."""
    level = other_level(segments)
    for part in ("lower leg", "thigh", "upper arm", "forearm"):
        for one in segments:
            if one.part != part or one.other_side_interval is None:
                continue
            rise = detectable_rise(sd_of(one.other_side_interval), side_level(part, level))
            if one.reference_interval is None:
                return part, rise, None
            both = detectable_rise(sd_of(one.reference_interval), level)
            return part, rise, (1 + both) * float(np.exp(PART_SD / 2)) - 1  # reference tissue rises by so much
    return "", None, None


def _part(scan: MeasuredScan, segments: list[UptakeSegment]) -> ScintigramRecord:
    emission = scan.image.emission
    bone = bone_alone(scan)
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


def _not_measured(sheet: Measurements) -> tuple[NotMeasured, ...]:
    missing = {"resolvable_mm": NO_LINES, **sheet.missing}
    return tuple(NotMeasured(measure=name, because=why) for name, why in missing.items())


def _undivided(image: Image, image_id: str, sheet: Measurements, because: str) -> ImageRecord:
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
    record = header_of(image, image_id).model_copy(
        update={
            "statements": (say("What this scan could have shown is unknown: {why}.", why=why),),
            "cautions": image.cautions,
            "measures": sheet.measures,
            "not_measured": _not_measured(sheet),
            "scintigram": part,
        }
    )
    return ImageRecord.model_validate(record.model_dump())
