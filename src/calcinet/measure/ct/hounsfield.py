"""What every measure of a CT asks of its image: Hounsfield units, a mask of the same shape, and a spacing."""

from calcinet.arrays import Mask
from calcinet.constants import HOUNSFIELD
from calcinet.errors import BadInput, NotMeasurable
from calcinet.image import Image


def require_hounsfield_volume(image: Image, candidates: Mask, *, without_spacing: str) -> tuple[float, float, float]:
    """Check the image and the mask of a measure, and return the spacing along (Z, Y, X) in mm.

    Parameters
    ----------
    image
        Pixels, shape (Z, Y, X).
    candidates
        Boolean, same shape.
    without_spacing
        Sentence of the refusal where the spacing is unknown.

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
        raise NotMeasurable(without_spacing)
    return image.spacing_mm
