"""Sentences of the record about films, in plain English that can be said in other languages."""

from collections.abc import Mapping, Sequence
from typing import Final

from calcinet.measure.radiograph.visibility import (
    ARTERIOLE_MM,
    CANNOT_TELL_MM,
    Visibility,
    negative_statement,
)
from calcinet.protocols.ct.sentences import ct_found
from calcinet.protocols.mammogram.sentences import breast_found
from calcinet.protocols.scintigram.follow_up import compared
from calcinet.protocols.scintigram.sentences import found as found_on_scan
from calcinet.record import FindingRecord, ImageRecord, Summary, VesselCourse
from calcinet.text import Text, counted, say, sentences

CLASSES: Final[Mapping[str, str]] = {
    "large": say("large"),
    "medium": say("medium"),
    "small": say("small"),
    "arteriole": say("arteriole"),
    "not resolvable": say("not resolvable"),
}
"""Calibre classes, widest first."""

SIDES: Final[Mapping[str, str]] = {"L": say("left"), "R": say("right"), "B": say("both sides")}


def could_show(seen: Visibility | None, found: Sequence[FindingRecord], why: str = "") -> str:
    """What the film could have shown, said before what it shows; `why` it is unknown where it is."""
    if seen is None:
        return say("What this film could have shown is unknown: {why}.", why=why)
    if not found:
        return negative_statement(seen).text
    width = seen.resolvable_mm
    if width <= ARTERIOLE_MM:
        return say("The finest calcified line that this film could show is {width:.2f} mm wide.", width=width)
    if width <= CANNOT_TELL_MM:
        return say(
            "The finest calcified line that this film could show is {width:.2f} mm wide; finer arterioles would be "
            "missed.",
            width=width,
        )
    return say(
        "The finest calcified line that this film could show is {width:.2f} mm wide; it cannot tell whether "
        "arterioles are calcified.",
        width=width,
    )


def too_fine(seen: Visibility | None, found: Sequence[FindingRecord]) -> tuple[str, ...]:
    """A caution where vessels are marked that are finer than the film can be relied on to show."""
    if seen is None or not any(one.calibre_mm is not None and one.calibre_mm < seen.resolvable_mm for one in found):
        return ()
    return (
        say(
            "vessels finer than {width:.2f} mm are marked, which this film cannot be relied on to show: "
            "look at them again",
            width=seen.resolvable_mm,
        ),
    )


def found_sentences(
    found: Sequence[FindingRecord], resolvable_mm: float | None, courses: Sequence[VesselCourse] = ()
) -> list[Text]:
    """What was found on one film, most telling first; what was not, with what could have been seen of it.

    Vessels are counted by their `courses`, where these are known.
    """
    nets = [f for f in found if f.kind == "net"]
    vessels = [f for f in found if f.kind == "vessel"]
    foci = [f for f in found if f.kind == "focus"]
    told = [
        _net_sentence(nets) if nets else _none(say("net-like calcification"), resolvable_mm),
        _vessel_sentence(vessels, len(courses) or len(vessels))
        if vessels
        else _none(say("calcified vessel"), resolvable_mm),
    ]
    if foci:
        told.append(
            counted(
                len(foci),
                "{count} other spot of soft-tissue calcium marked.",
                "{count} other spots of soft-tissue calcium marked.",
            )
        )
    return told


def summary(images: Sequence[ImageRecord]) -> Summary:
    """The examination in a few sentences."""
    examined = [image for image in images if image.refused is None]
    if not examined:
        return Summary(sentences=(say("No image could be examined."),) if images else ())
    told = [
        say(
            "{image} ({place:, }): {found}",
            image=image.id,
            place=[image.anatomy, *([SIDES[image.laterality]] if image.laterality else ())],
            found=sentences(*_found(image)),
        )
        for image in examined
    ]
    refused = len(images) - len(examined)
    if refused:
        told.append(
            counted(
                refused,
                "{count} image was refused; the reasons stand beside.",
                "{count} images were refused; the reasons stand beside.",
            )
        )
    return Summary(sentences=tuple(told))


def _found(image: ImageRecord) -> Sequence[str]:
    if image.ct is not None:
        return ct_found(image, image.ct)
    if image.scintigram is not None:
        comparison = image.scintigram.comparison
        return [*found_on_scan(image.scintigram), *(compared(comparison) if comparison else ())]
    if image.breast is not None:
        return breast_found(image, image.breast)
    return found_sentences(image.findings, image.resolvable_mm, image.courses)


def _none(what: str, resolvable_mm: float | None) -> Text:
    """A negative, which never goes further than the film."""
    if resolvable_mm is None:
        return say("No {what} was marked; how fine a line this film could show is unknown.", what=what)
    if resolvable_mm > CANNOT_TELL_MM:
        return say(
            "No {what} was marked; this film cannot tell of lines finer than {width:.2f} mm.",
            what=what,
            width=resolvable_mm,
        )
    return say("No {what} with lines of {width:.2f} mm or wider was marked.", what=what, width=resolvable_mm)


def _net_sentence(nets: Sequence[FindingRecord]) -> Text:
    probability = max(f.probability or 0 for f in nets)
    areas = [f.area_mm2 for f in nets if f.area_mm2 is not None]
    if not areas:
        return say("Net-like calcification marked (probability {probability:.2f}).", probability=probability)
    return say(
        "Net-like calcification marked over {area:.1f} cm² (probability {probability:.2f}).",
        area=sum(areas) / 100,
        probability=probability,
    )


def _vessel_sentence(vessels: Sequence[FindingRecord], count: int) -> Text:
    marked = counted(count, "{count} calcified vessel marked", "{count} calcified vessels marked")
    if count < len(vessels):
        marked = counted(
            count,
            "{count} calcified vessel marked in {stretches} stretches",
            "{count} calcified vessels marked in {stretches} stretches",
            stretches=len(vessels),
        )
    widths = [f.calibre_mm for f in vessels if f.calibre_mm is not None]
    parts = [marked, _wide(min(widths), max(widths))] if widths else [marked]
    found = {f.calibre_class for f in vessels}
    classes = [word for name, word in CLASSES.items() if name in found]
    if classes:
        return say("{parts:, } ({classes:, }).", parts=parts, classes=classes)
    return say("{parts:, }.", parts=parts)


def _wide(low: float, high: float) -> Text:
    if high - low < 0.1:
        return say("{width:.1f} mm wide", width=low)
    return say("{low:.1f} to {high:.1f} mm wide", low=low, high=high)
