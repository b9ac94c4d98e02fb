"""What is true of a leg: each lesion's place, volume, form and compartment, and all that only looks like one."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.phantoms.ct.deposit import Box, Cells
from calcinet.vocabulary import DepositForm, LimbSide

Compartment = Literal["artery", "subcutis", "skin", "muscle"]


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """A body of calcium, metal or bone before it is scanned."""

    cells: Cells
    hu: float
    """Brightness where it fills a voxel."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Lesion:
    """One lesion before it is scanned; places in mm (Z, Y, X)."""

    body: Body
    compartment: Compartment
    form: DepositForm
    side: LimbSide
    around_hu: float
    """Tissue that it lies in."""
    depth_mm: float
    """Of its middle, or of its line, below the skin."""
    line_mm: Floats
    """Centre line, shape (N, 3); of a focus its middle alone; of a net the ends of its lines, two by two."""
    calibre_mm: float | None = None
    """Outer diameter of a vessel, thickness of a net's lines; None where it is no tube."""
    mesh_mm: float | None = None
    """Of a net."""
    area_cm2: float | None = None
    """Of a net: what it covers."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LesionTruth:
    """One lesion as scanned."""

    made: Lesion
    box: Box
    """Voxels that it touches."""
    share: Pixels
    """Of each voxel of the box that it fills."""
    line: Floats
    """Its line in voxels of the scan, shape (N, 3)."""
    seen_hu: float
    """Brightest voxel without noise."""

    @property
    def volume_mm3(self) -> float:
        """Counted in cells much finer than voxels, whether or not all of it is on the scan."""
        return self.made.body.cells.volume_mm3

    @property
    def integral_hu_mm3(self) -> float:
        """Volume times brightness above the tissue around."""
        return self.volume_mm3 * (self.made.body.hu - self.made.around_hu)

    @property
    def size_mm(self) -> float:
        """Diameter of a ball of its volume."""
        return float((6 / np.pi * self.volume_mm3) ** (1 / 3))

    @property
    def length_mm(self) -> float | None:
        """Length along the vessel; None of a nodule and of a net."""
        if self.made.form == "nodular" or self.made.form == "net-like":
            return None
        return float(np.linalg.norm(np.diff(self.made.line_mm, axis=0), axis=1).sum())

    @property
    def centre(self) -> Floats:
        """Mean of its line, in voxels."""
        return np.asarray(self.line.mean(axis=0))

    @property
    def where(self) -> Mask:
        """Voxels of the box of which it fills half at least."""
        return self.share >= 0.5


@dataclass(frozen=True, slots=True, eq=False)
class ConfounderTruth:
    """Something bright that is no lesion."""

    name: str
    box: Box
    share: Pixels


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LegTruth:
    """All that is known of a scan."""

    shape: tuple[int, int, int]
    lesions: tuple[LesionTruth, ...]
    confounders: tuple[ConfounderTruth, ...]
    bone: Mask
    """Voxels of which the skeleton fills half at least, without loose pieces."""
    body: Mask
    arteries: dict[str, Floats]
    """Centre lines in voxels, shape (N, 3), by side and name: "L popliteal"."""
    lumen_hu: float
    """Brightness of arterial blood."""

    def volume_mm3(self, compartment: Compartment) -> float:
        """Volume of the lesions of a compartment, as `phantoms.definitions` says it."""
        return sum((one.volume_mm3 for one in self.lesions if one.made.compartment == compartment), 0.0)

    @property
    def calcified_length_mm(self) -> float:
        """Length of the lesions of arteries along them, as `phantoms.definitions` says it."""
        return sum((one.length_mm or 0.0 for one in self.lesions if one.made.compartment == "artery"), 0.0)

    def mask(self, lesion: LesionTruth) -> Mask:
        """Voxels of which a lesion fills half at least, shape of the scan."""
        out = np.zeros(self.shape, dtype=bool)
        out[lesion.box] = lesion.where
        return out
