"""A case file, or a bundle of a hospital's record, as a Case; every mistake is listed at once, with its place."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from calcinet.clinical.case import Case
from calcinet.clinical.films import NAMED_TWICE, find_repeated
from calcinet.errors import BadInput, Unreadable
from calcinet.given_files import read_given
from calcinet.io.case.errors import CaseFileError, Mistake, Path, Place, mistake_of
from calcinet.io.case.fhir.bundle import case_of_bundle
from calcinet.io.case.yaml_tree import Tree, tree_of
from calcinet.limits import CASE_BYTES, CASE_DEPTH, NUMBER_DIGITS
from calcinet.text import say


@dataclass(frozen=True, slots=True)
class Read:
    """A case and where its parts stand in the file."""

    case: Case
    places: Mapping[Path, Place] = field(default_factory=dict)
    """Empty for a bundle."""

    def place_of(self, dotted: str) -> Place | None:
        """Line and column of a field such as "labs.6.unit", or of what it would stand in."""
        steps: list[str | int] = []
        for step in dotted.split("."):
            if step.isdigit():
                steps.append(int(step))
            else:
                steps.append(step)
        for length in range(len(steps), 0, -1):
            place = self.places.get(tuple(steps[:length]))
            if place is not None:
                return place
        return None

    def explain(self, mistakes: Mapping[str, str]) -> CaseFileError:
        """Mistakes of fields such as "films.1.file", each with the place where it stands."""
        explained = []
        for field_, text in mistakes.items():
            words = [step for step in field_.split(".") if not step.isdigit()]
            explained.append(Mistake(*(self.place_of(field_) or (1, 1)), f"{'.'.join(words)}: {text}"))
        return CaseFileError(explained)


def read_case(given: str | FilePath | bytes) -> Case:
    """Read a case file (YAML or JSON) or a FHIR R4 bundle (JSON).

    Raises
    ------
    BadInput
        If there is no such file, or it is not a case; the message names neither the file nor a patient.
    """
    return read(given).case


def read(given: str | FilePath | bytes) -> Read:
    """Read a case as `read_case` does, from a file or from the content of one, and keep where everything stands."""
    data = given if isinstance(given, bytes) else _load(given)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise CaseFileError([Mistake(line, 1, "not UTF-8 text; save the file as UTF-8")]) from None
    bundle = _read_bundle(text)
    if bundle is not None:
        return Read(case_of_bundle(bundle))
    return _read_text(text)


def _load(path: str | FilePath) -> bytes:
    try:
        return read_given(path, CASE_BYTES)
    except Unreadable as error:
        raise BadInput(say("the case file is not read: {why}", why=str(error))) from None


def case_of_text(text: str) -> Case:
    """Read the text of a case file.

    Raises
    ------
    CaseFileError
        With every mistake that can be told apart.
    """
    return _read_text(text).case


def case_of_mapping(values: Mapping[str, Any]) -> Case:
    """Take a case that a program holds: the blocks and words of a case file, or a FHIR R4 bundle.

    Raises
    ------
    BadInput
        With every mistake and the field that it is in ("labs.0.unit"), numbers from 0.
    """
    if "resourceType" in values:
        return case_of_bundle(dict(values))
    try:
        case = Case.model_validate(_write_words(values, 0))
    except ValidationError as error:
        raise _explain_fields(error) from None
    repeated = find_repeated(case.films)
    if repeated:
        raise BadInput("; ".join(f"films.{number}.file: {NAMED_TWICE}" for number in repeated))
    return case


def _write_words(value: Any, depth: int) -> Any:
    """What a program holds as a file would say it: numbers, days and yes or no are text there."""
    if depth > CASE_DEPTH.value:
        raise BadInput(say("the case is nested too deeply"))
    if isinstance(value, Mapping):
        return {str(key): _write_words(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_write_words(inner, depth + 1) for inner in value]
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).strip()


def _explain_fields(error: ValidationError) -> BadInput:
    """Every mistake of a case that has no lines, by the path of its field."""
    lines = []
    for entry in error.errors(include_url=False):
        path = entry["loc"]
        if entry["type"] in ("extra_forbidden", "missing"):
            path = path[:-1]  # the key itself is told in the sentence, or not repeated, as it may be a name
        where = ".".join(map(str, path)) or "the case"
        named = ".".join(step for step in path if isinstance(step, str))
        lines.append(f"  {where}: {mistake_of(entry, {}, {}).text.removeprefix(f'{named}: ')}")
    return BadInput("\n".join(["the case cannot be right:", *lines]))


def _read_text(text: str) -> Read:
    tree = tree_of(text)
    if not isinstance(tree.value, dict):
        tree.mistakes.append(Mistake(*tree.places.get((), (1, 1)), "expected a block of keys, for instance patient:"))
        raise CaseFileError(tree.mistakes)
    try:
        case = Case.model_validate(tree.value)
    except ValidationError as error:
        raise CaseFileError([*tree.mistakes, *_list_mistakes(error, tree)]) from None
    if tree.mistakes:
        raise CaseFileError(tree.mistakes)
    case_file = Read(case, tree.places)
    repeated = {f"films.{number}.file": NAMED_TWICE for number in find_repeated(case.films)}
    if repeated:
        raise case_file.explain(repeated)
    return case_file


def _list_mistakes(error: ValidationError, tree: Tree) -> list[Mistake]:
    return [mistake_of(entry, tree.places, tree.keys) for entry in error.errors(include_url=False)]


def _read_bundle(text: str) -> dict[str, Any] | None:
    """The text as a FHIR resource, or None where it is something else.

    Raises
    ------
    BadInput
        If a number in it has too many digits.
    """
    if '"resourceType"' not in text:
        return None
    try:
        found = json.loads(text, parse_int=partial(_read_number, int), parse_float=partial(_read_number, float))
    except BadInput:
        raise
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or "resourceType" not in found:
        return None
    return found


def _read_number(convert: Callable[[str], float], digits: str) -> float:
    count, most = len(digits), NUMBER_DIGITS.value
    if count > most:
        raise BadInput(f"the bundle holds a number of {count} digits; expected at most {most}: export it again")
    return convert(digits)
