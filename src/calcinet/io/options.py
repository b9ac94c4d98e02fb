"""What the caller states about the images, checked once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from calcinet.errors import BadInput
from calcinet.io.dicom.pixel_spacing import Pair, user_pair

PROJECTIONS: Final = ("CR", "DX", "MG")
"""DICOM modalities of a radiograph."""

STATED: Final = (*PROJECTIONS, "CT")
"""What the caller may call files that do not say it themselves."""

MG_PER_HU: Final = (0.3, 2.0)
"""Calibration outside this is a mistake. Our choice: 0.7 to 0.9 is usual at 120 kV."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The caller's word on spacing, modality and body part; None where the file's counts."""

    spacing_mm: float | Pair | None = None
    modality: str | None = None
    anatomy: str | None = None
    side: str | None = None
    """Side that the caller names with the body part: L, R or B."""
    mg_per_cm3_per_hu: float | None = None
    """Density of hydroxyapatite that a Hounsfield unit of a CT stands for."""
    labels: Path | None = None
    """Folder of masks of bones and arteries of a CT."""

    def __post_init__(self) -> None:
        if self.spacing_mm is not None:
            user_pair(self.spacing_mm)
        if self.modality is not None and self.modality not in STATED:
            raise BadInput(f"modality must be one of {', '.join(STATED)}, got {self.modality!r}")
        if self.anatomy is not None and not self.anatomy.strip():
            raise BadInput("anatomy must be a body part in words, for instance 'lower leg'")
        low, high = MG_PER_HU
        if self.mg_per_cm3_per_hu is not None and not low <= self.mg_per_cm3_per_hu <= high:
            raise BadInput(
                f"a calcium calibration is {low:g} to {high:g} mg/cm3 of hydroxyapatite a Hounsfield unit, got"
                f" {self.mg_per_cm3_per_hu:g}"
            )
