"""The pixel size of a picture without header: assumed where it is given, never known."""

from typing import Final

from calcinet.io.dicom.pixel_spacing import ON_CASSETTE, Pair, Spacing, user_pair
from calcinet.text import say

NO_SIZE: Final = say("a picture has no pixel size: lengths stay in pixels; give the original DICOM file")


def picture_spacing(user_mm: float | Pair | None, shape: tuple[int, ...]) -> Spacing:
    """Size that the user gives, with the question whether it can be that of this picture.

    Pictures are shrunk to a screen when they are exported, and then their pixels are larger than the detector's.

    Parameters
    ----------
    user_mm
        Pixel pitch in mm, one number or (rows, columns); None where none is given.
    shape
        Rows and columns of the picture.

    Raises
    ------
    BadInput
        If the user's number is no pixel pitch.
    """
    if user_mm is None:
        return Spacing(cautions=(NO_SIZE,))
    pair = user_pair(user_mm)
    question = say(
        "the pixel size given cannot be checked on a picture: with it the picture would show {height:.1f} x "
        "{width:.1f} cm; is that the field that was exposed? A picture shrunk for export has larger pixels than the "
        "detector",
        height=shape[0] * pair[0] / 10,
        width=shape[1] * pair[1] / 10,
    )
    return Spacing(pixel_mm=pair, basis="assumed", magnification_interval=ON_CASSETTE, cautions=(question,))
