"""What cannot wait, as facts: infection, heparin, coagulation, the penis; other rooms have minerals and limbs."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from calcinet.clinical.case import Case, Lesion
from calcinet.clinical.conditions import condition as disease
from calcinet.clinical.infections import RECENT, list_infections
from calcinet.clinical.results import LabResult
from calcinet.clinical.ternary import Ternary, above, all_of, any_of, below
from calcinet.evidence.antagonist_start import START_VALUES, STARTS
from calcinet.evidence.context import Fact, PatientContext, condition, either, lesion
from calcinet.evidence.drug_facts import ANTAGONIST
from calcinet.evidence.limb_flow import LIMB_VALUES, LIMBS
from calcinet.evidence.minerals import MINERAL_VALUES, MINERALS
from calcinet.evidence.people import advanced_kidney_disease, excluded_diseases, is_found, names_condition
from calcinet.evidence.result_age import recent_blood, recent_lab
from calcinet.evidence.sepsis_signs import (
    fever,
    is_marked,
    low_temperature,
    marked_sign,
    read_number,
    several_signs,
    white_cells_few,
)
from calcinet.evidence.treatment_facts import takes_named
from calcinet.text import as_written, say

PLATELETS_10_9_L: Final = 150.0
"""Platelets below this are low. [gameiro2018]"""

INR_LIMIT: Final = 1.4
"""An INR above this is high where no anticoagulant explains it. Our choice: the usual limit and a little more."""

BIOPSY_PLATELETS_10_9_L: Final = 50.0
BIOPSY_INR: Final = 1.5
"""Platelets below the one, and an INR above the other, speak against a biopsy now, whatever they come from. Our choice:
the usual limits before something that may bleed."""

SEPSIS: Final = (
    *("sepsis", "urosepsis", "septic shock", "septicaemia", "septicemia", "bacteraemia", "bacteremia"),
    *("necrotising fasciitis", "necrotizing fasciitis", "fournier", "gas gangrene"),
)
"""Beginnings of the names of infections that cannot wait."""

FOUND_INFECTIONS: Final = ("necrotising fasciitis", "sepsis", "purpura fulminans")
"""The same among the diseases that the clinician may name as the explanation."""


# Infection, in three grades


def sepsis(situation: PatientContext) -> Ternary:
    """Whether there is sepsis or shock from infection, or an infection of that kind was named."""
    return any_of(
        [
            situation.case.examination.septic_shock,
            _has_named_infection(situation),
            _has_ill_bacteraemia(situation),
            several_signs(situation),
        ]
    )


def infection_likely(situation: PatientContext) -> Ternary:
    """Whether an infection is suspected: by a person, fever, a culture, or a marked sign of the blood."""
    return _SUSPECTED(situation)


def _has_named_infection(situation: PatientContext) -> Ternary:
    named = names_condition(_forget_past(situation.case), SEPSIS)
    return any_of([*(is_found(name)(situation) for name in FOUND_INFECTIONS), named])


def _forget_past(case: Case) -> Case:
    """The case without diseases that began long ago."""
    if case.conditions is None or case.examined_on is None:
        return case
    first = case.examined_on - RECENT
    recent = tuple(entry for entry in case.conditions if entry.since is None or entry.since >= first)
    return case.model_copy(update={"conditions": recent})


def _has_ill_bacteraemia(situation: PatientContext) -> Ternary:
    """Whether bacteria grew from the blood of somebody who is ill with it."""
    ill = any_of([situation.case.examination.infection_suspected, fever(situation)])
    return all_of([recent_blood("blood_culture", "positive")(situation), ill])


def infection_named(situation: PatientContext) -> Ternary:
    """Whether an infection of now stands among the diseases; not known where none does."""
    return bool(list_infections(situation.case)) or None


_SUSPECTED: Final[Fact] = either(
    lambda situation: situation.case.examination.infection_suspected,
    fever,
    recent_blood("blood_culture", "positive"),
    recent_blood("wound_culture", "positive"),
    infection_named,
    marked_sign,
)


def list_infection_signs(situation: PatientContext) -> list[str]:
    """What speaks of infection here, in words, the gravest first."""
    signs: list[str] = []
    examination = situation.case.examination
    if examination.septic_shock:
        signs.append(say("septic shock"))
    signs += [as_written(name) for name in FOUND_INFECTIONS if is_found(name)(situation)]
    signs += [as_written(name) for name in list_infections(situation.case)]
    for analyte, words in CULTURES.items():
        if recent_blood(analyte, "positive")(situation):
            signs.append(as_written(words))
    if fever(situation) or low_temperature(situation):
        signs.append(say("temperature {value:.1f} °C", value=examination.temperature_c))
    signs += _list_results(situation, "white_cells", "crp", "procalcitonin", "lactate")
    if examination.infection_suspected:
        signs.append(say("suspected at the bedside"))
    return list(dict.fromkeys(signs))


CULTURES: Final[Mapping[str, str]] = MappingProxyType(
    {"blood_culture": say("blood culture positive"), "wound_culture": say("wound culture positive")}
)


def _list_results(situation: PatientContext, *analytes: str) -> Iterator[str]:
    """Raised results as they were given."""
    for analyte in analytes:
        result = recent_lab(situation, analyte)
        if result is not None and (result.flag == "H" or is_marked(situation, analyte)):
            yield _say_result(result)


def _say_result(result: LabResult) -> str:
    return say("{name} {given}", name=as_written(result.name), given=result.as_given)


# Heparin, platelets, coagulation


def heparin_thrombocytopenia(situation: PatientContext) -> Ternary:
    """Whether heparin-induced thrombocytopenia, or the necrosis that it makes, was stated."""
    known = either(is_found("heparin-induced necrosis"), condition("heparin-induced thrombocytopenia"))(situation)
    return any_of([known, _was_treated(situation.case) or None])


def _was_treated(case: Case) -> bool:
    """Whether its necrosis was found and treated: heparin would bring it back."""
    return any(entry.name == "heparin-induced necrosis" and entry.state == "treated" for entry in case.exclusions)


def heparin_thrombocytopenia_excluded(situation: PatientContext) -> bool:
    """Whether somebody said in so many words that it is not there; an empty list of diseases does not."""
    absent = [disease(entry.name) for entry in situation.case.conditions or () if not entry.present]
    denied = "heparin-induced necrosis" in excluded_diseases(situation.case)
    return denied or "heparin-induced thrombocytopenia" in absent


def platelets_low(situation: PatientContext) -> Ternary:
    """Whether platelets are low, by the laboratory's flag or by their number."""
    flagged = recent_blood("platelets", "low")(situation)
    if flagged is not None:
        return flagged
    return below(read_number(recent_lab(situation, "platelets")), PLATELETS_10_9_L)


def inr_high(situation: PatientContext) -> Ternary:
    """Whether the INR is high; not known on a drug that raises it."""
    if any(situation.assessment.taking(drug_class) for drug_class in (ANTAGONIST, "direct_anticoagulant")):
        return None
    flagged = recent_blood("inr", "high")(situation)
    if flagged is not None:
        return flagged
    return above(read_number(recent_lab(situation, "inr")), INR_LIMIT)


def coagulation_consumed(situation: PatientContext) -> Ternary:
    """Whether values of somebody who is septic speak of consumed coagulation."""
    return all_of([sepsis(situation), any_of([platelets_low(situation), inr_high(situation)])])


def list_coagulation(situation: PatientContext) -> list[str]:
    """INR and platelets as they were given, where they are not normal."""
    found: list[str] = []
    for analyte, abnormal in (("inr", inr_high), ("platelets", platelets_low)):
        result = recent_lab(situation, analyte)
        if result is not None and abnormal(situation):
            found.append(_say_result(result))
    return found


def biopsy_unsafe(situation: PatientContext) -> Ternary:
    """Whether sepsis or coagulation forbids a biopsy now."""
    return any_of(
        [
            sepsis(situation),
            below(read_number(recent_lab(situation, "platelets")), BIOPSY_PLATELETS_10_9_L),
            above(read_number(recent_lab(situation, "inr")), BIOPSY_INR),
        ]
    )


def list_biopsy_dangers(situation: PatientContext) -> list[str]:
    """What forbids a biopsy now, with its values."""
    found: list[str] = []
    platelets, inr = recent_lab(situation, "platelets"), recent_lab(situation, "inr")
    if platelets is not None and below(read_number(platelets), BIOPSY_PLATELETS_10_9_L):
        found.append(_say_result(platelets))
    if inr is not None and above(read_number(inr), BIOPSY_INR):
        found.append(_say_result(inr))
    if situation.case.examination.septic_shock:
        found.append(say("septic shock"))
    elif sepsis(situation):
        found.append(say("sepsis"))
    return found


def list_platelets(situation: PatientContext) -> list[str]:
    """Platelets as they were given."""
    result = recent_lab(situation, "platelets")
    if result is None:
        return []
    return [_say_result(result)]


# The penis


def _is_like_calciphylaxis(item: Lesion) -> Ternary:
    """Whether a lesion is painful and dead, or of a kind that calciphylaxis makes."""
    if item.kind in ("eschar", "gangrene", "retiform purpura", "livedo"):
        return True
    return all_of([item.painful, item.necrotic])


def penis_fits(situation: PatientContext) -> Ternary:
    """Whether failing kidneys and a lesion that fits make calciphylaxis of the penis likely.

    Never where the scheme gives the level none, nor where nicorandil is taken, which makes ulcers of its own.
    """
    suspicion = situation.assessment.suspicion
    if takes_named("nicorandil")(situation) or (suspicion is not None and suspicion.level == "none"):
        return False
    fitting = lesion(lambda item: all_of([item.site == "penis", _is_like_calciphylaxis(item)]))
    return all_of([advanced_kidney_disease(situation), fitting(situation)])


def _take_penis_pictures(situation: PatientContext) -> Ternary:
    for reading in situation.readings:
        plain_ct = reading.modality == "CT" and not reading.contrast
        if reading.site in ("pelvis", "penis") and (reading.modality == "film" or plain_ct):
            return True
    return False


DANGERS: Final[Mapping[str, Fact]] = MappingProxyType(
    {
        **MINERALS,
        **LIMBS,
        **STARTS,
        "sepsis": sepsis,
        "infection_likely": infection_likely,
        "fever": fever,
        "low_temperature": low_temperature,
        "white_cells_few": white_cells_few,
        "infection_named": infection_named,
        "heparin_thrombocytopenia": heparin_thrombocytopenia,
        "heparin_thrombocytopenia_excluded": heparin_thrombocytopenia_excluded,
        "platelets_low": platelets_low,
        "inr_high": inr_high,
        "coagulation_consumed": coagulation_consumed,
        "biopsy_unsafe": biopsy_unsafe,
        "warfarin_necrosis_named": is_found("warfarin necrosis"),
        "breast_carcinoma_found": is_found("breast carcinoma"),
        "penile_carcinoma_found": is_found("penile carcinoma"),
        "penile_infection_found": is_found("penile infection"),
        "penis_fits": penis_fits,
        "penis_pictured": _take_penis_pictures,
    }
)
"""By name, as rules.toml calls them."""

DANGER_VALUES: Final[Mapping[str, Any]] = MappingProxyType(
    {
        **MINERAL_VALUES,
        **LIMB_VALUES,
        **START_VALUES,
        "infection_signs": list_infection_signs,
        "coagulation_values": list_coagulation,
        "biopsy_dangers": list_biopsy_dangers,
        "platelets": list_platelets,
    }
)
"""What their sentences may name."""
