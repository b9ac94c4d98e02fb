"""What else it could be: for each disease that looks alike, what here speaks for it and against it, and what to ask."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, get_args

from calcinet.clinical.assess import assess
from calcinet.clinical.history import ExclusionStatus
from calcinet.clinical.history import Mimic as MimicName
from calcinet.evidence.conditions import Condition, Line
from calcinet.evidence.context import PatientContext
from calcinet.references import reference
from calcinet.text import Text, as_written, say

STRONG: Final = "strong"
"""The word of differential.toml for an argument that by itself decides for or against a disease."""

FREQUENCIES: Final = (1, 2, 3)
"""Common, uncommon, rare. Our choice, as differential.toml says."""


@dataclass(frozen=True, slots=True)
class Argument:
    """What speaks for or against a disease when its condition holds."""

    line: Line
    strong: bool

    def holds(self, situation: PatientContext) -> bool:
        """Whether it is so of this patient."""
        return self.line.when.holds(situation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mimic:
    """A disease that looks alike."""

    key: str
    name: str
    reference: str
    frequency: int
    """1 common, 2 uncommon, 3 rare."""
    when: tuple[Condition, ...]
    speaks_for: tuple[Argument, ...]
    against: tuple[Argument, ...]
    ask: str
    grave: bool = False
    """A missed one costs life or limb, or is a cancer."""
    ask_if: tuple[Line, ...] = ()
    """Asked in place of `ask`, the first that holds: a question names what is missing and presupposes nothing."""
    settled_by: tuple[Condition, ...] = ()
    """It need not be asked where one of these holds."""
    mimics: tuple[str, ...]
    """Its names in the exclusions of a case."""

    def __post_init__(self) -> None:
        reference(self.reference)
        if self.frequency not in FREQUENCIES:
            raise ValueError(f"{self.key}: frequency is 1, 2 or 3, got {self.frequency}")
        for name in self.mimics:
            if name not in get_args(MimicName):
                raise ValueError(f"{self.key}: the case file has no exclusion {name!r}")

    def listed(self, situation: PatientContext) -> bool:
        """Whether it comes into question at all, or was found."""
        found = self.stated(situation, "found") or self.stated(situation, "treated")
        return bool(found) or any(condition.holds(situation) for condition in self.when)

    def stated(self, situation: PatientContext, state: ExclusionStatus) -> tuple[str, ...]:
        """Its names that the treating clinician has called excluded, found or treated."""
        entries = situation.case.exclusions
        stated = [entry.name for entry in entries if entry.name in self.mimics and entry.state == state]
        if state == "excluded" and situation.case.all_mimics_excluded:
            return self.mimics
        return tuple(dict.fromkeys(stated))


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """One disease, for this patient."""

    key: str
    name: str
    speaks_for: tuple[str, ...]
    against: tuple[str, ...]
    ask: str
    """Empty where it is answered."""
    reference: str
    exclusions: tuple[str, ...] = ()
    """Its names in the exclusions of a case."""
    rank: tuple[int, ...] = ()
    """Where it stands among the others: the smallest first."""


def differential(situation: PatientContext) -> tuple[Alternative, ...]:
    """Every disease that comes into question, ordered by strength and frequency.

    First what the treating clinician has found, then what was treated. Of the others those for which something speaks
    stand before those for which nothing does, and a strong argument counts more than any number of weak ones. Of equal
    strength grave diseases stand first, then common ones. What was excluded stands last.
    """
    listed = [_build_alternative(mimic, situation) for mimic in mimics().values() if mimic.listed(situation)]
    return tuple(sorted(listed, key=lambda alternative: alternative.rank))


def ask_likeliest_first(situation: PatientContext) -> PatientContext:
    """The same patient, assessed so that other diseases are asked about in the order of the differential."""
    likely: list[str] = []
    for alternative in differential(situation):
        likely += alternative.exclusions
    return replace(situation, assessment=assess(situation.case, likely))


def _build_alternative(mimic: Mimic, situation: PatientContext) -> Alternative:
    speaks_for = [argument for argument in mimic.speaks_for if argument.holds(situation)]
    against = [argument for argument in mimic.against if argument.holds(situation)]
    return Alternative(
        key=mimic.key,
        name=mimic.name,
        speaks_for=(*_say_found(mimic, situation), *_say_each(speaks_for, situation)),
        against=(*_say_excluded(mimic, situation), *_say_each(against, situation)),
        ask=_choose_question(mimic, situation),
        reference=mimic.reference,
        exclusions=mimic.mimics,
        rank=(
            _rank_statement(mimic, situation),
            _rank_strength(speaks_for, against),
            int(not mimic.grave),
            mimic.frequency,
            len(against) - len(speaks_for),
        ),
    )


def _rank_statement(mimic: Mimic, situation: PatientContext) -> int:
    """What the treating clinician said of it: found 0, treated 1, nothing 2, excluded 3."""
    if mimic.stated(situation, "found"):
        return 0
    if mimic.stated(situation, "treated"):
        return 1
    return 3 if _is_excluded(mimic, situation) else 2


def _rank_strength(speaks_for: Sequence[Argument], against: Sequence[Argument]) -> int:
    """From 0, strongly for and nothing strong against, to 5, nothing for and strongly against."""
    opposed = int(any(argument.strong for argument in against))
    if any(argument.strong for argument in speaks_for):
        return opposed
    if speaks_for:
        return 2 + opposed
    return 4 + opposed


def _is_excluded(mimic: Mimic, situation: PatientContext) -> bool:
    """Whether every disease of the line was excluded."""
    return set(mimic.stated(situation, "excluded")) == set(mimic.mimics)


def _say_found(mimic: Mimic, situation: PatientContext) -> list[Text]:
    """What the treating clinician has found, by its own name where the line holds several."""
    said: list[Text] = []
    found, treated = mimic.stated(situation, "found"), mimic.stated(situation, "treated")
    if found:
        said.append(say("Named by the treating clinician as the explanation."))
    if treated:
        said.append(say("Found and treated, as the treating clinician says."))
    if len(mimic.mimics) > 1 and (found or treated):
        said.append(say("It was called {names:, }.", names=[as_written(name) for name in (*found, *treated)]))
    return said


def _say_excluded(mimic: Mimic, situation: PatientContext) -> list[Text]:
    excluded = mimic.stated(situation, "excluded")
    if not excluded:
        return []
    if _is_excluded(mimic, situation):
        return [say("Excluded by the treating clinician.")]
    return [say("Excluded by the treating clinician: {names:, }.", names=[as_written(name) for name in excluded])]


def _say_each(arguments: Sequence[Argument], situation: PatientContext) -> list[str]:
    return [argument.line.said(situation) for argument in arguments]


def _choose_question(mimic: Mimic, situation: PatientContext) -> str:
    """What would settle it; nothing where the treating clinician or the case has."""
    if mimic.stated(situation, "treated"):
        return say("Did the lesion heal when it was treated? If not, it does not explain the lesion alone.")
    if mimic.stated(situation, "found") or _is_excluded(mimic, situation):
        return ""
    if any(condition.holds(situation) for condition in mimic.settled_by):
        return ""
    instead = [line.said(situation) for line in mimic.ask_if if line.when.holds(situation)]
    return next(iter(instead), mimic.ask)


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
    plain: dict[str, Any] = {name: value for name, value in table.items() if isinstance(value, str | int)}
    settled: list[str] = []
    for fact in table.get("settled_by", ()):
        settled += _require_known(fact)
    return Mimic(
        key=key,
        when=tuple(map(Condition, table["when"])),
        speaks_for=_build_arguments(table["for"]),
        against=_build_arguments(table["against"]),
        ask_if=tuple(Line.of(*row) for row in table.get("ask_if", ())),
        settled_by=tuple(map(Condition, settled)),
        mimics=tuple(table["mimics"]),
        **plain,
    )


def _build_arguments(rows: list[list[str]]) -> tuple[Argument, ...]:
    return tuple(_build_argument(*row) for row in rows)


def _build_argument(when: str, text: str, weight: str = "") -> Argument:
    """One row: a condition, a sentence, and the word that makes it strong."""
    if weight not in ("", STRONG):
        raise ValueError(f"an argument is {STRONG} or has no third word, got {weight!r}")
    return Argument(Line.of(when, text), weight == STRONG)


def _require_known(fact: str) -> tuple[str, ...]:
    """A fact alone settles by being known, whichever way."""
    if fact.startswith("not "):
        return (fact,)
    return fact, f"not {fact}"
