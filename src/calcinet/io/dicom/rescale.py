"""Slope and intercept from stored values to those that a file means, read without trust (PS3.3 C.11.1.1)."""

from dataclasses import dataclass
from typing import Final

from pydicom.dataset import Dataset

from calcinet.io.dicom.header import number, tag
from calcinet.text import say

NOT_USED: Final = say(
    "Rescale Slope or Rescale Intercept in the file cannot be right (a slope of 0, or no number): neither was used"
)


@dataclass(frozen=True, slots=True)
class Rescale:
    """A value is the stored one times the slope, plus the intercept."""

    slope: float = 1.0
    intercept: float = 0.0
    is_sound: bool = True
    """Whether both are stated as numbers, the slope not 0, or not at all."""


def rescale_of(header: Dataset) -> Rescale:
    """The rescale of a file; nothing is changed where none is stated, or none that can be right."""
    slope, intercept = number(header, "RescaleSlope"), number(header, "RescaleIntercept")
    if slope == 0 or _is_broken(header, "RescaleSlope") or _is_broken(header, "RescaleIntercept"):
        return Rescale(is_sound=False)
    if slope is None:
        slope = 1.0
    return Rescale(slope, intercept or 0.0)


def _is_broken(header: Dataset, keyword: str) -> bool:
    """Whether an element holds something that is no number."""
    return tag(header, keyword) is not None and number(header, keyword) is None
