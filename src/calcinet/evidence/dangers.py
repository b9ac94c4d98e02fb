"""What cannot wait, as facts: infection, heparin, coagulation, calcium, limbs, the first days of warfarin, cancer."""

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from calcinet.clinical.case import Case, Drug, Lesion
from calcinet.clinical.conditions import condition as disease
from calcinet.clinical.drugs import classes_of
from calcinet.clinical.infections import RECENT, list_infections
from calcinet.clinical.results import LabResult
from calcinet.clinical.ternary import Ternary, above, all_of, any_of, at_or_above, below, is_among
from calcinet.evidence.arms import ARMS
from calcinet.evidence.context import Fact, PatientContext, condition, either, lesion
from calcinet.evidence.drug_facts import ANTAGONIST, WARFARIN_DAYS
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
from calcinet.text import Text, counted, say

PLATELETS_10_9_L: Final = 150.0
"""Platelets below this are low. [gameiro2018]"""

INR_LIMIT: Final = 1.4
"""An INR above this is high where no anticoagulant explains it. Our choice: the usual limit and a little more."""

CRITICAL_CALCIUM: Final = (1.8, 3.0)
"""Adjusted calcium in mmol/L down to which and from which on it cannot wait: from 3.0 prompt treatment is usual
[walsh2016]; 1.8 is our choice, the usual limit at which a laboratory telephones."""

CRITICAL_IONISED_CALCIUM: Final = (0.8, 1.6)
"""The same of ionised calcium in mmol/L. Our choice: the usual limits at which a laboratory telephones."""

PTH_MULTIPLE: Final = 9.0
"""Over this many times the upper limit PTH lies above the band of dialysis. [kdigo2017]"""

BIOPSY_PLATELETS_10_9_L: Final = 50.0
BIOPSY_INR: Final = 1.5
"""Platelets below the one, and an INR above the other, speak against a biopsy now, whatever they come from. Our choice:
the usual limits before something that may bleed."""

DIALYSATE_CALCIUM: Final = 1.5
"""Dialysate calcium in mmol/L up to which KDIGO suggests it. [kdigo2017]"""

SEVERE_INDEX: Final = 0.4
"""Below this ankle-brachial index a limb with a wound is in danger. Our choice: the usual limit of severe ischaemia."""

STIFF_INDEX: Final = 1.4
"""Above it the ankle-brachial index is not valid: the arteries are too stiff to be pressed shut. [abi2020]"""

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
    signs += [say(name) for name in FOUND_INFECTIONS if is_found(name)(situation)]
    signs += [say(name) for name in list_infections(situation.case)]
    for analyte, words in CULTURES.items():
        if recent_blood(analyte, "positive")(situation):
            signs.append(say(words))
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
    return say("{name} {given}", name=say(result.name), given=result.as_given)


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


# Calcium and parathyroid hormone


def calcium_mmol_l(situation: PatientContext) -> float | None:
    """Adjusted calcium; total calcium where it cannot be adjusted."""
    adjusted = _read_adjusted_mmol_l(situation)
    if adjusted is not None:
        return adjusted
    for analyte in ("adjusted_calcium", "calcium"):
        value = read_number(recent_lab(situation, analyte))
        if value is not None:
            return value
    return None


def _read_adjusted_mmol_l(situation: PatientContext) -> float | None:
    """Adjusted calcium, as printed or reckoned; none where the results that it rests on are old."""
    if recent_lab(situation, "adjusted_calcium") is None and recent_lab(situation, "calcium") is None:
        return None
    return situation.assessment.value("adjusted_calcium")


def _read_ionised_mmol_l(situation: PatientContext) -> float | None:
    return read_number(recent_lab(situation, "ionised_calcium"))


def calcium_critically_high(situation: PatientContext) -> Ternary:
    """Whether calcium is so high that it cannot wait."""
    return any_of(
        [
            at_or_above(calcium_mmol_l(situation), CRITICAL_CALCIUM[1]),
            at_or_above(_read_ionised_mmol_l(situation), CRITICAL_IONISED_CALCIUM[1]),
        ]
    )


def calcium_critically_low(situation: PatientContext) -> Ternary:
    """Whether adjusted or ionised calcium is so low that it cannot wait; total calcium alone does not tell."""
    adjusted = _read_adjusted_mmol_l(situation)
    return any_of(
        [
            _is_at_or_below(adjusted, CRITICAL_CALCIUM[0]),
            _is_at_or_below(_read_ionised_mmol_l(situation), CRITICAL_IONISED_CALCIUM[0]),
        ]
    )


def _is_at_or_below(value: float | None, limit: float) -> Ternary:
    if value is None:
        return None
    return value <= limit


def list_calcium(situation: PatientContext) -> list[str]:
    """The calcium that cannot wait, with its unit."""
    found: list[str] = []
    value, ionised = calcium_mmol_l(situation), _read_ionised_mmol_l(situation)
    if value is not None and not CRITICAL_CALCIUM[0] < value < CRITICAL_CALCIUM[1]:
        found.append(say("calcium {value:.2f} mmol/L", value=value))
    if ionised is not None and not CRITICAL_IONISED_CALCIUM[0] < ionised < CRITICAL_IONISED_CALCIUM[1]:
        found.append(say("ionised calcium {value:.2f} mmol/L", value=ionised))
    return found


def calcium_high(situation: PatientContext) -> Ternary:
    """Whether calcium is flagged as high."""
    flags = [entry.flag for entry in situation.assessment.derived if entry.name == "adjusted_calcium"]
    return any_of([*(is_among(flag, ("H",)) for flag in flags), recent_blood("ionised_calcium", "high")(situation)])


def pth_very_high(situation: PatientContext) -> Ternary:
    """Whether PTH lies above the band of dialysis."""
    if not situation.case.kidney.on_dialysis:
        return None
    return above(situation.assessment.value("pth_multiple"), PTH_MULTIPLE)


def dialysate_calcium_mmol_l(situation: PatientContext) -> float | None:
    """The highest calcium of the dialysis fluids in use."""
    fluids: list[float] = []
    for period in situation.case.kidney.dialysis:
        if period.stop is None and period.dialysate_calcium_mmol_l is not None:
            fluids.append(period.dialysate_calcium_mmol_l)
    return max(fluids, default=None)


def dialysate_calcium_high(situation: PatientContext) -> Ternary:
    """Whether a dialysis fluid has more calcium than is suggested."""
    return above(dialysate_calcium_mmol_l(situation), DIALYSATE_CALCIUM)


# Limbs


def _has_pulses(*states: str) -> Fact:
    return lambda situation: is_among(situation.case.examination.peripheral_pulses, states)


def _read_valid_index(situation: PatientContext) -> float | None:
    """The ankle-brachial index; none where the arteries are too stiff for it."""
    index = situation.case.examination.ankle_brachial_index
    if index is None or index > STIFF_INDEX:
        return None
    return index


def index_invalid(situation: PatientContext) -> Ternary:
    """Whether the ankle-brachial index was measured over arteries that are too stiff for it."""
    return above(situation.case.examination.ankle_brachial_index, STIFF_INDEX)


def index_below(limit: float) -> Fact:
    """Whether a valid ankle-brachial index lies below a limit."""
    return lambda situation: below(_read_valid_index(situation), limit)


def limb_threatened(situation: PatientContext) -> Ternary:
    """Whether a limb with a wound or dead tissue has no pulse, or a leg hardly any pressure."""
    without_pulse = all_of([ARMS["limb_wound"](situation), _has_pulses("absent")(situation)])
    without_pressure = all_of([ARMS["leg_wound"](situation), index_below(SEVERE_INDEX)(situation)])
    return any_of([without_pulse, without_pressure])


def list_limb_signs(situation: PatientContext) -> list[str]:
    """Pulses and pressure index in words."""
    signs: list[str] = []
    if _has_pulses("absent")(situation):
        signs.append(say("pulses absent"))
    if _has_pulses("reduced")(situation):
        signs.append(say("pulses weak"))
    index = situation.case.examination.ankle_brachial_index
    if index is not None:
        signs.append(say("ankle-brachial index {index:.2f}", index=index))
    return signs


# The first days of a vitamin K antagonist


def antagonist_first_days(situation: PatientContext) -> Ternary:
    """Whether a lesion came, or is seen, within ten days of the start of a vitamin K antagonist."""
    starts = _list_antagonist_starts(situation.case)
    if not starts:
        return None
    return necrosis_days(situation) is not None


def necrosis_days(situation: PatientContext) -> int | None:
    """Fewest days from the start of a vitamin K antagonist to a lesion that came with it; none after ten days."""
    return min((days for _, _, days in _pair_first_days(situation.case)), default=None)


def _pair_first_days(case: Case) -> Iterator[tuple[Drug, date, int]]:
    """A vitamin K antagonist, the day of a lesion that came, or is seen, with it, and the days between."""
    for drug in _list_antagonists(case):
        for day in _list_lesion_days(case):
            days = (day - (drug.start or day)).days
            if drug.start is not None and 0 <= days <= WARFARIN_DAYS[1]:
                yield drug, day, days


def _say_necrosis_days(situation: PatientContext) -> Text:
    return counted(necrosis_days(situation) or 0, "{count} day", "{count} days")


def list_antagonists(situation: PatientContext) -> list[str]:
    """Vitamin K antagonists as their names were given, with the day of their start; their class where none is listed.

    Where a lesion came in the first days of one, that one alone.
    """
    pairs = sorted(_pair_first_days(situation.case), key=lambda pair: pair[2])
    drugs = [drug for drug, _, days in pairs if days == pairs[0][2]] or _list_antagonists(situation.case)
    return list(dict.fromkeys(map(_say_antagonist, drugs))) or [say("a vitamin K antagonist")]


def _say_antagonist(drug: Drug) -> Text:
    if drug.start is None:
        return say(drug.name)
    return say("{drug} on {start}", drug=drug.name, start=drug.start.isoformat())


def list_necrosis_since(situation: PatientContext) -> list[str]:
    """Since when there is the lesion that came with the drug, and how long ago that is where it is long."""
    case, days = situation.case, necrosis_days(situation)
    told = {item.since for item in case.lesions or ()}
    since = [day for _, day, after in _pair_first_days(case) if after == days and day in told]
    if not since:
        return [say("day of the lesion not told")]
    lines: list[str] = [say("lesion since {day}", day=since[0].isoformat())]
    ago = ((case.examined_on or since[0]) - since[0]).days
    if ago > WARFARIN_DAYS[1]:
        lines.append(say("{ago} days before this examination", ago=ago))
    return lines


def _list_antagonists(case: Case) -> list[Drug]:
    drugs = case.drugs or ()
    return [drug for drug in drugs if drug.status != "planned" and ANTAGONIST in classes_of(drug.name)]


def _list_antagonist_starts(case: Case) -> list[date]:
    return [drug.start for drug in _list_antagonists(case) if drug.start is not None]


def _list_lesion_days(case: Case) -> list[date]:
    """Day of each lesion; of one whose day was not told, the day of examination."""
    days = [item.since or case.examined_on for item in case.lesions or ()]
    return [day for day in days if day is not None]


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
        "calcium_critically_high": calcium_critically_high,
        "calcium_critically_low": calcium_critically_low,
        "calcium_high": calcium_high,
        "pth_very_high": pth_very_high,
        "dialysate_calcium_high": dialysate_calcium_high,
        "limb_threatened": limb_threatened,
        "index_invalid": index_invalid,
        "antagonist_first_days": antagonist_first_days,
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
        "infection_signs": list_infection_signs,
        "coagulation_values": list_coagulation,
        "biopsy_dangers": list_biopsy_dangers,
        "platelets": list_platelets,
        "critical_calcium": list_calcium,
        "pth_multiple": lambda situation: situation.assessment.value("pth_multiple"),
        "dialysate_calcium": dialysate_calcium_mmol_l,
        "limb_signs": list_limb_signs,
        "necrosis_days": _say_necrosis_days,
        "necrosis_since": list_necrosis_since,
        "antagonists": list_antagonists,
    }
)
"""What their sentences may name."""
