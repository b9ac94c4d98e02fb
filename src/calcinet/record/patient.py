"""The patient in a record: what was told, what was worked out, what must be asked."""

from typing import Any, Literal

from pydantic import Field

from calcinet.record.part import Part, Quantity, Sentence


class Suspicion(Part):
    """How far the clinical rule is met."""

    level: Literal["none", "suspected", "clinical", "confirmed"]
    rule: Sentence
    reference: str


class Question(Part):
    """A value of the case that must be asked about, not guessed."""

    field: str
    as_given: str
    likely: str | None = None
    text: Sentence


class Lab(Part):
    """One laboratory value."""

    name: Sentence
    value: Quantity
    unit: str | None
    as_given: str
    range: tuple[float | None, float | None] | None = None
    flag: Literal["H", "L", "N"] | None = None


class Criterion(Part):
    """A published set of criteria; None where an item is unknown."""

    met: bool | None
    items: dict[str, bool | None] = Field(default_factory=dict)


class Clinical(Part):
    """The patient, in checked units; empty where no case was given."""

    questions: tuple[Question, ...] = ()
    drugs: tuple[dict[str, Any], ...] = ()
    lesions: tuple[dict[str, Any], ...] = ()
    derived: tuple[dict[str, Any], ...] = ()
    labs: tuple[Lab, ...] = ()
    criteria: dict[str, Criterion] = Field(default_factory=dict)
