"""Sentences of the record about one bone scan."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from calcinet.constants import NORMAL_95
from calcinet.findings.scintigram.finder import SIDE_WORDS
from calcinet.measure.scintigram.counting import Counting
from calcinet.measure.scintigram.uptake import PART_SD
from calcinet.protocols.scintigram.change_sentences import describe_change
from calcinet.record import ImageRecord, ScintigramRecord, UptakeSegment
from calcinet.text import Text, as_written, say
from calcinet.vocabulary import LimbPart

OTHER_CAUSES: Final = (
    say("cellulitis or abscess"),
    say("dermatomyositis or polymyositis"),
    say("infarct or necrosis of muscle"),
    say("hypercalcaemia"),
    say("amyloid"),
    say("hepatic failure"),
    say("heterotopic ossification"),
    say("haematoma"),
    say("burns"),
    say("venous or lymphatic obstruction, lymphoedema"),
)
"""What else raises the uptake of soft tissue. [ottawa_case48]"""

GRADES: Final = {
    0: say("no segment is increased or heterogeneous"),
    1: say("at least one segment is increased or heterogeneous"),
    2: say("at least one segment is both increased and heterogeneous"),
}
"""What each grade means."""

UNVALIDATED: Final = say(
    "This grade is our own ordinal scale: no grade of soft-tissue uptake has been validated for calciphylaxis, and it "
    "is not weighed. A reader who agrees can state it in the case file as an image of the kind bone scan."
)


@dataclass(frozen=True, slots=True)
class DetectableRise:
    """The smallest rise of one part of a limb that would be called increased 19 times in 20, as a share."""

    part: LimbPart
    of_one_side: float
    of_both_sides: float | None
    """None where there was no reference tissue."""


def state_unknown_visibility(why: str) -> Text:
    """That it is not known what the scan could have shown."""
    return say("The limit of detection of this scan is unknown: {why}.", why=why)


def state_visibility(scan: ScintigramRecord, rise: DetectableRise | None) -> tuple[str, ...]:
    """What the scan could have shown; `rise` is None where no pair of segments was compared."""
    millions = scan.counts_taken / 1e6
    if rise is None:
        statement = say(
            "The scan holds {millions:.2f} million counts; no pair of limb segments could be compared.",
            millions=millions,
        )
        return (statement,)
    statement = say(
        "A rise on one side is called 19 times in 20 from {rise:.0f} % above the other ({part}; {millions:.2f} million "
        "counts).",
        rise=100 * rise.of_one_side,
        part=as_written(rise.part),
        millions=millions,
    )
    if rise.of_both_sides is None:
        return (statement,)
    on_both_sides = say(
        "A rise on both sides is called 19 times in 20 from {rise:.0f} % above the other parts of the limbs.",
        rise=100 * rise.of_both_sides,
    )
    return statement, on_both_sides


def state_findings(scan: ScintigramRecord) -> tuple[str, ...]:
    """What the scan shows of soft tissue, its grade, and that the grade is not validated."""
    statements = describe_scan(scan)
    if scan.grade is not None:
        statements.append(UNVALIDATED)
    return tuple(statements)


def describe_scintigram(image: ImageRecord) -> list[str]:
    """What was found on one bone scan, and what changed since an earlier one."""
    if image.scintigram is None:
        return []
    sentences = describe_scan(image.scintigram)
    if image.scintigram.comparison is not None:
        sentences += describe_change(image.scintigram.comparison)
    return sentences


def describe_scan(scan: ScintigramRecord) -> list[str]:
    """What the scan shows of soft tissue, its grade, and what was left out."""
    sentences: list[str] = []
    if scan.grade is None:
        sentences.append(say("Soft tissue could not be measured beside the bones of any limb."))
    else:
        sentences += _describe_uptake(scan)
        sentences.append(say("Grade {grade} of 2, not validated: {means}.", grade=scan.grade, means=GRADES[scan.grade]))
    bright = [_describe_bright_place(segment) for segment in scan.segments if segment.focus is not None]
    if bright:
        sentences.append(say("Places brighter than counting explains: {places:; }.", places=bright))
    if scan.left_out:
        spots = [spot.label for spot in scan.left_out]
        sentences.append(say("Left out of every measure: {spots:; }.", spots=spots))
    return sentences


def _describe_uptake(scan: ScintigramRecord) -> list[Text]:
    """The segments with signs; where there is none, how many were measured and what would not have been seen."""
    signed = [_describe_signs(segment) for segment in scan.signed]
    if signed:
        return [say("Soft-tissue uptake: {segments:; }.", segments=signed)]
    measured, parts = 0, {}
    for segment in scan.segments:
        if segment.density is None or segment.together:
            continue
        measured += 1
        parts[segment.part] = as_written(segment.part)
    return [
        say(
            "No increased and no heterogeneous uptake in the soft tissue of the limbs ({n} segments measured).",
            n=measured,
        ),
        say(
            "A rise that is alike in all of these parts would not be seen: {parts:, }.",
            parts=list(parts.values()),
        ),
    ]


def _describe_bright_place(segment: UptakeSegment) -> Text:
    return say(
        "{side} {part}, {ratio:.1f} times its surroundings",
        side=SIDE_WORDS[segment.side],
        part=as_written(segment.part),
        ratio=segment.focus_ratio or 1.0,
    )


def name_segment(segment: UptakeSegment) -> Text:
    """Side and part of a segment, for instance "left lower leg"."""
    return say("{side} {part}", side=SIDE_WORDS[segment.side], part=as_written(segment.part))


def name_segments(segments: Sequence[UptakeSegment]) -> list[Text]:
    """Side and part of several segments."""
    return [name_segment(segment) for segment in segments]


def _describe_signs(segment: UptakeSegment) -> Text:
    """One segment and its signs with their numbers."""
    signs = []
    if "increased" in segment.signs:
        signs.append(_describe_increase(segment))
    if "heterogeneous" in segment.signs and segment.variation is None:
        signs.append(say("heterogeneous, says a reader"))
    elif "heterogeneous" in segment.signs and segment.variation is not None:
        low, high = segment.variation_interval or (segment.variation, segment.variation)
        signs.append(
            say(
                "heterogeneous (variation beyond counting {value:.0f} %, 95 % interval {low:.0f} to {high:.0f} %)",
                value=100 * segment.variation,
                low=100 * low,
                high=100 * high,
            )
        )
    return say("{place}: {signs:, }", place=name_segment(segment), signs=signs)


def _describe_increase(segment: UptakeSegment) -> Text:
    beside = segment.other_side_interval
    if segment.other_side is not None and beside is not None and beside[0] > 1:
        return say(
            "increased ({ratio:.2f} times the other side, 95 % interval {low:.2f} to {high:.2f})",
            ratio=segment.other_side,
            low=beside[0],
            high=beside[1],
        )
    low, high = segment.reference_interval or (0.0, 0.0)
    if low <= 1:
        return say("increased, says a reader")
    return say(
        "increased ({ratio:.2f} times reference tissue, 95 % interval {low:.2f} to {high:.2f})",
        ratio=segment.reference or 0.0,
        low=low,
        high=high,
    )


def caution_noise(noise_of_views: Iterable[Counting]) -> tuple[str, ...]:
    """What a filter or a scale means for the intervals, said once for all views."""
    cautions: list[str] = []
    for noise in noise_of_views:
        if noise.filter_px > 0:
            cautions.append(
                say(
                    "the counts were smoothed after they were taken (by about {px:.1f} pixels): considered in the "
                    "intervals",
                    px=noise.filter_px,
                )
            )
        if noise.scale != 1:
            cautions.append(
                say(
                    "the noise shows {scale:.2f} pixel units for one count: the pixels were scaled; considered in the "
                    "intervals",
                    scale=noise.scale,
                )
            )
    return tuple(dict.fromkeys(cautions))


def caution_hidden_tissue(share: float | None) -> tuple[str, ...]:
    """That soft tissue before and behind bone is not seen, and what share of the lower legs was measured."""
    if share is None:
        return ()
    caution = say(
        "soft tissue in front of or behind bone cannot be told from bone in a projection: {share:.0f} % of the "
        "area of the lower legs was measured",
        share=100 * share,
    )
    return (caution,)


def caution_uneven_parts(times: float) -> tuple[str, ...]:
    """That reference parts differ more than those of healthy people do: one kind of them may be ill."""
    if times < math.exp(NORMAL_95 * PART_SD):
        return ()
    caution = say(
        "parts of the limbs differ {times:.1f}-fold in uptake, more than is assumed of healthy people: a rise on "
        "both sides is possible, called or not",
        times=times,
    )
    return (caution,)
