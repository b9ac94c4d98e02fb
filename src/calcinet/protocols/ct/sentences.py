"""Sentences of the record about one CT."""

from collections.abc import Iterator, Mapping
from typing import Final

from calcinet.findings.ct.components import CALCIUM_HU
from calcinet.findings.ct.contrast_enhancement import BloodPool
from calcinet.findings.ct.finder import CtCalcium
from calcinet.measure.radiograph.visibility import ARTERIOLE_MM, CANNOT_TELL_MM
from calcinet.protocols.ct.meanings import AGATSTON, VOLUME
from calcinet.record import ImageRecord
from calcinet.text import Text, counted, say

COMPARTMENTS: Final[Mapping[str, str]] = {
    "artery": say("in arteries"),
    "muscle": say("in muscle"),
    "subcutis": say("in the subcutis"),
    "skin": say("in the skin"),
    "bone overlap": say("at bone"),
    "unknown": say("elsewhere"),
}
"""Where each compartment is, in the order in which they are named."""


def describe_ct(image: ImageRecord) -> list[Text]:
    """What was found on one CT, most telling first."""
    if not image.findings:
        return [_say_nothing(image.resolvable_mm)]
    sentences = []
    nets = image.findings_of("net")
    if nets:
        area_mm2 = sum(net.area_mm2 or 0.0 for net in nets)
        sentences.append(say("Net-like calcification under the skin marked over {area:.1f} cm².", area=area_mm2 / 100))
    return [*sentences, _describe_amount(image), _describe_score(image)]


def _say_nothing(resolvable_mm: float | None) -> Text:
    if resolvable_mm is None:
        return say("No calcium outside bone was marked; how fine a line this CT could show is unknown.")
    return say(
        "No calcium outside bone was marked; lines finer than {width:.2f} mm could not have been seen.",
        width=resolvable_mm,
    )


def _describe_amount(image: ImageRecord) -> Text:
    """Volume by compartment; the number of places where there is no volume."""
    if image.ct is None or image.measures.get(VOLUME) is None:
        count = len(image.findings)
        return counted(count, "{count} place with calcium outside bone.", "{count} places with calcium outside bone.")
    volume_mm3 = dict.fromkeys(COMPARTMENTS, 0.0)
    for score in image.ct.scores:
        volume_mm3[score.compartment] += score.volume_mm3 or 0.0
    volumes = []
    for compartment, where in COMPARTMENTS.items():
        volume = volume_mm3[compartment]
        if volume:
            volumes.append(say("{mm3:.0f} mm³ {place}", mm3=volume, place=where))
    if VOLUME not in image.intervals95:
        return say("Calcium outside bone: {parts:, }.", parts=volumes)
    low, high = image.intervals95[VOLUME]
    return say(
        "Calcium outside bone: {parts:, }; in all {total:.0f} mm³ (95 % interval {low:.0f} to {high:.0f} mm³).",
        parts=volumes,
        total=image.measures[VOLUME],
        low=low,
        high=high,
    )


def _describe_score(image: ImageRecord) -> Text:
    agatston = image.measures.get(AGATSTON)
    if agatston is None:
        return say("No Agatston score: the reason stands beside.")
    if AGATSTON not in image.intervals95:
        return say("Agatston score of the arteries {score:.0f}.", score=agatston)
    low, high = image.intervals95[AGATSTON]
    return say(
        "Agatston score of the arteries {score:.0f} (95 % interval {low:.0f} to {high:.0f}).",
        score=agatston,
        low=low,
        high=high,
    )


def state_visibility(resolvable_mm: float | None, contrast: bool | None, threshold_hu: float) -> tuple[Text, ...]:
    """What the CT could have shown, then how calcium was told from the rest."""
    return (_state_thinnest_line(resolvable_mm), _state_threshold(contrast, threshold_hu))


def _state_thinnest_line(resolvable_mm: float | None) -> Text:
    if resolvable_mm is None:
        return say("The limit of detection of this CT is unknown.")
    if resolvable_mm > CANNOT_TELL_MM:
        return say(
            "Limit of detection of this CT: a line of dense calcium about {width:.2f} mm wide; "
            "calcification of arterioles is not assessable.",
            width=resolvable_mm,
        )
    if resolvable_mm > ARTERIOLE_MM:
        return say(
            "Limit of detection of this CT: a line of dense calcium about {width:.2f} mm wide; finer "
            "arterioles would be missed.",
            width=resolvable_mm,
        )
    return say("Limit of detection of this CT: a line of dense calcium about {width:.2f} mm wide.", width=resolvable_mm)


def _state_threshold(contrast: bool | None, threshold_hu: float) -> Text:
    if threshold_hu > CALCIUM_HU:
        return say(
            "Blood holds contrast agent: calcium was taken to begin at {hu:.0f} HU, above the blood; volume only, no "
            "score.",
            hu=threshold_hu,
        )
    if contrast:
        return say("Contrast agent was given: the calcium is marked from {hu:.0f} HU, and not scored.", hu=threshold_hu)
    return say("Calcium was taken to begin at {hu:.0f} HU.", hu=threshold_hu)


def explain_contrast(stated: bool | None, pool: BloodPool | None) -> Text:
    """How it is known whether contrast agent was given."""
    if pool is not None:
        return say(
            "the blood is enhanced: {hu:.0f} HU in a pool of {ml:.1f} mL", hu=pool.mean_hu, ml=pool.volume_mm3 / 1000
        )
    if stated is None:
        return say("the header does not say, and no enhanced blood was seen")
    if stated:
        return say("the header names a contrast agent")
    return say("the header says that none was given")


def list_cautions(contrast: bool | None, found: CtCalcium) -> Iterator[Text]:
    """What is doubtful about how the CT was taken."""
    if found.anatomy.cropped:
        yield say("the picture cuts the body at its edges: depth, compartment under the skin and level are not told")
    if found.anatomy.trunk.any():
        yield say(
            "in the trunk calcium of the aorta that touches the spine is taken for bone: volume, length and score of "
            "arteries there are least values"
        )
    if found.pool is not None:
        yield say("small or faint calcium near enhanced blood is missed: its brightness does not stand out")
    elif contrast:
        yield say("contrast agent was given, and calcium is marked from 130 HU: blood may be among the marks")
