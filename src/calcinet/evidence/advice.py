"""What may be done next: rules as data, each with its reference and its level. None is an order."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from calcinet.evidence.conditions import Condition, placed, said
from calcinet.evidence.context import PatientContext
from calcinet.evidence.people import died, healed
from calcinet.references import reference
from calcinet.text import say

Level = Literal["evidence", "expert", "report"]
"""A study; a consensus, a guideline or a published list; case reports or a small series."""

Kind = Literal["urgent", "review", "image", "tissue", "ask", "care"]
"""What cannot wait; what to go through with somebody; which image; tissue; what to ask; care of the patient."""

HowSoon = Literal["now", "today", "this week"]

HOW_SOON: Final[Mapping[HowSoon, str]] = MappingProxyType(
    {"now": say("now"), "today": say("today"), "this week": say("this week")}
)
"""In words, the most pressing first."""

URGENT: Final = ("now", "today")
"""How soon what cannot wait is to be done."""

WHO: Final = (
    *(say("surgeon"), say("vascular surgeon"), say("breast surgeon"), say("urologist"), say("haematologist")),
    *(say("emergency team and surgeon"), say("endocrine surgeon"), say("gynaecologist or urologist")),
    *(say("nephrologist"), say("prescriber"), say("obstetrician"), say("paediatric nephrologist")),
    *(say("transplant team"), say("pain team"), say("wound team"), say("palliative care team"), say("dietitian")),
    *(say("pathologist"), say("dermatologist"), say("radiologist")),
)
"""Whom a step may name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One step, and when it comes up."""

    code: str
    when: tuple[Condition, ...]
    """Any of them."""
    unless: tuple[Condition, ...] = ()
    """None of them."""
    kind: Kind
    who: str | None = None
    """Whom to call; None where it is whoever treats the patient."""
    how_soon: HowSoon | None = None
    text: str
    level: Level
    reference: str

    def __post_init__(self) -> None:
        reference(self.reference)
        placed(self.text)
        for field, value, allowed in (
            ("level", self.level, get_args(Level)),
            ("kind", self.kind, get_args(Kind)),
            ("who", self.who, (None, *WHO)),
            ("how_soon", self.how_soon, (None, *HOW_SOON)),
        ):
            if value not in allowed:
                raise ValueError(f"{self.code}: {field} must be one of {', '.join(map(str, allowed))}, got {value!r}")
        if self.kind == "urgent" and self.how_soon not in URGENT:
            raise ValueError(f"{self.code}: what is urgent is now or today, got {self.how_soon!r}")

    def comes_up(self, situation: PatientContext) -> bool:
        """Whether this patient brings it up."""
        brought_up = any(condition.holds(situation) for condition in self.when)
        return brought_up and not any(condition.holds(situation) for condition in self.unless)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step, for this patient."""

    code: str
    kind: Kind
    who: str | None
    how_soon: HowSoon | None
    text: str
    level: Level
    reference: str


def advice(situation: PatientContext) -> tuple[Step, ...]:
    """Steps that come up: what cannot wait first, then by how soon, then in the order of rules.toml.

    Nobody who has died has a next step, and healed skin needs no tissue, no wound team and no relief of its pain.
    """
    if died(situation):
        return ()
    steps: list[Step] = []
    for rule in rules().values():
        if rule.comes_up(situation) and not (healed(situation) and _is_for_open_skin(rule)):
            steps.append(_make_step(rule, situation))
    return tuple(sorted(steps, key=_rank_step))


def _is_for_open_skin(rule: Rule) -> bool:
    """Whether a step is for a lesion that is still there: tissue of it, and care."""
    return rule.kind in ("tissue", "care")


def _make_step(rule: Rule, situation: PatientContext) -> Step:
    return Step(
        code=rule.code,
        kind=rule.kind,
        who=rule.who,
        how_soon=rule.how_soon,
        text=said(rule.text, situation),
        level=rule.level,
        reference=rule.reference,
    )


def _rank_step(step: Step) -> tuple[bool, int]:
    """Urgent lines first, then by how soon; what has no time comes last, and of equals each keeps its place."""
    soon = len(HOW_SOON)
    if step.how_soon is not None:
        soon = list(HOW_SOON).index(step.how_soon)
    return step.kind != "urgent", soon


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
    words = {name: value for name, value in table.items() if name not in ("when", "unless")}
    unless = tuple(map(Condition, table.get("unless", ())))
    return Rule(code=code, when=tuple(map(Condition, table["when"])), unless=unless, **words)
