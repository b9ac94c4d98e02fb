"""Other diseases by any of their names; what was not said is unknown, not absent."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from calcinet.clinical.case import Case
from calcinet.clinical.names import plain, table_of


def condition(name: str) -> str | None:
    """The table's name of a disease, or None where it is unknown.

    >>> condition("Type 2 diabetes"), condition("ennui")
    ('diabetes mellitus', None)
    """
    return _list_names().get(plain(name))


def by_icd10(code: str) -> str | None:
    """The table's name of an ICD-10 code.

    >>> by_icd10("E11.9"), by_icd10("Z00")
    ('diabetes mellitus', None)
    """
    for name, row in conditions().items():
        if code.upper().startswith(tuple(row["icd10"])):
            return name
    return None


def has(case: Case, name: str) -> bool | None:
    """Whether the patient has a disease of the table; None where nobody said.

    A disease that a list does not name is unknown, not absent; only an empty list says that there is none.

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
    stated = [entry.present for entry in case.conditions if condition(entry.name) == name]
    if not stated:
        return None
    return any(stated)


@cache
def conditions() -> Mapping[str, dict[str, Any]]:
    """Every disease of the table by its name."""
    text = files("calcinet.clinical").joinpath("conditions.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))


@cache
def _list_names() -> Mapping[str, str]:
    return table_of({name: (name, *row["also"]) for name, row in conditions().items()})
