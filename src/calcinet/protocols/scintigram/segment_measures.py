"""Segments of a bone scan -> the measures of its record, or why they are missing."""

from collections.abc import Iterable, Sequence
from typing import Final

from calcinet.findings.scintigram.limb_segments import ARM, CORE, LEG, SegmentKey
from calcinet.protocols.measurements import Measurements
from calcinet.protocols.scintigram.meanings import segment_measure, side_ratio_measure
from calcinet.protocols.scintigram.scan import SOFT_PARTS
from calcinet.record import UptakeSegment
from calcinet.text import say

OTHER_MISSING: Final = say("the other side was not measured")
TOO_FEW_PARTS: Final = say("fewer than three parts of soft tissue to compare with")
NO_BONE: Final = say("too few counts of bone, or none found in this segment")
TOO_LITTLE_TISSUE: Final = say("too little soft tissue, or too few counts in it")
"""Why a measured segment lacks one of its measures."""


def put_measures(measurements: Measurements, segments: Sequence[UptakeSegment]) -> None:
    """Put every number of every segment, or why it is missing."""
    by_place = group_by_place(segments)
    for part in (*ARM, *LEG, *CORE):
        _put_side_ratio(measurements, by_place[(part, "L")], by_place[(part, "R")])
    for segment in segments:
        if segment.part in SOFT_PARTS:
            _put_segment(measurements, segment)


def group_by_place(segments: Iterable[UptakeSegment]) -> dict[SegmentKey, UptakeSegment]:
    """Segments by their part and side."""
    return {(segment.part, segment.side): segment for segment in segments}


def _put_side_ratio(measurements: Measurements, left: UptakeSegment, right: UptakeSegment) -> None:
    name = side_ratio_measure(left.part)
    if left.other_side is None:
        measurements.refuse([name], left.because or right.because or OTHER_MISSING)
    else:
        measurements.put(name, left.other_side, left.other_side_interval)


def _put_segment(measurements: Measurements, segment: UptakeSegment) -> None:
    measured = (
        ("reference", segment.reference, segment.reference_interval, TOO_FEW_PARTS),
        ("bone", segment.bone, segment.bone_interval, NO_BONE),
        ("variation", segment.variation, segment.variation_interval, TOO_LITTLE_TISSUE),
        ("focus", segment.focus_ratio, None, TOO_LITTLE_TISSUE),
    )
    for what, value, interval, without in measured:
        name = segment_measure(what, segment.part, segment.side)
        if value is None:
            measurements.refuse([name], segment.because or without)
        else:
            measurements.put(name, value, interval)
