"""Volume and mass of calcium on CT: mass only with a calibration, for no mass is guessed [calcium_mass]."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage

from calcinet.arrays import Mask, Pixels
from calcinet.errors import BadInput, NotMeasurable
from calcinet.image import Image
from calcinet.measure.ct.agatston import HOUNSFIELD, THRESHOLD_HU
from calcinet.measure.result import quantity
from calcinet.text import say

REACH_MM: Final = 1.5
"""How far blur and partial voxels carry calcium beyond 130 HU. Our choice: twice the width of a soft kernel."""

SHELL_MM: Final = 1.5
"""Thickness of what lies round that, whose median is the tissue without calcium. Our choice: as wide again."""

CUBIC_MM_IN_CM3: Final = 1000.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """Density of hydroxyapatite that a Hounsfield unit stands for, from inserts of known density."""

    mg_per_cm3_per_hu: float

    @classmethod
    def of(cls, hu: Sequence[float], mg_per_cm3: Sequence[float]) -> "Calibration":
        """Fit a line through inserts.

        Parameters
        ----------
        hu
            Measured, at least two different ones.
        mg_per_cm3
            Their densities of hydroxyapatite.

        Raises
        ------
        BadInput
            If there are too few, or brightness does not rise with density.
        """
        if len(hu) != len(mg_per_cm3) or len(set(hu)) < 2:
            raise BadInput("a calibration needs two inserts of different density at least, each with its HU")
        slope = float(np.polyfit(hu, mg_per_cm3, 1)[0])
        if slope <= 0:
            raise BadInput("a calibration needs inserts that are brighter the denser they are")
        return cls(slope)


@dataclass(frozen=True, slots=True)
class CalciumMass:
    """What `calcium_mass` found."""

    volume_mm3: float = quantity("mm3", say("Volume of calcium of 130 HU and more"), code="DCM:122660")
    mass_mg: float | None = quantity("mg", say("Mass of hydroxyapatite"), code="DCM:122661")
    """None without a calibration."""


def calcium_mass(image: Image, candidates: Mask, calibration: Calibration | None = None) -> CalciumMass:
    """Measure the calcium of 130 HU and more inside `candidates`.

    Volume is the number of such voxels times the volume of one. Mass is what lies above the tissue around, summed over
    these voxels and those that blur and partial volume carry it to, times the calibration: it does not depend on
    how thick the slices are.

    Parameters
    ----------
    image
        Pixels in Hounsfield units, shape (Z, Y, X), with a spacing.
    candidates
        Boolean, same shape.
    calibration
        From inserts scanned alike; without it there is no mass.

    Raises
    ------
    NotMeasurable
        If the pixels are not Hounsfield units, or the spacing is unknown.
    BadInput
        If the shapes differ.
    """
    image.require_unit(HOUNSFIELD)
    if candidates.shape != image.pixels.shape:
        raise BadInput(f"candidates {candidates.shape} must match the image {image.pixels.shape}")
    if image.spacing_mm is None:
        raise NotMeasurable(say("volume and mass need the size of a pixel and the distance of slices"))
    voxel_mm3 = float(np.prod(image.spacing_mm))
    calcium = candidates & (image.pixels >= THRESHOLD_HU)
    volume = float(calcium.sum()) * voxel_mm3
    if calibration is None:
        return CalciumMass(volume, None)
    above_hu = _above_tissue(image.pixels, calcium, image.spacing_mm)
    return CalciumMass(volume, above_hu * calibration.mg_per_cm3_per_hu * voxel_mm3 / CUBIC_MM_IN_CM3)


def _above_tissue(hu: Pixels, calcium: Mask, spacing_mm: tuple[float, float, float]) -> float:
    """Sum the Hounsfield units above the tissue around, lesion by lesion, over all voxels that calcium reaches."""
    labels, _ = ndimage.label(calcium, structure=np.ones((3, 3, 3)))
    reach_mm = max(REACH_MM, *spacing_mm)  # at least one voxel
    margin = [int(np.ceil((reach_mm + SHELL_MM) / mm)) for mm in spacing_mm]
    total = 0.0
    for number, box in enumerate(ndimage.find_objects(labels), start=1):
        wide = tuple(slice(max(0, at.start - m), at.stop + m) for at, m in zip(box, margin, strict=True))
        here = labels[wide]
        away_mm = ndimage.distance_transform_edt(here != number, sampling=spacing_mm)
        free = (here == number) | (here == 0)
        shell = free & (away_mm > reach_mm) & (away_mm <= reach_mm + SHELL_MM)
        tissue = float(np.median(hu[wide][shell])) if shell.any() else 0.0
        total += float((hu[wide][free & (away_mm <= reach_mm)] - tissue).sum())
    return total
