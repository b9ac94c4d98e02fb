"""One planar bone scan -> its record and its picture."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal

import numpy as np

from calcinet.errors import NotMeasurable
from calcinet.examined import ExaminedImage
from calcinet.image import Image
from calcinet.measure.calibre.classes import CalibreClasses
from calcinet.measure.scintigram.uptake import PART_SD, apart, detectable_rise, sd_of
from calcinet.progress import MEASURING, enter_stage
from calcinet.protocols.corrections import NOTHING, Corrections
from calcinet.protocols.groundwork import Groundwork
from calcinet.protocols.image_header import header_of
from calcinet.protocols.measurements import RESOLVABLE, Measurements
from calcinet.protocols.scintigram.corrected import KeptSegments, correct_segments
from calcinet.protocols.scintigram.finding_records import outline_body, record_findings, record_left_out
from calcinet.protocols.scintigram.meanings import COUNTS
from calcinet.protocols.scintigram.scan import (
    SIDES_OF_BODY,
    SOFT_PARTS,
    MeasuredScan,
    bone_density,
    measure_scan,
)
from calcinet.protocols.scintigram.segment_measures import put_measures
from calcinet.protocols.scintigram.segment_records import (
    other_level,
    record_segments,
    reference_parts,
    side_level,
)
from calcinet.protocols.scintigram.sentences import (
    OTHER_CAUSES,
    DetectableRise,
    caution_hidden_tissue,
    caution_noise,
    caution_uneven_parts,
    state_findings,
    state_unknown_visibility,
    state_visibility,
)
from calcinet.record import ImageRecord, Refusal, ScintigramRecord, UptakeSegment
from calcinet.text import say
from calcinet.vocabulary import LimbPart

NO_LINES: Final = say("a bone scan shows uptake, not lines")
"""Why there is no thinnest visible line."""

SPOT_VIEW: Final = say("not a view of the whole body: limbs are not told apart on it, nothing was measured")

JUDGED_PARTS: Final[tuple[LimbPart, ...]] = ("lower leg", "thigh", "upper arm", "forearm")
"""What a scan could have shown is said of the first of these that was measured."""


def examine_scintigram(
    image: Image,
    image_id: str,
    classes: CalibreClasses,
    corrections: Corrections = NOTHING,
    groundwork: Groundwork | None = None,
) -> tuple[ImageRecord, ExaminedImage]:
    """Divide and measure one bone scan; `classes` are of vessels, which a bone scan does not show."""
    del groundwork, classes  # a scan is divided within seconds
    nothing_marked = np.zeros(image.picture.shape, dtype=np.uint8)
    shown = ExaminedImage.of(
        image,
        nothing_marked,
        picture=image.picture,
        scanned_h=image.emission.scanned_h,
        utc_offset_h=image.emission.utc_offset_h,
    )
    measurements = Measurements()
    measurements.explain(RESOLVABLE, NO_LINES)
    measurements.put(COUNTS, count_pixels(image))
    enter_stage(MEASURING, 0.1, 1.0)
    try:
        scan = measure_scan(image)
    except NotMeasurable as refusal:
        if image.emission.whole_body:
            return _refuse_undivided(image, image_id, str(refusal)), shown
        return _record_spot_view(image, image_id, measurements), shown
    if not scan.soft:
        return _refuse_undivided(image, image_id, next(iter(scan.missing.values()))), shown
    segments = record_segments(scan)
    put_measures(measurements, segments)
    kept = correct_segments(segments, corrections)
    scintigram = _record_scan(scan, kept)
    record = ImageRecord(
        **header_of(image, image_id, image.picture.shape, image.pixel_mm),
        **measurements.as_fields(),
        statements=(*state_visibility(scintigram, find_detectable_rise(kept.segments)), *state_findings(scintigram)),
        cautions=_gather_cautions(scan),
        findings=record_findings(image, kept.segments, scan.found, kept.ids),
        scintigram=scintigram,
    )
    return record, shown


def count_pixels(image: Image) -> float:
    """Sum of the pixels of all views."""
    return float(image.pixels.sum(dtype=np.float64))


def _refuse_undivided(image: Image, image_id: str, because: str) -> ImageRecord:
    """A whole body on which nothing could be measured is refused, with the first reason."""
    reason = say(
        "nothing could be measured on this bone scan: {why}; give one of the whole body from crown to toes, as counts "
        "with the size of a pixel",
        why=because,
    )
    return ImageRecord(
        **header_of(image, image_id, image.picture.shape, image.pixel_mm),
        cautions=image.cautions,
        refused=Refusal(reason=reason, code="nothing-measured"),
    )


def _record_spot_view(image: Image, image_id: str, measurements: Measurements) -> ImageRecord:
    """A view of a part of the body, of which only the counts are known; `join_spot_views` finds its whole body."""
    return ImageRecord(
        **header_of(image, image_id, image.picture.shape, image.pixel_mm),
        **measurements.as_fields(),
        statements=(state_unknown_visibility(SPOT_VIEW),),
        cautions=image.cautions,
        scintigram=ScintigramRecord(views=image.emission.views, **_record_emission(image)),
    )


def _record_scan(scan: MeasuredScan, kept: KeptSegments) -> ScintigramRecord:
    counting = [(noise.scale, noise.filter_px) for noise in scan.noise.values()]
    scale, filter_px = np.mean(counting, axis=0)
    bone = bone_density(scan)
    bone_value, bone_sd = None, None
    if bone is not None:
        bone_value, bone_sd = bone.value, float(np.sqrt(bone.variance))
    return ScintigramRecord(
        views=tuple(view.view for view in scan.found.views),
        **_record_emission(scan.image),
        counts_scale=float(scale),
        filter_px=float(filter_px),
        bone_density=bone_value,
        bone_sd=bone_sd,
        grade=grade_scan(kept.segments),
        segments=tuple(kept.segments),
        body=outline_body(scan.found, scan.image),
        left_out=(*record_left_out(scan.found, scan.image), *kept.left_out),
    )


def _record_emission(image: Image) -> dict[str, Any]:
    """What is known of a scan before it is divided, as fields of its `ScintigramRecord`."""
    emission = image.emission
    return {
        "whole_body": emission.whole_body,
        "counts": count_pixels(image),
        "counts_stated": emission.counts_stated,
        "dose_mbq": emission.dose_mbq,
        "hours_after_injection": emission.hours_after_injection,
        "half_life_h": emission.half_life_h,
        "drug": emission.drug,
        "camera": emission.camera,
        "collimator": emission.collimator,
        "decay_corrected": emission.decay_corrected,
        "seconds": emission.frame_s,
        "other_causes": OTHER_CAUSES,
    }


def grade_scan(segments: Iterable[UptakeSegment]) -> Literal[0, 1, 2] | None:
    """0 no sign, 1 one sign, 2 both signs in one segment; None where no soft tissue was measured."""
    is_measured, most_signs = False, 0
    for segment in segments:
        if segment.part in SOFT_PARTS and segment.density is not None:
            is_measured = True
        most_signs = max(most_signs, len(segment.signs))
    if not is_measured:
        return None
    if most_signs >= 2:
        return 2
    if most_signs == 1:
        return 1
    return 0


def find_detectable_rise(segments: Sequence[UptakeSegment]) -> DetectableRise | None:
    """The smallest rise that would be found, of the first of `JUDGED_PARTS` whose two sides were compared."""
    for part in JUDGED_PARTS:
        for segment in segments:
            if segment.part == part and segment.other_side_interval is not None:
                return _estimate_rise(segment, segment.other_side_interval, other_level(segments))
    return None


def _estimate_rise(segment: UptakeSegment, side_interval: tuple[float, float], level: float) -> DetectableRise:
    """Rise over the other side, and on both sides over reference tissue, which itself rises by some of it."""
    of_one_side = detectable_rise(sd_of(side_interval), side_level(segment.part, level))
    of_both_sides = None
    if segment.reference_interval is not None:
        over_reference = detectable_rise(sd_of(segment.reference_interval), level)
        of_both_sides = (1 + over_reference) * float(np.exp(PART_SD / 2)) - 1
    return DetectableRise(part=segment.part, of_one_side=of_one_side, of_both_sides=of_both_sides)


def _gather_cautions(scan: MeasuredScan) -> tuple[str, ...]:
    """Every caution once, in the order of the examination."""
    cautions = (
        *scan.image.cautions,
        *scan.found.cautions,
        *caution_noise(scan.noise.values()),
        *caution_hidden_tissue(share_measured(scan)),
        *caution_uneven_parts(apart(*reference_parts(scan))),
    )
    return tuple(dict.fromkeys(cautions))


def share_measured(scan: MeasuredScan) -> float | None:
    """Share of the area of the lower legs that was measured as soft tissue; None where they were not measured."""
    whole, soft = 0, 0
    for view in scan.found.views:
        for side in SIDES_OF_BODY:
            if ("lower leg", side) in scan.soft:
                leg = view.segments[("lower leg", side)]
                whole += int(leg.whole.sum())
                soft += int(leg.soft.sum())
    if not whole:
        return None
    return soft / whole
