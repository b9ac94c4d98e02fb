"""One segment of a bone scan -> its entry of the record, with what is increased and what is heterogeneous."""

from collections.abc import Collection, Sequence
from typing import Any, Final

import numpy as np

from calcinet.arrays import Mask
from calcinet.errors import NotMeasurable
from calcinet.findings.scintigram.finder import TOGETHER, Segment
from calcinet.findings.scintigram.limb_segments import ARM, LEG, SEGMENT_KEYS, SIDES, SegmentKey
from calcinet.measure.scintigram.uptake import PART_SD, SIDE_SD, Density, raised, reference, uptake_ratio
from calcinet.protocols.scintigram.finding_records import outline_segment
from calcinet.protocols.scintigram.scan import SOFT_PARTS, MeasuredScan, measure_variation, pixel_density
from calcinet.record import UptakeSegment
from calcinet.record.scintigram import Sign
from calcinet.vocabulary import LimbPart, LimbSide

HETEROGENEOUS_FROM: Final = 0.1
"""Variation whose lower limit is above this is called heterogeneous. Our choice: muscle, fat and folds of healthy
limbs vary too; on the real scan that we have it is 0.085 at the most, lower limit 0.061."""

BRIGHT_FROM: Final = 1.15
"""A place less bright beside its surroundings is not told, however sure. Our choice: above
what muscle, fat and folds do on the real scan that we have, 1.13."""

CALF_LEVEL: Final = 0.03
OTHER_LEVEL: Final = 0.02
"""Probability that a healthy person's lower legs are called increased beside each other, and that any other ratio of
any segment is. Our choice: together 5 %, most of it spent where calciphylaxis is looked for first."""

TEST_LEVEL: Final = 0.05
"""Probability by counting alone below which variation counts, all tested segments together (Bonferroni)."""


def record_segments(scan: MeasuredScan) -> list[UptakeSegment]:
    """Every segment with its measures and signs, in the order of `SEGMENT_KEYS`."""
    return add_signs([measure_segment(scan, place) for place in SEGMENT_KEYS])


def measure_segment(scan: MeasuredScan, place: SegmentKey) -> UptakeSegment:
    """Everything about one segment but its signs."""
    part, side = place
    measured: dict[str, Any] = {}
    if place not in scan.missing:
        measured = _measure_uptake(scan, place)
    return UptakeSegment(
        part=part,
        side=side,
        together=part in TOGETHER,
        because=scan.missing.get(place, ""),
        outlines=outline_segment(scan.found, place, scan.image),
        **measured,
    )


def _measure_uptake(scan: MeasuredScan, place: SegmentKey) -> dict[str, Any]:
    """Counts, uptake and its ratios of one segment, as fields of its entry."""
    part, side = place
    own = scan.soft[place]
    counts = 0.0
    for view in scan.found.views:
        counts += float(view.counts[view.segments[place].soft].sum())
    measured: dict[str, Any] = {
        "counts": counts,
        "density": own.value,
        "density_sd": float(np.sqrt(own.variance)),
    }
    other = scan.soft.get((part, opposite_side(side)))
    if other is not None:
        ratio = uptake_ratio(own, other, natural_sd=SIDE_SD)
        measured |= {"other_side": ratio.value, "other_side_interval": ratio.value_interval}
    if part in SOFT_PARTS:
        measured |= _compare_with_reference(scan, own)
        measured |= _compare_with_bone(scan, place)
        measured |= measure_variation(scan, place)
    return measured


def opposite_side(side: LimbSide) -> LimbSide:
    """The other side of the body."""
    if side == "L":
        return "R"
    return "L"


def _compare_with_reference(scan: MeasuredScan, own: Density) -> dict[str, Any]:
    try:
        middle = reference(*reference_parts(scan))
    except NotMeasurable:
        return {}
    ratio = uptake_ratio(own, middle, natural_sd=PART_SD)
    return {"reference": ratio.value, "reference_interval": ratio.value_interval}


def _compare_with_bone(scan: MeasuredScan, place: SegmentKey) -> dict[str, Any]:
    """Counts a pixel of soft tissue over those of the segment's own bone."""
    soft = pixel_density(scan, place, _get_soft)
    bone = pixel_density(scan, place, _get_bone)
    if soft is None or bone is None:
        return {}
    ratio = uptake_ratio(soft, bone)
    return {"bone": ratio.value, "bone_interval": ratio.value_interval}


def _get_soft(segment: Segment) -> Mask:
    return segment.soft


def _get_bone(segment: Segment) -> Mask:
    return segment.bone


def reference_parts(scan: MeasuredScan) -> tuple[list[Density], list[Density]]:
    """Soft parts in two kinds: arms and legs; the nearer and farther parts where one of these was not measured."""
    arms = _select_densities(scan, set(SOFT_PARTS) & set(ARM))
    legs = _select_densities(scan, set(SOFT_PARTS) & set(LEG))
    if min(len(arms), len(legs)) >= 2:
        return arms, legs
    return _select_densities(scan, SOFT_PARTS[::2]), _select_densities(scan, SOFT_PARTS[1::2])


def _select_densities(scan: MeasuredScan, parts: Collection[LimbPart]) -> list[Density]:
    return [scan.soft[place] for place in SEGMENT_KEYS if place[0] in parts and place in scan.soft]


def add_signs(segments: Sequence[UptakeSegment]) -> list[UptakeSegment]:
    """Add what is increased, what is heterogeneous and which places are bright, all tests considered (Bonferroni)."""
    tests = sum(segment.variation_p is not None for segment in segments)
    test_level = TEST_LEVEL / max(tests, 1)
    ratio_level = other_level(segments)
    signed = []
    for segment in segments:
        signs: list[Sign] = []
        if segment.part in SOFT_PARTS and is_increased(segment, ratio_level):
            signs.append("increased")
        if is_heterogeneous(segment, test_level):
            signs.append("heterogeneous")
        focus = segment.focus
        if not has_bright_place(segment, test_level):
            focus = None
        signed.append(segment.model_copy(update={"signs": tuple(signs), "focus": focus}))
    return signed


def side_level(part: str, level: float) -> float:
    """One-sided level of a part beside the other side: that of the other tests, or the lower legs' own."""
    if part == "lower leg":
        return CALF_LEVEL / len(SIDES)
    return level


def other_level(segments: Sequence[UptakeSegment]) -> float:
    """One-sided level of every ratio but those of the two lower legs (Bonferroni)."""
    ratios = 0
    for segment in segments:
        if segment.part not in SOFT_PARTS:
            continue
        ratios += segment.other_side is not None and segment.part != "lower leg"
        ratios += segment.reference is not None
    return OTHER_LEVEL / max(1, ratios)


def is_increased(segment: UptakeSegment, level: float) -> bool:
    """Whether uptake is beyond the other side, or beyond reference tissue.

    Both intervals hold what differs in health, and counting.
    """
    beside = side_level(segment.part, level)
    return _is_raised(segment.other_side, segment.other_side_interval, beside) or _is_raised(
        segment.reference, segment.reference_interval, level
    )


def _is_raised(ratio: float | None, interval: tuple[float, float] | None, level: float) -> bool:
    if ratio is None or interval is None:
        return False
    return raised(ratio, interval, level)


def is_heterogeneous(segment: UptakeSegment, level: float) -> bool:
    """Whether uptake varies more than counting explains, and by more than that of healthy limbs."""
    if segment.variation_p is None or segment.variation_interval is None:
        return False
    return segment.variation_p < level and segment.variation_interval[0] > HETEROGENEOUS_FROM


def has_bright_place(segment: UptakeSegment, level: float) -> bool:
    """Whether the brightest place is brighter than counting explains, and than places of healthy limbs."""
    if segment.focus_p is None:
        return False
    return segment.focus_p < level and (segment.focus_ratio or 1.0) > BRIGHT_FROM
