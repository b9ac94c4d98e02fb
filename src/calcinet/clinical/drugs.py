"""Drugs by any of their names: class, code and why they matter here; an unknown name stays unknown."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from calcinet.clinical.case import Case, Drug
from calcinet.clinical.names import nearest, plain, table_of
from calcinet.clinical.results import DrugResult, Question
from calcinet.references import reference
from calcinet.text import say

DAYS_A_MONTH: Final = 30.4375
"""Mean of the Gregorian calendar."""


@dataclass(frozen=True, slots=True)
class DrugClass:
    """Drugs that matter in the same way."""

    key: str
    name: str
    matters: str | None = None
    source: str | None = None

    def __post_init__(self) -> None:
        if self.matters is not None and self.source is None:
            raise ValueError(f"class {self.key}: what matters needs a source")
        if self.source is not None:
            reference(self.source)


@dataclass(frozen=True, slots=True)
class KnownDrug:
    """One drug of the table."""

    name: str
    classes: tuple[DrugClass, ...]
    atc: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Every known drug and class."""

    classes: Mapping[str, DrugClass]
    drugs: Mapping[str, KnownDrug]
    names: Mapping[str, str]
    """Generic name by any plain name."""


def read_drugs(drugs: Sequence[Drug], now: date | None = None) -> tuple[list[DrugResult], list[Question]]:
    """Recognise every drug, and ask about names that look misspelt.

    Parameters
    ----------
    drugs
        As written.
    now
        Day up to which durations are counted; None where it is not known.
    """
    results = [_recognise(drug, now) for drug in drugs]
    questions = [
        Question(f"drugs.{number}.name", result.name, result.likely, _ask_spelling(result))
        for number, result in enumerate(results)
        if result.likely is not None
    ]
    return results, questions


def known_drug(name: str) -> KnownDrug | None:
    """Find a drug by any of its names.

    >>> known_drug("Coumadin").name, known_drug("moonshine")
    ('warfarin', None)
    """
    generic = table().names.get(plain(name))
    return None if generic is None else table().drugs[generic]


def by_atc(code: str) -> str | None:
    """Generic name of an ATC code that stands for one drug.

    >>> by_atc("B01AA03"), by_atc("B03AC")
    ('warfarin', None)
    """
    found = [drug.name for drug in table().drugs.values() if drug.atc == code]
    return found[0] if len(found) == 1 else None


def classes_of(name: str) -> tuple[str, ...]:
    """Keys of the classes of a drug; none where it is unknown.

    >>> classes_of("calcitriol")
    ('active_vitamin_d',)
    """
    known = known_drug(name)
    return () if known is None else tuple(entry.key for entry in known.classes)


def unlisted_drugs(case: Case, altered: Sequence[str] = ("drug stopped",)) -> list[tuple[int, str]]:
    """Drugs that a treatment stopped although the drug list lacks them, each with its place among the treatments."""
    listed = {_find_generic(drug.name) for drug in case.drugs or ()}
    stopped = [(n, entry.drug) for n, entry in enumerate(case.treatments) if entry.name in altered and entry.drug]
    return [(number, _find_generic(name)) for number, name in stopped if _find_generic(name) not in listed]


def _find_generic(name: str) -> str:
    known = known_drug(name)
    return plain(name) if known is None else known.name


@cache
def table() -> Table:
    """The table that comes with calcinet."""
    return load(files("calcinet.clinical").joinpath("drugs.toml").read_text(encoding="utf-8"))


def load(text: str) -> Table:
    """Read a table of drugs; an unknown class or source stops it."""
    tables: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(text)
    classes = {key: DrugClass(key, **row) for key, row in tables["class"].items()}
    drugs = {name: _build_drug(name, row, classes) for name, row in tables["drug"].items()}
    names = table_of({drug.name: (drug.name, *drug.also) for drug in drugs.values()})
    return Table(MappingProxyType(classes), MappingProxyType(drugs), MappingProxyType(names))


def _build_drug(name: str, row: dict[str, Any], classes: Mapping[str, DrugClass]) -> KnownDrug:
    return KnownDrug(name, tuple(classes[key] for key in row["classes"]), row["atc"], tuple(row.get("also", ())))


def _recognise(drug: Drug, now: date | None) -> DrugResult:
    known = known_drug(drug.name)
    days = None if drug.start is None or now is None else (now - drug.start).days
    facts: dict[str, Any] = {
        "status": drug.status,
        "months": _count_months(drug, now),
        "days_since_start": days,
        "daily_dose": drug.daily_dose,
        "route": drug.route,
        "high_dose": drug.high_dose,
    }
    if known is None:
        near = nearest(drug.name, table().names)
        return DrugResult(drug.name, None, (), None, likely=None if near is None else table().names[near], **facts)
    reason = next((entry for entry in known.classes if entry.matters), None)
    keys = [entry.key for entry in known.classes]
    if drug.route == "subcutaneous" and "subcutaneous_injection" not in keys:
        keys.append("subcutaneous_injection")
    matters, source = (None, None) if reason is None else (reason.matters, reason.source)
    return DrugResult(drug.name, known.name, tuple(keys), known.atc, matters=matters, reference=source, **facts)


def _count_months(drug: Drug, now: date | None) -> float | None:
    """How long it is or was taken; a drug that is only planned is not taken."""
    last = drug.stop or (now if drug.status == "taking" else None)
    if drug.start is not None and last is not None:
        return round((last - drug.start).days / DAYS_A_MONTH, 1)
    return drug.months


def _ask_spelling(result: DrugResult) -> str:
    return say('The drug "{name}" is not known. If it is {likely}, write that.', name=result.name, likely=result.likely)
