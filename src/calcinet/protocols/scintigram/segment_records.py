"""One segment of a bone scan -> its line of the record, with what is increased and what is heterogeneous."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from calcinet.errors import NotMeasurable
from calcinet.findings.scintigram.finder import TOGETHER
from calcinet.findings.scintigram.limb_segments import ARM, LEG, SEGMENT_KEYS, SIDES, SegmentKey
from calcinet.measure.scintigram.uptake import PART_SD, SIDE_SD, Density, raised, reference, uptake_ratio
from calcinet.protocols.scintigram.finding_records import outlines_of_segment
from calcinet.protocols.scintigram.scan import SOFT_PARTS, MeasuredScan, flat, variation
from calcinet.record import UptakeSegment
from calcinet.vocabulary import LimbPart

HETEROGENEOUS_FROM: Final = 0.12
"""Variation whose lower limit lies above this is called heterogeneous. Our choice: muscle, fat and folds of healthy
limbs vary too; the real scan that we have stays below."""

BRIGHT_FROM: Final = 1.15
"""A place less bright beside its surroundings is not told, however sure. Our choice: above
what muscle, fat and folds do on the real scan that we have, 1.13."""

CALF_LEVEL: Final = 0.03
OTHER_LEVEL: Final = 0.02
"""Probability that a healthy person's lower legs are called increased beside each other, and that any other ratio of
any segment is. Our choice: together 5 %, most of it spent where calciphylaxis is looked for first."""

TEST_LEVEL: Final = 0.05
"""Probability by counting alone below which variation counts, all tested segments together (Bonferroni)."""


def measured_segment(scan: MeasuredScan, place: SegmentKey) -> UptakeSegment:
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
        told |= _beside_reference(scan, own) | _beside_bone(scan, place) | variation(scan, place)
    return base.model_copy(update=told)


def halves(scan: MeasuredScan) -> tuple[list[Density], list[Density]]:
    """Soft parts in two kinds: arms and legs; the nearer and farther parts where one of these was not measured."""
    arms, legs = (_of(scan, [part for part in SOFT_PARTS if part in limb]) for limb in (ARM, LEG))
    if min(len(arms), len(legs)) >= 2:
        return arms, legs
    return _of(scan, SOFT_PARTS[::2]), _of(scan, SOFT_PARTS[1::2])


def _of(scan: MeasuredScan, parts: Sequence[LimbPart]) -> list[Density]:
    return [scan.soft[place] for place in SEGMENT_KEYS if place[0] in parts and place in scan.soft]


def _beside_reference(scan: MeasuredScan, own: Density) -> dict[str, object]:
    try:
        middle = reference(*halves(scan))
    except NotMeasurable:
        return {}
    ratio = uptake_ratio(own, middle, natural_sd=PART_SD)
    return {"reference": ratio.value, "reference_interval": ratio.value_interval}


def _beside_bone(scan: MeasuredScan, place: SegmentKey) -> dict[str, object]:
    """Counts a pixel of soft tissue over those of the segment's own bone."""
    soft = flat(scan, [place], lambda segment: segment.soft)
    bone = flat(scan, [place], lambda segment: segment.bone)
    if soft is None or bone is None:
        return {}
    ratio = uptake_ratio(soft, bone)
    return {"bone": ratio.value, "bone_interval": ratio.value_interval}


def with_signs(segments: list[UptakeSegment]) -> list[UptakeSegment]:
    """Add what is increased and what is heterogeneous, all tests considered."""
    tested = sum(segment.variation_p is not None for segment in segments)
    level = other_level(segments)
    signed = []
    for segment in segments:
        signs = []
        if segment.part in SOFT_PARTS and _increased(segment, level):
            signs.append("increased")
        low = segment.variation_interval[0] if segment.variation_interval else 0.0
        significant = segment.variation_p is not None and segment.variation_p < TEST_LEVEL / max(tested, 1)
        if significant and low > HETEROGENEOUS_FROM:
            signs.append("heterogeneous")
        beyond = segment.focus_p is not None and segment.focus_p < TEST_LEVEL / max(tested, 1)
        focus = segment.focus if beyond and (segment.focus_ratio or 1.0) > BRIGHT_FROM else None
        signed.append(segment.model_copy(update={"signs": tuple(signs), "focus": focus}))
    return signed


def side_level(part: str, level: float) -> float:
    """One-sided level of a part beside the other side: that of the other tests, or the lower legs' own."""
    return CALF_LEVEL / len(SIDES) if part == "lower leg" else level


def other_level(segments: Sequence[UptakeSegment]) -> float:
    """One-sided level of every ratio but those of the two lower legs (Bonferroni)."""
    soft = [segment for segment in segments if segment.part in SOFT_PARTS]
    sides = sum(segment.other_side is not None and segment.part != "lower leg" for segment in soft)
    return OTHER_LEVEL / max(1, sides + sum(segment.reference is not None for segment in soft))


def _increased(segment: UptakeSegment, level: float) -> bool:
    """Beyond the other side, or beyond reference tissue: what differs in health, and counting, considered."""
    return any(
        value is not None and interval is not None and raised(value, interval, at)
        for value, interval, at in (
            (segment.other_side, segment.other_side_interval, side_level(segment.part, level)),
            (segment.reference, segment.reference_interval, level),
        )
    )
