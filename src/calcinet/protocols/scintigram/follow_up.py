"""Two bone scans of one patient -> what changed between them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, Literal

from calcinet.errors import BadInput, NotMeasurable
from calcinet.findings.scintigram.limb_segments import SegmentKey
from calcinet.measure.scintigram.change import Dosing, by_bone, by_dose, overall_change, uptake_change
from calcinet.measure.scintigram.uptake import Density
from calcinet.protocols.finding_fields import NO_SPACING
from calcinet.protocols.scintigram.change_sentences import describe_change
from calcinet.protocols.scintigram.meanings import OVERALL_CHANGE, segment_measure
from calcinet.protocols.scintigram.scan import SOFT_PARTS
from calcinet.protocols.scintigram.segment_measures import group_by_place
from calcinet.record import ImageRecord, NotMeasured, ScanComparison, ScintigramRecord, SegmentChange
from calcinet.text import Text, as_written, say

SAME_SCAN_H: Final = 1.0
"""Scans closer together are one examination and are not compared. Our choice: nothing changes within an hour."""

SAME_INJECTION_H: Final = 0.5
"""Injections closer together than this are one. Our choice: clocks of a department differ by minutes."""

SAME_WAIT_H: Final = 1.0
"""Scans whose waits after the injection differ by less are normalised by dose. Our choice: later, soft tissue has lost
to bone and kidneys what decay does not tell."""

EQUIPMENT: Final = {
    "camera": say("camera"),
    "collimator": say("collimator"),
    "drug": say("radiopharmaceutical"),
}
"""What must be the same on two scans, by the field of the record."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """What the counts of the later scan are multiplied by before they are compared."""

    factor: float
    sd: float
    """Relative standard deviation."""
    basis: Literal["dose", "bone"]


@dataclass(frozen=True, slots=True)
class SegmentPair:
    """Uptake of one segment on two scans."""

    place: SegmentKey
    earlier: Density
    later: Density


def compare_scans(images: Sequence[ImageRecord], scanned_h: Mapping[str, float]) -> list[ImageRecord]:
    """Every whole-body scan but the earliest, with its comparison to the one before it.

    Parameters
    ----------
    images
        Records of one patient, in any order.
    scanned_h
        Beginning of each scan in hours on one clock, by image id; scans without it are not compared.
    """
    scans = [image for image in images if _is_comparable(image, scanned_h)]
    scans.sort(key=lambda image: scanned_h[image.id])
    later = {}
    for before, after in pairwise(scans):
        hours = scanned_h[after.id] - scanned_h[before.id]
        if hours >= SAME_SCAN_H and not _share_injection(before, after, hours):
            later[after.id] = _add_change(before, after, hours)
    return [later.get(image.id, image) for image in images]


def _is_comparable(image: ImageRecord, scanned_h: Mapping[str, float]) -> bool:
    return image.scintigram is not None and bool(image.scintigram.segments) and image.id in scanned_h


def _share_injection(before: ImageRecord, after: ImageRecord, hours: float) -> bool:
    """Whether both scans were made of one injection: blood pool and delayed scan are one examination."""
    first_wait = require_scintigram(before).hours_after_injection
    second_wait = require_scintigram(after).hours_after_injection
    if first_wait is None or second_wait is None:
        return False
    return abs(hours - (second_wait - first_wait)) < SAME_INJECTION_H


def require_scintigram(image: ImageRecord) -> ScintigramRecord:
    """The bone scan of an image; raises BadInput for every other image."""
    if image.scintigram is None:
        raise BadInput(f"{image.id} is no bone scan")
    return image.scintigram


def _add_change(before: ImageRecord, after: ImageRecord, hours: float) -> ImageRecord:
    """The later scan with its comparison to the earlier one, or why they are not compared."""
    try:
        comparison = compare(before, after, hours=hours)
    except NotMeasurable as refusal:
        missing = NotMeasured(measure=OVERALL_CHANGE, because=str(refusal))
        return _revise(after, not_measured=(*after.not_measured, missing))
    scan = require_scintigram(after)
    missing_segments = _explain_missing(require_scintigram(before), scan)
    measures, intervals = dict(after.measures), dict(after.intervals95)
    for change in comparison.segments:
        name = segment_measure("change", change.part, change.side)
        measures[name], intervals[name] = change.ratio, change.interval
    for segment in missing_segments:
        measures[segment.measure] = None
    measures[OVERALL_CHANGE] = comparison.overall
    if comparison.overall_interval is not None:
        intervals[OVERALL_CHANGE] = comparison.overall_interval
    return _revise(
        after,
        measures=measures,
        intervals95=intervals,
        not_measured=(*after.not_measured, *missing_segments),
        statements=(*after.statements, *describe_change(comparison)),
        scintigram=scan.model_copy(update={"comparison": comparison}),
    )


def _revise(image: ImageRecord, **fields: Any) -> ImageRecord:
    """The same record with other values of some fields, checked again."""
    return ImageRecord(**{**dict(image), **fields})


def _explain_missing(first: ScintigramRecord, second: ScintigramRecord) -> list[NotMeasured]:
    """Segments of soft tissue that were not measured on both scans, with the reason of the scan that lacks them."""
    before = group_by_place(first.segments)
    missing = []
    for segment in second.segments:
        because = segment.because or before[(segment.part, segment.side)].because
        if segment.part in SOFT_PARTS and because:
            name = segment_measure("change", segment.part, segment.side)
            missing.append(NotMeasured(measure=name, because=because))
    return missing


def compare(before: ImageRecord, after: ImageRecord, *, hours: float | None) -> ScanComparison:
    """Compare a scan with an earlier one, segment by segment.

    Raises
    ------
    NotMeasurable
        If the views differ, there is nothing to normalise by, or too few segments were measured on both.
    BadInput
        If one is no bone scan.
    """
    first, second = require_scintigram(before), require_scintigram(after)
    if first.views != second.views:
        raise NotMeasurable(say("the two scans show different views: they are not compared"))
    differences = compare_equipment(first, second)
    scaling = find_scaling(first, second, pixel_area_mm2(after) / pixel_area_mm2(before))
    pairs = _pair_segments(first, second)
    densities = [(pair.earlier, pair.later) for pair in pairs]
    overall = overall_change(densities, scaling.factor, scaling_sd=scaling.sd)
    return ScanComparison(
        earlier=before.id,
        hours=hours,
        normalised_by=scaling.basis,
        overall=overall.ratio,
        overall_interval=overall.ratio_interval,
        call=overall.call,
        segments=tuple(_compare_segment(pair, scaling) for pair in pairs),
        cautions=differences,
    )


def compare_equipment(first: ScintigramRecord, second: ScintigramRecord) -> tuple[Text, ...]:
    """How camera, collimator and drug of two scans differ, or that it is not known.

    Raises
    ------
    NotMeasurable
        If the drugs differ: they share out between bone and soft tissue differently.
    """
    if first.drug is not None and second.drug is not None and first.drug != second.drug:
        raise NotMeasurable(
            say(
                "the two scans were made with different radiopharmaceuticals ({earlier}, {later}), which go to bone "
                "and soft tissue in different shares: they are not compared",
                earlier=as_written(first.drug),
                later=as_written(second.drug),
            )
        )
    cautions = []
    differing = _list_equipment(first, second, is_differing)
    if differing:
        cautions.append(
            say(
                "The two scans differ in {what:, }: sensitivity and sharpness change with it, so that both were "
                "normalised by bone, and a small change may be the camera's.",
                what=differing,
            )
        )
    unknown = _list_equipment(first, second, is_unknown)
    if unknown:
        cautions.append(say("Not known of both scans, and taken for the same: {what:, }.", what=unknown))
    return tuple(cautions)


def is_differing(one: str | None, other: str | None) -> bool:
    """Whether both are known and not the same."""
    return one is not None and other is not None and one != other


def is_unknown(one: str | None, other: str | None) -> bool:
    """Whether one of the two is not known."""
    return one is None or other is None


def _list_equipment(
    first: ScintigramRecord, second: ScintigramRecord, holds: Callable[[str | None, str | None], bool]
) -> list[str]:
    return [word for name, word in EQUIPMENT.items() if holds(getattr(first, name), getattr(second, name))]


def _compare_segment(pair: SegmentPair, scaling: Scaling) -> SegmentChange:
    part, side = pair.place
    change = uptake_change(pair.earlier, pair.later, scaling.factor, scaling_sd=scaling.sd)
    return SegmentChange(part=part, side=side, ratio=change.ratio, interval=change.ratio_interval, call=change.call)


def _pair_segments(first: ScintigramRecord, second: ScintigramRecord) -> list[SegmentPair]:
    """Segments whose soft tissue was measured on both scans."""
    before = group_by_place(first.segments)
    views = len(first.views)
    pairs = []
    for later in second.segments:
        place = (later.part, later.side)
        if later.part not in SOFT_PARTS or place not in before:
            continue
        earlier = before[place]
        if earlier.density is not None and later.density is not None:
            pairs.append(
                SegmentPair(
                    place=place,
                    earlier=_rebuild_density(earlier.density, earlier.density_sd, views),
                    later=_rebuild_density(later.density, later.density_sd, views),
                )
            )
    return pairs


def _rebuild_density(value: float, sd: float | None, views: int) -> Density:
    return Density(value, (sd or 0.0) ** 2, views)


def pixel_area_mm2(image: ImageRecord) -> float:
    """Area of a pixel; a scan whose pixels have no size was not divided."""
    if image.spacing_mm is None:
        raise NotMeasurable(NO_SPACING)
    return image.spacing_mm[0] * image.spacing_mm[1]


def find_scaling(first: ScintigramRecord, second: ScintigramRecord, pixel_area: float) -> Scaling:
    """What the counts of a pixel are normalised by: dose, decay, duration and area where they are known, else bone.

    `pixel_area` is that of the later scan over that of the earlier one.
    """
    earlier, later = _read_dosing(first), _read_dosing(second)
    if earlier is not None and later is not None and _is_counted_alike(first, second):
        factor, sd = by_dose(earlier, later)
        return Scaling(factor * pixel_area, sd, "dose")
    if first.bone_density is None or second.bone_density is None:
        raise NotMeasurable(say("neither dose and times nor the counts of leg bones are known on both scans"))
    views = len(first.views)
    factor, sd = by_bone(
        _rebuild_density(first.bone_density, first.bone_sd, views),
        _rebuild_density(second.bone_density, second.bone_sd, views),
    )
    return Scaling(factor, sd, "bone")


def _is_counted_alike(first: ScintigramRecord, second: ScintigramRecord) -> bool:
    """Whether pixels of both scans are counts as they were taken, as long after the injection: uptake takes hours.

    Counts of another camera or collimator are not counted alike.
    """
    if is_differing(first.camera, second.camera) or is_differing(first.collimator, second.collimator):
        return False
    for scan in (first, second):
        if scan.counts_scale != 1 or scan.decay_corrected is not False:
            return False
    first_wait, second_wait = first.hours_after_injection or 0.0, second.hours_after_injection or 0.0
    return abs(second_wait - first_wait) < SAME_WAIT_H


def _read_dosing(scan: ScintigramRecord) -> Dosing | None:
    """Dose and times of a scan; None where the file does not say all of them."""
    seconds = [duration for duration in scan.seconds if duration is not None]
    if scan.dose_mbq is None or scan.hours_after_injection is None or scan.half_life_h is None or not seconds:
        return None
    if scan.decay_corrected is None:
        return None
    return Dosing(
        dose_mbq=scan.dose_mbq,
        hours_after_injection=scan.hours_after_injection,
        half_life_h=scan.half_life_h,
        seconds=sum(seconds) / len(seconds),
        decay_corrected=scan.decay_corrected,
    )
