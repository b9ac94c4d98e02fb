"""What studies found of people who had the disease: figures as data, each with its kind and its references.

None is a prediction for this patient, and none is given for the dead or where the scheme finds no suspicion.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from calcinet.clinical.ternary import any_of
from calcinet.evidence.conditions import Condition, placed, said
from calcinet.evidence.context import PatientContext
from calcinet.references import reference

Kind = Literal["all-cause", "disease-specific", "hazard", "treatment", "healing"]
"""Deaths of any cause; deaths from the disease; a ratio between groups; after a treatment; healing."""

LEVELS: Final = ("none", "suspected", "clinical", "confirmed")
"""Levels of the scheme; outside its population there is none, which says nothing of the disease."""

KINDS: Final[tuple[str, ...]] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class PrognosisRule:
    """A published figure, and whom it concerns."""

    when: tuple[Condition, ...]
    """Any of them."""
    text: str
    kind: Kind
    references: tuple[str, ...]

    def __post_init__(self) -> None:
        placed(self.text)
        for key in self.references:
            reference(key)
        if not self.references or self.kind not in KINDS:
            raise ValueError(f"a figure needs a reference and a kind of {', '.join(KINDS)}; got {self.kind!r}")


@dataclass(frozen=True, slots=True)
class PrognosisFigure:
    """A published figure that concerns this patient's group."""

    text: str
    kind: Kind
    references: tuple[str, ...]


def prognosis(situation: PatientContext) -> tuple[PrognosisFigure, ...]:
    """Figures of the groups that this patient belongs to, in the order of prognosis.toml."""
    if not _is_open_question(situation):
        return ()
    figures = []
    for rule in prognosis_rules().values():
        if any(condition.holds(situation) for condition in rule.when):
            figures.append(PrognosisFigure(said(rule.text, situation), rule.kind, rule.references))
    return tuple(figures)


def _is_open_question(situation: PatientContext) -> bool:
    """Whether the disease is a question here: not in the dead, not at level none, not in a painless sore alone.

    With normal kidneys a lesion that is neither painful nor necrotic does not make it one. Our choice: figures of
    death do harm where another disease is likelier.
    """
    case, suspicion = situation.case, situation.assessment.suspicion
    if not case.lesions or case.died:
        return False
    if suspicion is not None and suspicion.level in LEVELS:
        return suspicion.level != "none"
    typical = any_of(any_of([lesion.painful, lesion.necrotic]) for lesion in case.lesions)
    return case.kidney.stage != "normal" or typical is True


@cache
def prognosis_rules() -> Mapping[str, PrognosisRule]:
    """All figures by name, in the order of prognosis.toml."""
    return load((files("calcinet.evidence") / "prognosis.toml").read_text(encoding="utf-8"))


def load(text: str) -> Mapping[str, PrognosisRule]:
    """Read figures from TOML.

    Raises
    ------
    KeyError
        If a reference is not in references.toml, or a field is missing.
    TypeError, ValueError
        If a field is too many, a condition names a fact that there is not, or the kind is unknown.
    """
    tables: dict[str, dict[str, Any]] = tomllib.loads(text)
    return MappingProxyType({name: _build_rule(table) for name, table in tables.items()})


def _build_rule(table: Mapping[str, Any]) -> PrognosisRule:
    words = {name: value for name, value in table.items() if name not in ("when", "references")}
    return PrognosisRule(when=tuple(map(Condition, table["when"])), references=tuple(table["references"]), **words)
