"""Statements of a case that do not go together: each is asked about, and none is changed."""

from collections.abc import Iterator

from calcinet.clinical.case import Case
from calcinet.clinical.conditions import has
from calcinet.clinical.results import Assessment, Question
from calcinet.text import as_written, say


def ask_about_disagreements(case: Case, known: Assessment) -> Iterator[Question]:
    """Ask which of two statements is right."""
    yield from _ask_about_biopsies(case)
    yield from _ask_about_sex(case)
    yield from _ask_about_pregnancy(case)
    yield from _ask_about_insulin(case, known)


def _ask_about_biopsies(case: Case) -> Iterator[Question]:
    for number, biopsy in enumerate(case.pathology):
        if not biopsy.contradicts_itself:
            continue
        text = say(
            "The biopsy is negative, yet necrosis or ulcer, calcified vessels and a narrowed intima were all seen. "
            "Which is right? Ask the pathologist."
        )
        if biopsy.result == "positive":
            text = say(
                "The biopsy is positive, yet no calcified vessel was seen. Which is right? Ask the pathologist, also "
                "whether the tissue was deep enough."
            )
        yield Question(f"pathology.{number}.result", str(biopsy.result), None, text)


def _ask_about_sex(case: Case) -> Iterator[Question]:
    sex = case.patient.sex
    for number, lesion in enumerate(case.lesions or ()):
        if (lesion.site, sex) in (("penis", "female"), ("vulva", "male")):
            text = say(
                "The sex is {sex} and a lesion is of the {site}. Which is right?",
                sex=as_written(str(sex)),
                site=as_written(lesion.site),
            )
            yield Question(f"lesions.{number}.site", lesion.site, None, text)


def _ask_about_pregnancy(case: Case) -> Iterator[Question]:
    if case.patient.sex == "male" and has(case, "pregnancy"):
        yield Question("patient.sex", "male", None, say("The sex is male and a pregnancy is stated. Which is right?"))


def _ask_about_insulin(case: Case, known: Assessment) -> Iterator[Question]:
    if has(case, "diabetes mellitus") is False and known.taking("insulin"):
        text = say("Insulin is taken, yet diabetes mellitus is denied. Which is right, or what is the insulin for?")
        yield Question("conditions", "diabetes mellitus", None, text)
