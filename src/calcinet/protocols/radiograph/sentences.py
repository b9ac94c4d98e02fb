"""Sentences of the record about one radiograph."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Final

from calcinet.measure.calibre.classes import DEFAULT_CLASSES
from calcinet.measure.radiograph.visibility import ARTERIOLE_MM, CANNOT_TELL_MM, Visibility, negative_statement
from calcinet.protocols.vessel_records import known_calibres_mm
from calcinet.record import FindingRecord, ImageRecord
from calcinet.text import Text, as_written, counted, say, sentences
from calcinet.weights_manifest import ArteryRecall

CLASSES: Final[Mapping[str, str]] = {
    "large": say("large"),
    "medium": say("medium"),
    "small": say("small"),
    "arteriole": say("arteriole"),
    "not resolvable": say("not resolvable"),
}
"""Calibre classes, widest first."""

NET_LINE: Final = "net_line_mm"
"""Name of the measure that says how thin the lines of a visible net may be."""

ONE_WIDTH_MM: Final = 0.1
"""Calibres that differ by less are given as one number. Our choice: the last digit that is printed."""


def state_visibility(visibility: Visibility | None, found: Sequence[FindingRecord], why_unknown: str = "") -> Text:
    """What the film could have shown, of single lines and of nets, before what it shows; where it is unknown, why."""
    if visibility is None:
        return say("The limit of detection of this film is unknown: {why}.", why=why_unknown)
    single = _state_single_line(visibility, found)
    if not isfinite(visibility.net_line_mm):
        return single
    return sentences(single, _state_net_limit(visibility))


def _state_single_line(visibility: Visibility, found: Sequence[FindingRecord]) -> Text:
    if not found:
        return negative_statement(visibility).text
    width = visibility.resolvable_mm
    if width <= ARTERIOLE_MM:
        return say("Limit of detection of this film: a single calcified line {width:.2f} mm wide.", width=width)
    if width <= CANNOT_TELL_MM:
        return say(
            "Limit of detection of this film: a single calcified line {width:.2f} mm wide; finer arterioles would be "
            "missed.",
            width=width,
        )
    return say(
        "Limit of detection of this film: a single calcified line {width:.2f} mm wide; calcification of "
        "arterioles is not assessable.",
        width=width,
    )


def _state_net_limit(visibility: Visibility) -> Text:
    """The limit of a net, which many lines show together, in words that promise less than those of a single line."""
    return say(
        "A net shows by many lines at once: whoever knew its course could see it from lines of {width:.2f} mm; with "
        "lines finer than the limit of a single line it may be missed.",
        width=visibility.net_line_mm,
    )


def state_finer_marks(visibility: Visibility | None, found: Sequence[FindingRecord]) -> tuple[Text, ...]:
    """A sentence where vessels are marked that are finer than the limit: at it half are found, not none."""
    if visibility is None:
        return ()
    finer = [mm for mm in known_calibres_mm(found) if mm < visibility.resolvable_mm]
    if not finer:
        return ()
    sentence = counted(
        len(finer),
        "{count} vessel finer than the limit of a single line is marked, {width:.2f} mm wide: at the limit half of "
        "such lines are found, below it fewer, and a mark may be an artefact; review it.",
        "{count} vessels finer than the limit of a single line are marked, from {width:.2f} mm: at the limit half of "
        "such lines are found, below it fewer, and a mark may be an artefact; review them.",
        width=min(finer),
    )
    return (sentence,)


def describe_radiograph(image: ImageRecord, recall: ArteryRecall | None = None) -> list[Text]:
    """What was found on one film, most telling first; what was not, with what could have been seen of it.

    Vessels are counted by their courses, where these are known. `recall` is how many real arteries the detector marks.
    """
    nets, vessels, foci = image.findings_of("net"), image.findings_of("vessel"), image.findings_of("focus")
    said = []
    if nets:
        said.append(_describe_nets(nets, image.lengths_hold_if))
    else:
        said.append(_say_no_net(image))
    if vessels:
        said.append(_describe_vessels(vessels, len(image.courses) or len(vessels), image.lengths_hold_if))
    else:
        said.append(sentences(_say_none(say("calcified vessel"), image), _say_what_is_missed(recall)))
    if foci:
        said.append(
            counted(
                len(foci),
                "{count} other spot of soft-tissue calcium marked.",
                "{count} other spots of soft-tissue calcium marked.",
            )
        )
    return said


def _say_what_is_missed(recall: ArteryRecall | None) -> Text:
    """A film without marks is no film without calcified arteries."""
    if recall is None:
        return say("This rules none out: how many arteries the program misses on real films was not measured.")
    return say(
        "This rules none out: of {arteries} calcified arteries that a reader marked on films of limbs of {patients} "
        "patients, the program marked {found}.",
        arteries=recall.arteries,
        patients=recall.patients,
        found=recall.found,
    )


def _say_no_net(image: ImageRecord) -> Text:
    """No net, as far as single lines show it: what only many lines show together is less sure."""
    net_line_mm = image.measures.get(NET_LINE)
    single = _say_none(say("net-like calcification"), image)
    if image.resolvable_mm is None or net_line_mm is None or net_line_mm >= image.resolvable_mm:
        return single
    finer = say(
        "A net of finer lines, from {width:.2f} mm, may show by many lines at once; it may also be missed.",
        width=net_line_mm,
    )
    return sentences(single, finer)


def _say_none(what: str, image: ImageRecord) -> Text:
    """A negative, which never goes further than the film, and nowhere without a size that is known."""
    resolvable_mm = image.resolvable_mm
    if resolvable_mm is None and not image.size_known:
        return _say_not_assessable(what, image)
    if resolvable_mm is None:
        return say("No {what} was marked; the limit of detection of this film is unknown.", what=what)
    if resolvable_mm > CANNOT_TELL_MM:
        return say(
            "No {what} was marked; lines finer than {width:.2f} mm are not assessable on this film.",
            what=what,
            width=resolvable_mm,
        )
    return say("No {what} with lines of {width:.2f} mm or wider was marked.", what=what, width=resolvable_mm)


def _say_not_assessable(what: str, image: ImageRecord) -> Text:
    """Without a pixel size nothing is absent; what would be needed is named."""
    if image.export_signs:
        return say(
            "No {what} was marked; whether there is any is not assessable, since the size of the pixels of this "
            "exported picture is not known. The original DICOM file is needed.",
            what=what,
        )
    if image.lengths_hold_if is not None:
        return say(
            "No {what} was marked; whether there is any is not assessable, since the pixel size is in doubt. The right "
            "one is needed.",
            what=what,
        )
    return say(
        "No {what} was marked; whether there is any is not assessable, since the pixel size of this film is not known. "
        "It is needed.",
        what=what,
    )


def _describe_nets(nets: Sequence[FindingRecord], hold_if: str | None) -> Text:
    probability = max(net.probability or 0 for net in nets)
    areas = [net.area_mm2 for net in nets if net.area_mm2 is not None]
    bounds = [net.area_interval_mm2 for net in nets if net.area_interval_mm2 is not None]
    if not areas:
        return say(
            "Reticular (net-like) calcification marked (probability {probability:.2f}).", probability=probability
        )
    if hold_if is not None:
        return say(
            "Reticular (net-like) calcification marked (probability {probability:.2f}), over {area:.1f} cm² "
            "{condition}.",
            area=sum(areas) / 100,
            probability=probability,
            condition=hold_if,
        )
    if len(bounds) == len(areas):
        return say(
            "Reticular (net-like) calcification marked, {area:.1f} cm² in all (95 % interval {low:.1f} to {high:.1f} "
            "cm²; probability {probability:.2f}).",
            area=sum(areas) / 100,
            low=sum(low for low, _ in bounds) / 100,
            high=sum(high for _, high in bounds) / 100,
            probability=probability,
        )
    return say(
        "Reticular (net-like) calcification marked over {area:.1f} cm² (probability {probability:.2f}).",
        area=sum(areas) / 100,
        probability=probability,
    )


def _describe_vessels(vessels: Sequence[FindingRecord], count: int, hold_if: str | None) -> Text:
    parts = [_count_vessels(count, len(vessels))]
    widths = known_calibres_mm(vessels)
    if widths:
        parts.append(_add_condition(_describe_widths(min(widths), max(widths)), hold_if))
    found = {vessel.calibre_class for vessel in vessels}
    classes = [word for name, word in CLASSES.items() if name in found]
    if classes:
        return say("{parts:, } ({classes:, }).", parts=parts, classes=classes)
    return say("{parts:, }.", parts=parts)


def _add_condition(width: Text, hold_if: str | None) -> Text:
    if hold_if is None:
        return width
    return say("{width} {condition}", width=width, condition=hold_if)


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
        return say("{width} mm wide", width=as_written(write_width(low_mm)))
    return say("{low} to {high} mm wide", low=as_written(write_width(low_mm)), high=as_written(write_width(high_mm)))


def write_width(mm: float) -> str:
    """A calibre with one decimal, or with as many as keep it in its class: 1.97 mm is small, 2.0 mm would be medium.

    >>> write_width(1.93), write_width(1.97), write_width(1.997)
    ('1.9', '1.97', '1.997')
    """
    for decimals in (1, 2, 3):
        written = f"{mm:.{decimals}f}"
        if DEFAULT_CLASSES.name(float(written)) == DEFAULT_CLASSES.name(mm):
            return written
    return f"{mm:g}"
