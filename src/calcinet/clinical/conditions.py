"""Other diseases by any of their names; what was not said is unknown, not absent."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from calcinet.clinical.case import Case
from calcinet.clinical.names import meant, plain, table_of
from calcinet.clinical.person import Condition
from calcinet.clinical.prescription import split_brackets
from calcinet.clinical.results import Question
from calcinet.text import Text, as_written, say

QUALIFIERS: Final = re.compile(
    r"(?<![^\W\d_])(?:s/p|status[- ]post|post|previous(?:ly)?|prior|old|past|(?:history|hx) of|h/o|known|chronic|acute|"
    r"paroxysmal|persistent|permanent|long-?standing|severe|moderate|mild|stable|(?:well |poorly |un)?controlled|"
    r"diet[- ]controlled|left|right|bilateral|lt|rt|legs?|lower limbs?|on (?:insulin|ohas?|hd|pd|capd|dialysis|"
    r"haemodialysis|hemodialysis|warfarin|treatment|tablets)|"
    r"\d+(?:\+\d)? ?(?:weeks?|wks?|/40)(?: (?:gestation|pregnant))?|"
    r"mrsa|mssa|staph(?:ylococc(?:us|al))?(?: aureus)?|s\.? aureus|e\.? coli|pseudomonas|klebsiella|"
    r"strep(?:tococc(?:us|al))?|gram[- ](?:negative|positive)|(?:since |in )?(?:19|20)\d\d|x ?\d)(?![^\W_])"
)
"""What stands beside a disease without changing which it is. "No", "?", "family" and "excluded" do, and stay."""

PARTS: Final = re.compile(r"s/p|[,;/+&]|\b(?:and|with)\b")


@cache
def condition(name: str) -> str | None:
    """The table's name of a disease, or None where it is unknown.

    Words such as "previous", "left" or "on insulin" are passed over; two names on one line must be of one disease.

    >>> condition("Type 2 diabetes"), condition("ennui"), condition("AF (paroxysmal)")
    ('diabetes mellitus', None, 'atrial fibrillation')
    >>> condition("CAD s/p PCI"), condition("HTN, AF"), condition("?AF"), condition("family history of diabetes")
    ('ischaemic heart disease', None, None, None)
    """
    if "?" in name:
        return None
    found = _find_single(name)
    if found is not None:
        return found
    outside, inside = split_brackets(name)
    parts = PARTS.split(outside.casefold())
    named = {_find_single(part) for part in (*parts, *inside) if _strip_qualifiers(part)}
    if len(named) != 1:
        return None
    return named.pop()


def read_conditions(stated: Sequence[Condition]) -> list[Question]:
    """Ask about every disease that the table does not know."""
    questions = []
    for number, entry in enumerate(stated):
        if condition(entry.name) is None:
            likely = meant(_strip_qualifiers(entry.name), _list_names())
            questions.append(Question(f"conditions.{number}.name", entry.name, likely, _ask_name(entry.name, likely)))
    return questions


def by_icd10(code: str) -> str | None:
    """The table's name of an ICD-10 code; the longest beginning decides.

    >>> by_icd10("E11.9"), by_icd10("Z00"), by_icd10("C50.9")
    ('diabetes mellitus', None, 'breast cancer')
    """
    found: dict[str, str] = {}
    for name, row in conditions().items():
        for beginning in row["icd10"]:
            if code.upper().startswith(beginning):
                found[beginning] = name
    if not found:
        return None
    return found[max(found, key=len)]


def has(case: Case, name: str) -> bool | None:
    """Whether the patient has a disease of the table; None where nobody said.

    A disease that a list does not name is unknown, not absent; only an empty list says that there is none. Who has one
    kind of a disease has that disease; who does not have a disease has no kind of it.

    Raises
    ------
    KeyError
        If the table has no such disease: the caller has misspelt it.
    """
    conditions()[name]
    if case.conditions is None:
        return None
    if not case.conditions:
        return False
    stated = list(_answer(case.conditions, name))
    if not stated:
        return None
    return any(stated)


def _answer(stated: Sequence[Condition], name: str) -> Iterator[bool]:
    for entry in stated:
        known = condition(entry.name)
        if known is None:
            continue
        if entry.present and name in _list_kinds(known):
            yield True
        if not entry.present and known in _list_kinds(name):
            yield False


@cache
def _list_kinds(name: str) -> frozenset[str]:
    """A disease and all of which it is a kind."""
    kinds = {name}
    for parent in conditions()[name].get("kinds", ()):
        kinds |= _list_kinds(parent)
    return frozenset(kinds)


@cache
def conditions() -> Mapping[str, dict[str, Any]]:
    """Every disease of the table by its name."""
    text = files("calcinet.clinical").joinpath("conditions.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))


@cache
def _list_names() -> Mapping[str, str]:
    return table_of({name: (name, *row["also"]) for name, row in conditions().items()})


def _find_single(name: str) -> str | None:
    found = _list_names().get(plain(name))
    if found is not None:
        return found
    return _list_names().get(_strip_qualifiers(name))


def _strip_qualifiers(name: str) -> str:
    return plain(QUALIFIERS.sub(" ", name.casefold()))


def _ask_name(name: str, likely: str | None) -> Text:
    if likely is not None:
        return say(
            'The disease "{name}" is not known. If it is {likely}, write that.', name=name, likely=as_written(likely)
        )
    return say(
        'The disease "{name}" is not known; it counts for nothing until it is written by a usual name, '
        "one disease a line.",
        name=name,
    )
