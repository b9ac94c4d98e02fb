"""What is made of a case, in checked units: questions, drugs, laboratory, criteria, the level of suspicion."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from calcinet.clinical.body_sites import Site
from calcinet.vocabulary import LabFlag, Side

Level = Literal["none", "suspected", "clinical", "confirmed"]


@dataclass(frozen=True, slots=True)
class Question:
    """Something that must be asked and is not guessed."""

    field: str
    """Where in the case file, for instance "labs.8.unit"."""
    as_given: str
    likely: str | None
    """What it probably is; never used until a person has confirmed it."""
    text: str
    entry: str = ""
    """What settles it in the case file, for instance "unit_confirmed: pmol/L"; no word for readers of a page."""


@dataclass(frozen=True, slots=True)
class LabResult:
    """One laboratory value in the unit that calcinet reckons in."""

    analyte: str | None
    """Stable name, for instance "adjusted_calcium"; None where unknown."""
    name: str
    """Name for people; as given where unknown."""
    value: float | None
    """None where it is no number or its unit is in question."""
    unit: str | None
    """UCUM."""
    as_given: str
    word: Literal["positive", "negative", "normal", "high", "low"] | None = None
    """Result in words, where it is no number."""
    comparator: Literal["<", ">"] | None = None
    """The value is a limit."""
    range: tuple[float | None, float | None] | None = None
    """Reference range in `unit`."""
    range_basis: Literal["laboratory", "default"] | None = None
    flag: LabFlag | None = None
    flag_basis: Literal["printed", "stated", "laboratory range", "default range"] | None = None
    """Flagged by the laboratory, said in a word by whoever wrote the case, or judged by a range."""
    on: date | None = None
    reference: str | None = None
    """Key of the default range."""


@dataclass(frozen=True, slots=True)
class DrugResult:
    """One drug, recognised or shown as unknown."""

    name: str
    """As given."""
    drug: str | None
    """Generic name; None where unknown."""
    classes: tuple[str, ...]
    """Keys of drugs.toml, for instance ("vitamin_k_antagonist",)."""
    atc: str | None
    status: Literal["taking", "stopped", "planned"]
    """As it is on the day of examination: a drug with a last day is no longer taken."""
    matters: str | None = None
    """Why it matters here, in a sentence; None where it does not."""
    reference: str | None = None
    likely: str | None = None
    """Nearest known name of an unknown one."""
    months: float | None = None
    """How long it has been, or was, taken."""
    days_since_start: int | None = None
    daily_dose: str | None = None
    route: str | None = None
    """As stated, else as written in the name."""
    high_dose: bool | None = None
    start: date | None = None
    """First day."""
    stop: date | None = None
    """Last day."""
    strength: str | None = None
    """As written in the name, like the next two."""
    form: str | None = None
    frequency: str | None = None
    open_classes: tuple[str, ...] = ()
    """Classes to which it belongs or not, by a route that nobody stated."""


@dataclass(frozen=True, slots=True)
class LesionResult:
    """One lesion with what its site means."""

    site: Site
    side: Side | None
    kind: str
    label: str
    """In words, for instance "painful necrotic ulcer of both legs"."""
    zone: Literal["proximal", "distal", "unknown"]
    acral: bool
    counts_japanese: bool
    """Its site counts in the Japanese criteria."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A number worked out from others; `value` is None where something is missing, and `text` says what."""

    name: str
    label: str
    value: float | None
    unit: str
    """UCUM."""
    text: str
    flag: LabFlag | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a published scheme."""

    met: bool | None
    text: str
    """What it asks for."""
    because: str = ""
    """What in the case settles it."""
    question: str | None = None
    """What would settle it, where it is unknown."""
    field: str = ""
    """Where in the case file the answer goes."""


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """A published scheme, item by item; None is unknown."""

    name: str
    label: str
    met: bool | None
    items: dict[str, Item]
    reference: str
    level: Level | None = None
    """For schemes with levels."""
    why_not: str = ""
    """Why it does not apply to this patient; empty where it does."""


SCALE: Final[tuple[Level, ...]] = ("suspected", "clinical", "confirmed")
"""The levels that a case can reach, lowest first. [china_scheme]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspicionResult:
    """Level of a published scheme, or why there is none."""

    level: Level | None
    """None where the scheme is for other patients, or what was found contradicts itself."""
    headline: str
    """The level with its place on the scale and what it waits for, in one sentence."""
    rule: str
    """What it rests on, and what it does not say."""
    reference: str
    provisional: bool = False
    """It holds only if the `open` diseases are excluded."""
    open: tuple[str, ...] = ()
    """Diseases that are not excluded yet, in words, the likeliest first."""
    found: tuple[str, ...] = ()
    """Other diseases that were found as the explanation, in words."""

    @property
    def position(self) -> int | None:
        """Place on the scale from 1 to 3, 0 for the level none; None where there is no level."""
        if self.level is None:
            return None
        if self.level == "none":
            return 0
        return SCALE.index(self.level) + 1


@dataclass(frozen=True, slots=True)
class Assessment:
    """The patient, assessed."""

    suspicion: SuspicionResult | None
    """None where the case does not say enough to apply the scheme, or tells of no skin."""
    questions: tuple[Question, ...] = ()
    drugs: tuple[DrugResult, ...] = ()
    lesions: tuple[LesionResult, ...] = ()
    derived: tuple[Derived, ...] = ()
    labs: tuple[LabResult, ...] = ()
    criteria: dict[str, CriterionResult] = field(default_factory=dict)

    def lab(self, analyte: str) -> LabResult | None:
        """The latest result of one analyte."""
        return latest(self.labs, analyte)

    def taking(self, drug_class: str) -> tuple[DrugResult, ...]:
        """Drugs of one class that are taken now."""
        return tuple(drug for drug in self.drugs if drug.status == "taking" and drug_class in drug.classes)

    def ever(self, drug_class: str) -> tuple[DrugResult, ...]:
        """Drugs of one class that are or were taken."""
        return tuple(drug for drug in self.drugs if drug.status != "planned" and drug_class in drug.classes)

    def value(self, name: str) -> float | None:
        """A derived number by its name."""
        return next((entry.value for entry in self.derived if entry.name == name), None)


def latest(labs: Sequence[LabResult], analyte: str) -> LabResult | None:
    """The latest result of one analyte; of results without a day the last in the list."""
    found = [result for result in labs if result.analyte == analyte]
    if not found:
        return None
    return max(enumerate(found), key=lambda pair: (pair[1].on or date.min, pair[0]))[1]
