"""What was taken and given, as facts: drugs with their days, and treatments. None is not known."""

from datetime import date
from typing import Final

from calcinet.clinical.drugs import classes_of, table, unlisted_drugs
from calcinet.clinical.ternary import Ternary, at_or_above
from calcinet.evidence.context import Fact, PatientContext

ANTAGONIST: Final = "vitamin_k_antagonist"

ALTERED: Final = ("drug stopped", "drug changed")
"""Treatments that say of a drug that it was taken."""

WARFARIN_DAYS: Final = (3, 10)
"""Days after its start on which a vitamin K antagonist makes necrosis of its own. [warfarin_necrosis]"""

LONG_MONTHS: Final = 2.0
"""From this time on a vitamin K antagonist is no longer new. Our choice: necrosis of its own comes in days, and in
calciphylaxis it has been taken for months to years. [warfarin_necrosis]"""


def taking(drug_class: str) -> Fact:
    """Whether a drug of a class is taken; no where the drugs are listed, all are known and none is of it."""
    _took_class(drug_class)

    def fact(situation: PatientContext) -> Ternary:
        if situation.assessment.taking(drug_class):
            return True
        return _judge_unless_listed(situation)

    return fact


def taken(drug_class: str) -> Fact:
    """Whether a drug of a class is or was taken; one that was stopped without being listed was taken."""
    _took_class(drug_class)

    def fact(situation: PatientContext) -> Ternary:
        if situation.assessment.ever(drug_class):
            return True
        if any(drug_class in classes_of(name) for name in undeclared(situation)):
            return True
        return _judge_unless_listed(situation)

    return fact


def _took_class(drug_class: str) -> None:
    if drug_class not in table().classes:
        raise ValueError(f"no class of drugs is called {drug_class}")


def _judge_unless_listed(situation: PatientContext) -> Ternary:
    """What the absence of a class from the drugs means."""
    unheard = any(drug.drug is None for drug in situation.assessment.drugs)
    if situation.case.drugs is None or unheard:
        return None
    return False


def heparin(situation: PatientContext) -> Ternary:
    """Whether heparin is given; on haemodialysis it goes with the circuit, whatever the list of drugs says."""
    listed = taking("heparin")(situation)
    if listed is False and situation.case.kidney.on_haemodialysis is not False:
        return None
    return listed


def antagonist_new(situation: PatientContext) -> Ternary:
    """Whether the lesion lies within the days in which a vitamin K antagonist makes necrosis of its own.

    Where nobody knows since when there is a lesion, a drug that is older than those days may have made it all the same.
    """
    days = antagonist_days(situation)
    if days is not None and days <= WARFARIN_DAYS[1]:
        return days >= WARFARIN_DAYS[0]
    if days is not None and _find_first_lesion(situation) is not None:
        return False
    if antagonist_long(situation):
        return False
    return None


def antagonist_long(situation: PatientContext) -> Ternary:
    """Whether a vitamin K antagonist is or was taken for months."""
    months = [drug.months for drug in situation.assessment.ever(ANTAGONIST) if drug.months is not None]
    return at_or_above(max(months, default=None), LONG_MONTHS)


def antagonist_days(situation: PatientContext) -> int | None:
    """Days from the start of a vitamin K antagonist to the first lesion, or to now where that has no day."""
    until = _find_first_lesion(situation) or situation.case.examined_on
    if until is None:
        return None
    days: list[int] = []
    for drug in situation.case.drugs or ():
        if drug.status != "planned" and drug.start is not None and ANTAGONIST in classes_of(drug.name):
            days.append((until - drug.start).days)
    return min(days, default=None)


def _find_first_lesion(situation: PatientContext) -> date | None:
    days = [lesion.since for lesion in situation.case.lesions or () if lesion.since is not None]
    return min(days, default=None)


def undeclared(situation: PatientContext) -> tuple[str, ...]:
    """Drugs that were stopped or changed and are missing from the list of drugs."""
    return tuple(dict.fromkeys(name for _, name in unlisted_drugs(situation.case, ALTERED)))
