"""The criteria of the Japanese study group: three clinical, or two and histology [keio_criteria]."""

from collections.abc import Sequence
from typing import Final

from calcinet.clinical.body_sites import JAPANESE
from calcinet.clinical.case import Case
from calcinet.clinical.lesion_text import ulcers
from calcinet.clinical.mimics import Mimics, exclusion_item
from calcinet.clinical.results import CriterionResult, Item
from calcinet.clinical.skin_lesion import Biopsy, Lesion
from calcinet.clinical.ternary import Ternary, all_of, any_of, at_least
from calcinet.text import Text, as_written, say, sentences

GFR_LIMIT_ML_MIN: Final = 15.0
"""At or below it criterion 1 is met without dialysis. [keio_criteria]"""

ULCERS_NEEDED: Final = 2
"""Ulcers of criterion 2. [keio_criteria]"""

MANY: Final = 1000
"""Stands for a number of ulcers that was not given."""


def japanese(case: Case, mimics: Mimics) -> CriterionResult:
    """Go through the criteria item by item."""
    items = {
        "clinical_1": _judge_kidney(case),
        "clinical_2": _judge_two_ulcers(case.lesions),
        "clinical_3": _judge_ulcer_at_site(case.lesions),
        "histology": _judge_histology(case),
        "exclusions": exclusion_item(mimics),
    }
    label = say("Japanese study group (3 of 3 clinical, or 2 and histology)")
    return CriterionResult("japanese_2012", label, _is_met(items), items, "keio_criteria")


def _is_met(items: dict[str, Item]) -> Ternary:
    """Whether the set is met: never while other diseases are open or one was found, which a biopsy would settle."""
    clinical = [items[name].met for name in ("clinical_1", "clinical_2", "clinical_3")]
    sure, possible = clinical.count(True), 3 - clinical.count(False)
    histology = items["histology"].met
    met = any_of([at_least(3, sure, possible), all_of([at_least(2, sure, possible), histology])])
    if met and not items["exclusions"].met:
        return None
    return met


def _judge_kidney(case: Case) -> Item:
    wanted = say("Chronic kidney disease on dialysis, or a GFR of {limit:g} mL/min or less.", limit=GFR_LIMIT_ML_MIN)
    kidney = case.kidney
    if kidney.on_dialysis:
        return Item(True, wanted, say("On dialysis."))
    if kidney.egfr_ml_min is not None:
        because = say("GFR {value:g} mL/min.", value=kidney.egfr_ml_min)
        return Item(kidney.egfr_ml_min <= GFR_LIMIT_ML_MIN, wanted, because)
    if kidney.stage is not None:
        return Item(kidney.stage in ("5", "5D"), wanted, say("Stage {stage}.", stage=as_written(kidney.stage)))
    question = say("Is the patient on dialysis, or is the GFR {limit:g} mL/min or less?", limit=GFR_LIMIT_ML_MIN)
    return Item(None, wanted, "", question, "kidney")


def _judge_two_ulcers(lesions: Sequence[Lesion] | None) -> Item:
    wanted = say("Two or more painful, refractory skin ulcers with painful purpura around them.")
    if lesions is None:
        return _ask_for_lesions(wanted)
    found = [lesion for _, lesion in ulcers(lesions)]
    if not found:
        return _report_no_ulcer(wanted)
    sure, possible = 0, 0
    for lesion in found:
        counts = may_count(lesion)
        if counts:
            sure += lesion.sides * lesion.at_least
        if counts is not False:
            possible += lesion.sides * (lesion.count or MANY)
    return _judge_ulcers(wanted, at_least(ULCERS_NEEDED, sure, possible), found)


def _judge_ulcer_at_site(lesions: Sequence[Lesion] | None) -> Item:
    wanted = say(
        "A painful, refractory ulcer with painful purpura around it on trunk, upper arm, forearm, thigh, lower leg or "
        "penis; hands and feet do not count."
    )
    if lesions is None:
        return _ask_for_lesions(wanted)
    found = [lesion for _, lesion in ulcers(lesions) if lesion.site in JAPANESE]
    if not found:
        return _report_no_ulcer(wanted)
    return _judge_ulcers(wanted, any_of(map(may_count, found)), found)


def _ask_for_lesions(wanted: Text) -> Item:
    return Item(None, wanted, "", say("Are there skin lesions? None were described."), "lesions")


def _report_no_ulcer(wanted: Text) -> Item:
    return Item(False, wanted, say("No ulcer at such a site was described."), None, "lesions")


def _judge_ulcers(wanted: Text, met: Ternary, found: Sequence[Lesion]) -> Item:
    """An item that the ulcers decide, with what to ask where they leave it open."""
    if met is None:
        return Item(None, wanted, "", _ask_questions(found), "lesions")
    return Item(met, wanted, say("By the lesions as described."), None, "lesions")


def may_count(lesion: Lesion) -> Ternary:
    """Whether an ulcer is painful, refractory and has painful purpura around it."""
    return all_of([lesion.painful, lesion.refractory, lesion.purpura_around])


def _ask_questions(found: Sequence[Lesion]) -> Text:
    """Whatever an ulcer that may still count does not state."""
    undecided = [lesion for lesion in found if may_count(lesion) is None]
    asked: list[Text] = []
    for name, text in ULCER_QUESTIONS.items():
        if any(getattr(lesion, name) is None for lesion in undecided):
            asked.append(text)
    if not asked:
        return COUNT_QUESTION
    return sentences(*asked)


ULCER_QUESTIONS: Final = {
    "painful": say("Are the lesions painful?"),
    "purpura_around": say("Is there painful purpura in the skin around the lesions?"),
    "refractory": say("Are the lesions refractory: have they failed to heal under usual treatment?"),
}
"""What settles an ulcer, by the field of the lesion."""

COUNT_QUESTION: Final = say("How many ulcers are there?")


def _judge_histology(case: Case) -> Item:
    wanted = say(
        "Necrosis or ulcer, calcification of the media or internal elastic lamina of small to medium arteries in "
        "dermis or fat, and concentric narrowing by oedematous thickening of the intima."
    )
    done = [biopsy for biopsy in case.pathology if biopsy.status == "done"]
    if not done:
        if any(biopsy.status == "declined" for biopsy in case.pathology):
            return Item(None, wanted, say("Biopsy was declined."), None, "pathology")
        return Item(None, wanted, "", say("There is no biopsy; is one possible?"), "pathology")
    met = any_of(map(_shows_disease, done))
    if met is None:
        return Item(None, wanted, "", say("Does a biopsy show all three?"), "pathology")
    return Item(met, wanted, say("By the pathology report."), None, "pathology")


def _shows_disease(biopsy: Biopsy) -> Ternary:
    if biopsy.contradicts_itself:
        return None
    features = all_of([biopsy.necrosis_or_ulcer, biopsy.vessels_calcified, biopsy.intima_narrowed])
    if features is None and biopsy.result == "negative":
        return False
    return features
