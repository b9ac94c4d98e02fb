"""What was taken and given, as facts: drugs with their days, and treatments. None is not known."""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from calcinet.clinical.criteria.chinese_risk_factors import is_injected_into_skin
from calcinet.clinical.drugs import DAYS_A_MONTH, table
from calcinet.clinical.exposure import (
    ever_taken,
    first_lesion,
    list_undeclared,
    may_take_unlisted,
    months_before_onset,
    onset,
    taken_near_onset,
    taken_now,
)
from calcinet.clinical.results import DrugResult
from calcinet.clinical.ternary import Ternary, any_of, at_or_above
from calcinet.evidence.context import Fact, PatientContext

ANTAGONIST: Final = "vitamin_k_antagonist"

WARFARIN_DAYS: Final = (3, 10)
"""Days after its start on which a vitamin K antagonist makes necrosis of its own. [warfarin_necrosis]"""

INJECTED: Final = ("insulin", "heparin", "subcutaneous_injection")
"""Classes of drugs that usually, or often, go under the skin."""

LONG_MONTHS: Final = 2.0
"""From this time on a vitamin K antagonist is no longer new. Our choice: necrosis of its own comes in days, and in
calciphylaxis it has been taken for months to years. [warfarin_necrosis]"""


ROUNDED_MONTHS: Final = 0.05
"""By so much a number of months with one decimal may be too small."""

WITHOUT_BREAK: Final = timedelta(days=1)
"""Between the last day of one entry and the first of the next. Our choice: nobody misses a dose between them."""


def taking(drug_class: str) -> Fact:
    """Whether a drug of a class is taken now."""
    _require_class(drug_class)
    return lambda situation: taken_now(situation.case, situation.assessment, drug_class)


def taken(drug_class: str) -> Fact:
    """Whether a drug of a class is or was taken."""
    _require_class(drug_class)
    return lambda situation: ever_taken(situation.case, situation.assessment, drug_class)


def taken_before_lesion(drug_class: str) -> Fact:
    """Whether a drug of a class was taken near the onset of the first lesion."""
    _require_class(drug_class)
    return lambda situation: taken_near_onset(situation.case, situation.assessment, drug_class)


def _require_class(drug_class: str) -> None:
    if drug_class not in table().classes:
        raise ValueError(f"no class of drugs is called {drug_class}")


def injected_into_skin(situation: PatientContext) -> Ternary:
    """Whether a drug is injected under the skin now; its route stands above its class."""
    case, known = situation.case, situation.assessment
    answers: list[Ternary] = []
    for drug in known.drugs:
        usual = not set(INJECTED).isdisjoint((*drug.classes, *drug.open_classes))
        if drug.status == "taking" and (usual or drug.route == "subcutaneous"):
            answers.append(is_injected_into_skin(case, drug))
    if may_take_unlisted(case, known):
        answers.append(None)
    return any_of(answers)


def heparin(situation: PatientContext) -> Ternary:
    """Whether heparin is given; on haemodialysis it goes with the circuit, whatever the list of drugs says."""
    listed = taking("heparin")(situation)
    if listed is False and _is_heparin_stopped(situation):
        return False
    if listed is False and situation.case.kidney.on_haemodialysis is not False:
        return None
    return listed


def _is_heparin_stopped(situation: PatientContext) -> bool:
    """Whether a list that is called complete says that heparin was stopped: the circuit goes without it then."""
    stopped = any(drug.status == "stopped" and "heparin" in drug.classes for drug in situation.assessment.drugs)
    return stopped and situation.case.drugs_complete is True


def antagonist_new(situation: PatientContext) -> Ternary:
    """Whether the lesion lies within the days in which a vitamin K antagonist makes necrosis of its own.

    Where nobody knows since when there is a lesion, a drug that is older than those days may have made it all the same.
    """
    days = antagonist_days(situation)
    if days is not None and days <= WARFARIN_DAYS[1]:
        return days >= WARFARIN_DAYS[0]
    if days is not None and first_lesion(situation.case) is not None:
        return False
    if antagonist_long(situation):
        return False
    return _deny_unless(taken(ANTAGONIST)(situation))


def _deny_unless(answer: Ternary) -> Ternary:
    """No where the answer is no, else not known."""
    return answer and None


def antagonist_long(situation: PatientContext) -> Ternary:
    """Whether a vitamin K antagonist had been taken for months, without a break, when the first lesion was seen."""
    case = situation.case
    days = antagonist_days(situation)
    if days is not None and days < LONG_MONTHS * DAYS_A_MONTH:
        return False
    return taken_near_onset(
        case,
        situation.assessment,
        ANTAGONIST,
        which=lambda drug: at_or_above(months_before_onset(case, drug), LONG_MONTHS),
    )


def antagonist_days(situation: PatientContext) -> int | None:
    """Days from the start of a vitamin K antagonist to the first lesion, or to now where that has no day.

    One that was started after the lesion did not make it. After a break the last start counts; a new dose or another
    drug of the kind without a break is no start.
    """
    until = onset(situation.case)
    if until is None:
        return None
    days: list[int] = []
    listed = situation.assessment.ever(ANTAGONIST)
    for drug in listed:
        start = _find_start(situation, drug)
        if start is not None and start <= until and not _is_continued(start, drug, listed):
            days.append((until - start).days)
    return min(days, default=None)


def _find_start(situation: PatientContext, drug: DrugResult) -> date | None:
    """The first day, also by a short time of taking, at the earliest; a long one is too rough to count days by."""
    now = situation.case.examined_on
    if drug.start is not None:
        return drug.start
    if now is None or drug.months is None or drug.months >= LONG_MONTHS or drug.status != "taking":
        return None
    return now - timedelta(days=math.ceil((drug.months + ROUNDED_MONTHS) * DAYS_A_MONTH))


def _is_continued(start: date, drug: DrugResult, listed: Sequence[DrugResult]) -> bool:
    """Whether another entry was taken up to the day before, at the least."""
    for other in listed:
        earlier = other is not drug and other.start is not None and other.start < start
        if earlier and other.stop is not None and start - other.stop <= WITHOUT_BREAK:
            return True
    return False


def antagonist_dated(situation: PatientContext) -> Ternary:
    """Whether the case says when a vitamin K antagonist was started, to the day or nearly."""
    return any(_find_start(situation, drug) is not None for drug in situation.assessment.ever(ANTAGONIST))


def lesion_dated(situation: PatientContext) -> Ternary:
    """Whether the case says since when there is a lesion."""
    return first_lesion(situation.case) is not None


def undeclared(situation: PatientContext) -> tuple[str, ...]:
    """Drugs that were stopped or changed and are missing from the list of drugs."""
    return list_undeclared(situation.case)
