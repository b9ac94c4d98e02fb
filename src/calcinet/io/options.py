"""What the caller states about the images, checked once."""

from dataclasses import dataclass
from typing import Final

from calcinet.errors import BadInput
from calcinet.io.spacing import Pair, user_pair

PROJECTIONS: Final = ("CR", "DX", "MG")
"""DICOM modalities of a radiograph."""

STATED: Final = (*PROJECTIONS, "CT")
"""What the caller may call files that do not say it themselves."""


@dataclass(frozen=True, slots=True)
class Options:
    """The caller's word on spacing, modality and body part; None where the file's counts."""

    spacing_mm: float | Pair | None = None
    modality: str | None = None
    anatomy: str | None = None

    def __post_init__(self) -> None:
        if self.spacing_mm is not None:
            user_pair(self.spacing_mm)
        if self.modality is not None and self.modality not in STATED:
            raise BadInput(f"modality must be one of {', '.join(STATED)}, got {self.modality!r}")
        if self.anatomy is not None and not self.anatomy.strip():
            raise BadInput("anatomy must be a body part in words, for instance 'lower leg'")
