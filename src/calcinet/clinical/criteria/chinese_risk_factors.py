"""Risk factors of the Chinese three-level scheme, each met, not met or unknown [china_scheme]."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from calcinet.clinical.analytes import analytes
from calcinet.clinical.case import Case
from calcinet.clinical.conditions import has
from calcinet.clinical.criteria.missing import (
    DAILY_DOSE,
    FIRST_DAY,
    HIGH_DOSE,
    ROUTE,
    Missing,
    missing_of_body,
    missing_of_dialysis,
    missing_of_drugs,
    missing_of_labs,
)
from calcinet.clinical.derived import OBESITY_KG_M2, dialysis_years
from calcinet.clinical.exposure import months_before_onset, taken_near_onset
from calcinet.clinical.lab_value import read_printed
from calcinet.clinical.protein_levels import is_deficient, list_other_causes
from calcinet.clinical.results import Assessment, DrugResult, Item
from calcinet.clinical.ternary import Ternary, above, all_of, any_of
from calcinet.clinical.units import factor, ucum
from calcinet.text import as_written, say

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

OF_CIRCUIT: Final = frozenset({"heparin", "erythropoietin"})
"""Classes that on haemodialysis go into the circuit as often as under the skin."""

PROTEINS: Final[dict[str, str]] = {"protein_c": "protein C deficiency", "protein_s": "protein S deficiency"}
"""Analytes, and the diseases that their lack is."""

Rule = Callable[[Case, Assessment], Ternary]

Asking = Callable[[Case, Assessment], Missing]


@dataclass(frozen=True, slots=True)
class Factor:
    """One risk factor of the scheme."""

    text: str
    rule: Rule
    missing: Asking
    """What to ask where the rule leaves it unknown."""
    field: str
    """The block of the case file that it rests on."""


def major_factors(case: Case, known: Assessment) -> dict[str, Item]:
    """The seven major factors."""
    return _judge_items("major", MAJOR, case, known)


def minor_factors(case: Case, known: Assessment) -> dict[str, Item]:
    """The eleven minor factors."""
    return _judge_items("minor", MINOR, case, known)


def _judge_items(rank: str, factors: dict[str, Factor], case: Case, known: Assessment) -> dict[str, Item]:
    return {f"{rank}_{name}": _judge_item(risk, case, known) for name, risk in factors.items()}


def _judge_item(risk: Factor, case: Case, known: Assessment) -> Item:
    met = risk.rule(case, known)
    if met is not None:
        return Item(met, as_written(risk.text), "", None, risk.field)
    missing = risk.missing(case, known)
    return Item(None, as_written(risk.text), missing.because, missing.question, missing.field)


def _ask(question: str, field: str) -> Asking:
    """One question, whatever the case says."""
    return lambda _case, _known: Missing(as_written(question), field)


def _ask_for_lab(question: str, *names: str) -> Asking:
    """The question where none of these results is given, else what the given one lacks."""
    return lambda _, known: missing_of_labs(known, names, question)


@dataclass(frozen=True, slots=True)
class DrugFactor:
    """A risk factor that rests on drugs taken near the onset."""

    classes: tuple[str, ...]
    counts: Callable[[Case, DrugResult], Ternary]
    """What else a drug of these classes must be to count."""
    asked: str
    """The question where no such drug is on the list."""
    parts: tuple[tuple[str, str], ...]
    """Fields of a drug that decide whether it counts."""

    def met(self, case: Case, known: Assessment) -> Ternary:
        """Whether such a drug was taken near the onset."""
        return taken_near_onset(case, known, *self.classes, which=partial(self.counts, case))

    def missing(self, case: Case, known: Assessment) -> Missing:
        """What would settle it."""
        which = partial(self.counts, case)
        return missing_of_drugs(case, known, self.classes, which, asked=self.asked, parts=self.parts)

    def factor(self, text: str) -> Factor:
        """The same as an item with its words."""
        return Factor(text, self.met, self.missing, "drugs")


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
    """A duration that is not known is none where there is no dialysis; a transplant tells of an earlier one."""
    if case.kidney.on_dialysis is False and not case.kidney.dialysis and not case.kidney.transplant:
        return False
    return None


def _was_taken_longer(months: float) -> Callable[[Case, DrugResult], Ternary]:
    """Whether a drug had been taken for longer than some months when the lesion was seen."""
    return lambda case, drug: above(months_before_onset(case, drug), months)


def _was_high_for_long(case: Case, drug: DrugResult) -> Ternary:
    return all_of([drug.high_dose, _was_taken_longer(BINDER_MONTHS)(case, drug)])


def _exceeds_daily_dose(_: Case, drug: DrugResult) -> Ternary:
    return above(_compute_ug_a_day(drug), ACTIVE_VITAMIN_D_UG_DAY)


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


def is_injected_into_skin(case: Case, drug: DrugResult) -> Ternary:
    """Whether a drug goes under the skin; the route stands above the class.

    On haemodialysis heparin and erythropoietin usually go into the circuit, so that only their route tells.
    """
    if drug.route is not None:
        return drug.route == "subcutaneous"
    if "subcutaneous_injection" not in drug.classes or "subcutaneous_injection" in drug.open_classes:
        return None
    if not OF_CIRCUIT.isdisjoint(drug.classes) and case.kidney.on_haemodialysis is not False:
        return None
    return True


def _lacks_protein(case: Case, known: Assessment) -> Ternary:
    """What else lowers a protein leaves it open: a vitamin K antagonist, liver disease, sepsis, pregnancy."""
    answers = []
    for key, name in PROTEINS.items():
        measured = is_deficient(case, known, key)
        if measured is None:
            measured = any_of([None, has(case, name)])
        answers.append(measured)
    return any_of(answers)


def _ask_for_proteins(case: Case, known: Assessment) -> Missing:
    """What is missing of the proteins: neither is asked for that was measured."""
    for key in PROTEINS:
        result = known.lab(key)
        if result is not None and result.flag is None:
            return missing_of_labs(known, (key,), "")
        if result is not None and result.flag == "L":
            causes = list_other_causes(case, known, result)
            because = say(
                "{name} {given} is low; what lowers it too: {causes}.",
                name=as_written(result.name), given=result.as_given, causes=causes,
            )  # fmt: skip
            return Missing(say("Is the deficiency known from a time without these?"), "conditions", because)
    unmeasured = [key for key in PROTEINS if known.lab(key) is None]
    names = [as_written(analytes()[key].name) for key in unmeasured]
    return Missing(say("What was measured of {names}?", names=names), "labs")


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


LONG_WARFARIN: Final = DrugFactor(
    classes=("vitamin_k_antagonist",),
    counts=_was_taken_longer(LONG_TERM_MONTHS),
    asked=say("Is or was warfarin or its like taken in the year before the lesion, and since when?"),
    parts=(FIRST_DAY,),
)

HIGH_DOSE_BINDER: Final = DrugFactor(
    classes=("calcium_salt",),
    counts=_was_high_for_long,
    asked=say("Is or was a calcium salt taken in the year before the lesion, at a high dose, and since when?"),
    parts=(HIGH_DOSE, FIRST_DAY),
)

MUCH_VITAMIN_D: Final = DrugFactor(
    classes=("active_vitamin_d",),
    counts=_exceeds_daily_dose,
    asked=say("Is or was active vitamin D taken in the year before the lesion, and how much a day?"),
    parts=(DAILY_DOSE,),
)

LONG_SUPPRESSION: Final = DrugFactor(
    classes=("corticosteroid", "immunosuppressant"),
    counts=_was_taken_longer(LONG_TERM_MONTHS),
    asked=say("Is or was an immunosuppressant or a steroid taken in the year before the lesion, and since when?"),
    parts=(FIRST_DAY,),
)

SKIN_INJECTION: Final = DrugFactor(
    classes=("insulin", "heparin"),
    counts=is_injected_into_skin,
    asked=say("Is or was insulin or heparin injected under the skin in the year before the lesion?"),
    parts=(ROUTE,),
)


MAJOR: Final[dict[str, Factor]] = {
    "dialysis_over_5_years": Factor(
        "Dialysis for more than 5 years.",
        _has_long_dialysis,
        lambda case, _: missing_of_dialysis(case),
        "kidney.dialysis",
    ),
    "long_term_warfarin": LONG_WARFARIN.factor(say("Long-term warfarin.")),
    "high_dose_binder": HIGH_DOSE_BINDER.factor(
        say("A high dose of a calcium-phosphate binder for more than 6 months.")
    ),
    "active_vitamin_d": MUCH_VITAMIN_D.factor(say("More than 0.5 ug of active vitamin D a day.")),
    "protein_c_or_s_deficiency": Factor("Protein C or S deficiency.", _lacks_protein, _ask_for_proteins, "labs"),
    "vitamin_k_deficiency": Factor(
        "Vitamin K deficiency.",
        lambda case, _: has(case, "vitamin K deficiency"),
        _ask(say("Is vitamin K deficiency known?"), "conditions"),
        "conditions",
    ),
    "pth_over_1000": Factor(
        "PTH above 1000 pg/mL.", _has_high_pth, _ask_for_lab(say("What is the PTH, in which unit?"), "pth"), "labs"
    ),
}
"""Seven major factors. [china_scheme]"""

MINOR: Final[dict[str, Factor]] = {
    "dialysis_under_5_years": Factor(
        "Dialysis for less than 5 years.",
        _has_short_dialysis,
        lambda case, _: missing_of_dialysis(case),
        "kidney.dialysis",
    ),
    "obesity": Factor("Obesity.", _is_obese, lambda case, _: missing_of_body(case), "patient"),
    "diabetes": Factor(
        "Diabetes mellitus.",
        lambda case, _: has(case, "diabetes mellitus"),
        _ask(say("Is there diabetes?"), "conditions"),
        "conditions",
    ),
    "low_albumin": Factor(
        "Low albumin.", _require_flag("L", "albumin"), _ask_for_lab(say("What is the albumin?"), "albumin"), "labs"
    ),
    "long_term_immunosuppression": LONG_SUPPRESSION.factor(say("Long-term immunosuppressant or steroid.")),
    "high_calcium": Factor(
        "High calcium.",
        _has_high_calcium,
        _ask_for_lab(say("What is the calcium?"), "adjusted_calcium", "ionised_calcium", "calcium"),
        "labs",
    ),
    "high_phosphate": Factor(
        "High phosphate.",
        _require_flag("H", "phosphate"),
        _ask_for_lab(say("What is the phosphate?"), "phosphate"),
        "labs",
    ),
    "high_alkaline_phosphatase": Factor(
        "High alkaline phosphatase.",
        _require_flag("H", "alkaline_phosphatase"),
        _ask_for_lab(say("What is the alkaline phosphatase?"), "alkaline_phosphatase"),
        "labs",
    ),
    "pth_under_300": Factor(
        "PTH below 300 pg/mL.", _has_low_pth, _ask_for_lab(say("What is the PTH, in which unit?"), "pth"), "labs"
    ),
    "subcutaneous_insulin_or_heparin": SKIN_INJECTION.factor(say("Insulin or heparin under the skin.")),
    "iron_overload": Factor(
        "Iron overload.",
        lambda case, _: has(case, "iron overload"),
        _ask(say("Is iron overload known?"), "conditions"),
        "conditions",
    ),
}
"""Eleven minor factors. [china_scheme]"""

FACTORS_IN_WORDS: Final[dict[str, str]] = {
    "major_dialysis_over_5_years": say("dialysis for more than 5 years"),
    "major_long_term_warfarin": say("long-term warfarin"),
    "major_high_dose_binder": say("a calcium-phosphate binder at a high dose"),
    "major_active_vitamin_d": say("much active vitamin D"),
    "major_protein_c_or_s_deficiency": say("protein C or S deficiency"),
    "major_vitamin_k_deficiency": say("vitamin K deficiency"),
    "major_pth_over_1000": say("PTH above 1000 pg/mL"),
    "minor_dialysis_under_5_years": say("dialysis for less than 5 years"),
    "minor_obesity": say("obesity"),
    "minor_diabetes": say("diabetes mellitus"),
    "minor_low_albumin": say("low albumin"),
    "minor_long_term_immunosuppression": say("long-term immunosuppressant or steroid"),
    "minor_high_calcium": say("high calcium"),
    "minor_high_phosphate": say("high phosphate"),
    "minor_high_alkaline_phosphatase": say("high alkaline phosphatase"),
    "minor_pth_under_300": say("PTH below 300 pg/mL"),
    "minor_subcutaneous_insulin_or_heparin": say("insulin or heparin under the skin"),
    "minor_iron_overload": say("iron overload"),
}
"""The risk factors inside a sentence, by item of the scheme."""


def list_met_factors(items: Mapping[str, Item]) -> list[str]:
    """The risk factors that are surely met, in words, major ones first."""
    return [words for name, words in FACTORS_IN_WORDS.items() if items[name].met]
