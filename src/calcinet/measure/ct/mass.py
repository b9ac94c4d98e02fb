"""Volume and mass of calcium on CT: mass only with a calibration, for no mass is guessed [calcium_mass]."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calcinet.arrays import Mask
from calcinet.constants import NORMAL_95
from calcinet.errors import BadInput
from calcinet.image import Image
from calcinet.measure.ct.agatston import THRESHOLD_HU
from calcinet.measure.ct.excess_hu import measure_excess
from calcinet.measure.ct.hounsfield import require_hounsfield_volume
from calcinet.measure.result import quantity
from calcinet.text import say

MARGIN_MM: Final = 6.0
"""Tissue about a lesion that is looked at. Our choice: more than `measure.ct.excess_hu` needs."""

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
    mass_interval_mg: tuple[float, float] | None = None
    """95 % interval of the mass, given the calibration; None where there is no mass, or nothing to weigh."""


def calcium_mass(image: Image, candidates: Mask, calibration: Calibration | None = None) -> CalciumMass:
    """Measure the calcium of 130 HU and more inside `candidates`.

    volume = N voxel
    mass   = calibration voxel sum (HU - tissue)

    N is the number of voxels of 130 HU and more. The sum of the mass goes over these voxels and those that blur and
    partial volume carry calcium to, with the tissue around each lesion taken off (`measure.ct.excess_hu`): it does not
    depend on how thick the slices are.

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
    spacing_mm = require_hounsfield_volume(
        image, candidates, without_spacing=say("volume and mass need the size of a pixel and the distance of slices")
    )
    voxel_mm3 = float(np.prod(spacing_mm))
    calcium = candidates & (image.pixels >= THRESHOLD_HU)
    volume = float(calcium.sum()) * voxel_mm3
    if calibration is None:
        return CalciumMass(volume, None)
    above, error = _sum_above_tissue(image, calcium, spacing_mm)
    mg_per_hu_mm3 = calibration.mg_per_cm3_per_hu / CUBIC_MM_IN_CM3
    mass_mg = above * mg_per_hu_mm3
    if not above:
        return CalciumMass(volume, mass_mg)
    half = NORMAL_95 * error * mg_per_hu_mm3
    return CalciumMass(volume, mass_mg, (max(0.0, mass_mg - half), mass_mg + half))


def _sum_above_tissue(image: Image, calcium: Mask, spacing_mm: tuple[float, float, float]) -> tuple[float, float]:
    """What lesions add to their tissue, in HU mm3, and its standard deviation."""
    labels, _ = ndimage.label(calcium, structure=np.ones((3, 3, 3)))
    margin = np.ceil(np.maximum(MARGIN_MM, 2 * np.array(spacing_mm)) / np.array(spacing_mm)).astype(int)
    total, variance = 0.0, 0.0
    for number, box in enumerate(ndimage.find_objects(labels), start=1):
        wide = _widen_box(box, margin)
        cut_out = Image(image.pixels[wide], spacing_mm, image.unit, modality=image.modality)
        excess = measure_excess(cut_out, labels[wide] == number, labels[wide] > 0)
        total += excess.integral
        variance += excess.error**2
    return total, float(np.sqrt(variance))


def _widen_box(box: tuple[slice, ...], margin: NDArray[np.int_]) -> tuple[slice, ...]:
    """The box with a margin in voxels along each axis, cut at the first voxel of the volume."""
    wide = []
    for inner, voxels in zip(box, margin.tolist(), strict=True):
        wide.append(slice(max(0, inner.start - voxels), inner.stop + voxels))
    return tuple(wide)
