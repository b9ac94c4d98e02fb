"""Sentences of the record about one radiograph."""

from collections.abc import Mapping, Sequence
from typing import Final

from calcinet.measure.radiograph.visibility import ARTERIOLE_MM, CANNOT_TELL_MM, Visibility, negative_statement
from calcinet.protocols.vessel_records import known_calibres_mm
from calcinet.record import FindingRecord, ImageRecord
from calcinet.text import Text, counted, say

CLASSES: Final[Mapping[str, str]] = {
    "large": say("large"),
    "medium": say("medium"),
    "small": say("small"),
    "arteriole": say("arteriole"),
    "not resolvable": say("not resolvable"),
}
"""Calibre classes, widest first."""

ONE_WIDTH_MM: Final = 0.1
"""Calibres that differ by less are given as one number. Our choice: the last digit that is printed."""


def state_visibility(visibility: Visibility | None, found: Sequence[FindingRecord], why_unknown: str = "") -> str:
    """What the film could have shown, said before what it shows; where it is unknown, why."""
    if visibility is None:
        return say("The limit of detection of this film is unknown: {why}.", why=why_unknown)
    if not found:
        return negative_statement(visibility).text
    width = visibility.resolvable_mm
    if width <= ARTERIOLE_MM:
        return say("Limit of detection of this film: a calcified line {width:.2f} mm wide.", width=width)
    if width <= CANNOT_TELL_MM:
        return say(
            "Limit of detection of this film: a calcified line {width:.2f} mm wide; finer arterioles would be missed.",
            width=width,
        )
    return say(
        "Limit of detection of this film: a calcified line {width:.2f} mm wide; calcification of "
        "arterioles is not assessable.",
        width=width,
    )


def caution_finer_vessels(visibility: Visibility | None, found: Sequence[FindingRecord]) -> tuple[str, ...]:
    """A caution where vessels are marked that are finer than the film can be relied on to show."""
    calibres = known_calibres_mm(found)
    if visibility is None or not calibres or min(calibres) >= visibility.resolvable_mm:
        return ()
    caution = say(
        "vessels finer than the limit of detection, {width:.2f} mm, are marked: they may be artefacts, review them",
        width=visibility.resolvable_mm,
    )
    return (caution,)


def describe_radiograph(image: ImageRecord) -> list[Text]:
    """What was found on one film, most telling first; what was not, with what could have been seen of it.

    Vessels are counted by their courses, where these are known.
    """
    nets, vessels, foci = image.findings_of("net"), image.findings_of("vessel"), image.findings_of("focus")
    sentences = []
    if nets:
        sentences.append(_describe_nets(nets))
    else:
        sentences.append(_say_none(say("net-like calcification"), image.resolvable_mm))
    if vessels:
        sentences.append(_describe_vessels(vessels, len(image.courses) or len(vessels)))
    else:
        sentences.append(_say_none(say("calcified vessel"), image.resolvable_mm))
    if foci:
        sentences.append(
            counted(
                len(foci),
                "{count} other spot of soft-tissue calcium marked.",
                "{count} other spots of soft-tissue calcium marked.",
            )
        )
    return sentences


def _say_none(what: str, resolvable_mm: float | None) -> Text:
    """A negative, which never goes further than the film."""
    if resolvable_mm is None:
        return say("No {what} was marked; the limit of detection of this film is unknown.", what=what)
    if resolvable_mm > CANNOT_TELL_MM:
        return say(
            "No {what} was marked; lines finer than {width:.2f} mm are not assessable on this film.",
            what=what,
            width=resolvable_mm,
        )
    return say("No {what} with lines of {width:.2f} mm or wider was marked.", what=what, width=resolvable_mm)


def _describe_nets(nets: Sequence[FindingRecord]) -> Text:
    probability = max(net.probability or 0 for net in nets)
    areas = [net.area_mm2 for net in nets if net.area_mm2 is not None]
    if not areas:
        return say(
            "Reticular (net-like) calcification marked (probability {probability:.2f}).", probability=probability
        )
    return say(
        "Reticular (net-like) calcification marked over {area:.1f} cm² (probability {probability:.2f}).",
        area=sum(areas) / 100,
        probability=probability,
    )


def _describe_vessels(vessels: Sequence[FindingRecord], count: int) -> Text:
    parts = [_count_vessels(count, len(vessels))]
    widths = known_calibres_mm(vessels)
    if widths:
        parts.append(_describe_widths(min(widths), max(widths)))
    found = {vessel.calibre_class for vessel in vessels}
    classes = [word for name, word in CLASSES.items() if name in found]
    if classes:
        return say("{parts:, } ({classes:, }).", parts=parts, classes=classes)
    return say("{parts:, }.", parts=parts)


def _count_vessels(count: int, stretches: int) -> Text:
    if count >= stretches:
        return counted(count, "{count} calcified vessel marked", "{count} calcified vessels marked")
    return counted(
        count,
        "{count} calcified vessel marked in {stretches} stretches",
        "{count} calcified vessels marked in {stretches} stretches",
        stretches=stretches,
    )


def _describe_widths(low_mm: float, high_mm: float) -> Text:
    if high_mm - low_mm < ONE_WIDTH_MM:
        return say("{width:.1f} mm wide", width=low_mm)
    return say("{low:.1f} to {high:.1f} mm wide", low=low_mm, high=high_mm)
