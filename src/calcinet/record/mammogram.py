"""What mammograms showed of the arteries of the breast, by view and by breast."""

from typing import Final, Literal

from pydantic import Field

from calcinet.record.base import Point, Quantity, RecordModel, Sentence
from calcinet.text import say
from calcinet.vocabulary import Side

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
    length_interval_mm: tuple[float, float] | None = None
    area_mm2: Quantity = None
    """Calcified area on the same view."""
    calibre_mm: Quantity = None
    """Median outer diameter of the arteries whose calibre was measured, over all views; None where none was."""
