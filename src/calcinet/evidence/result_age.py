"""How old a result is: one of long ago raises no alarm, it is to be repeated."""

from typing import Final

from calcinet.clinical.infections import RECENT
from calcinet.clinical.results import LabResult
from calcinet.clinical.ternary import Ternary
from calcinet.evidence.context import Fact, PatientContext, blood
from calcinet.text import as_written, counted, say

ALARMING: Final[tuple[str, ...]] = (
    *("white_cells", "crp", "procalcitonin", "lactate", "blood_culture", "wound_culture"),
    *("platelets", "inr", "adjusted_calcium", "calcium", "ionised_calcium", "heparin_pf4"),
)
"""Analytes whose results raise a line that cannot wait."""

DAYS_OF_MONTH: Final = 30.4
"""Days of a mean month."""


def recent_lab(situation: PatientContext, analyte: str) -> LabResult | None:
    """The latest result of an analyte; none where it was drawn long before the day of examination."""
    result = situation.assessment.lab(analyte)
    if result is None or _is_old(situation, result):
        return None
    return result


def recent_blood(analyte: str, *words: str) -> Fact:
    """The same as a question to a word or flag; not known where the result is old."""
    asked = blood(analyte, *words)

    def fact(situation: PatientContext) -> Ternary:
        if recent_lab(situation, analyte) is None:
            return None
        return asked(situation)

    return fact


def list_old_results(situation: PatientContext) -> list[str]:
    """Results out of range that are too old to act upon, with their age."""
    old: list[str] = []
    for analyte in ALARMING:
        result = situation.assessment.lab(analyte)
        if result is not None and _is_old(situation, result) and _is_abnormal(result):
            age = counted(_count_months(situation, result), "{count} month old", "{count} months old")
            old.append(say("{name} {given} ({age})", name=as_written(result.name), given=result.as_given, age=age))
    return old


def _is_abnormal(result: LabResult) -> bool:
    return result.flag in ("H", "L") or result.word == "positive"


def _is_old(situation: PatientContext, result: LabResult) -> bool:
    examined = situation.case.examined_on
    return examined is not None and result.on is not None and result.on < examined - RECENT


def _count_months(situation: PatientContext, result: LabResult) -> int:
    """Whole months, at least one."""
    if situation.case.examined_on is None or result.on is None:
        return 1
    return max(1, round((situation.case.examined_on - result.on).days / DAYS_OF_MONTH))
