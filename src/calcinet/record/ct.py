"""What a CT showed, by side, level and compartment."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from calcinet.record.base import FieldMeaning, Quantity, RecordModel, Sentence, check_interval
from calcinet.record.courses import Course
from calcinet.text import say
from calcinet.vocabulary import BodyLevel, Compartment, Side


class CtScore(RecordModel):
    """Calcium of one side, level and compartment of a CT."""

    side: Side | None
    level: BodyLevel
    compartment: Compartment
    lesions: Annotated[int, FieldMeaning(unit="1", label=say("Lesions"))]
    volume_mm3: Annotated[Quantity, FieldMeaning(unit="mm3", label=say("Volume of calcium"))]
    volume_interval_mm3: tuple[float, float] | None = None
    agatston: Annotated[Quantity, FieldMeaning(unit="1", label=say("Agatston score"))]
    """None where contrast agent forbids it."""
    agatston_interval: tuple[float, float] | None = None

    @model_validator(mode="after")
    def _check_intervals(self) -> Self:
        for interval in (self.volume_interval_mm3, self.agatston_interval):
            if interval is not None:
                check_interval(interval)
        return self


class CtArtery(Course):
    """An artery of a CT."""

    length_mm: float
    calcified_mm: float
    calcified_interval_mm: tuple[float, float] | None = None

    @model_validator(mode="after")
    def _check_interval(self) -> Self:
        if self.calcified_interval_mm is not None:
            check_interval(self.calcified_interval_mm)
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
