"""Sentences of the record about a CT."""

from collections.abc import Iterator, Mapping
from typing import Final

from calcinet.findings.ct.components import CALCIUM_HU
from calcinet.findings.ct.contrast_enhancement import BloodPool
from calcinet.findings.ct.finder import CtCalcium
from calcinet.measure.radiograph.visibility import ARTERIOLE_MM, CANNOT_TELL_MM
from calcinet.record import CtRecord, ImageRecord
from calcinet.text import Text, counted, say

PLACES: Final[Mapping[str, str]] = {
    "artery": say("in arteries"),
    "muscle": say("in muscle"),
    "subcutis": say("in the subcutis"),
    "skin": say("in the skin"),
    "bone overlap": say("at bone"),
    "unknown": say("elsewhere"),
}
"""Compartments in words, in the order in which they are told."""


def ct_found(image: ImageRecord, ct: CtRecord) -> list[Text]:
    """What was found on one CT, most telling first."""
    if not image.findings:
        return [_nothing(image.resolvable_mm)]
    nets = [finding for finding in image.findings if finding.kind == "net"]
    told = [_net(sum(finding.area_mm2 or 0.0 for finding in nets) / 100)] if nets else []
    return [*told, *_amounts(image, ct)]


def _nothing(resolvable_mm: float | None) -> Text:
    if resolvable_mm is None:
        return say("No calcium outside bone was marked; how fine a line this CT could show is unknown.")
    return say(
        "No calcium outside bone was marked; lines finer than {width:.2f} mm could not have been seen.",
        width=resolvable_mm,
    )


def _net(area_cm2: float) -> Text:
    return say("Net-like calcification under the skin marked over {area:.1f} cm².", area=area_cm2)


def _amounts(image: ImageRecord, ct: CtRecord) -> Iterator[Text]:
    """Volume by compartment, or the number of places on one slice; then the score."""
    if image.measures.get("ct.volume_mm3") is None:
        count = len(image.findings)
        yield counted(count, "{count} place with calcium outside bone.", "{count} places with calcium outside bone.")
    else:
        volume = {
            where: sum(score.volume_mm3 or 0.0 for score in ct.scores if score.compartment == where) for where in PLACES
        }
        parts = [say("{mm3:.0f} mm³ {place}", mm3=mm3, place=PLACES[where]) for where, mm3 in volume.items() if mm3]
        yield say("Calcium outside bone: {parts:, }.", parts=parts)
    score = image.measures.get("ct.agatston")
    yield (
        say("Agatston score of the arteries {score:.0f}.", score=score)
        if score is not None
        else say("No Agatston score: the reason stands beside.")
    )


def ct_statement(resolvable_mm: float | None, contrast: bool | None, threshold_hu: float) -> tuple[Text, ...]:
    """What the CT could have shown, then how calcium was told from the rest."""
    return (_could_show(resolvable_mm), _rule(contrast, threshold_hu))


def _could_show(resolvable_mm: float | None) -> Text:
    if resolvable_mm is None:
        return say("What this CT could have shown is unknown.")
    if resolvable_mm > CANNOT_TELL_MM:
        return say(
            "The finest line of dense calcium that this CT could show is about {width:.2f} mm wide; it cannot tell "
            "whether arterioles are calcified.",
            width=resolvable_mm,
        )
    if resolvable_mm > ARTERIOLE_MM:
        return say(
            "The finest line of dense calcium that this CT could show is about {width:.2f} mm wide; finer arterioles "
            "would be missed.",
            width=resolvable_mm,
        )
    return say(
        "The finest line of dense calcium that this CT could show is about {width:.2f} mm wide.", width=resolvable_mm
    )


def _rule(contrast: bool | None, threshold_hu: float) -> Text:
    if threshold_hu > CALCIUM_HU:
        return say(
            "Blood holds contrast agent: calcium was taken to begin at {hu:.0f} HU, above the blood; volume only, no "
            "score.",
            hu=threshold_hu,
        )
    if contrast:
        return say("Contrast agent was given: the calcium is marked from {hu:.0f} HU, and not scored.", hu=threshold_hu)
    return say("Calcium was taken to begin at {hu:.0f} HU.", hu=threshold_hu)


def contrast_words(stated: bool | None, pool: BloodPool | None) -> Text:
    """How it is known whether contrast agent was given."""
    if pool is not None:
        return say(
            "the blood is enhanced: {hu:.0f} HU in a pool of {ml:.1f} mL", hu=pool.mean_hu, ml=pool.volume_mm3 / 1000
        )
    if stated is None:
        return say("the header does not say, and no enhanced blood was seen")
    return say("the header names a contrast agent") if stated else say("the header says that none was given")


def ct_cautions(contrast: bool | None, found: CtCalcium) -> Iterator[Text]:
    """What is doubtful about how the CT was taken."""
    if found.anatomy.cropped:
        yield say("the picture cuts the body at its edges: depth, compartment under the skin and level are not told")
    if found.pool is not None:
        yield say("small or faint calcium near enhanced blood is missed: its brightness does not stand out")
    elif contrast:
        yield say("contrast agent was given, and calcium is marked from 130 HU: blood may be among the marks")
