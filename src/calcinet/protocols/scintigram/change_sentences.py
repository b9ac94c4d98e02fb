"""Two bone scans of one patient -> what changed between them."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from calcinet.errors import NotMeasurable
from calcinet.measure.scintigram.change import (
    Change,
    Dosing,
    by_bone,
    by_dose,
    overall_change,
    uptake_change,
)
from calcinet.measure.scintigram.uptake import Density
from calcinet.protocols.scintigram.follow_up import compared
from calcinet.protocols.scintigram.protocol import slug
from calcinet.protocols.scintigram.scan import SOFT_PARTS
from calcinet.record import ImageRecord, NotMeasured, ScanComparison, ScintigramRecord, SegmentChange, UptakeSegment
from calcinet.text import say

OVERALL: Final = "uptake.change.overall"

SAME_SCAN_H: Final = 1.0
"""Scans closer together are one examination and are not compared. Our choice: nothing changes within an hour."""

SAME_INJECTION_H: Final = 0.5
"""Injections closer together than this are one. Our choice: clocks of a department differ by minutes."""

SAME_WAIT_H: Final = 1.0
"""Scans whose waits after the injection differ by less are normalised by dose. Our choice: later, soft tissue has lost
to bone and kidneys what decay does not tell."""


def with_changes(images: Sequence[ImageRecord], scanned_h: Mapping[str, float]) -> list[ImageRecord]:
    """Every whole-body scan but the earliest, with its comparison to the one before it.

    Parameters
    ----------
    images
        Records of one patient, in any order.
    scanned_h
        Beginning of each scan in hours on one clock, by image id; scans without it are not compared.
    """
    scans = sorted((image for image in images if _comparable(image, scanned_h)), key=lambda image: scanned_h[image.id])
    later = {}
    for before, after in pairwise(scans):
        hours = scanned_h[after.id] - scanned_h[before.id]
        if hours >= SAME_SCAN_H and not _one_injection(before, after, hours):
            later[after.id] = _with_change(before, after, hours)
    return [later.get(image.id, image) for image in images]


def _comparable(image: ImageRecord, scanned_h: Mapping[str, float]) -> bool:
    return image.scintigram is not None and bool(image.scintigram.segments) and image.id in scanned_h


def _one_injection(before: ImageRecord, after: ImageRecord, hours: float) -> bool:
    """Whether both scans were made of one injection: blood pool and delayed scan are one examination."""
    scans = [image.scintigram for image in (before, after) if image.scintigram is not None]
    waits = [scan.hours_after_injection for scan in scans if scan.hours_after_injection is not None]
    return len(waits) == len((before, after)) and abs(hours - (waits[1] - waits[0])) < SAME_INJECTION_H


def _with_change(before: ImageRecord, after: ImageRecord, hours: float) -> ImageRecord:
    assert before.scintigram is not None
    assert after.scintigram is not None
    try:
        comparison = compare(before, after, hours=hours)
    except NotMeasurable as refusal:
        missing = NotMeasured(measure=OVERALL, because=str(refusal))
        return _rebuilt(after, {"not_measured": (*after.not_measured, missing)})
    measures, intervals = dict(after.measures), dict(after.intervals95)
    for one in comparison.segments:
        name = f"uptake.change.{slug(one.part, one.side)}"
        measures[name], intervals[name] = one.ratio, one.interval
    missing_ones = _missing(before.scintigram, after.scintigram)
    measures |= dict.fromkeys((one.measure for one in missing_ones), None)
    measures[OVERALL] = comparison.overall
    if comparison.overall_interval is not None:
        intervals[OVERALL] = comparison.overall_interval
    return _rebuilt(
        after,
        {
            "measures": measures,
            "intervals95": intervals,
            "not_measured": (*after.not_measured, *missing_ones),
            "statements": (*after.statements, *compared(comparison)),
            "scintigram": after.scintigram.model_copy(update={"comparison": comparison}),
        },
    )


def _missing(first: ScintigramRecord, second: ScintigramRecord) -> list[NotMeasured]:
    """Segments of soft tissue that were not measured on both scans, with the reason of the scan that lacks them."""
    before = {(segment.part, segment.side): segment for segment in first.segments}
    found = []
    for segment in second.segments:
        because = segment.because or before[(segment.part, segment.side)].because
        if segment.part in SOFT_PARTS and because:
            found.append(NotMeasured(measure=f"uptake.change.{slug(segment.part, segment.side)}", because=because))
    return found


def _rebuilt(image: ImageRecord, update: Mapping[str, object]) -> ImageRecord:
    return ImageRecord.model_validate(image.model_copy(update=dict(update)).model_dump())


def compare(before: ImageRecord, after: ImageRecord, *, hours: float | None) -> ScanComparison:
    """Compare a scan with an earlier one, segment by segment.

    Raises
    ------
    NotMeasurable
        If the views differ, there is nothing to normalise by, or too few segments were measured on both.
    """
    first, second = before.scintigram, after.scintigram
    assert first is not None
    assert second is not None
    if first.views != second.views:
        raise NotMeasurable(say("the two scans show different views: they are not compared"))
    scaling, scaling_sd, basis = _scaling(first, second, _pixel_area(after) / _pixel_area(before))
    pairs = _pairs(first, second)
    overall = overall_change([(one, two) for _, one, two in pairs], scaling, scaling_sd=scaling_sd)
    return ScanComparison(
        earlier=before.id,
        hours=hours,
        normalised_by="dose" if basis == "dose" else "bone",
        overall=overall.ratio,
        overall_interval=overall.ratio_interval,
        call=overall.call,
        segments=tuple(
            _change(place, uptake_change(one, two, scaling, scaling_sd=scaling_sd)) for place, one, two in pairs
        ),
    )


def _change(place: tuple[str, str], change: Change) -> SegmentChange:
    return SegmentChange.model_validate(
        {
            "part": place[0],
            "side": place[1],
            "ratio": change.ratio,
            "interval": change.ratio_interval,
            "call": change.call,
        }
    )


def _pairs(first: ScintigramRecord, second: ScintigramRecord) -> list[tuple[tuple[str, str], Density, Density]]:
    """Segments whose soft tissue was measured on both scans."""
    before = {(segment.part, segment.side): segment for segment in first.segments}
    found: list[tuple[tuple[str, str], Density, Density]] = []
    for segment in second.segments:
        one = before.get((segment.part, segment.side))
        both = one is not None and one.density is not None and segment.density is not None
        if both and segment.part in SOFT_PARTS and one is not None:
            views = len(first.views)
            found.append(((segment.part, segment.side), _density(one, views), _density(segment, views)))
    return found


def _density(segment: UptakeSegment, views: int) -> Density:
    return Density(segment.density or 0.0, (segment.density_sd or 0.0) ** 2, views)


def _pixel_area(image: ImageRecord) -> float:
    """In mm²; a scan whose pixels have no size was not divided."""
    assert image.spacing_mm is not None
    return image.spacing_mm[0] * image.spacing_mm[1]


def _scaling(first: ScintigramRecord, second: ScintigramRecord, pixel_area: float) -> tuple[float, float, str]:
    """What the counts of a pixel are normalised by: dose, decay, duration and area where they tell, else bone."""
    one, two = _dosing(first), _dosing(second)
    if one is not None and two is not None and _counted_alike(first, second):
        scaling, scaling_sd = by_dose(one, two)
        return scaling * pixel_area, scaling_sd, "dose"
    if first.bone_density is None or second.bone_density is None:
        raise NotMeasurable(say("neither dose and times nor the counts of leg bones are known on both scans"))
    views = len(first.views)
    bones = [Density(scan.bone_density or 0.0, (scan.bone_sd or 0.0) ** 2, views) for scan in (first, second)]
    return (*by_bone(bones[0], bones[1]), "bone")


def _counted_alike(first: ScintigramRecord, second: ScintigramRecord) -> bool:
    """Whether pixels of both scans are counts as they were taken, as long after the injection: uptake takes hours."""
    waits = [scan.hours_after_injection or 0.0 for scan in (first, second)]
    untouched = all(scan.counts_scale == 1 and not scan.decay_corrected for scan in (first, second))
    return untouched and abs(waits[1] - waits[0]) < SAME_WAIT_H


def _dosing(scan: ScintigramRecord) -> Dosing | None:
    seconds = [s for s in scan.seconds if s is not None]
    told = (scan.dose_mbq, scan.hours_after_injection, scan.half_life_h)
    if None in told or not seconds:
        return None
    dose, hours, half_life = (float(value or 0.0) for value in told)
    return Dosing(
        dose_mbq=dose,
        hours_after_injection=hours,
        half_life_h=half_life,
        seconds=sum(seconds) / len(seconds),
        decay_corrected=scan.decay_corrected,
    )
