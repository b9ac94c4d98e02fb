"""A case file checked on the command line: mistakes with their place, else what it leaves open."""

from pathlib import Path
from typing import Any

from calcinet.apps.given_paths import require_there
from calcinet.clinical.assess import assess
from calcinet.clinical.case import Case
from calcinet.clinical.conditions import condition
from calcinet.clinical.person import Kidney
from calcinet.clinical.results import Assessment, Question
from calcinet.clinical.schema import case_schema
from calcinet.errors import BadInput
from calcinet.io.case.photographs import read_photographs
from calcinet.io.case.reader import Read, read
from calcinet.record import Record
from calcinet.text import counted


def check_case(path: Path) -> list[str]:
    """Lines about a case that can be read: what it holds, and its questions with the line they belong to.

    Raises
    ------
    BadInput
        If it is malformed or says what cannot be; every mistake is listed.
    """
    require_there([path], "case file")
    case_file = read(path)
    if case_file.case.photographs:
        read_photographs(path)
    assessment = assess(case_file.case)
    lines = [
        _count_blocks(case_file.case),
        *_list_unknown_names(case_file.case, assessment),
        *case_file.case.left_out,
    ]
    missing = _list_missing_blocks(case_file.case)
    if missing:
        lines.append(f"Not stated: {', '.join(missing)}. The assessment rests on them: add what is known.")
    questions = assessment.questions
    if not questions and missing:
        return lines
    if not questions:
        return [*lines, "No questions."]
    lines.append(counted(len(questions), "{count} question:", "{count} questions:"))
    return lines + [f"  {_locate(case_file, question)}{_say_how(question)}" for question in questions]


def _say_how(question: Question) -> str:
    """The question, and what settles it in the file."""
    if not question.entry:
        return question.text
    return f"{question.text} Write {question.entry}."


def schema_of(what: str) -> dict[str, Any]:
    """JSON Schema of the record or of the case file."""
    if what == "case":
        return case_schema()
    if what == "record":
        return Record.model_json_schema(mode="serialization")
    raise BadInput(f"no schema of {what!r}; there are: record, case")


def _count_blocks(case: Case) -> str:
    """How much of each kind was read, so that a block that went missing is noticed."""
    kinds = {
        "lesions": case.lesions,
        "conditions": case.conditions,
        "drugs": case.drugs,
        "results": case.labs,
    }
    counts = []
    for name, items in kinds.items():
        if items is None:
            counts.append(f"{name} not stated")
        else:
            counts.append(f"{name} {len(items)}")
    return f"A case without mistakes: {', '.join(counts)}."


def _list_missing_blocks(case: Case) -> list[str]:
    """What every assessment rests on and the file does not speak of."""
    stated = {
        "kidney": case.kidney != Kidney(),
        "lesions": case.lesions is not None,
        "drugs": case.drugs is not None,
        "results (labs)": bool(case.labs),
    }
    return [name for name, is_stated in stated.items() if not is_stated]


def _list_unknown_names(case: Case, assessment: Assessment) -> list[str]:
    """Names that are in no table: they are kept as written, and nothing follows from them."""
    names = [
        *(drug.name for drug in assessment.drugs if drug.drug is None),
        *(entry.name for entry in case.conditions or () if condition(entry.name) is None),
        *(lab.name for lab in assessment.labs if lab.analyte is None),
    ]
    if not names:
        return []
    return [f"Not known, kept as written: {', '.join(names)}."]


def _locate(case_file: Read, question: Question) -> str:
    """Where the answer goes; a bundle has no lines."""
    position = case_file.place_of(question.field)
    if position is None:
        return f"{question.field}: "
    return f"line {position[0]}, {question.field}: "
