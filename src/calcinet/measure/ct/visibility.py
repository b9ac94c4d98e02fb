"""The thinnest line of calcium that a CT could have shown, from its noise, its voxels and its blur."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.errors import NotMeasurable
from calcinet.measure.result import quantity
from calcinet.text import say

APATITE_HU: Final = 4000.0
"""Hydroxyapatite above fat at 120 kV: 3,160 mg/cm3 at 1.3 HU for each. Our choice, as `phantoms.cylinders`; films
are judged by pure hydroxyapatite too."""

FAT_HU: Final = -100.0
"""Subcutis, in which the arterioles of the skin are. Our choice: fat is -120 to -80 HU."""

BLUR_MM: Final = 0.45
"""Standard deviation of a soft kernel's blur within slices. Our choice: 0.35 to 0.55 is usual; a sharp kernel has less
and then more is seen."""

SIGMAS: Final = 5.5
"""Noise's standard deviations above muscle that calcium reaches at least, as the finder demands."""


@dataclass(frozen=True, slots=True)
class CtVisibility:
    """What `thinnest_line_on_ct` found."""

    resolvable_mm: float = quantity(
        "mm", say("Limit of detection: width of the thinnest calcified line that this image could have shown")
    )


def thinnest_line_on_ct(
    spacing_mm: tuple[float, float, float],
    slice_thickness_mm: float | None,
    noise_hu: float,
    muscle_hu: float,
    threshold_hu: float,
) -> CtVisibility:
    """Diameter of a line of hydroxyapatite within a slice, in fat, whose brightest voxels just reach what is marked.

    diameter = 2 sqrt(needed HU / HU of apatite  across  thickness / pi),  across^2 = 2 pi blur^2 + pixel^2

    Its cross section fills a part of what a voxel sees: blur and pixel across it, the slice along the body.

    Parameters
    ----------
    spacing_mm
        Of the volume, (Z, Y, X).
    slice_thickness_mm
        Of its slices; None: as thick as they lie apart.
    noise_hu, muscle_hu
        Standard deviation and mean in muscle.
    threshold_hu
        Where calcium was taken to begin.

    Raises
    ------
    NotMeasurable
        If noise is not positive and finite.
    """
    if not np.isfinite(noise_hu) or noise_hu < 0:
        raise NotMeasurable(say("too little muscle to measure the noise in"))
    needed_hu = max(threshold_hu, muscle_hu + SIGMAS * noise_hu) - FAT_HU
    across_mm = float(np.sqrt(2 * np.pi * BLUR_MM**2 + max(spacing_mm[1:]) ** 2))
    tall_mm = max(spacing_mm[0], slice_thickness_mm or 0.0)
    area_mm2 = needed_hu / APATITE_HU * across_mm * tall_mm
    return CtVisibility(2 * float(np.sqrt(area_mm2 / np.pi)))
