"""Sentences of the record about bone scans."""

import math
from collections.abc import Iterable
from typing import Final

from calcinet.clinical.body_sites import Site
from calcinet.clinical.case import Case
from calcinet.constants import NORMAL_95
from calcinet.findings.scintigram.finder import SIDE_WORDS
from calcinet.measure.scintigram.counting import Counting
from calcinet.measure.scintigram.uptake import PART_SD
from calcinet.record import ImageRecord, ScintigramRecord, UptakeSegment
from calcinet.text import Text, say

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

UNVALIDATED: Final = say(
    "This grade is our own ordinal scale: no grade of soft-tissue uptake has been validated for calciphylaxis, and it "
    "is not weighed. A reader who agrees can state it in the case file as an image of the kind bone scan."
)

SITES: Final[dict[str, frozenset[Site]]] = {
    "upper arm": frozenset({"upper arm", "arm"}),
    "forearm": frozenset({"forearm", "arm"}),
    "thigh": frozenset({"thigh", "leg"}),
    "lower leg": frozenset({"lower leg", "leg"}),
}
"""Sites of the body chart that a segment shows; as for films."""


def could_show(scan: ScintigramRecord, part: str, detectable: float | None, on_both: float | None) -> tuple[str, ...]:
    """What the scan could have shown of a part, then what it shows, then its grade."""
    millions = scan.counts_taken / 1e6
    told = []
    if detectable is None:
        told.append(
            say(
                "The scan holds {millions:.2f} million counts; no pair of limb segments could be compared.",
                millions=millions,
            )
        )
    else:
        told.append(
            say(
                "The scan holds {millions:.2f} million counts: to be called increased 19 times in 20, uptake of one "
                "side would have to be {rise:.0f} % above the other ({part}).",
                millions=millions,
                rise=100 * detectable,
                part=say(part),
            )
        )
    if on_both is not None:
        told.append(
            say(
                "A rise on both sides is called 19 times in 20 from {rise:.0f} % above the other parts of the limbs.",
                rise=100 * on_both,
            )
        )
    graded = () if scan.grade is None else (UNVALIDATED,)
    return (*told, *found(scan), *graded)


def found(scan: ScintigramRecord) -> tuple[str, ...]:
    """What the scan shows of soft tissue, its grade, and what was left out."""
    told: list[str] = []
    signed = [segment for segment in scan.segments if segment.signs]
    measured = [s for s in scan.segments if s.density is not None and not s.together]
    if scan.grade is None:
        told.append(say("Soft tissue could not be measured beside the bones of any limb."))
    elif signed:
        told.append(say("Soft-tissue uptake: {segments:; }.", segments=[_told(segment) for segment in signed]))
    else:
        told.append(
            say(
                "No increased and no heterogeneous uptake in the soft tissue of the limbs ({n} segments measured).",
                n=len(measured),
            )
        )
        told.append(
            say(
                "A rise that is alike in all of these parts would not be seen: {parts:, }.",
                parts=[say(part) for part in dict.fromkeys(s.part for s in measured)],
            )
        )
    if scan.grade is not None:
        told.append(say("Grade {grade} of 2, not validated: {means}.", grade=scan.grade, means=GRADES[scan.grade]))
    bright = [segment for segment in scan.segments if segment.focus is not None]
    if bright:
        told.append(
            say("Places brighter than counting explains: {places:; }.", places=[_bright(one) for one in bright])
        )
    if scan.left_out:
        told.append(say("Left out of every measure: {spots:; }.", spots=[spot.label for spot in scan.left_out]))
    return tuple(told)


def _bright(segment: UptakeSegment) -> Text:
    """The brightest place of a segment."""
    return say(
        "{side} {part}, {ratio:.1f} times its surroundings",
        side=SIDE_WORDS[segment.side],
        part=say(segment.part),
        ratio=segment.focus_ratio or 1.0,
    )


def _told(segment: UptakeSegment) -> Text:
    """One segment and its signs with their numbers."""
    place = say("{side} {part}", side=SIDE_WORDS[segment.side], part=say(segment.part))
    parts = []
    if "increased" in segment.signs:
        parts.append(_increase(segment))
    if "heterogeneous" in segment.signs and segment.variation is not None:
        low, high = segment.variation_interval or (segment.variation, segment.variation)
        parts.append(
            say(
                "heterogeneous (variation beyond counting {value:.0f} %, 95 % interval {low:.0f} to {high:.0f} %)",
                value=100 * segment.variation,
                low=100 * low,
                high=100 * high,
            )
        )
    return say("{place}: {signs:, }", place=place, signs=parts)


def _increase(segment: UptakeSegment) -> Text:
    beside = segment.other_side_interval
    if segment.other_side is not None and beside is not None and beside[0] > 1:
        return say(
            "increased ({ratio:.2f} times the other side, 95 % interval {low:.2f} to {high:.2f})",
            ratio=segment.other_side,
            low=beside[0],
            high=beside[1],
        )
    low, high = segment.reference_interval or (0.0, 0.0)
    return say(
        "increased ({ratio:.2f} times reference tissue, 95 % interval {low:.2f} to {high:.2f})",
        ratio=segment.reference or 0.0,
        low=low,
        high=high,
    )


def noise_cautions(noise: Iterable[Counting]) -> tuple[str, ...]:
    """What a filter or a scale means for the intervals."""
    told: list[str] = []
    for one in noise:
        if one.filter_px > 0:
            told.append(
                say(
                    "the counts were smoothed after they were taken (by about {px:.1f} pixels): considered in the "
                    "intervals",
                    px=one.filter_px,
                )
            )
        if one.scale != 1:
            told.append(
                say(
                    "the noise shows {scale:.2f} pixel units for one count: the pixels were scaled; considered in the "
                    "intervals",
                    scale=one.scale,
                )
            )
    return tuple(dict.fromkeys(told))


def unseen(share: float | None) -> tuple[str, ...]:
    """That soft tissue before and behind bone is not seen, and how much of the lower legs was."""
    if share is None:
        return ()
    return (
        say(
            "soft tissue in front of or behind bone cannot be told from bone in a projection: {share:.0f} % of the "
            "area of the lower legs was measured",
            share=100 * share,
        ),
    )


def uneven(times: float) -> tuple[str, ...]:
    """That reference parts differ more than those of healthy people are taken to: one kind of them may be ill."""
    if times < math.exp(NORMAL_95 * PART_SD):
        return ()
    return (
        say(
            "parts of the limbs differ {times:.1f}-fold in uptake, more than is assumed of healthy people: a rise on "
            "both sides is possible, called or not",
            times=times,
        ),
    )


def predilection(image: ImageRecord, case: Case) -> str | None:
    """Whether uptake lies where the lesions of the case are; None where either is unknown."""
    scan = image.scintigram
    if scan is None or scan.grade is None or not case.lesions:
        return None
    signed = [segment for segment in scan.segments if segment.signs]
    if not signed:
        return None
    there = [segment for segment in signed if _affected(segment, case)]
    places = [say("{side} {part}", side=SIDE_WORDS[s.side], part=say(s.part)) for s in (there or signed)]
    if len(there) == len(signed):
        told = say("All of this uptake lies at affected sites of the case: {places:, }.", places=places)
    elif there:
        told = say("Some of this uptake lies at affected sites of the case: {places:, }.", places=places)
    else:
        told = say("None of this uptake lies at an affected site of the case: {places:, }.", places=places)
    if all(_affected(segment, case, sided=True) for segment in there):
        return told
    return say("{told} The side of a lesion was not told: both sides are taken for affected.", told=told)


def _affected(segment: UptakeSegment, case: Case, *, sided: bool = False) -> bool:
    """Whether a lesion of the case lies at a segment; `sided` asks for one whose side was told."""
    sites = SITES.get(segment.part, frozenset())
    sides = (segment.side, "B") if sided else (segment.side, "B", None)
    return any(lesion.site in sites and lesion.side in sides for lesion in case.lesions or ())
