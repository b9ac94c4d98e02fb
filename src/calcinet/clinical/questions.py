"""What the case leaves open and a person must answer; each question says where the answer goes."""

from collections.abc import Iterator
from typing import Final

from calcinet.clinical.body_sites import ACRAL, LOWER_LIMB
from calcinet.clinical.case import Case, Lesion
from calcinet.clinical.conditions import has
from calcinet.clinical.criteria.chinese import contradicts_biopsy, early, typical
from calcinet.clinical.criteria.japanese import ULCER_QUESTIONS, may_count
from calcinet.clinical.disagreements import ask_about_disagreements
from calcinet.clinical.drugs import unlisted_drugs
from calcinet.clinical.history import INFECTIONS
from calcinet.clinical.infections import list_infections
from calcinet.clinical.lesion_text import in_words, ulcers
from calcinet.clinical.mimics import Mimics
from calcinet.clinical.results import Assessment, Question
from calcinet.clinical.ternary import any_of
from calcinet.text import as_written, say

LOW_TEMPERATURE_C: Final = 36.0
"""Below this body temperature an infection is asked about too. Our choice: the usual limit."""

FEVER_C: Final = 38.0
"""From this body temperature on an infection is asked about. Our choice: the usual limit."""

NOT_STATED: Final = "not stated"

TYPICAL_QUESTIONS: Final = {
    "necrotic": say("Is there dead or black tissue?"),
    "painful": say("Is it painful?"),
}
"""What makes a lesion typical, by the field of the lesion."""


def open_questions(case: Case, known: Assessment, mimics: Mimics) -> list[Question]:
    """Gather what the criteria, the drugs and the signs of infection leave open."""
    return [
        *_ask_about_lesions(case),
        *_ask_about_ulcers(case),
        *_ask_about_drugs(case),
        *_ask_whether_all_drugs(case),
        *_ask_about_infection(case, known),
        *_ask_about_named_infection(case),
        *_ask_about_pulses(case),
        *_ask_about_veins(case),
        *_ask_about_mimics(case, mimics),
        *_ask_about_contradiction(case, mimics),
        *_ask_about_infection_found(case),
        *_ask_whether_found(case),
        *_ask_about_dialysis(case),
        *ask_about_disagreements(case, known),
    ]


def _ask_about_lesions(case: Case) -> Iterator[Question]:
    """Necrosis of ulcers and pain of other lesions, where they decide whether any is typical, or a papule early."""
    lesions = case.lesions or ()
    if any_of(map(typical, lesions)):
        return
    for number, lesion in enumerate(lesions):
        if typical(lesion) is None or early(lesion) is None:
            name = "painful"
            if lesion.kind == "ulcer":
                name = "necrotic"
            asked = say("{where:^}. {question}", where=in_words(lesion), question=as_written(TYPICAL_QUESTIONS[name]))
            yield Question(f"lesions.{number}.{name}", NOT_STATED, None, asked)


def _ask_about_ulcers(case: Case) -> Iterator[Question]:
    """Pain, purpura and refractoriness of every ulcer that may count and does not state them."""
    for number, lesion in ulcers(case.lesions or ()):
        for name, text in ULCER_QUESTIONS.items():
            if getattr(lesion, name) is None and may_count(lesion) is None:
                asked = say("{where:^}. {question}", where=in_words(lesion), question=as_written(text))
                yield Question(f"lesions.{number}.{name}", NOT_STATED, None, asked)


def _ask_about_drugs(case: Case) -> Iterator[Question]:
    for number, name in unlisted_drugs(case):
        text = say(
            "{drug} was stopped but is not on the drug list. Since when was it taken, at which dose, and when was it "
            "stopped?",
            drug=name,
        )
        yield Question(f"treatments.{number}.drug", name, None, text, "status: stopped, in drugs")


def _ask_whether_all_drugs(case: Case) -> Iterator[Question]:
    """Whether the list is whole: without that word nothing that it lacks was not taken."""
    if not case.drugs or case.drugs_complete is not None or unlisted_drugs(case):
        return
    text = say("Are these all drugs, now and in the year before the lesion?")
    if case.kidney.on_dialysis:
        text = say("Are these all drugs, now and in the year before the lesion, those of the dialysis unit too?")
    yield Question("drugs_complete", NOT_STATED, None, text, "drugs_complete: yes")


def _ask_about_infection(case: Case, known: Assessment) -> Iterator[Question]:
    if case.examination.infection_suspected is not None or case.examination.septic_shock:
        return
    signs = []
    for analyte in ("white_cells", "crp", "procalcitonin", "lactate"):
        result = known.lab(analyte)
        if result is not None and result.flag == "H":
            signs.append(say("{name} {given}", name=as_written(result.name), given=result.as_given))
    if (case.examination.temperature_c or 0.0) >= FEVER_C:
        signs.append(say("temperature {value:.1f} °C", value=case.examination.temperature_c))
    if signs:
        text = say("Raised: {signs}. Is there an infection of the wound or the blood? Look for it.", signs=signs)
        yield Question("examination.infection_suspected", NOT_STATED, None, text)
        return
    temperature = case.examination.temperature_c
    if temperature is not None and temperature < LOW_TEMPERATURE_C:
        text = say(
            "The temperature is low, {value:.1f} °C. Is there an infection of the wound or the blood? Look for it.",
            value=temperature,
        )
        yield Question("examination.infection_suspected", NOT_STATED, None, text)


def _ask_about_named_infection(case: Case) -> Iterator[Question]:
    """An infection among the diseases, and the word that none is suspected: one of both is not so."""
    named = list_infections(case)
    if named and case.examination.infection_suspected is False:
        text = say(
            "{names:, } stands among the diseases, yet infection is said not to be suspected. Is it there now?",
            names=[as_written(name) for name in named],
        )
        yield Question("examination.infection_suspected", "no", None, text)


def _ask_about_pulses(case: Case) -> Iterator[Question]:
    """Pulses decide how soon somebody looks at the arteries of a limb that has a wound or dead tissue at its end."""
    at_risk = any(lesion.site in ACRAL and _has_lost_tissue(lesion) for lesion in case.lesions or ())
    if at_risk and case.examination.peripheral_pulses is None:
        text = say("Are the pulses of the affected limb present, weak or absent?")
        yield Question("examination.peripheral_pulses", NOT_STATED, None, text)


def _has_lost_tissue(lesion: Lesion) -> bool:
    return lesion.kind in ("ulcer", "eschar", "gangrene") or bool(lesion.necrotic)


def _ask_about_veins(case: Case) -> Iterator[Question]:
    """A net under the skin of the leg counts only once venous disease was thought of."""
    on_leg = any(lesion.site in LOWER_LIMB for lesion in case.lesions or ())
    said = (case.examination.venous_disease, case.examination.ceap, has(case, "venous insufficiency"))
    if on_leg and all(answer is None for answer in said):
        text = say(
            "Is there chronic venous disease of the affected leg (varicose veins, oedema, brown skin)? "
            "It too makes a net on films."
        )
        yield Question("examination.venous_disease", NOT_STATED, None, text)


def _ask_about_mimics(case: Case, mimics: Mimics) -> Iterator[Question]:
    if case.lesions and mimics.open and not mimics.found:
        text = say("Which of these have been excluded: {names}?", names=[as_written(name) for name in mimics.open])
        yield Question("exclusions", NOT_STATED, None, text)


def _ask_about_contradiction(case: Case, mimics: Mimics) -> Iterator[Question]:
    """A positive biopsy and another disease that was found: one of both is not the whole explanation."""
    if contradicts_biopsy(case, mimics):
        text = say(
            "A biopsy is positive, and {names:, } was found as the explanation. Does it explain the lesion, or is it "
            "there besides? Ask the pathologist; change the exclusion or the result of the biopsy.",
            names=[as_written(name) for name in mimics.found],
        )
        yield Question("exclusions", "found", None, text)


def _ask_about_infection_found(case: Case) -> Iterator[Question]:
    """An infection that explains the lesion, and none at the bedside: one of both is not so."""
    found = [entry.name for entry in case.exclusions if entry.state == "found" and entry.name in INFECTIONS]
    if found and case.examination.infection_suspected is False:
        text = say(
            "No infection is suspected at the bedside, yet {names:, } was found as the explanation. Which of the two "
            "is so?",
            names=[as_written(name) for name in found],
        )
        yield Question("examination.infection_suspected", "no", None, text)


def _ask_whether_found(case: Case) -> Iterator[Question]:
    """A "no" to excluded is read as found; who wrote it may have meant that it is still open."""
    for number, entry in enumerate(case.exclusions):
        if entry.excluded is False and entry.status is None:
            text = say(
                "{name:^} is counted as found, because it is entered as not excluded. Was it found, or is it not yet "
                "excluded? If it was found, write so as its status; if it is still open, take it out of the list.",
                name=as_written(entry.name),
            )
            yield Question(f"exclusions.{number}.status", "excluded: no", None, text, "status: found")


def _ask_about_dialysis(case: Case) -> Iterator[Question]:
    """Dialysis decides whether a scheme applies at all."""
    if case.lesions and case.kidney.on_dialysis is None:
        yield Question(
            "kidney.dialysis", NOT_STATED, None, say("Is the patient on dialysis, of which kind, since when?")
        )
