"""Who the patient is, as facts: child, pregnancy, transplant, failing kidneys, one who has died. None is not known."""

from typing import Final

from calcinet.clinical.case import Case, Condition
from calcinet.clinical.conditions import condition as disease
from calcinet.clinical.conditions import has
from calcinet.clinical.history import BESIDE
from calcinet.clinical.infections import PAST
from calcinet.clinical.labs import ADULT_YEARS
from calcinet.clinical.names import plain
from calcinet.clinical.ternary import Ternary, any_of, below, is_among
from calcinet.evidence.context import Fact, PatientContext

LOW_FILTRATION_ML_MIN: Final = 30.0
"""Below it the kidneys count as failing; a French series took this limit for calciphylaxis. [gaisne2020]"""

PREGNANCY: Final = ("pregnan", "gravid")
"""Beginnings of the words that say it."""


def died(situation: PatientContext) -> bool:
    """Whether the patient has died, as far as was told."""
    return situation.case.died


def healed(situation: PatientContext) -> bool:
    """Whether the skin has healed, as far as was told."""
    outcome = situation.case.outcome
    return outcome is not None and outcome.state == "healed"


def child(situation: PatientContext) -> Ternary:
    """Whether the patient is younger than an adult."""
    return below(situation.case.patient.age_years, ADULT_YEARS)


def pregnancy(situation: PatientContext) -> Ternary:
    """Whether a pregnancy was told of."""
    return names_condition(situation.case, PREGNANCY)


def transplant(situation: PatientContext) -> Ternary:
    """Whether a kidney was transplanted, by the block of the kidneys or among the diseases."""
    return any_of([situation.case.kidney.transplant, has(situation.case, "kidney transplant")])


def advanced_kidney_disease(situation: PatientContext) -> Ternary:
    """Whether there is dialysis, stage 4 or 5, or a filtration below the limit."""
    kidney = situation.case.kidney
    return any_of(
        [
            kidney.on_dialysis,
            is_among(kidney.stage, ("4", "5", "5D")),
            below(kidney.egfr_ml_min, LOW_FILTRATION_ML_MIN),
        ]
    ) or _judge_mild(kidney.stage, kidney.egfr_ml_min)


def _judge_mild(stage: str | None, egfr_ml_min: float | None) -> Ternary:
    """No where a mild stage or a good filtration was told; else not known."""
    if stage in ("normal", "1", "2", "3") or (egfr_ml_min or 0.0) >= LOW_FILTRATION_ML_MIN:
        return False
    return None


def found_diseases(case: Case) -> frozenset[str]:
    """Other diseases that the treating clinician has named as the explanation."""
    return frozenset(str(item.name) for item in case.exclusions if item.state == "found")


def explanations(case: Case) -> tuple[str, ...]:
    """Those found diseases that explain a lesion of the skin, in the order of the case."""
    found = [item.name for item in case.exclusions if item.state == "found" and item.name not in BESIDE]
    return tuple(dict.fromkeys(found))


def excluded_diseases(case: Case) -> frozenset[str]:
    """Other diseases that the treating clinician has excluded."""
    return frozenset(str(item.name) for item in case.exclusions if item.state == "excluded")


def is_found(*names: str) -> Fact:
    """Whether one of these diseases was named as the explanation; no where all were excluded."""

    def fact(situation: PatientContext) -> Ternary:
        if not found_diseases(situation.case).isdisjoint(names):
            return True
        if excluded_diseases(situation.case).issuperset(names):
            return False
        return None

    return fact


def names_condition(case: Case, beginnings: tuple[str, ...]) -> Ternary:
    """Whether a disease is named in whose words one of these beginnings stands, in those written or in the table's."""
    named = [entry.present for entry in case.conditions or () if _is_called(entry, beginnings)]
    if not named:
        return None
    return any(named)


def _is_called(entry: Condition, beginnings: tuple[str, ...]) -> bool:
    words = plain(entry.name)
    if PAST & set(words.split()):
        return False
    text = f" {words} {plain(disease(entry.name) or '')}"
    return any(f" {beginning}" in text for beginning in beginnings)
