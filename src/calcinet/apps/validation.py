"""A case file checked on the command line: mistakes with their place, else what it leaves open."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from calcinet.clinical.assess import assess
from calcinet.clinical.case import Case
from calcinet.clinical.conditions import condition
from calcinet.clinical.person import Kidney
from calcinet.clinical.results import Assessment, Question
from calcinet.clinical.schema import case_schema
from calcinet.errors import BadInput
from calcinet.io.case.errors import CaseFileError
from calcinet.io.case.photographs import read_photographs
from calcinet.io.case.reader import Read, read
from calcinet.record import Record, Timeline
from calcinet.text import counted

VALIDATION: Final = "calcinet.validation/1"
"""Schema of what --json prints."""


def check_case(given: Path | bytes) -> list[str]:
    """Lines about a case that can be read: what it holds, and its questions with the line they belong to.

    Raises
    ------
    BadInput
        If it is malformed or says what cannot be; every mistake is listed.
    """
    case_file, assessment = _look_at(given)
    case = case_file.case
    lines = [_count_blocks(case), *_list_unknown(case, assessment), *case.left_out]
    missing = _list_missing_blocks(case)
    if missing:
        lines.append(f"Not stated: {', '.join(missing)}. The assessment rests on them: add what is known.")
    questions = assessment.questions
    if not questions and missing:
        return lines
    if not questions:
        return [*lines, "No questions."]
    lines.append(counted(len(questions), "{count} question:", "{count} questions:"))
    return lines + [f"  {_locate(case_file, question)}{_say_how(question)}" for question in questions]


def check_as_json(given: Path | bytes) -> tuple[dict[str, Any], BadInput | None]:
    """The same for programs, and the error where the case has mistakes."""
    told: dict[str, Any] = {"schema": VALIDATION, "valid": True, "mistakes": []}
    try:
        case_file, assessment = _look_at(given)
    except BadInput as error:
        return told | {"valid": False, "mistakes": _list_mistakes(error)}, error
    case = case_file.case
    told["blocks"] = {name: _count(items) for name, items in _collect_blocks(case).items()}
    told["unknown_names"] = _list_unknown_names(case, assessment)
    told["left_out"] = list(map(str, case.left_out))
    told["not_stated"] = _list_missing_blocks(case)
    told["questions"] = [_describe_question(case_file, question) for question in assessment.questions]
    return told, None


def _look_at(given: Path | bytes) -> tuple[Read, Assessment]:
    case_file = read(given)
    if case_file.case.photographs:
        read_photographs(given)
    return case_file, assess(case_file.case)


def _list_mistakes(error: BadInput) -> list[dict[str, Any]]:
    """Each with its place, where it has one."""
    if isinstance(error, CaseFileError):
        return [asdict(mistake) for mistake in error.mistakes]
    return [{"line": None, "column": None, "text": str(error)}]


def _describe_question(case_file: Read, question: Question) -> dict[str, Any]:
    line, column = case_file.place_of(question.field) or (None, None)
    return {
        "field": question.field,
        "line": line,
        "column": column,
        "question": str.__str__(question.text),
        "answer_with": question.entry or None,
    }


def _say_how(question: Question) -> str:
    """The question, and what settles it in the file."""
    if not question.entry:
        return question.text
    return f"{question.text} Write {question.entry}."


def schema_of(what: str) -> dict[str, Any]:
    """JSON Schema of the record, of the case file or of a time line."""
    if what == "case":
        return case_schema()
    if what == "record":
        return Record.model_json_schema(mode="serialization")
    if what == "timeline":
        return Timeline.model_json_schema(mode="serialization", by_alias=True)
    raise BadInput(f"no schema of {what!r}; there are: record, case, timeline")


def _count_blocks(case: Case) -> str:
    """How much of each kind was read, so that a block that went missing is noticed."""
    counts = []
    for name, items in _collect_blocks(case).items():
        if items is None:
            counts.append(f"{name} not stated")
        else:
            counts.append(f"{name} {len(items)}")
    return f"A case without mistakes: {', '.join(counts)}."


def _collect_blocks(case: Case) -> dict[str, Sequence[Any] | None]:
    """The blocks that are counted; None of one that is not stated."""
    return {
        "lesions": case.lesions,
        "conditions": case.conditions,
        "drugs": case.drugs,
        "results": case.labs or None,
    }


def _count(items: Sequence[Any] | None) -> int | None:
    return None if items is None else len(items)


def _list_missing_blocks(case: Case) -> list[str]:
    """What every assessment rests on and the file does not speak of."""
    stated = {
        "kidney": case.kidney != Kidney(),
        "lesions": case.lesions is not None,
        "drugs": case.drugs is not None,
        "results (labs)": bool(case.labs),
    }
    return [name for name, is_stated in stated.items() if not is_stated]


def _list_unknown(case: Case, assessment: Assessment) -> list[str]:
    """What is said of names that are in no table."""
    names = _list_unknown_names(case, assessment)
    if not names:
        return []
    return [f"Not known, kept as written: {', '.join(names)}."]


def _list_unknown_names(case: Case, assessment: Assessment) -> list[str]:
    """Names that are in no table: they are kept as written, and nothing follows from them."""
    return [
        *(drug.name for drug in assessment.drugs if drug.drug is None),
        *(entry.name for entry in case.conditions or () if condition(entry.name) is None),
        *(lab.name for lab in assessment.labs if lab.analyte is None),
    ]


def _locate(case_file: Read, question: Question) -> str:
    """Where the answer goes; a bundle has no lines."""
    position = case_file.place_of(question.field)
    if position is None:
        return f"{question.field}: "
    return f"line {position[0]}, {question.field}: "
