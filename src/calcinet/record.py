"""What one examination found, in the shape of record.json (`calcinet.record/1`)."""

import json
import math
from collections.abc import Mapping
from numbers import Real
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from calcinet.image import SpacingBasis

SCHEMA: Final = "calcinet.record/1"
"""Name and version of the contract."""

SIGNIFICANT_DIGITS: Final = 6
"""Digits kept of every number that is written. Our choice: finer than any interval, and a column of a film of
10,000 columns still to a tenth of a pixel."""

MASK_LABELS: Final[Mapping[str, int]] = {"vessel": 1, "net": 2, "focus": 3}
"""Values of masks/<image id>.png; 0 is none."""

Side = Literal["L", "R", "B"]
Kind = Literal["vessel", "net", "focus", "uptake"]
CalibreClass = Literal["large", "medium", "small", "arteriole", "not resolvable"]
Compartment = Literal["skin", "subcutis", "muscle", "artery", "bone overlap", "unknown"]


def _finite_or_none(value: Any) -> Any:
    return None if isinstance(value, Real) and not math.isfinite(value) else value


Quantity = Annotated[float | None, BeforeValidator(_finite_or_none)]
"""A number, or None when it is missing: NaN and infinity are missing."""

Point = tuple[float, float]
"""Row and column in pixels of the image."""


class _Part(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, validate_by_name=True, validate_by_alias=True
    )


def _ordered(interval: tuple[float, float]) -> tuple[float, float]:
    if interval[0] > interval[1]:
        raise ValueError(f"an interval runs from low to high, got {interval}")
    return interval


class Refusal(_Part):
    """Why an image was not examined."""

    reason: str
    """A sentence for people: what was found, what was expected, what to do."""
    code: str
    """A short stable word for programs."""


class NotMeasured(_Part):
    """Why a number is missing."""

    measure: str
    because: str


class Meaning(_Part):
    """What a measure's name stands for."""

    label: str
    unit: str
    """UCUM."""
    code: str = ""
    """SCHEME:VALUE, or empty."""


class FindingRecord(_Part):
    """One mark on an image. Lengths in mm are None where the image has no spacing; those in pixels remain."""

    id: str
    kind: Kind
    probability: Quantity = None
    calibre_mm: Quantity = None
    calibre_interval_mm: tuple[float, float] | None = None
    calibre_class: CalibreClass | None = None
    length_mm: Quantity = None
    area_mm2: Quantity = None
    depth_mm: Quantity = None
    """Below the skin line in the projection."""
    compartment: Compartment = "unknown"
    side: Side | None = None
    polyline: tuple[Point, ...] = ()
    """Centre line."""
    calibre_along_mm: tuple[Quantity, ...] = ()
    """At each point of `polyline`, or empty."""
    outline: tuple[Point, ...] = ()
    """Closed outline of the marked place."""
    upper_limit_mm: Quantity = None
    """Largest outer diameter of a vessel that is not resolvable."""
    calibre_px: Quantity = None
    length_px: Quantity = None
    area_px: Quantity = None
    depth_px: Quantity = None

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.calibre_interval_mm is not None:
            _ordered(self.calibre_interval_mm)
        if self.calibre_along_mm and len(self.calibre_along_mm) != len(self.polyline):
            raise ValueError(f"{self.id}: calibre_along_mm needs one number a point of polyline")
        return self


class ImageRecord(_Part):
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
    """Rows and columns."""
    spacing_mm: tuple[float, float] | None = None
    """Distance of rows and of columns."""
    spacing_basis: SpacingBasis = "none"
    magnification: float = 1.0
    resolvable_mm: Quantity = None
    """The thinnest calcified line that this image could have shown; its interval stands in `intervals95`."""
    statements: tuple[str, ...] = ()
    """Sentences about this image; the first says what it could have shown."""
    cautions: tuple[str, ...] = ()
    refused: Refusal | None = None
    findings: tuple[FindingRecord, ...] = ()
    measures: dict[str, Quantity] = Field(default_factory=dict)
    intervals95: dict[str, tuple[float, float]] = Field(default_factory=dict)
    not_measured: tuple[NotMeasured, ...] = ()

    @model_validator(mode="after")
    def _refused_images_hold_no_numbers(self) -> Self:
        if self.refused is not None and (self.findings or self.measures):
            raise ValueError(f"{self.id} was refused and cannot hold findings or measures")
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
            _ordered(interval)
            if {**self.measures, "resolvable_mm": self.resolvable_mm}.get(name) is None:
                raise ValueError(f"{self.id}: intervals95 has {name}, which was not measured")
        return self


class Suspicion(_Part):
    """How far the clinical rule is met."""

    level: Literal["none", "suspected", "clinical", "confirmed"]
    rule: str
    reference: str


class Summary(_Part):
    """The examination in a few sentences."""

    suspicion: Suspicion | None = None
    """None where no case was given: images alone do not set it."""
    sentences: tuple[str, ...] = ()


class Question(_Part):
    """A value of the case that must be asked about, not guessed."""

    field: str
    as_given: str
    likely: str | None = None
    text: str


class Lab(_Part):
    """One laboratory value."""

    name: str
    value: Quantity
    unit: str | None
    as_given: str
    range: tuple[float | None, float | None] | None = None
    flag: Literal["H", "L", "N"] | None = None


class Criterion(_Part):
    """A published set of criteria; None where an item is unknown."""

    met: bool | None
    items: dict[str, bool | None] = Field(default_factory=dict)


class Clinical(_Part):
    """The patient, in checked units; empty where no case was given."""

    questions: tuple[Question, ...] = ()
    drugs: tuple[dict[str, Any], ...] = ()
    lesions: tuple[dict[str, Any], ...] = ()
    derived: tuple[dict[str, Any], ...] = ()
    labs: tuple[Lab, ...] = ()
    criteria: dict[str, Criterion] = Field(default_factory=dict)


class Prior(_Part):
    """Probability before the images, in the user's hand."""

    value: float = Field(gt=0, lt=1)
    basis: str


class Term(_Part):
    """One finding's weight."""

    finding: str
    present: bool | None
    ratio: tuple[float, float, float]
    """Median, low and high of the likelihood ratio."""
    n: tuple[int, int]
    """Cases and controls."""
    reference: str
    status: Literal["seen", "derived", "secondary", "recalled", "case"]
    used: bool
    why_not: str | None = None
    images: tuple[str, ...] = ()


class Posterior(_Part):
    """Probability after the images."""

    median: float = Field(ge=0, le=1)
    interval95: tuple[float, float]


class Evidence(_Part):
    """What the findings weigh; without a prior there is no posterior."""

    hypothesis: str = "calciphylaxis"
    prior: Prior | None = None
    terms: tuple[Term, ...] = ()
    posterior: Posterior | None = None
    by_prior: tuple[tuple[float, float, float, float], ...] = ()
    """Prior, then median, low and high of the posterior."""

    @model_validator(mode="after")
    def _no_prior_no_posterior(self) -> Self:
        if self.posterior is not None and self.prior is None:
            raise ValueError("a posterior needs a prior")
        return self


class Differential(_Part):
    """Another disease: what speaks for it, what against, what to ask."""

    name: str
    for_: tuple[str, ...] = Field(default=(), alias="for")
    against: tuple[str, ...] = ()
    ask: str = ""
    reference: str


class Advice(_Part):
    """One next step."""

    code: str
    level: Literal["evidence", "expert", "report"]
    text: str
    reference: str


class ModelRecord(_Part):
    """The detector that marked the images."""

    name: str
    sha256: str | None = None
    """Of its weights; None where it has none."""


class CalibreCutoffs(_Part):
    """Smallest outer diameter of each class of vessel; thinner than `small` is an arteriole.

    Our choice, and configurable: the literature on calciphylaxis names large, medium and small vessels without
    cut-offs. Affected arterioles measure about 0.1 mm, well inside the last class. [eucalnet]
    """

    large: float = 4.0
    medium: float = 2.0
    small: float = 0.5


class Record(_Part):
    """One examination: everything that a document may say."""

    schema_: Literal["calcinet.record/1"] = Field(default=SCHEMA, alias="schema")
    version: str
    """Of calcinet."""
    model: ModelRecord
    summary: Summary = Summary()
    images: tuple[ImageRecord, ...] = ()
    calibre_cutoffs_mm: CalibreCutoffs = CalibreCutoffs()
    meanings: dict[str, Meaning] = Field(default_factory=dict)
    """Label and unit of every measure, by its name."""
    clinical: Clinical = Clinical()
    evidence: Evidence = Evidence()
    differential: tuple[Differential, ...] = ()
    advice: tuple[Advice, ...] = ()
    files: tuple[str, ...] = ()
    """Written beside this record, relative to it."""

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        for ids in ([image.id for image in self.images], *([f.id for f in image.findings] for image in self.images)):
            if len(set(ids)) < len(ids):
                raise ValueError(f"ids must differ, got {ids}")
        return self

    @property
    def examined(self) -> tuple[ImageRecord, ...]:
        """The images that were not refused."""
        return tuple(image for image in self.images if image.refused is None)

    @property
    def refused(self) -> tuple[ImageRecord, ...]:
        """The images that were."""
        return tuple(image for image in self.images if image.refused is not None)

    def to_json(self) -> str:
        """Write the contract's JSON in a stable order, ending with a newline."""
        return _written(_rounded(self.model_dump(by_alias=True))) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read what `to_json` wrote; raises pydantic.ValidationError where it is not a record."""
        return cls.model_validate_json(text)


def _rounded(value: Any) -> Any:
    """Round every number of a tree of dicts, tuples and numbers to `SIGNIFICANT_DIGITS`."""
    if isinstance(value, float):
        return float(f"{value:.{SIGNIFICANT_DIGITS}g}")
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value


def _written(value: Any, margin: str = "") -> str:
    """Lay out JSON for people: one line a field, but a list of numbers or of points on one line."""
    inner = margin + " "
    if isinstance(value, dict) and value:
        items = [f"{json.dumps(key)}: {_written(item, inner)}" for key, item in value.items()]
        return _block("{", items, "}", margin)
    if isinstance(value, list) and any(isinstance(item, dict | str) for item in value):
        return _block("[", [_written(item, inner) for item in value], "]", margin)
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _block(opening: str, items: list[str], closing: str, margin: str) -> str:
    lines = f",\n{margin} ".join(items)
    return f"{opening}\n{margin} {lines}\n{margin}{closing}"
