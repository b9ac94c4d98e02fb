"""Several examinations of one patient on one time line, in the shape of timeline.json (`calcinet.timeline/1`)."""

from typing import Final, Literal, Self

from pydantic import Field, model_validator

from calcinet.record.base import Interval, Quantity, RecordModel, Sentence, check_interval
from calcinet.record.writing import format_json, round_numbers
from calcinet.vocabulary import FindingKind, LabFlag, Side

TIMELINE_SCHEMA: Final = "calcinet.timeline/1"
"""Name and version of the contract."""

Called = Literal["up", "down", "none", "unknown"]
Group = Literal["wound", "pain", "laboratory", "uptake", "film", "CT", "mammogram", "reader"]
EventKind = Literal["drug", "treatment", "dialysis", "biopsy", "procedure", "lesion", "outcome"]


class TimePoint(RecordModel):
    """A quantity on one day."""

    on: str
    """YYYY-MM-DD."""
    record: int
    """Number of the record that holds it, from 1, in the order of time."""
    value: float
    interval95: Interval | None = None
    flag: LabFlag | None = None

    @model_validator(mode="after")
    def _check_interval(self) -> Self:
        if self.interval95 is not None:
            check_interval(self.interval95)
        return self


class TimeChange(RecordModel):
    """A quantity on one day beside an earlier day."""

    from_: int = Field(validation_alias="from", serialization_alias="from")
    """Days after the first record."""
    to: int
    """Days after the first record."""
    difference: Quantity = None
    interval95: Interval | None = None
    smallest_detectable: Quantity = None
    """The smallest difference of this direction that would have been called."""
    called: Called
    because: Sentence


class TimedQuantity(RecordModel):
    """One quantity over time, of one place."""

    name: str
    unit: str
    """UCUM."""
    side: Side | None = None
    place: str = ""
    """Part of the body or lesion; empty where it is of the whole patient."""
    group: Group
    label: Sentence
    mark: int | None = None
    """Of a single vessel or net: its number in `marks`."""
    range: tuple[float | None, float | None] | None = None
    """Reference range."""
    points: tuple[TimePoint, ...]
    changes: tuple[TimeChange, ...] = ()


class TimedEvent(RecordModel):
    """Something that was given, done, stopped or happened."""

    kind: EventKind
    label: Sentence
    start: str | None = None
    """Day, YYYY-MM-DD; None where nobody stated it."""
    stop: str | None = None
    """Day, YYYY-MM-DD; None where it goes on or nobody stated it."""
    seen: tuple[str, ...] = ()
    """Days of the records that speak of it as going on."""
    ended_by: str | None = None
    """Day of the first record that speaks of it as ended, where no day of the end is stated."""
    detail: Sentence = ""
    """Dose, sessions, reason."""
    status: str = ""
    acts: bool = True
    """Whether it is of weight here; a drug that does nothing for this disease is not."""


class MarkOnFilm(RecordModel):
    """A mark as one film or CT shows it."""

    record: int
    image: str
    """Id of the image in its record."""
    findings: tuple[str, ...] = ()
    """Ids of the findings that are the mark there, the largest first; none where it was not marked."""
    size: Quantity = None
    """Length of a vessel in mm, area of a net or a focus in mm2, on CT volume in mm3, as far as all images of the place
    show it."""
    alike: Quantity = None
    """Of a vessel of films: length in mm that another film has marked, this one has not, and that looks the same on
    both; a change that goes with it is not called."""


class TimedMark(RecordModel):
    """One vessel, net or focus on several films or CTs that lie on one another."""

    number: int
    """From 1, over all places."""
    group: Literal["film", "CT"] = "film"
    kind: FindingKind
    place: str
    side: Side | None = None
    tracking_uid: str | None = None
    """Of its largest finding on the first film that has it (Tracking Unique Identifier)."""
    films: tuple[MarkOnFilm, ...]
    """In the order of time, the baseline first."""


class LaidOnBaseline(RecordModel):
    """A film or CT laid on the first one of its place, and how well it fits."""

    group: Literal["film", "CT"] = "film"
    place: str
    side: Side | None = None
    baseline: int
    """Number of the record of the first film."""
    record: int
    image: str
    """Id of the image in its record."""
    correlation: Quantity = None
    """Of both where both show the limb: of films after a turn, a shift and a mild bend, of CTs after a turn and a
    shift; of two legs the worse."""
    overlap: Quantity = None
    """Share of the smaller limb that both show; on CT of the baseline's bone."""
    angle_deg: Quantity = None
    shift_mm: Quantity = None
    refused: Sentence | None = None
    """Why the film does not lie on the first one."""


class TimedRecord(RecordModel):
    """One of the examinations."""

    number: int
    on: str
    """YYYY-MM-DD."""
    day: int
    """Days after the first."""
    images: tuple[Sentence, ...] = ()
    """What was imaged."""
    lesions: tuple[Sentence, ...] | None = None
    """None where nobody spoke of the skin."""


class Timeline(RecordModel):
    """What several records say of one patient over time."""

    schema_: Literal["calcinet.timeline/1"] = Field(default=TIMELINE_SCHEMA, alias="schema")
    version: str
    """Version of calcinet that wrote it."""
    records: tuple[TimedRecord, ...]
    quantities: tuple[TimedQuantity, ...] = ()
    events: tuple[TimedEvent, ...] = ()
    laid: tuple[LaidOnBaseline, ...] = ()
    """Films that were laid on the first of their place; none where no pixels were given."""
    marks: tuple[TimedMark, ...] = ()
    """Vessels, nets and foci of films that lie on one another."""
    not_compared: tuple[Sentence, ...] = ()
    """Why what was measured twice is not compared."""

    def to_json(self) -> str:
        """Write the contract's JSON in a stable order, ending with a newline."""
        return format_json(round_numbers(self.model_dump(by_alias=True))) + "\n"
