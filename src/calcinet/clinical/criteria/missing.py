"""What exactly is missing of an item: the limit of a given value, the dose of a given drug, and never what is given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from calcinet.clinical.case import Case
from calcinet.clinical.exposure import (
    Which,
    list_ever,
    list_undeclared,
    list_unread,
    months_before_onset,
    was_near_onset,
)
from calcinet.clinical.results import Assessment, DrugResult, LabResult
from calcinet.clinical.ternary import all_of
from calcinet.text import Text, as_written, say


@dataclass(frozen=True, slots=True)
class Missing:
    """What would settle an item, and where the answer goes."""

    question: Text
    field: str
    because: Text | str = ""
    """What is known so far."""


Part = Callable[[Case, DrugResult], bool]

FIRST_DAY: Final = ("start", say("the day on which it was started"))
LAST_DAY: Final = ("stop", say("the day on which it was stopped"))
HIGH_DOSE: Final = ("high_dose", say("whether the prescriber calls the dose high"))
DAILY_DOSE: Final = ("daily_dose", say("the dose a day, with its unit"))
ROUTE: Final = ("route", say("how it is given"))
"""Fields of a drug, each with the words that ask for it."""


def missing_of_drugs(
    case: Case, known: Assessment, classes: Sequence[str], which: Which, *, asked: str, parts: Sequence[tuple[str, str]]
) -> Missing:
    """What is missing of an item that rests on drugs.

    Parameters
    ----------
    case, known
        The patient.
    classes
        Classes of drugs that count.
    which
        What else a drug must be to count.
    asked
        The question where no such drug is on the list.
    parts
        Fields that decide whether a listed drug counts, each with its words.
    """
    if case.drugs is None and not list_undeclared(case):
        return Missing(as_written(asked), "drugs")
    for number, drug in enumerate(known.drugs):
        if drug in list_ever(known, *classes) and all_of([was_near_onset(case, drug), which(drug)]) is None:
            return _ask_for_parts(case, number, drug, parts)
    unread = list_unread(known)
    if unread:
        because = say("Not on the list as far as it can be read: {names} is not known here.", names=list(unread))
        return Missing(say("Which drug is {names}? Write its generic name.", names=list(unread)), "drugs", because)
    undeclared = list_undeclared(case)
    if undeclared:
        because = say("Not on the list, which lacks {names}.", names=list(undeclared))
        return Missing(as_written(asked), "drugs", because)
    because = _say_what_is_listed(case, known, classes)
    question = say("{asked} Is the list of drugs complete?", asked=as_written(asked))
    return Missing(question, "drugs_complete", because)


def _say_what_is_listed(case: Case, known: Assessment, classes: Sequence[str]) -> Text:
    """What a list says that nobody has called complete: which drugs of it do not count, or that there are none."""
    listed = [drug.name for drug in list_ever(known, *classes)]
    if listed:
        return say("{names}: does not count as listed. Nobody has called the list complete.", names=listed)
    if case.drugs == ():
        return say("None is taken now; what was taken before is not stated.")
    return say("Not on the list, which nobody has called complete.")


def _ask_for_parts(case: Case, number: int, drug: DrugResult, parts: Sequence[tuple[str, str]]) -> Missing:
    wanted: list[tuple[str, str]] = []
    if drug.status == "stopped" and drug.stop is None:
        wanted.append(LAST_DAY)
    for part in parts:
        if _lacks_part(case, drug, part[0]):
            wanted.append(part)
    if not wanted:
        wanted = [FIRST_DAY]
    named = [as_written(words) for _, words in wanted]
    question = say("{drug}: state {parts}.", drug=drug.name, parts=named)
    return Missing(question, f"drugs.{number}.{wanted[0][0]}", say("{drug} is on the list.", drug=drug.name))


def _lacks_part(case: Case, drug: DrugResult, name: str) -> bool:
    if name == "start":
        return months_before_onset(case, drug) is None
    return getattr(drug, name) is None


def missing_of_labs(known: Assessment, analytes: Sequence[str], asked: str) -> Missing:
    """What is missing of an item that rests on a laboratory result: the result, its unit, or its limit."""
    for name in analytes:
        result = known.lab(name)
        if result is not None:
            return _ask_for_limit(known, result)
    return Missing(as_written(asked), "labs")


def _ask_for_limit(known: Assessment, result: LabResult) -> Missing:
    """What a given result lacks."""
    field = f"labs.{known.labs.index(result)}"
    given = say("{name} {given}", name=as_written(result.name), given=result.as_given)
    if result.value is None:
        return Missing(say("{given}: its unit or number is in question; answer that first.", given=given), field)
    if result.comparator is not None:
        return Missing(say("{given} is a limit: what is the value itself?", given=given), f"{field}.value")
    return Missing(say("{given}: what are the laboratory's limits?", given=given), f"{field}.high")


def missing_of_body(case: Case) -> Missing:
    """What is missing of the body mass index: the height, the weight, or both."""
    patient = case.patient
    if patient.height_cm is not None:
        return Missing(say("What is the weight?"), "patient.weights")
    if patient.weights:
        return Missing(say("What is the height?"), "patient.height_cm")
    return Missing(say("What are height and weight?"), "patient")


def missing_of_dialysis(case: Case) -> Missing:
    """What is missing of the time on dialysis: whether there is any, its first day, or today's."""
    if not case.kidney.dialysis:
        if case.kidney.on_dialysis:
            return Missing(say("When did dialysis begin?"), "kidney.dialysis")
        return Missing(say("Is or was the patient on dialysis, and since when?"), "kidney.dialysis")
    for number, period in enumerate(case.kidney.dialysis):
        if period.start is None and period.years is None:
            asked = say("When did dialysis ({kind}) begin?", kind=as_written(period.kind))
            return Missing(asked, f"kidney.dialysis.{number}.start")
    return Missing(say("On which day was the patient examined? Dialysis is counted up to it."), "examined_on")
