"""What one image showed, in the shape of record.json."""

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from calcinet.image import SpacingBasis
from calcinet.record.base import FieldMeaning, Quantity, RecordModel, Sentence, ordered
from calcinet.record.scintigram import ScintigramRecord
from calcinet.text import say
from calcinet.vocabulary import BodyLevel, CalibreClass, Compartment, DepositForm, FindingKind, Side

Point = tuple[float, float]
"""Row and column in pixels of the image; on CT of its projection from the front, head up, the patient's left at the
right."""

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

    id: str
    kind: FindingKind
    probability: Annotated[Quantity, FieldMeaning(unit="1", label=say("Probability"))] = None
    calibre_mm: Annotated[Quantity, FieldMeaning(unit="mm", label=say("Calibre"))] = None
    calibre_interval_mm: tuple[float, float] | None = None
    calibre_class: CalibreClass | None = None
    length_mm: Annotated[Quantity, FieldMeaning(unit="mm", label=say("Length"))] = None
    area_mm2: Annotated[Quantity, FieldMeaning(unit="mm2", label=say("Area"))] = None
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
    peak_hu: Annotated[Quantity, FieldMeaning(unit="[hnsf'U]", label=say("Peak"))] = None
    """On CT: its brightest voxel, in Hounsfield units."""
    place_mm: tuple[Place, ...] = ()
    """On CT: centre line in the patient, or one middle."""
    calibre_px: Annotated[Quantity, FieldMeaning(unit="{pixel}", label=say("Calibre"))] = None
    length_px: Annotated[Quantity, FieldMeaning(unit="{pixel}", label=say("Length"))] = None
    area_px: Annotated[Quantity, FieldMeaning(unit="{pixel}", label=say("Area"))] = None
    depth_px: Annotated[Quantity, FieldMeaning(unit="{pixel}", label=say("Depth under the skin line"))] = None

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.calibre_interval_mm is not None:
            ordered(self.calibre_interval_mm)
        if self.calibre_along_mm and len(self.calibre_along_mm) != len(self.polyline):
            raise ValueError(f"{self.id}: calibre_along_mm needs one number a point of polyline")
        return self


class CtScore(RecordModel):
    """Calcium of one side, level and compartment of a CT."""

    side: Side | None
    level: BodyLevel
    compartment: Compartment
    lesions: Annotated[int, FieldMeaning(unit="1", label=say("Lesions"))]
    volume_mm3: Annotated[Quantity, FieldMeaning(unit="mm3", label=say("Volume of calcium"))]
    agatston: Annotated[Quantity, FieldMeaning(unit="1", label=say("Agatston score"))]
    """None where contrast agent forbids it."""


class Course(RecordModel):
    """An artery as far as its calcium shows it: the findings that lie along it, one after the other."""

    side: Side | None
    findings: tuple[str, ...]
    """Ids, in order along the artery: on CT from the feet upwards, on a film from the end nearer to its top."""
    length_mm: Annotated[
        Quantity, FieldMeaning(unit="mm", label=say("Length of an artery, as far as its calcium shows it"))
    ]
    """From the first calcium to the last."""
    calcified_mm: Annotated[Quantity, FieldMeaning(unit="mm", label=say("Calcified length of an artery"))]
    """The same without the gaps."""
    calcified_percent: Annotated[float, FieldMeaning(unit="%", label=say("Calcified share of an artery"))]


class CtArtery(Course):
    """An artery of a CT."""

    length_mm: float
    calcified_mm: float


class VesselCourse(Course):
    """A vessel of a film. Lengths in mm are None where the image has no spacing; those in pixels remain."""

    gaps: tuple[tuple[Point, Point], ...] = ()
    """Between each finding and the next: where the one ends and the other begins."""
    length_px: float
    calcified_px: float

    @model_validator(mode="after")
    def _has_a_gap_between_each_two(self) -> Self:
        if len(self.gaps) != len(self.findings) - 1:
            raise ValueError(f"{len(self.findings)} findings have {len(self.findings) - 1} gaps, got {len(self.gaps)}")
        return self


class CtRecord(RecordModel):
    """How a CT was taken and what it showed part by part."""

    shape: tuple[int, int, int]
    """Slices, rows, columns."""
    spacing_mm: tuple[float, float, float]
    """Distance of slices, of rows, of columns."""
    kvp: Quantity = None
    kernel: str | None = None
    slice_thickness_mm: Quantity = None
    series: Sentence | None = None
    """Why this series was chosen, where there were several."""
    contrast: bool | None = None
    """None: neither the header nor the picture says."""
    contrast_basis: Sentence = ""
    threshold_hu: float
    """Where calcium was taken to begin."""
    noise_hu: float
    """Standard deviation in muscle."""
    scores: tuple[CtScore, ...] = ()
    arteries: tuple[CtArtery, ...] = ()
    left_out: dict[str, int] = Field(default_factory=dict)
    """Dense parts that were taken for something else, by what they were taken for."""


NOT_A_CANCER_READING: Final = say(
    "This is not a cancer reading: masses, distortion and clustered microcalcifications are not assessed."
)
"""Stands wherever a mammogram is spoken of."""


class BreastRecord(RecordModel):
    """What a mammogram showed of the arteries of the breast. It is not read for cancer."""

    grade: int = Field(ge=0, le=3)
    """Of this view, by the Canadian Society of Breast Imaging. [csbi_bac]"""
    grade_means: Sentence
    coarse_arteries: tuple[str, ...] = ()
    """Ids of findings with coarse or tram-track calcium."""
    punctate_arteries: tuple[str, ...] = ()
    """Ids of findings with a few dots of calcium."""
    not_assessed: int = 0
    """Dense spots that are not arterial, clustered microcalcifications among them: neither marked nor judged."""
    chest_wall: Literal["left", "right"]
    """Side of the picture at which it lies."""
    nipple: Point
    """Farthest point of the skin line from the chest wall."""
    pectoral_percent: float
    """Share of the breast on the picture that the pectoral muscle covers; 0 where none was seen."""
    detector: str
    detector_sha256: str | None = None
    """The weights that marked this image."""
    examination: int | None = None
    """Number of the examination within this record, in the order of the files; None where the file names none."""


class BreastSummary(RecordModel):
    """One breast, over all its views of one examination."""

    side: Side | None
    examination: int | None = None
    """As in `BreastRecord`."""
    images: tuple[str, ...]
    views: tuple[str, ...]
    """Of the images, in their order; empty words where a view is not named."""
    grade: int = Field(ge=0, le=3)
    """The highest of its views. [csbi_bac]"""
    grade_means: Sentence
    length_mm: Quantity = None
    """Calcified length on the view that shows most; None without a pixel size."""
    area_mm2: Quantity = None
    """Calcified area on the same view."""
    calibre_mm: Quantity = None
    """Median outer diameter of the arteries whose calibre was measured, over all views; None where none was."""


class ImageRecord(RecordModel):
    """What one image showed, or why it was refused."""

    id: str
    source: str = ""
    """First 12 characters of the hash and the suffix, never the name that the file had."""
    sha256: str = ""
    modality: str = ""
    anatomy: str = "unknown"
    laterality: Side | None = None
    view: str | None = None
    shape: tuple[int, int] | None = None
    """Rows and columns; on CT of its projection from the front."""
    spacing_mm: tuple[float, float] | None = None
    """Distance of rows and of columns; on CT as `shape`."""
    spacing_basis: SpacingBasis = "none"
    magnification: float = 1.0
    resolvable_mm: Quantity = None
    """The thinnest calcified line that this image could have shown; its interval stands in `intervals95`."""
    statements: tuple[Sentence, ...] = ()
    """Sentences about this image; the first says what it could have shown."""
    cautions: tuple[Sentence, ...] = ()
    refused: Refusal | None = None
    findings: tuple[FindingRecord, ...] = ()
    courses: tuple[VesselCourse, ...] = ()
    """Of a radiograph: which of its vessels are stretches of one, longest first; each vessel lies on one course."""
    measures: dict[str, Quantity] = Field(default_factory=dict)
    intervals95: dict[str, tuple[float, float]] = Field(default_factory=dict)
    not_measured: tuple[NotMeasured, ...] = ()
    ct: CtRecord | None = None
    """Of a CT; None for every other image."""
    scintigram: ScintigramRecord | None = None
    """Of a planar bone scan; None for every other image."""
    breast: BreastRecord | None = None
    """Of a mammogram; None for every other image."""

    @model_validator(mode="after")
    def _refused_images_hold_no_numbers(self) -> Self:
        if self.refused is not None and (self.findings or self.measures):
            raise ValueError(f"{self.id} was refused and cannot hold findings or measures")
        return self

    @model_validator(mode="after")
    def _courses_lead_along_vessels(self) -> Self:
        vessels = [finding.id for finding in self.findings if finding.kind == "vessel"]
        members = [key for course in self.courses for key in course.findings]
        if self.courses and sorted(members) != sorted(vessels):
            raise ValueError(f"{self.id}: each vessel lies on one course, got {members} for {vessels}")
        return self

    @model_validator(mode="after")
    def _missing_numbers_are_explained(self) -> Self:
        explained = {entry.measure for entry in self.not_measured}
        quantities = dict(self.measures)
        if self.refused is None:
            quantities["resolvable_mm"] = self.resolvable_mm
        unexplained = [name for name, value in quantities.items() if value is None and name not in explained]
        if unexplained:
            raise ValueError(f"{self.id}: a missing number needs a sentence in not_measured: {', '.join(unexplained)}")
        return self

    @model_validator(mode="after")
    def _intervals_belong_to_numbers(self) -> Self:
        for name, interval in self.intervals95.items():
            ordered(interval)
            if {**self.measures, "resolvable_mm": self.resolvable_mm}.get(name) is None:
                raise ValueError(f"{self.id}: intervals95 has {name}, which was not measured")
        return self
