"""Drugs by any of their names: class, code and why they matter here; an unknown name stays unknown."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Literal

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
    results: list[DrugResult] = []
    questions: list[Question] = []
    for number, drug in enumerate(drugs):
        result = _recognise(drug, now)
        results.append(result)
        if result.likely is not None:
            questions.append(Question(f"drugs.{number}.name", result.name, result.likely, _ask_spelling(result)))
    return results, questions


def known_drug(name: str) -> KnownDrug | None:
    """Find a drug by any of its names.

    >>> known_drug("Coumadin").name, known_drug("moonshine")
    ('warfarin', None)
    """
    generic = table().names.get(plain(name))
    if generic is None:
        return None
    return table().drugs[generic]


def by_atc(code: str) -> str | None:
    """Generic name of an ATC code that stands for one drug.

    >>> by_atc("B01AA03"), by_atc("B03AC")
    ('warfarin', None)
    """
    found = [drug.name for drug in table().drugs.values() if drug.atc == code]
    if len(found) != 1:
        return None
    return found[0]


def classes_of(name: str) -> tuple[str, ...]:
    """Keys of the classes of a drug; none where it is unknown.

    >>> classes_of("calcitriol")
    ('active_vitamin_d',)
    """
    known = known_drug(name)
    if known is None:
        return ()
    return tuple(entry.key for entry in known.classes)


def unlisted_drugs(case: Case, altered: Sequence[str] = ("drug stopped",)) -> list[tuple[int, str]]:
    """Drugs that a treatment stopped although the drug list lacks them, each with its place among the treatments."""
    listed = {_find_generic(drug.name) for drug in case.drugs or ()}
    unlisted: list[tuple[int, str]] = []
    for number, treatment in enumerate(case.treatments):
        if treatment.name not in altered or not treatment.drug:
            continue
        name = _find_generic(treatment.drug)
        if name not in listed:
            unlisted.append((number, name))
    return unlisted


def _find_generic(name: str) -> str:
    known = known_drug(name)
    if known is None:
        return plain(name)
    return known.name


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
    days = None
    if drug.start is not None and now is not None:
        days = (now - drug.start).days
    facts: dict[str, Any] = {
        "status": _settle_status(drug, now),
        "months": _count_months(drug, now),
        "days_since_start": days,
        "daily_dose": drug.daily_dose,
        "route": drug.route,
        "high_dose": drug.high_dose,
        "start": drug.start,
        "stop": drug.stop,
    }
    if known is None:
        return DrugResult(drug.name, None, (), None, likely=_find_likely(drug.name), **facts)
    keys = list(classes_of(drug.name))
    if drug.route == "subcutaneous" and "subcutaneous_injection" not in keys:
        keys.append("subcutaneous_injection")
    for entry in known.classes:
        if entry.matters:
            facts.update(matters=entry.matters, reference=entry.source)
            break
    return DrugResult(drug.name, known.name, tuple(keys), known.atc, **facts)


def _settle_status(drug: Drug, now: date | None) -> Literal["taking", "stopped", "planned"]:
    """Past or present: a drug whose last day has come is stopped, though nobody wrote that word."""
    if drug.status == "taking" and drug.stop is not None and (now is None or drug.stop <= now):
        return "stopped"
    return drug.status


def _find_likely(name: str) -> str | None:
    """The generic name that a misspelt one probably means."""
    near = nearest(name, table().names)
    if near is None:
        return None
    return table().names[near]


def _count_months(drug: Drug, now: date | None) -> float | None:
    """How long it is or was taken; a drug that is only planned is not taken."""
    last = drug.stop
    if last is None and drug.status == "taking":
        last = now
    if drug.start is not None and last is not None:
        return round((last - drug.start).days / DAYS_A_MONTH, 1)
    return drug.months


def _ask_spelling(result: DrugResult) -> str:
    return say('The drug "{name}" is not known. If it is {likely}, write that.', name=result.name, likely=result.likely)
