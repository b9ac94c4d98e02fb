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
from calcinet.clinical.names import meant, plain, table_of
from calcinet.clinical.prescription import MAKERS, read_prescription, spellings, split_brackets, split_parts
from calcinet.clinical.results import DrugResult, Question
from calcinet.references import reference
from calcinet.text import Text, as_written, say

Injected = Literal["skin or circuit", "unknown"]

DAYS_A_MONTH: Final = 30.4375
"""Mean of the Gregorian calendar."""

MIN_PARTS: Final = 2
"""Drugs of a combination."""

SKIN: Final = "subcutaneous_injection"

SYSTEMIC: Final = frozenset({"corticosteroid", "immunosuppressant", "active_vitamin_d", "heparin", SKIN})
"""Classes that matter because the drug reaches the blood: a cream on the skin is none of them."""

NOT_STATED: Final = "not stated"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDrug:
    """One drug of the table, or several in one preparation."""

    name: str
    classes: tuple[DrugClass, ...]
    atc: str | None = None
    also: tuple[str, ...] = ()
    injected: Injected | None = None
    """What nobody states of a route of what can go under the skin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Every known drug and class."""

    classes: Mapping[str, DrugClass]
    drugs: Mapping[str, KnownDrug]
    names: Mapping[str, str]
    """Generic name by any plain name."""
    unclear: Mapping[str, str]
    """What to ask about a plain name that stands for drugs of different kinds."""


def read_drugs(
    drugs: Sequence[Drug], now: date | None = None, on_haemodialysis: bool | None = None
) -> tuple[list[DrugResult], list[Question]]:
    """Recognise every drug, and ask about names that nobody knows and routes that matter.

    Parameters
    ----------
    drugs
        As written.
    now
        Day up to which durations are counted; None where it is not known.
    on_haemodialysis
        Whether heparin and erythropoietin may go into the circuit; None where it is not known.
    """
    results: list[DrugResult] = []
    questions: list[Question] = []
    for number, drug in enumerate(drugs):
        result = _recognise(drug, now, on_haemodialysis)
        results.append(result)
        if result.drug is None:
            questions.append(Question(f"drugs.{number}.name", result.name, result.likely, _ask_name(result)))
        if result.open_classes:
            questions.append(Question(f"drugs.{number}.route", NOT_STATED, None, _ask_route(result)))
    return results, questions


@cache
def known_drug(name: str) -> KnownDrug | None:
    """Find a drug by any of its names, with salt, strength, form, route and frequency or without.

    A brand in brackets must be the same drug; of a preparation with several drugs each must be known; a question mark
    leaves it open.

    >>> known_drug("Coumadin").name, known_drug("moonshine"), known_drug("warfarin sodium 3 mg od").name
    ('warfarin', None, 'warfarin')
    >>> known_drug("amlodipine/valsartan 5/160 mg").name
    'amlodipine + valsartan'
    """
    if "?" in name:
        return None
    if plain(name) in table().names:
        return table().drugs[table().names[plain(name)]]
    outside, inside = split_brackets(name)
    found = _find_single(outside) or _find_combined(outside)
    for words in inside:
        found = _reconcile(found, words)
    return found


def _find_single(written: str) -> KnownDrug | None:
    """The drug of the first spelling that the table knows; German names lack the last letter of English ones."""
    for spelled in spellings(written):
        for name in (spelled, f"{spelled}e"):
            if name in table().names:
                return table().drugs[table().names[name]]
    return None


def _find_combined(written: str) -> KnownDrug | None:
    parts = []
    for part in split_parts(written):
        known = _find_single(part)
        if known is None:
            return None
        parts.append(known)
    if len(parts) < MIN_PARTS:
        return None
    joined = " + ".join(part.name for part in parts)
    if joined in table().drugs:
        return table().drugs[joined]
    classes: dict[DrugClass, None] = {}
    for known_part in parts:
        classes.update(dict.fromkeys(known_part.classes))
    return KnownDrug(name=joined, classes=tuple(classes))


def _reconcile(found: KnownDrug | None, words: str) -> KnownDrug | None:
    """Of a name and the words in brackets behind it: they say nothing, or the same, or what exactly it is."""
    if found is None or list(spellings(words))[-1] in ("", *MAKERS):
        return found
    exact = _find_single(words) or _find_combined(words)
    if exact is None or found.name not in exact.name:
        return None
    return exact


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
    folder = files("calcinet.clinical")
    return load(
        folder.joinpath("drugs.toml").read_text(encoding="utf-8"),
        folder.joinpath("ward_drugs.toml").read_text(encoding="utf-8"),
    )


def load(text: str, ward: str = "") -> Table:
    """Read a table of drugs, and one of drugs that stand for their class alone; an unknown class or source stops it."""
    tables: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(text)
    classes = {key: DrugClass(key, **row) for key, row in tables["class"].items()}
    drugs = {name: _build_drug(name, row, classes) for name, row in tables.get("drug", {}).items()}
    for key, rows in tomllib.loads(ward).items():
        for name, row in rows.items():
            drugs[name] = _build_ward_drug(name, row, classes[key])
    names = table_of({drug.name: (drug.name, *drug.also) for drug in drugs.values()})
    unclear: dict[str, str] = {}
    for name, row in tables.get("unclear", {}).items():
        unclear.update({plain(spelled): row["ask"] for spelled in (name, *row["also"])})
    return Table(
        classes=MappingProxyType(classes),
        drugs=MappingProxyType(drugs),
        names=MappingProxyType(names),
        unclear=MappingProxyType(unclear),
    )


def _build_drug(name: str, row: dict[str, Any], classes: Mapping[str, DrugClass]) -> KnownDrug:
    return KnownDrug(
        name=name,
        classes=tuple(classes[key] for key in row["classes"]),
        atc=row.get("atc"),
        also=tuple(row.get("also", ())),
        injected=row.get("injected"),
    )


def _build_ward_drug(name: str, row: Sequence[str], drug_class: DrugClass) -> KnownDrug:
    code, *also = row
    return KnownDrug(name=name, classes=(drug_class,), atc=code or None, also=tuple(also))


def _recognise(drug: Drug, now: date | None, on_haemodialysis: bool | None) -> DrugResult:
    known = known_drug(drug.name)
    written = read_prescription(drug.name)
    days = None
    if drug.start is not None and now is not None:
        days = (now - drug.start).days
    route = drug.route or written.route
    facts: dict[str, Any] = {
        "status": _settle_status(drug, now),
        "months": _count_months(drug, now),
        "days_since_start": days,
        "daily_dose": drug.daily_dose or written.daily_dose,
        "route": route,
        "high_dose": drug.high_dose,
        "start": drug.start,
        "stop": drug.stop,
        "strength": written.strength,
        "form": written.form,
        "frequency": written.frequency,
    }
    if known is None:
        return DrugResult(drug.name, None, (), None, likely=_find_likely(drug.name), **facts)
    keys, unclear = _sort_classes(known, route, on_haemodialysis)
    for entry in known.classes:
        if entry.matters and entry.key in keys:
            facts.update(matters=entry.matters, reference=entry.source)
            break
    return DrugResult(drug.name, known.name, keys, known.atc, open_classes=unclear, **facts)


def _sort_classes(
    known: KnownDrug, route: str | None, on_haemodialysis: bool | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Classes to which a drug belongs by its route, and those that only the route could tell."""
    keys = tuple(entry.key for entry in known.classes if entry.key != SKIN)
    if route == "topical":
        return tuple(key for key in keys if key not in SYSTEMIC), ()
    if route == "subcutaneous":
        return (*keys, SKIN), ()
    if route is not None:
        return keys, ()
    if known.injected == "unknown" or (known.injected and on_haemodialysis is not False):
        return keys, (SKIN,)
    if known.injected or any(entry.key == SKIN for entry in known.classes):
        return (*keys, SKIN), ()
    return keys, ()


def _settle_status(drug: Drug, now: date | None) -> Literal["taking", "stopped", "planned"]:
    """Past or present: a drug whose last day has come is stopped, though nobody wrote that word."""
    if drug.status == "taking" and drug.stop is not None and (now is None or drug.stop <= now):
        return "stopped"
    return drug.status


def _find_likely(name: str) -> str | None:
    """The generic name that a misspelt one probably means; none for a name of several kinds."""
    if _find_unclear(name) is not None:
        return None
    for spelled in dict.fromkeys(spellings(name)):
        likely = meant(spelled, table().names)
        if likely is not None:
            return likely
    named = _find_single(split_brackets(name)[0])
    if named is None:
        return None
    return named.name


def _find_unclear(name: str) -> str | None:
    """What to ask about a name that stands for drugs of different kinds."""
    for spelled in spellings(name):
        if spelled in table().unclear:
            return table().unclear[spelled]
    return None


def _count_months(drug: Drug, now: date | None) -> float | None:
    """How long it is or was taken; a drug that is only planned is not taken."""
    last = drug.stop
    if last is None and drug.status == "taking":
        last = now
    if drug.start is not None and last is not None:
        return round((last - drug.start).days / DAYS_A_MONTH, 1)
    return drug.months


def _ask_name(result: DrugResult) -> Text:
    if result.likely is not None:
        return say(
            'The drug "{name}" is not known. If it is {likely}, write that.', name=result.name, likely=result.likely
        )
    unclear = _find_unclear(result.name)
    if unclear is not None:
        return as_written(unclear)
    return say(
        'The drug "{name}" is not known; it counts for nothing until it is written by its generic name, '
        "one drug a line.",
        name=result.name,
    )


def _ask_route(result: DrugResult) -> Text:
    return say(
        "How is {drug} given: into the circuit or a vein, or under the skin? Add route: intravenous or subcutaneous.",
        drug=result.drug,
    )
