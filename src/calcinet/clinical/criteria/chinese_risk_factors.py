"""Risk factors of the Chinese three-level scheme, each met, not met or unknown [china_scheme]."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from calcinet.clinical.analytes import analytes
from calcinet.clinical.case import Case
from calcinet.clinical.conditions import has
from calcinet.clinical.derived import OBESITY_KG_M2, dialysis_years
from calcinet.clinical.drugs import classes_of, unlisted_drugs
from calcinet.clinical.lab_value import read_printed
from calcinet.clinical.results import Assessment, DrugResult, Item
from calcinet.clinical.ternary import Ternary, above, all_of, any_of
from calcinet.clinical.units import factor, ucum
from calcinet.text import say

DIALYSIS_YEARS: Final = 5.0
"""Longer is a major factor, shorter a minor one. [china_scheme]"""

ACTIVE_VITAMIN_D_UG_DAY: Final = 0.5
"""More is a major factor. [china_scheme]"""

BINDER_MONTHS: Final = 6.0
"""A high dose of a calcium-phosphate binder for longer is a major factor. [china_scheme]"""

LONG_TERM_MONTHS: Final = 3.0
"""What "long-term" means. Our choice: the scheme gives no number; the time that prescribers call long for steroids."""

HIGH_PTH_PG_ML: Final = 1000.0
"""Above it PTH is a major factor. [china_scheme]"""

LOW_PTH_PG_ML: Final = 300.0
"""Below it PTH is a minor factor. [china_scheme]"""

DECIMALS: Final = 6
"""Digits behind the point that are compared. Our choice: a value printed at a limit lies at it, whatever its unit."""

Rule = Callable[[Case, Assessment], Ternary]


@dataclass(frozen=True, slots=True)
class Factor:
    """One risk factor of the scheme."""

    text: str
    rule: Rule
    question: str
    """Asked where the rule leaves it unknown."""
    field: str
    """Where in the case file the answer goes."""


def major_factors(case: Case, known: Assessment) -> dict[str, Item]:
    """The seven major factors."""
    return _judge_items("major", MAJOR, case, known)


def minor_factors(case: Case, known: Assessment) -> dict[str, Item]:
    """The eleven minor factors."""
    return _judge_items("minor", MINOR, case, known)


def _judge_items(rank: str, factors: dict[str, Factor], case: Case, known: Assessment) -> dict[str, Item]:
    items = {}
    for name, risk in factors.items():
        met = risk.rule(case, known)
        question = None
        if met is None:
            question = say(risk.question)
        items[f"{rank}_{name}"] = Item(met, say(risk.text), "", question, risk.field)
    return items


def _has_long_dialysis(case: Case, _: Assessment) -> Ternary:
    years = dialysis_years(case)
    if years is not None:
        return years > DIALYSIS_YEARS
    return _deny_off_dialysis(case)


def _has_short_dialysis(case: Case, _: Assessment) -> Ternary:
    years = dialysis_years(case)
    if years is not None:
        return years <= DIALYSIS_YEARS
    return _deny_off_dialysis(case)


def _deny_off_dialysis(case: Case) -> Ternary:
    """A duration that is not known is still no duration where there is no dialysis."""
    if case.kidney.on_dialysis is False:
        return False
    return None


def _was_exposed(case: Case, found: tuple[DrugResult, ...], longer_than: float) -> Ternary:
    """Whether a drug was taken for longer than some months."""
    if case.drugs is None:
        return None
    return any_of(above(drug.months, longer_than) for drug in found)


def _took_warfarin_long(case: Case, known: Assessment) -> Ternary:
    return _was_exposed(case, known.ever("vitamin_k_antagonist"), LONG_TERM_MONTHS)


def _took_binder_long(case: Case, known: Assessment) -> Ternary:
    if case.drugs is None:
        return None
    answers = []
    for salt in known.ever("calcium_salt"):
        answers.append(all_of([salt.high_dose, _was_exposed(case, (salt,), BINDER_MONTHS)]))
    return any_of(answers)


def _took_much_vitamin_d(case: Case, known: Assessment) -> Ternary:
    """A stopped drug counts too, for the lesion may be older; one that was stopped but is not listed leaves it open."""
    if case.drugs is None:
        return None
    answers: list[Ternary] = []
    for drug in known.ever("active_vitamin_d"):
        answers.append(above(_compute_ug_a_day(drug), ACTIVE_VITAMIN_D_UG_DAY))
    for _, name in unlisted_drugs(case):
        if "active_vitamin_d" in classes_of(name):
            answers.append(None)
    return any_of(answers)


def _compute_ug_a_day(drug: DrugResult) -> float | None:
    if drug.daily_dose is None:
        return None
    printed = read_printed(drug.daily_dose)
    unit = ucum(printed.unit or "")
    if unit is None or printed.number is None:
        return None
    times = factor(unit, "ug")
    if times is None:
        return None
    return round(printed.number * times, DECIMALS)


def _lacks_protein(case: Case, known: Assessment) -> Ternary:
    """A vitamin K antagonist lowers both proteins, so that a low one under it shows no deficiency."""
    answers = []
    for key, name in (("protein_c", "protein C deficiency"), ("protein_s", "protein S deficiency")):
        measured = _was_measured_low(key, known)
        if measured is None:
            measured = any_of([None, has(case, name)])
        answers.append(measured)
    return any_of(answers)


def _was_measured_low(key: str, known: Assessment) -> Ternary:
    result = known.lab(key)
    if result is None or result.flag is None:
        return None
    if result.flag == "L" and known.taking("vitamin_k_antagonist"):
        return None
    return result.flag == "L"


def _find_pth_range(known: Assessment) -> tuple[float, float] | None:
    """PTH in pg/mL as the span in which it lies: "< 5" lies from 0 to 5."""
    pth = known.lab("pth")
    if pth is None or pth.value is None:
        return None
    value = round(pth.value * (factor("pmol/L", "pg/mL", molar=analytes()["pth"].molar) or math.nan), DECIMALS)
    if pth.comparator == "<":
        return 0.0, value
    if pth.comparator == ">":
        return value, math.inf
    return value, value


def _has_high_pth(_: Case, known: Assessment) -> Ternary:
    span = _find_pth_range(known)
    if span is None:
        return None
    if span[0] > HIGH_PTH_PG_ML:
        return True
    if span[1] <= HIGH_PTH_PG_ML:
        return False
    return None


def _has_low_pth(_: Case, known: Assessment) -> Ternary:
    span = _find_pth_range(known)
    if span is None:
        return None
    if span[1] < LOW_PTH_PG_ML:
        return True
    if span[0] >= LOW_PTH_PG_ML:
        return False
    return None


def _is_obese(case: Case, known: Assessment) -> Ternary:
    index = known.value("body_mass_index")
    if index is None:
        return has(case, "obesity")
    return index >= OBESITY_KG_M2


def _require_flag(flag: str, *analytes: str) -> Rule:
    """Whether one of these results has the flag; the first that has any decides."""

    def rule(_: Case, known: Assessment) -> Ternary:
        for name in analytes:
            result = known.lab(name)
            if result is not None and result.flag is not None:
                return result.flag == flag
        return None

    return rule


def _has_high_calcium(case: Case, known: Assessment) -> Ternary:
    for entry in known.derived:
        if entry.name == "adjusted_calcium" and entry.flag is not None:
            return entry.flag == "H"
    return _require_flag("H", "ionised_calcium", "calcium")(case, known)


def _was_suppressed_long(case: Case, known: Assessment) -> Ternary:
    return _was_exposed(case, (*known.ever("corticosteroid"), *known.ever("immunosuppressant")), LONG_TERM_MONTHS)


def _had_injections(case: Case, known: Assessment) -> Ternary:
    if case.drugs is None:
        return None
    found = [*known.ever("insulin"), *known.ever("heparin")]
    if any("subcutaneous_injection" in drug.classes for drug in found):
        return True
    if found:
        return None
    return False


MAJOR: Final[dict[str, Factor]] = {
    "dialysis_over_5_years": Factor(
        "Dialysis for more than 5 years.", _has_long_dialysis, "When did dialysis begin?", "kidney.dialysis"
    ),
    "long_term_warfarin": Factor(
        "Long-term warfarin.", _took_warfarin_long, "Is warfarin or its like taken, and since when?", "drugs"
    ),
    "high_dose_binder": Factor(
        "A high dose of a calcium-phosphate binder for more than 6 months.",
        _took_binder_long,
        "Is a calcium salt taken, at a high dose, and since when?",
        "drugs",
    ),
    "active_vitamin_d": Factor(
        "More than 0.5 ug of active vitamin D a day.",
        _took_much_vitamin_d,
        "Is or was active vitamin D taken, and how much a day?",
        "drugs",
    ),
    "protein_c_or_s_deficiency": Factor(
        "Protein C or S deficiency.", _lacks_protein, "Have protein C and S been measured?", "labs"
    ),
    "vitamin_k_deficiency": Factor(
        "Vitamin K deficiency.",
        lambda case, _: has(case, "vitamin K deficiency"),
        "Is vitamin K deficiency known?",
        "conditions",
    ),
    "pth_over_1000": Factor("PTH above 1000 pg/mL.", _has_high_pth, "What is the PTH, in which unit?", "labs"),
}
"""Seven major factors. [china_scheme]"""

MINOR: Final[dict[str, Factor]] = {
    "dialysis_under_5_years": Factor(
        "Dialysis for less than 5 years.", _has_short_dialysis, "When did dialysis begin?", "kidney.dialysis"
    ),
    "obesity": Factor("Obesity.", _is_obese, "What are height and weight?", "patient"),
    "diabetes": Factor(
        "Diabetes mellitus.", lambda case, _: has(case, "diabetes mellitus"), "Is there diabetes?", "conditions"
    ),
    "low_albumin": Factor("Low albumin.", _require_flag("L", "albumin"), "What is the albumin?", "labs"),
    "long_term_immunosuppression": Factor(
        "Long-term immunosuppressant or steroid.",
        _was_suppressed_long,
        "Are immunosuppressants or steroids taken, and since when?",
        "drugs",
    ),
    "high_calcium": Factor("High calcium.", _has_high_calcium, "What is the calcium?", "labs"),
    "high_phosphate": Factor("High phosphate.", _require_flag("H", "phosphate"), "What is the phosphate?", "labs"),
    "high_alkaline_phosphatase": Factor(
        "High alkaline phosphatase.",
        _require_flag("H", "alkaline_phosphatase"),
        "What is the alkaline phosphatase?",
        "labs",
    ),
    "pth_under_300": Factor("PTH below 300 pg/mL.", _has_low_pth, "What is the PTH, in which unit?", "labs"),
    "subcutaneous_insulin_or_heparin": Factor(
        "Insulin or heparin under the skin.", _had_injections, "Is insulin or heparin injected under the skin?", "drugs"
    ),
    "iron_overload": Factor(
        "Iron overload.", lambda case, _: has(case, "iron overload"), "Is iron overload known?", "conditions"
    ),
}
"""Eleven minor factors. [china_scheme]"""
