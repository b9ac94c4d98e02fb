"""A patient and the images, and how a yes-or-no question is put to both. None is not known."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from calcinet.clinical.assess import assess
from calcinet.clinical.case import Case, Lesion
from calcinet.clinical.conditions import conditions, has
from calcinet.clinical.results import Assessment
from calcinet.clinical.ternary import Ternary, any_of, is_among
from calcinet.evidence.readings import Reading, read_by_people

FLAG_WORDS: Final = {"H": "high", "L": "low", "N": "normal"}
"""What the flag of a laboratory result says, as a word."""

WORDS_OF_TEST: Final = {"positive": "positive", "negative": "negative"}
FLAGS_OF_TEST: Final = {"high": "positive", "normal": "negative"}
"""How a test that is positive or negative is read where it was flagged: a high antibody is a positive one."""


@dataclass(frozen=True, slots=True)
class PatientContext:
    """A patient and the images, as far as both are known."""

    case: Case
    assessment: Assessment
    readings: tuple[Reading, ...] = ()

    @classmethod
    def of(cls, case: Case | None, readings: Iterable[Reading] = ()) -> "PatientContext":
        """A case, assessed, with its own earlier images and those read now; no case is one of which nothing is told."""
        if case is None:
            case = Case()
        return cls(case, assess(case), (*readings, *read_by_people(case)))


Fact = Callable[[PatientContext], Ternary]


def lesion(which: Callable[[Lesion], Ternary]) -> Fact:
    """Whether there is a lesion of that kind."""

    def fact(situation: PatientContext) -> Ternary:
        lesions = situation.case.lesions
        if lesions is None:
            return None
        return any_of(map(which, lesions))

    return fact


def condition(*names: str) -> Fact:
    """Whether one of several diseases is known; one that no list names is not known, unless the list is empty."""
    unheard = set(names) - conditions().keys()
    if unheard:
        raise ValueError(f"no disease is called {', '.join(sorted(unheard))}")
    return lambda situation: any_of(has(situation.case, name) for name in names)


def blood(analyte: str, *words: str) -> Fact:
    """Whether the latest result of an analyte is one of these words: positive, high, low."""

    def fact(situation: PatientContext) -> Ternary:
        result = situation.assessment.lab(analyte)
        if result is None:
            return None
        said = result.word or FLAG_WORDS.get(result.flag or "")
        if not WORDS_OF_TEST.keys().isdisjoint(words):
            said = WORDS_OF_TEST.get(said or "", FLAGS_OF_TEST.get(said or ""))
        return is_among(said, words)

    return fact


def either(*facts: Fact) -> Fact:
    """Whether one of several holds."""
    return lambda situation: any_of(fact(situation) for fact in facts)


def image(which: Callable[[Reading], Ternary]) -> Fact:
    """Whether one of the images is like that; None where there is none."""

    def fact(situation: PatientContext) -> Ternary:
        if not situation.readings:
            return None
        return any_of(map(which, situation.readings))

    return fact


def history(name: str) -> Fact:
    """Whether a procedure is in the past; no only where there were none."""

    def fact(situation: PatientContext) -> Ternary:
        listed = situation.case.procedures
        if listed == ():
            return False
        if any(item.name == name for item in listed or ()):
            return True
        return None

    return fact
