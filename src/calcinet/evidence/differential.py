"""What else it could be: for each disease that looks alike, what here speaks for it and against it, and what to ask."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, get_args

from calcinet.clinical.history import Mimic as MimicName
from calcinet.evidence.conditions import Condition, Line
from calcinet.evidence.context import PatientContext
from calcinet.references import reference
from calcinet.text import say


@dataclass(frozen=True, slots=True)
class Mimic:
    """A disease that looks alike."""

    key: str
    name: str
    reference: str
    when: tuple[Condition, ...]
    speaks_for: tuple[Line, ...]
    against: tuple[Line, ...]
    ask: str
    ask_if: tuple[Line, ...] = ()
    """Asked in place of `ask`, the first that holds: a question names what is missing and presupposes nothing."""
    settled_by: tuple[Condition, ...] = ()
    """It need not be asked where one of these holds."""
    mimic: str | None = None
    """Its name in the exclusions of a case."""

    def __post_init__(self) -> None:
        reference(self.reference)
        if self.mimic is not None and self.mimic not in get_args(MimicName):
            raise ValueError(f"{self.key}: the case file has no exclusion {self.mimic!r}")

    def listed(self, situation: PatientContext) -> bool:
        """Whether it comes into question at all, or has been thought of."""
        return any(condition.holds(situation) for condition in self.when) or self.excluded(situation) is False

    def excluded(self, situation: PatientContext) -> bool | None:
        """What the treating clinician has said of it."""
        stated = [item.excluded for item in situation.case.exclusions if item.name == self.mimic]
        if stated:
            return all(stated)
        if situation.case.all_mimics_excluded and self.mimic is not None:
            return True
        return None


@dataclass(frozen=True, slots=True)
class Alternative:
    """One disease, for this patient."""

    key: str
    name: str
    speaks_for: tuple[str, ...]
    against: tuple[str, ...]
    ask: str
    """Empty where it is answered."""
    reference: str


def differential(situation: PatientContext) -> tuple[Alternative, ...]:
    """Every disease that comes into question; that for which most speaks, and against which least, stands first."""
    listed = [_build_alternative(mimic, situation) for mimic in mimics().values() if mimic.listed(situation)]
    return tuple(sorted(listed, key=_rank))


def _rank(alternative: Alternative) -> tuple[bool, int]:
    return not alternative.speaks_for, len(alternative.against) - len(alternative.speaks_for)


def _build_alternative(mimic: Mimic, situation: PatientContext) -> Alternative:
    excluded = mimic.excluded(situation)
    speaks_for = _say_reasons(mimic.speaks_for, situation)
    against = _say_reasons(mimic.against, situation)
    if excluded is False:
        speaks_for = [say("Named by the treating clinician as the explanation."), *speaks_for]
    if excluded:
        against = [say("Excluded by the treating clinician."), *against]
    ask = next(iter(_say_reasons(mimic.ask_if, situation)), mimic.ask)
    if excluded is not None or _is_settled(mimic, situation):
        ask = ""
    return Alternative(
        key=mimic.key,
        name=mimic.name,
        speaks_for=tuple(speaks_for),
        against=tuple(against),
        ask=ask,
        reference=mimic.reference,
    )


def _is_settled(mimic: Mimic, situation: PatientContext) -> bool:
    return any(condition.holds(situation) for condition in mimic.settled_by)


def _say_reasons(lines: tuple[Line, ...], situation: PatientContext) -> list[str]:
    return [line.said(situation) for line in lines if line.when.holds(situation)]


@cache
def mimics() -> Mapping[str, Mimic]:
    """All by key, in the order of differential.toml."""
    return load((files("calcinet.evidence") / "differential.toml").read_text(encoding="utf-8"))


def load(text: str) -> Mapping[str, Mimic]:
    """Read mimics from TOML.

    Raises
    ------
    KeyError
        If a reference is not in references.toml, or a field is missing.
    TypeError, ValueError
        If a field is too many, or a condition names a fact that there is not.
    """
    return MappingProxyType({key: _build_mimic(key, table) for key, table in tomllib.loads(text).items()})


def _build_mimic(key: str, table: Mapping[str, Any]) -> Mimic:
    plain = {name: value for name, value in table.items() if isinstance(value, str)}
    settled: list[str] = []
    for fact in table.get("settled_by", ()):
        settled += _require_known(fact)
    return Mimic(
        key=key,
        when=tuple(map(Condition, table["when"])),
        speaks_for=_build_lines(table["for"]),
        against=_build_lines(table["against"]),
        ask_if=_build_lines(table.get("ask_if", [])),
        settled_by=tuple(map(Condition, settled)),
        **plain,
    )


def _build_lines(pairs: list[tuple[str, str]]) -> tuple[Line, ...]:
    return tuple(Line.of(*pair) for pair in pairs)


def _require_known(fact: str) -> tuple[str, ...]:
    """A fact alone settles by being known, whichever way."""
    if fact.startswith("not "):
        return (fact,)
    return fact, f"not {fact}"
