"""The patient beside the laboratory in a record: diseases, examination, what was done, how it went, photographs."""

from typing import Literal

from pydantic import Field

from calcinet.record.base import Interval, Quantity, RecordModel, Sentence


class KnownCondition(RecordModel):
    """Another disease, as written, and what calcinet makes of its name."""

    name: str
    """As given."""
    condition: str | None
    """The name that calcinet knows it by; None where unknown: nothing follows from it."""
    present: bool
    since: str | None = None
    """Day, YYYY-MM-DD."""
    label: Sentence


class ExaminationFinding(RecordModel):
    """One stated finding of the examination."""

    field: str
    """Where it stands in the case file."""
    label: Sentence


class TreatmentRecord(RecordModel):
    """Something done, refused or planned."""

    name: str
    status: Literal["given", "refused", "planned", "stopped"]
    drug: str | None = None
    route: str | None = None
    dose: str | None = None
    sessions: int | None = None
    """Doses or sessions up to the day of examination."""
    reason: str | None = None
    start: str | None = None
    stop: str | None = None
    label: Sentence


class BiopsyRecord(RecordModel):
    """A biopsy done, declined, planned or not advised."""

    status: Literal["done", "declined", "planned", "not advised"]
    result: Literal["positive", "negative", "indeterminate"] | None = None
    site: str | None = None
    on: str | None = None
    reason: str | None = None
    label: Sentence


class ProcedureRecord(RecordModel):
    """An earlier procedure that can imitate or trigger the disease."""

    name: str
    on: str | None = None
    label: Sentence


class PhotographRecord(RecordModel):
    """A clinical photograph; its picture is written beside the record as photographs/ID.jpg, its own name nowhere."""

    id: str = Field(pattern="^photo-[0-9]{1,4}$")
    lesion: int
    """Place of the lesion in the list, from 0."""
    caption: str | None = None
    on: str | None = None
    """Day on which it was taken, YYYY-MM-DD."""
    area_cm2: Quantity = None
    """Area of the lesion within an outline, where a ruler gives the scale."""
    area_interval95: Interval | None = None
    """For how points are set by hand."""
    area_text: Sentence | None = None
    """The area, how it was got and when it misleads."""


class OutcomeRecord(RecordModel):
    """How it went."""

    state: Literal["healed", "improving", "unchanged", "worse", "died"]
    cause: str | None = None
    on: str | None = None
    months_after_diagnosis: Quantity = None
    label: Sentence


class PrognosisRecord(RecordModel):
    """What a study found of a group that the patient belongs to; no prediction."""

    text: Sentence
    kind: Literal["all-cause", "disease-specific", "hazard", "treatment", "healing"]
    references: tuple[str, ...]
