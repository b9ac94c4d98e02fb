"""What may be done next: rules as data, each with its reference and its level. None is an order."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal, get_args

from calcinet.evidence.conditions import Condition, placed, said
from calcinet.evidence.context import PatientContext
from calcinet.references import reference

Level = Literal["evidence", "expert", "report"]
"""A study; a consensus, a guideline or a published list; a case report or small series."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One step, and when it comes up."""

    code: str
    when: tuple[Condition, ...]
    """Any of them."""
    text: str
    level: Level
    reference: str

    def __post_init__(self) -> None:
        reference(self.reference)
        placed(self.text)
        if self.level not in get_args(Level):
            raise ValueError(f"{self.code}: level must be one of {', '.join(get_args(Level))}, got {self.level!r}")

    def comes_up(self, situation: PatientContext) -> bool:
        """Whether this patient brings it up."""
        return any(condition.holds(situation) for condition in self.when)


@dataclass(frozen=True, slots=True)
class Step:
    """One step, for this patient."""

    code: str
    text: str
    level: Level
    reference: str


def advice(situation: PatientContext) -> tuple[Step, ...]:
    """Steps that come up, in the order of rules.toml."""
    steps: list[Step] = []
    for rule in rules().values():
        if rule.comes_up(situation):
            steps.append(Step(rule.code, said(rule.text, situation), rule.level, rule.reference))
    return tuple(steps)


@cache
def rules() -> Mapping[str, Rule]:
    """All rules by code, in the order of rules.toml."""
    return load((files("calcinet.evidence") / "rules.toml").read_text(encoding="utf-8"))


def load(text: str) -> Mapping[str, Rule]:
    """Read rules from TOML.

    Raises
    ------
    KeyError
        If a reference is not in references.toml, or `when` is missing.
    TypeError, ValueError
        If a field is missing or too many, a condition names a fact that there is not, or a text a value.
    """
    tables: dict[str, dict[str, Any]] = tomllib.loads(text)
    return MappingProxyType({code: _build_rule(code, table) for code, table in tables.items()})


def _build_rule(code: str, table: Mapping[str, Any]) -> Rule:
    words = {name: value for name, value in table.items() if name != "when"}
    return Rule(code=code, when=tuple(map(Condition, table["when"])), **words)
