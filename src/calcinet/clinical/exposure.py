"""What is taken, was taken, and was taken near the first lesion; the one place that says when a list may be trusted.

A drug that is on the list was taken. That one was not taken is known only where somebody called the list complete
(`drugs_complete: yes`), every entry was recognised and no treatment speaks of a drug that the list lacks. An empty list
says that nothing is taken now, and nothing of what was.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from calcinet.clinical.case import Case
from calcinet.clinical.drugs import DAYS_A_MONTH, classes_of, unlisted_drugs
from calcinet.clinical.results import Assessment, DrugResult
from calcinet.clinical.ternary import Ternary, all_of, any_of

NEAR_ONSET_DAYS: Final = 365
"""A drug stopped longer before the first lesion does not count. Our choice: no source gives a window for drugs; those
that look back at all look at the half year or the year before. [gaisne2020]"""

ALTERED: Final = ("drug stopped", "drug changed")
"""Treatments that say of a drug that it was taken."""

Which = Callable[[DrugResult], Ternary]
"""What else a drug must be to count: its dose, its route, how long it was taken."""


def taken_now(case: Case, known: Assessment, *classes: str) -> Ternary:
    """Whether a drug of one of these classes is taken now."""
    if any(known.taking(drug_class) for drug_class in classes):
        return True
    if _find_altered(case, ("drug changed",), classes):
        return None
    if may_take_unlisted(case, known):
        return None
    return False


def may_take_unlisted(case: Case, known: Assessment) -> bool:
    """Whether something may be taken now that is not on the list; an empty list says that nothing is."""
    empty = case.drugs == () and case.drugs_complete is not False
    return not empty and not is_list_complete(case, known)


def ever_taken(case: Case, known: Assessment, *classes: str) -> Ternary:
    """Whether a drug of one of these classes is or was taken; one that was stopped without being listed was."""
    if list_ever(known, *classes) or _find_altered(case, ALTERED, classes):
        return True
    if is_list_complete(case, known):
        return False
    return None


def taken_near_onset(case: Case, known: Assessment, *classes: str, which: Which | None = None) -> Ternary:
    """Whether a drug of one of these classes was taken in the year before the first lesion.

    Parameters
    ----------
    case, known
        The patient, and the same with names of drugs recognised.
    classes
        Keys of drugs.toml.
    which
        What else the drug must be to count; left out, every drug of the class does.
    """
    answers: list[Ternary] = []
    for drug in list_ever(known, *classes):
        near = was_near_onset(case, drug)
        if which is not None:
            near = all_of([near, which(drug)])
        answers.append(near)
    if _find_altered(case, ALTERED, classes) or not is_list_complete(case, known):
        answers.append(None)
    return any_of(answers)


def list_ever(known: Assessment, *classes: str) -> list[DrugResult]:
    """Drugs of the list that are or were taken and belong to one of these classes, each once."""
    return [drug for drug in known.drugs if drug.status != "planned" and not set(classes).isdisjoint(drug.classes)]


def is_list_complete(case: Case, known: Assessment) -> bool:
    """Whether what is not on the list was not taken."""
    return bool(case.drugs_complete) and not list_unread(known) and not list_undeclared(case)


def list_unread(known: Assessment) -> tuple[str, ...]:
    """Names on the list that nobody recognised: each may be any drug."""
    return tuple(drug.name for drug in known.drugs if drug.drug is None)


def list_undeclared(case: Case) -> tuple[str, ...]:
    """Drugs that were stopped or changed and are missing from the list of drugs."""
    return tuple(dict.fromkeys(name for _, name in unlisted_drugs(case, ALTERED)))


def onset(case: Case) -> date | None:
    """The day that the first lesion was seen, or that of examination; None where neither is known."""
    return first_lesion(case) or case.examined_on


def first_lesion(case: Case) -> date | None:
    """The day that the first lesion was seen; None where no lesion has one."""
    days = [lesion.since for lesion in case.lesions or () if lesion.since is not None]
    return min(days, default=None)


def was_near_onset(case: Case, drug: DrugResult) -> Ternary:
    """Whether one drug was taken in the year before the first lesion.

    One that is taken now and has no first day counts; one that was stopped on no known day may or may not.
    """
    first = onset(case)
    if drug.status == "planned":
        return False
    if first is None:
        return _is_taken_or_unknown(drug)
    if drug.start is not None and drug.start > first:
        return False
    if drug.stop is not None:
        return (first - drug.stop).days <= NEAR_ONSET_DAYS
    if drug.start is None and _may_have_begun_after(first, case, drug):
        return None
    return _is_taken_or_unknown(drug)


def months_before_onset(case: Case, drug: DrugResult) -> float | None:
    """How many months one drug had been taken when the first lesion was seen; None where that is not known."""
    first = onset(case)
    if drug.start is not None:
        ends = [day for day in (drug.stop, first) if day is not None]
        if not ends:
            return drug.months
        return max(0.0, (min(ends) - drug.start).days / DAYS_A_MONTH)
    last = _find_last_day(case, drug)
    if drug.months is None or first is None or last is None or last <= first:
        return drug.months
    return max(0.0, drug.months - (last - first).days / DAYS_A_MONTH)


def _find_altered(case: Case, altered: tuple[str, ...], classes: tuple[str, ...]) -> bool:
    """Whether a treatment speaks of a drug that may be of these classes and is missing from the list."""
    return any(not set(classes).isdisjoint(classes_of(name)) for _, name in unlisted_drugs(case, altered))


def _is_taken_or_unknown(drug: DrugResult) -> Ternary:
    if drug.status == "taking":
        return True
    return None


def _may_have_begun_after(first: date, case: Case, drug: DrugResult) -> bool:
    """Whether the months that were stated are fewer than the lesion is old."""
    last = _find_last_day(case, drug)
    if drug.months is None or last is None:
        return False
    return last - timedelta(days=drug.months * DAYS_A_MONTH) > first


def _find_last_day(case: Case, drug: DrugResult) -> date | None:
    """The last known day on which it was taken."""
    if drug.stop is not None or drug.status == "stopped":
        return drug.stop
    return case.examined_on
