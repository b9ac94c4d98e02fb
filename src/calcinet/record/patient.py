"""The patient in a record: what was told, what was worked out, what must be asked."""

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import Field

from calcinet.record.base import Quantity, RecordModel, Sentence
from calcinet.record.bedside import (
    BiopsyRecord,
    ExaminationFinding,
    KnownCondition,
    OutcomeRecord,
    PhotographRecord,
    ProcedureRecord,
    PrognosisRecord,
    TreatmentRecord,
)
from calcinet.text import Text, say
from calcinet.vocabulary import LabFlag


class Suspicion(RecordModel):
    """How far a published scheme is met; it is the scheme's word, not calcinet's."""

    level: Literal["none", "suspected", "clinical", "confirmed"] | None
    """None where the scheme does not apply, or what was found contradicts itself; `rule` says which."""
    headline: Sentence = ""
    """The level with its place on the scale and what it waits for."""
    rule: Sentence
    reference: str
    provisional: bool = False
    """It holds only if the diseases in `open` are excluded."""
    open: tuple[Sentence, ...] = ()
    """Diseases that are not excluded yet."""
    position: int | None = None
    """Place on the scale from 1 (suspected) to 3 (confirmed), 0 for none."""


class Question(RecordModel):
    """A value of the case that must be asked about, not guessed."""

    field: str
    as_given: str
    likely: str | None = None
    text: Sentence


class Lab(RecordModel):
    """One laboratory value."""

    name: Sentence
    value: Quantity
    unit: str | None
    as_given: str
    range: tuple[float | None, float | None] | None = None
    flag: LabFlag | None = None
    analyte: str | None = None
    """Stable name; None where unknown."""
    word: str | None = None
    """Result in words, where it is no number."""
    comparator: Literal["<", ">"] | None = None
    range_basis: str | None = None
    flag_basis: str | None = None
    on: str | None = None
    """Day of sampling, YYYY-MM-DD."""
    reference: str | None = None
    """Of the default range."""


class Drug(RecordModel):
    """One drug, recognised or shown as unknown."""

    name: str
    """As given."""
    drug: str | None
    """Generic name; None where unknown."""
    classes: tuple[Sentence, ...] = ()
    atc: str | None = None
    status: Literal["taking", "stopped", "planned"] = "taking"
    matters: Sentence | None = None
    """Why it matters here."""
    reference: str | None = None
    likely: str | None = None
    """Nearest known name of an unknown one."""
    months: Quantity = None
    days_since_start: int | None = None
    daily_dose: str | None = None
    route: str | None = None
    start: str | None = None
    """First day, YYYY-MM-DD."""
    stop: str | None = None
    """Last day, YYYY-MM-DD."""


class WoundRecord(RecordModel):
    """Wound score of a lesion: eight items from 1 (best) to 5 (worst)."""

    items: dict[str, int] = Field(default_factory=dict)
    """Those that were graded."""
    total: int | None
    """8 to 40; None where an item is missing."""
    label: Sentence
    reference: str


class ReaderScore(RecordModel):
    """Score of large arteries as a reader gave it; it says nothing of arterioles."""

    name: Literal["adragao", "kauppila"]
    value: int
    most: int
    """Upper end of the scale, which begins at 0."""
    on: str | None = None
    """Day of the films, YYYY-MM-DD."""
    label: Sentence
    reference: str


class DialysisRecord(RecordModel):
    """A period of dialysis."""

    kind: Literal["peritoneal", "haemodialysis", "haemodiafiltration"]
    start: str | None = None
    """Day, YYYY-MM-DD."""
    stop: str | None = None
    """Day, YYYY-MM-DD; None where it goes on."""
    dialysate_calcium_mmol_l: Quantity = None


class Lesion(RecordModel):
    """One lesion, and what its site means."""

    site: str
    side: Literal["L", "R", "B"] | None
    kind: str
    label: Sentence
    zone: Literal["proximal", "distal", "unknown"]
    acral: bool
    counts_japanese: bool
    aspect: str | None = None
    digit: str | None = None
    count: int | None = None
    several: bool | None = None
    size_cm: tuple[float, ...] | None = None
    """Length, or length and width, of the largest."""
    colour: str | None = None
    began_as: str | None = None
    """What it was at first."""
    changed_within: str | None = None
    since: str | None = None
    """Day on which it was first seen, YYYY-MM-DD."""
    area_cm2: Quantity = None
    """Of an ellipse of its length and width; None where one of them is not known."""
    wound: WoundRecord | None = None


class EarlierImage(RecordModel):
    """An image that a person read."""

    id: str
    """As the terms of the weighing name it."""
    label: Sentence
    """What it is, and what was read."""
    modality: str = ""
    net_like: bool | None = None
    site: str | None = None
    side: Literal["L", "R", "B"] | None = None


class Derived(RecordModel):
    """A number worked out from others; where it is None, `text` says what is missing."""

    name: str
    label: Sentence
    value: Quantity
    unit: str
    """UCUM."""
    text: Sentence
    flag: LabFlag | None = None
    reference: str | None = None


ANSWERS: Final[Mapping[bool | None, str]] = {True: say("met"), False: say("not met"), None: say("not known")}
"""An item of a set of criteria, in words."""


class CriterionItem(RecordModel):
    """One item of a published set, in words."""

    met: bool | None
    text: Sentence
    """What it asks for."""
    because: Sentence = ""
    """What settles it."""
    question: Sentence | None = None
    """What would settle it."""
    field: str = ""
    """Where in the case file the answer goes."""


class Criterion(RecordModel):
    """A published set of criteria; None where an item is unknown."""

    met: bool | None
    items: dict[str, bool | None] = Field(default_factory=dict)
    label: Sentence = ""
    reference: str = ""
    level: Literal["none", "suspected", "clinical", "confirmed"] | None = None
    """Of a set with levels."""
    why_not: Sentence = ""
    """Why it does not apply to this patient."""
    details: dict[str, CriterionItem] = Field(default_factory=dict)

    @property
    def counted(self) -> Text | None:
        """How many clinical items are met, and what histology says, in a sentence; None of a set that has levels."""
        clinical = [met for name, met in self.items.items() if name.startswith("clinical")]
        if not clinical:
            return None
        return say(
            "{label}: {met} of {all} clinical items met, {unknown} not known; histology {histology}.",
            label=self.label,
            met=clinical.count(True),
            all=len(clinical),
            unknown=clinical.count(None),
            histology=ANSWERS[self.items.get("histology")],
        )


class Clinical(RecordModel):
    """The patient, in checked units; empty where no case was given."""

    examined_on: str | None = None
    """Day of the examination, YYYY-MM-DD."""
    age_years: int | None = None
    sex: Literal["female", "male", "other"] | None = None
    about: tuple[Sentence, ...] = ()
    """Who it is, without a name."""
    key_facts: tuple[Sentence, ...] = ()
    """Diseases and drugs that act in the assessment, the weightiest first, at most four."""
    questions: tuple[Question, ...] = ()
    left_out: tuple[Sentence, ...] = ()
    """What the record of a hospital, given as the case, held and was not taken: one sentence a kind, with its count."""
    drugs: tuple[Drug, ...] = ()
    lesions: tuple[Lesion, ...] = ()
    derived: tuple[Derived, ...] = ()
    labs: tuple[Lab, ...] = ()
    imaging: tuple[EarlierImage, ...] = ()
    conditions: tuple[KnownCondition, ...] = ()
    """Other diseases, present or excluded."""
    examination: tuple[ExaminationFinding, ...] = ()
    pain_score: int | None = None
    """Numeric scale, 0 to 10."""
    pain_vas: Quantity = None
    """Visual scale, 0 to 100."""
    reader_scores: tuple[ReaderScore, ...] = ()
    """Of large arteries, as a person gave them."""
    dialysis: tuple[DialysisRecord, ...] = ()
    treatments: tuple[TreatmentRecord, ...] = ()
    biopsies: tuple[BiopsyRecord, ...] = ()
    procedures: tuple[ProcedureRecord, ...] = ()
    photographs: tuple[PhotographRecord, ...] = ()
    impression: str | None = None
    """What the treating clinician takes it for, in the clinician's own words; it weighs nothing."""
    outcome: OutcomeRecord | None = None
    prognosis: tuple[PrognosisRecord, ...] = ()
    criteria: dict[str, Criterion] = Field(default_factory=dict)

    @property
    def died(self) -> bool:
        """Whether the patient has died, as far as was told."""
        return self.outcome is not None and self.outcome.state == "died"
