"""Whether the pixels of a picture file are square, by the resolution that it states along rows and columns."""

from io import BytesIO
from typing import Any, Final

import PIL.Image

from calcinet.io.radiograph.exif import PICTURES, read_exif, silence_pillow

DENSITIES: Final = ("dpi", "resolution", "aspect", "jfif_density")
"""Where Pillow puts pixels per length along a row and along a column: PNG pHYs, TIFF, JFIF and EXIF, with a unit or
without."""

ORIENTATION: Final = 0x0112
"""EXIF element of how the picture is turned."""

TURNED: Final = (5, 6, 7, 8)
"""Orientations in which rows become columns."""


def pixel_aspect(data: bytes) -> float:
    """Height of a pixel over its width, as the picture is shown upright; 1 where the file does not say.

    No pixel is decoded.
    """
    try:
        with silence_pillow():
            return _read_aspect(data)
    except Exception:  # what cannot be opened here is refused where it is decoded
        return 1.0


def _read_aspect(data: bytes) -> float:
    with PIL.Image.open(BytesIO(data), formats=PICTURES) as picture:
        across, down = _find_densities(picture.info)
        is_tiff = picture.format == "TIFF"
    if not is_tiff and read_exif(data).get(ORIENTATION) in TURNED:
        across, down = down, across
    return across / down


def _find_densities(info: dict[Any, Any]) -> tuple[float, float]:
    """The first density that says anything; 1 by 1 where none does."""
    for name in DENSITIES:
        across, down = info.get(name, (0, 0))
        if across > 0 and down > 0:
            return float(across), float(down)
    return 1.0, 1.0
