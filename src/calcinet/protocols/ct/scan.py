"""A CT with all that was found and measured on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from calcinet.arrays import Mask
from calcinet.findings.ct.artery_paths import ArteryPath
from calcinet.findings.ct.finder import CtCalcium
from calcinet.image import Image
from calcinet.measure.ct.calcified_length import CalcifiedLength, calcified_length, count_runs
from calcinet.protocols.ct.finding_records import MeasuredDeposit, MeasuredPiece
from calcinet.vocabulary import BodyLevel, Compartment

ARTERY: Final = "artery"

LEVELS: Final[tuple[BodyLevel, ...]] = ("trunk", "thigh", "lower leg", "foot", "unknown")
COMPARTMENTS: Final[tuple[Compartment, ...]] = (ARTERY, "muscle", "subcutis", "skin", "bone overlap", "unknown")
"""In the order of the table of scores."""


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """A CT and all that was found on it."""

    image: Image
    found: CtCalcium
    measured: Sequence[MeasuredDeposit]

    @property
    def contrast(self) -> bool | None:
        """Whether blood holds contrast agent: what the picture shows goes before what the header says."""
        if self.found.pool is not None:
            return True
        return self.image.acquisition.contrast

    @property
    def blood_is_marked(self) -> bool:
        """Whether contrast agent was given and the threshold is not above it: marks may be blood."""
        return self.contrast is True and self.found.pool is None

    @property
    def is_single_slice(self) -> bool:
        """Whether there is one slice alone, which has no volume."""
        return len(self.image.pixels) == 1

    def in_compartment(self, *compartments: Compartment) -> list[MeasuredDeposit]:
        """The deposits of some compartments."""
        return [one for one in self.measured if one.record.compartment in compartments]

    def pieces_in(self, *compartments: Compartment) -> list[MeasuredPiece]:
        """The pieces of the deposits of some compartments."""
        pieces: list[MeasuredPiece] = []
        for one in self.in_compartment(*compartments):
            pieces += one.pieces
        return pieces

    def mask_of(self, deposits: Iterable[MeasuredDeposit]) -> Mask:
        """Voxels of some deposits, shape of the volume."""
        mask = np.zeros(self.found.anatomy.grid.shape, dtype=bool)
        for measured in deposits:
            component = measured.deposit.part
            mask[component.box] |= component.mask
        return mask


def measure_path(scan: Scan, path: ArteryPath) -> CalcifiedLength:
    """Calcified length of one artery, which is no longer than the artery."""
    slices = []
    for number in path.members:
        for piece in scan.measured[number].pieces:
            slices.append((piece.part.box[0].start, piece.part.box[0].stop - 1))
    calcified = calcified_length(path.calcified_mm, count_runs(slices), scan.image.require_spacing_mm()[0])
    return replace(calcified, mm=min(calcified.mm, path.length_mm))
