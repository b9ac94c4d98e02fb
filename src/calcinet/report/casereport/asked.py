"""CARE's items after the title, and what of each no record can say."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from calcinet.record import Record
from calcinet.text import say


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that what the record tells may answer."""

    text: str
    answered: Callable[[Record], bool]
    instead: str = ""
    """What is still asked then; empty where nothing is."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of CARE."""

    title: str
    questions: tuple[str | Asked, ...] = ()
    """What only the author can say, as questions."""

    def ask(self, record: Record) -> Iterator[str]:
        """Give the questions that the record leaves open."""
        for question in self.questions:
            text = question
            if isinstance(question, Asked):
                text = question.instead if question.answered(record) else question.text
            if text:
                yield str(text)


def _tells_outcome(record: Record) -> bool:
    return record.clinical.outcome is not None


def _tells_examination(record: Record) -> bool:
    """Whether pulses and pain are told."""
    fields = {finding.field for finding in record.clinical.examination}
    painful = "examination.pain_score" in fields or any("painful" in item.label for item in record.clinical.lesions)
    return painful and "examination.peripheral_pulses" in fields


def _tells_first_lesion(record: Record) -> bool:
    return any(lesion.since for lesion in record.clinical.lesions)


def _tells_impression(record: Record) -> bool:
    return bool(record.clinical.impression)


def _tells_treatment(record: Record) -> bool:
    return bool(record.clinical.treatments)


def _tells_doses(record: Record) -> bool:
    """Whether every treatment that was given has a dose or needs none."""
    given = [entry for entry in record.clinical.treatments if entry.status == "given" and entry.name in WITH_DOSE]
    return bool(record.clinical.treatments) and all(entry.dose for entry in given)


WITH_DOSE: Final = frozenset({"sodium thiosulphate", "antibiotics", "pain control", "vitamin K", "hyperbaric oxygen"})
"""Treatments whose dose a reader asks for."""


ASKED: Final[Mapping[str, Item]] = {
    "keywords": Item(say("Keywords")),
    "abstract": Item(
        say("Abstract"),
        (
            say("What is new or unusual about this case, and what does it add to the literature?"),
            Asked(
                say("What was the outcome, and what is the one lesson to take away?"),
                _tells_outcome,
                say("What is the one lesson to take away?"),
            ),
        ),
    ),
    "introduction": Item(
        say("Introduction"), (say("Why is this case worth reporting? One or two paragraphs with references."),)
    ),
    "patient": Item(
        say("Patient information"),
        (
            say("What were the main complaints, in the patient's own words?"),
            say("Which family, genetic and psychosocial history matters?"),
            say("Which earlier interventions were there, with what outcome?"),
        ),
    ),
    "findings": Item(
        say("Clinical findings"),
        (
            Asked(
                say("What else did the physical examination find, pulses and pain included?"),
                _tells_examination,
                say("What else did the physical examination find?"),
            ),
        ),
    ),
    "timeline": Item(
        say("Timeline"),
        (
            Asked(
                say("Which dates are missing: first lesion, admission, each intervention?"),
                _tells_first_lesion,
                say("Which dates are missing: admission, each intervention?"),
            ),
        ),
    ),
    "assessment": Item(
        say("Diagnostic assessment"),
        (
            say("Which other tests were done, by whom were the images read, and what did they say?"),
            say("What made the diagnosis difficult (access to tests, cost, language, refusal of a biopsy)?"),
            Asked(
                say("Which diagnosis was made in the end, by whom, and on what grounds?"),
                _tells_impression,
                say("By whom was the diagnosis made in the end?"),
            ),
        ),
    ),
    "intervention": Item(
        say("Therapeutic intervention"),
        (
            Asked(
                say("Which treatments were given (drug, dose, route, duration), and what was changed, and why?"),
                _tells_treatment,
            ),
            Asked(say("Which dose and duration had each treatment that was given?"), _tells_doses),
        ),
    ),
    "outcome": Item(
        say("Follow-up and outcomes"),
        (
            say("How did lesions, pain and laboratory values go on, judged by whom?"),
            say("Was treatment tolerated, and which adverse events occurred?"),
        ),
    ),
    "discussion": Item(
        say("Discussion"),
        (
            say("What are the strengths and limits of the way this case was managed?"),
            say("What does the literature say, and which conclusions follow for other patients?"),
        ),
    ),
    "perspective": Item(
        say("Patient perspective"), (say("How did the patient experience illness and treatment, in a few sentences?"),)
    ),
    "consent": Item(
        say("Informed consent"),
        (
            say("Did the patient consent to publication in writing? Keep the form; do not send it with the draft."),
            say("Check every picture for names and faces; give no dates that are not needed."),
        ),
    ),
}
"""In CARE's order; the title is the first of its thirteen items."""
