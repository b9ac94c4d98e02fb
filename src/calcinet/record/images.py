"""What one image showed, in the shape of record.json."""

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from calcinet.image import SpacingBasis
from calcinet.record.base import FieldMeaning, Identifier, Point, Quantity, RecordModel, Sentence, check_interval
from calcinet.record.corrections import Correction
from calcinet.record.courses import VesselCourse
from calcinet.record.ct import CtRecord
from calcinet.record.mammogram import BreastRecord
from calcinet.record.scintigram import ScintigramRecord
from calcinet.text import say
from calcinet.vocabulary import BodyLevel, CalibreClass, Compartment, DepositForm, FindingKind, Side

NET_SCORE: Final = (
    "How net-like the most net-like place is, from 0 to 1, to rank films alone: no probability, and nothing is called "
    "by it"
)
"""Stands in the JSON Schema, too."""

Place = tuple[float, float, float]
"""To the left, to the back and upwards in mm in the patient (DICOM LPS)."""


class Refusal(RecordModel):
    """Why an image was not examined."""

    reason: Sentence
    """A sentence for people: what was found, what was expected, what to do."""
    code: str
    """A short stable word for programs."""


class NotMeasured(RecordModel):
    """Why a number is missing."""

    measure: str
    because: Sentence


class Meaning(RecordModel):
    """What a measure's name stands for."""

    label: Sentence
    unit: str
    """UCUM."""
    code: str = ""
    """SCHEME:VALUE, or empty."""


class FindingRecord(RecordModel):
    """One mark on an image. Lengths in mm are None where the image has no spacing; those in pixels remain."""

    id: Identifier
    """f and its number."""
    tracking_uid: str | None = None
    """Under which this vessel, net or focus is followed over time (DICOM Tracking Unique Identifier): that of the
    baseline where it was found again, else its own; None in records of earlier versions."""
    kind: FindingKind
    probability: Annotated[Quantity, FieldMeaning(unit="1", label=say("Probability"))] = None
    calibre_mm: Annotated[Quantity, FieldMeaning(unit="mm", label=say("Calibre"))] = None
    calibre_interval_mm: tuple[float, float] | None = None
    calibre_class: CalibreClass | None = None
    length_mm: Annotated[Quantity, FieldMeaning(unit="mm", label=say("Length"))] = None
    area_mm2: Annotated[Quantity, FieldMeaning(unit="mm2", label=say("Area"))] = None
    area_interval_mm2: tuple[float, float] | None = None
    """Of a net on a radiograph: how large it is in truth, given what of it was marked."""
    depth_mm: Annotated[Quantity, FieldMeaning(unit="mm", label=say("Depth under the skin line"))] = None
    """Below the skin line in the projection."""
    compartment: Compartment = "unknown"
    side: Side | None = None
    polyline: tuple[Point, ...] = ()
    """Centre line."""
    calibre_along_mm: tuple[Quantity, ...] = ()
    """At each point of `polyline`, or empty."""
    outline: tuple[Point, ...] = ()
    """Closed outline of the marked place."""
    upper_limit_mm: Annotated[
        Quantity, FieldMeaning(unit="mm", label=say("Upper limit of the calibre"), after="calibre_mm")
    ] = None
    """Largest outer diameter of a vessel that is not resolvable."""
    form: DepositForm | None = None
    """On CT: what it looks like in space."""
    level: BodyLevel | None = None
    """On CT: part of the body."""
    volume_mm3: Annotated[Quantity, FieldMeaning(unit="mm3", label=say("Volume"))] = None
    """On CT: freed of blur and partial volume."""
    volume_interval_mm3: tuple[float, float] | None = None
    peak_hu: Annotated[Quantity, FieldMeaning(unit="[hnsf'U]", label=say("Peak"))] = None
    """On CT: its brightest voxel, in Hounsfield units."""
    place_mm: tuple[Place, ...] = ()
    """On CT: centre line in the patient, or one middle."""
    calibre_px: Annotated[Quantity, FieldMeaning(unit="{pixel}", label=say("Calibre"))] = None
    length_px: Annotated[Quantity, FieldMeaning(unit="{pixel}", label=say("Length"))] = None
    area_px: Annotated[Quantity, FieldMeaning(unit="{pixel}", label=say("Area"))] = None
    depth_px: Annotated[Quantity, FieldMeaning(unit="{pixel}", label=say("Depth under the skin line"))] = None

    @model_validator(mode="after")
    def _check_calibres(self) -> Self:
        for interval in (self.calibre_interval_mm, self.area_interval_mm2, self.volume_interval_mm3):
            if interval is not None:
                check_interval(interval)
        if self.calibre_along_mm and len(self.calibre_along_mm) != len(self.polyline):
            raise ValueError(f"{self.id}: calibre_along_mm needs one number a point of polyline")
        return self


class ImageRecord(RecordModel):
    """What one image showed, or why it was refused."""

    id: Identifier
    """img- and its number: the names of its files beside the record begin with it."""
    source: str = ""
    """First 12 characters of the hash and the suffix, never the name that the file had."""
    sha256: str = ""
    modality: str = ""
    anatomy: str = "unknown"
    laterality: Side | None = None
    view: str | None = None
    on: str | None = None
    """Day on which it was taken, YYYY-MM-DD, as the case file says it; the day of a header is never copied."""
    from_case: tuple[Literal["anatomy", "laterality", "view"], ...] = ()
    """Which of these the case file says and not the image's own file."""
    shape: tuple[int, int] | None = None
    """Rows and columns; on CT of its projection from the front."""
    spacing_mm: tuple[float, float] | None = None
    """Distance of rows and of columns; on CT as `shape`."""
    spacing_basis: SpacingBasis = "none"
    lengths_hold_if: Sentence | None = None
    """Condition of every number in mm of this image's findings and courses, where the pixel size is assumed or is
    contradicted by what the image shows: "if the pixels are 0.15 mm". No measure is in mm then."""
    export_signs: tuple[Sentence, ...] = ()
    """By what it is known to be an export and not the film itself; empty where it is the film."""
    magnification: float = 1.0
    resolvable_mm: Quantity = None
    """The thinnest calcified line that this image could have shown; its interval stands in `intervals95`."""
    net_score: Annotated[float, Field(ge=0, le=1)] | None = Field(default=None, description=NET_SCORE)
    """By which films of an archive are ranked; None of a CT without a net, of a bone scan, and in records of earlier
    versions."""
    statements: tuple[Sentence, ...] = ()
    """Sentences about this image; the first says what it could have shown."""
    cautions: tuple[Sentence, ...] = ()
    refused: Refusal | None = None
    findings: tuple[FindingRecord, ...] = ()
    courses: tuple[VesselCourse, ...] = ()
    """Of a radiograph: which of its vessels are stretches of one, longest first; each vessel lies on one course."""
    corrections: tuple[Correction, ...] = ()
    """What a reader corrected; findings, measures and sentences are those after it."""
    correction_notes: tuple[Sentence, ...] = ()
    """Sentences on that, with both values of each number that changed."""
    measures: dict[str, Quantity] = Field(default_factory=dict)
    intervals95: dict[str, tuple[float, float]] = Field(default_factory=dict)
    not_measured: tuple[NotMeasured, ...] = ()
    ct: CtRecord | None = None
    """Of a CT; None for every other image."""
    scintigram: ScintigramRecord | None = None
    """Of a planar bone scan; None for every other image."""
    breast: BreastRecord | None = None
    """Of a mammogram; None for every other image."""

    @property
    def number(self) -> str:
        """What people call it by: that of img-2 is 2."""
        return self.id.removeprefix("img-")

    @property
    def all_cautions(self) -> tuple[Sentence, ...]:
        """What was corrected, then what is doubtful."""
        return (*self.correction_notes, *self.cautions)

    @property
    def size_known(self) -> bool:
        """Whether the size of a pixel is known, and not assumed."""
        return self.spacing_mm is not None and self.lengths_hold_if is None

    def findings_of(self, kind: FindingKind) -> tuple[FindingRecord, ...]:
        """The findings of one kind, in their order."""
        return tuple(finding for finding in self.findings if finding.kind == kind)

    @model_validator(mode="after")
    def _check_refused_is_empty(self) -> Self:
        if self.refused is not None and (self.findings or self.measures):
            raise ValueError(f"{self.id} was refused and cannot hold findings or measures")
        return self

    @model_validator(mode="after")
    def _check_assumed_is_said(self) -> Self:
        if self.refused is not None or self.spacing_mm is None:
            return self
        if self.spacing_basis == "assumed" and self.lengths_hold_if is None:
            raise ValueError(f"{self.id}: an assumed pixel size needs lengths_hold_if")
        if self.lengths_hold_if is not None and self.resolvable_mm is not None:
            raise ValueError(f"{self.id}: no limit of detection is known where the pixel size is not")
        return self

    @model_validator(mode="after")
    def _check_courses_hold_vessels(self) -> Self:
        vessels = [vessel.id for vessel in self.findings_of("vessel")]
        members: list[str] = []
        for course in self.courses:
            members += course.findings
        if self.courses and sorted(members) != sorted(vessels):
            raise ValueError(f"{self.id}: each vessel lies on one course, got {members} for {vessels}")
        return self

    @model_validator(mode="after")
    def _check_missing_are_explained(self) -> Self:
        explained = {entry.measure for entry in self.not_measured}
        quantities = dict(self.measures)
        if self.refused is None:
            quantities["resolvable_mm"] = self.resolvable_mm
        unexplained = [name for name, value in quantities.items() if value is None and name not in explained]
        if unexplained:
            raise ValueError(f"{self.id}: a missing number needs a sentence in not_measured: {', '.join(unexplained)}")
        return self

    @model_validator(mode="after")
    def _check_intervals(self) -> Self:
        quantities = {**self.measures, "resolvable_mm": self.resolvable_mm}
        for name, interval in self.intervals95.items():
            check_interval(interval)
            if quantities.get(name) is None:
                raise ValueError(f"{self.id}: intervals95 has {name}, which was not measured")
        return self
