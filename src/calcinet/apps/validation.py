"""A case file checked on the command line: mistakes with their place, else what it leaves open."""

from pathlib import Path
from typing import Any

from calcinet.clinical.assess import assess
from calcinet.clinical.case import Case
from calcinet.clinical.conditions import condition
from calcinet.clinical.results import Assessment, Question
from calcinet.clinical.schema import case_schema
from calcinet.errors import BadInput
from calcinet.io.case.reader import Read, read
from calcinet.record import Record
from calcinet.text import counted


def checked(path: Path) -> list[str]:
    """Lines about a case that can be read: what it holds, and its questions with the line they belong to.

    Raises
    ------
    BadInput
        If it is malformed or says what cannot be; every mistake is listed.
    """
    found = read(path)
    known = assess(found.case)
    questions = known.questions
    asked = counted(len(questions), "{count} question:", "{count} questions:") if questions else "No questions."
    return [
        _holds(found.case),
        *_strangers(found.case, known),
        asked,
        *(f"  {_at(found, question)}{question.text}" for question in questions),
    ]


def schema_of(what: str) -> dict[str, Any]:
    """JSON Schema of the record or of the case file."""
    if what == "case":
        return case_schema()
    if what == "record":
        return Record.model_json_schema(mode="serialization")
    raise BadInput(f"no schema of {what!r}; there are: record, case")


def _holds(case: Case) -> str:
    """How much of each kind was read, so that a block that went missing is noticed."""
    kinds = {
        "lesions": case.lesions,
        "conditions": case.conditions,
        "drugs": case.drugs,
        "results": case.labs,
    }
    counts = [f"{name} {'not stated' if items is None else len(items)}" for name, items in kinds.items()]
    return f"A case without mistakes: {', '.join(counts)}."


def _strangers(case: Case, known: Assessment) -> list[str]:
    """Names that are in no table: they are kept as written, and nothing follows from them."""
    names = [
        *(drug.name for drug in known.drugs if drug.drug is None),
        *(entry.name for entry in case.conditions or () if condition(entry.name) is None),
        *(lab.name for lab in known.labs if lab.analyte is None),
    ]
    return [f"Not known, kept as written: {', '.join(names)}."] if names else []


def _at(found: Read, question: Question) -> str:
    """Where the answer goes; a bundle has no lines."""
    place = found.place_of(question.field)
    return f"{question.field}: " if place is None else f"line {place[0]}, {question.field}: "
