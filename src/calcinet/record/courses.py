"""Courses of arteries: findings that follow one another along one vessel."""

from typing import Annotated, Self

from pydantic import model_validator

from calcinet.record.base import FieldMeaning, Point, Quantity, RecordModel
from calcinet.text import say
from calcinet.vocabulary import Side


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


class VesselCourse(Course):
    """A vessel of a film. Lengths in mm are None where the image has no spacing; those in pixels remain."""

    gaps: tuple[tuple[Point, Point], ...] = ()
    """Between each finding and the next: where the one ends and the other begins."""
    length_px: float
    calcified_px: float

    @model_validator(mode="after")
    def _check_gaps(self) -> Self:
        if len(self.gaps) != len(self.findings) - 1:
            raise ValueError(f"{len(self.findings)} findings have {len(self.findings) - 1} gaps, got {len(self.gaps)}")
        return self
