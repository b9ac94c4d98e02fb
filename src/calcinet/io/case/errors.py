"""What is wrong in a case file, said with line and column and without repeating what may name a patient."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Final, TypeGuard, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from calcinet.clinical.block import CaseBlock, options_of
from calcinet.clinical.case import Case
from calcinet.clinical.names import nearest
from calcinet.errors import BadInput

LIKENESS: Final = 0.6
"""From which a right word is suggested. Our choice: one slip in four letters; the reader decides."""

SLIP: Final = 0.8
"""From which a wrong word is repeated. Our choice: one slip in five letters; what is less alike may be a name."""

SHORT_NUMBER: Final = re.compile(r"[-+]?[\d.,]{1,6}")
"""What is shown of a wrong value; longer numbers may be identifiers."""

IDENTIFYING: Final = frozenset(
    {
        *("name", "patient_name", "full_name", "first_name", "last_name", "surname", "given_name", "initials"),
        *("id", "patient_id", "mrn", "hkid", "nhs_number", "ssn", "passport", "record_number", "accession_number"),
        *("birth_date", "birthdate", "date_of_birth", "dob", "address", "phone", "telephone", "email"),
    }
)
"""Keys that a case file must not have."""

KINDS: Final[dict[str, str]] = {
    "bool": "yes or no",
    "int": "a whole number",
    "float": "a number",
    "date": "a day as year-month-day, for instance 2026-03-09",
    "tuple": "a list",
    "CaseBlock": "a block of keys",
}
"""Kinds of field in words."""

LIMITS: Final = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}
"""By kind of error of pydantic: what it calls the limit, and the words before it."""

Path = tuple[str | int, ...]
"""Keys and places in lists from the top of the file down."""

Place = tuple[int, int]
"""Line and column, from 1."""


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing that is wrong."""

    line: int
    column: int
    text: str

    def __str__(self) -> str:
        """With its place."""
        return f"line {self.line}, column {self.column}: {self.text}"


class CaseFileError(BadInput):
    """A case file that cannot be read; every mistake is listed."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes))
        count = len(self.mistakes)
        head = "the case file has a mistake" if count == 1 else f"the case file has {count} mistakes"
        super().__init__("\n".join([f"{head}:", *(f"  {mistake}" for mistake in self.mistakes)]))


def mistake_of(error: ErrorDetails, places: Mapping[Path, Place], keys: Mapping[Path, Place]) -> Mistake:
    """Say one error of the model for the person who wrote the file.

    Parameters
    ----------
    error
        As pydantic lists it.
    places, keys
        Where each value and each key stands.
    """
    path: Path = error["loc"]
    if error["type"] == "extra_forbidden":
        return Mistake(*_find_nearest_place(path, keys), _explain_unknown_key(path))
    if error["type"] == "missing":
        text = f"{_join_with_dots(path[:-1]) or 'the case'} needs {path[-1]}: {expected(path)}"
        return Mistake(*_find_nearest_place(path[:-1], places), text)
    return Mistake(*_find_nearest_place(path, places), _explain_wrong_value(error, path))


def expected(path: Path) -> str:
    """What stands at a path of a right file.

    >>> expected(("patient", "age_years")), expected(("lesions", 0, "painful"))
    ('a whole number', 'yes or no')
    """
    annotation = _find_annotation(path)
    options = options_of(annotation)
    if options:
        return f"one of {', '.join(options)}"
    named = _name_kinds(annotation)
    for kind, words in KINDS.items():
        if kind in named:
            return words
    return "text"


def _explain_unknown_key(path: Path) -> str:
    key, block = str(path[-1]), _join_with_dots(path[:-1])
    inside = ""
    if block:
        inside = f" in {block}"
    if key.casefold() in IDENTIFYING:
        return f"{key}{inside}: a case file holds no name, no identifier and no date of birth; take this line out"
    known = _list_fields(path[:-1])
    likely = nearest(key, [name.replace("_", " ") for name in known], near=LIKENESS)
    if likely is None:
        return f"this key is not known{inside}; expected one of {', '.join(known)}"
    question = f"did you mean {likely.replace(' ', '_')}?"
    if not nearest(key, [likely], near=SLIP):
        return f"this key is not known{inside}; {question}"
    return f"there is no {echoed(key, likely)}{inside}; {question}"


def _explain_wrong_value(error: ErrorDetails, path: Path) -> str:
    """What was found and what was expected; for limits, the limit."""
    where = _join_with_dots(path) or "the case"
    kind, message, given = error["type"], str(error["msg"]), error["input"]
    if kind == "value_error" and not message.startswith("Value error, a day"):
        return f"{where}: {message.removeprefix('Value error, ')}"
    if kind in LIMITS:
        name, word = LIMITS[kind]
        return f"{where}: found {shown(given)}, expected {word} {error['ctx'][name]:g}"
    likely = _suggest_option(given, path)
    if likely is None:
        return f"{where}: found {shown(given)}, expected {expected(path)}"
    found, option = echoed(str(given), likely), _list_spellings(path)[likely]
    return f"{where}: found {found}, expected {expected(path)}; did you mean {option}?"


def _suggest_option(given: Any, path: Path) -> str | None:
    """The spelling that a wrong value is a slip of, where a field takes one of several options."""
    if not options_of(_find_annotation(path)):
        return None
    return nearest(str(given), _list_spellings(path), near=LIKENESS)


def _list_spellings(path: Path) -> dict[str, str]:
    """The words that a field takes, in small letters, with what each means."""
    spellings = {}
    for option in options_of(_find_annotation(path)):
        spellings[option.casefold()] = option
    model = _find_model(_find_annotation(path[:-1]))
    if issubclass(model, CaseBlock):
        spellings.update(model.other_words.get(str(path[-1]), {}))
    return spellings


def echoed(given: str, likely: str) -> str:
    """A word as it was given, where it is plainly a slip of a word of this format and no name.

    >>> echoed("ulcr", "ulcer"), echoed("Chan", "hand")
    ('"ulcr"', 'a text of 4 characters')
    """
    if nearest(given, [likely], near=SLIP):
        return f'"{given}"'
    return shown(given)


def shown(value: Any) -> str:
    """A wrong value without what may name a patient.

    >>> shown("930"), shown("A123456(7)"), shown([])
    ('"930"', 'a text of 10 characters', 'a list')
    """
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a block of keys"
    if isinstance(value, list):
        return "a list"
    if not isinstance(value, str):
        return "something else"
    if SHORT_NUMBER.fullmatch(value):
        return f'"{value}"'
    return f"a text of {len(value)} characters"


def _join_with_dots(path: Path) -> str:
    """Only names of the format stand in a path that is shown; line and column tell which item of a list it is."""
    return ".".join(step for step in path if isinstance(step, str))


def _find_nearest_place(path: Path, places: Mapping[Path, Place]) -> Place:
    """Where a path stands, or the nearest thing round it that stands anywhere."""
    for length in range(len(path), -1, -1):
        if path[:length] in places:
            return places[path[:length]]
    return 1, 1


def _find_annotation(path: Path) -> Any:
    """Type at a path of the model."""
    annotation: Any = Case
    for step in path:
        if isinstance(step, int):
            annotation = _find_item_type(annotation)
            continue
        fields = _find_model(annotation).model_fields
        name = {"schema": "schema_"}.get(step, step)
        annotation = str
        if name in fields:
            annotation = fields[name].annotation
    return annotation


def _find_item_type(annotation: Any) -> Any:
    """Type of the items of a list."""
    return next(get_args(inner)[0] for inner in _unwrap_annotation(annotation) if get_origin(inner) is tuple)


def _list_fields(path: Path) -> list[str]:
    """Keys of the block at a path, as they are written."""
    return [field.alias or name for name, field in _find_model(_find_annotation(path)).model_fields.items()]


def _find_model(annotation: Any) -> type[BaseModel]:
    for inner in _unwrap_annotation(annotation):
        if _is_model(inner):
            return inner
    return Case


def _is_model(annotation: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _unwrap_annotation(annotation: Any) -> list[Any]:
    """The type itself, or those that a union offers."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _unwrap_annotation(get_args(annotation)[0])
    if origin not in (Union, UnionType):
        return [annotation]
    offered = []
    for inner in get_args(annotation):
        offered.extend(_unwrap_annotation(inner))
    return offered


def _name_kinds(annotation: Any) -> set[str]:
    """Names of the types within, and whether one is a list or a block."""
    kinds = set()
    for inner in _unwrap_annotation(annotation):
        if isinstance(inner, type):
            kinds.add(inner.__name__)
        if _is_model(inner):
            kinds.add("CaseBlock")
        if get_origin(inner) is tuple:
            kinds.add("tuple")
    return kinds
