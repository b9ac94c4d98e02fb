"""The image of one film, whatever format its file has."""

from typing import Final

import numpy as np

from calcinet.arrays import Pixels
from calcinet.image import Image
from calcinet.io.dicom.pixel_spacing import Spacing
from calcinet.io.refusal import fingerprint, source_name

UNIT: Final = "1"
"""UCUM code of a grey value."""

SLICE_MM: Final = 1.0
"""Distance along Z of an image that has one slice: a convention, nothing depends on it."""


def make_film(plane: Pixels, spacing: Spacing, data: bytes, suffix: str) -> Image:
    """Pixels, their size and the name of a film; what it shows and what is doubtful about it, its reader adds.

    Parameters
    ----------
    plane
        Shape (rows, columns), bone bright.
    spacing
        Size of a pixel in the patient.
    data
        The file.
    suffix
        Suffix that the file keeps downstream.
    """
    sha256 = fingerprint(data)
    spacing_mm = None
    if spacing.pixel_mm is not None:
        spacing_mm = (SLICE_MM, *spacing.pixel_mm)
    return Image(
        plane[np.newaxis],
        spacing_mm,
        UNIT,
        spacing_basis=spacing.basis,
        pixel_aspect=spacing.aspect,
        magnification=spacing.magnification,
        magnification_interval=spacing.magnification_interval,
        source=source_name(sha256, suffix),
        sha256=sha256,
    )
