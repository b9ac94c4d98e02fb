"""The pixel size of a picture without header: assumed where it is given, never known."""

from typing import Final

from calcinet.image import is_oblong
from calcinet.io.dicom.pixel_shape import (
    OTHER_SHAPE,
    contradicts_sides,
    describe_oblong,
    describe_one_number,
)
from calcinet.io.dicom.pixel_spacing import ON_CASSETTE, Pair, Spacing, user_pair
from calcinet.text import say

NO_SIZE: Final = say("a picture has no pixel size: lengths stay in pixels; give the original DICOM file")


def picture_spacing(user_mm: float | Pair | None, shape: tuple[int, ...], aspect: float = 1.0) -> Spacing:
    """Size that the user gives, with the question whether it can be that of this picture.

    Pictures are shrunk to a screen when they are exported, and then their pixels are larger than the detector's.

    Parameters
    ----------
    user_mm
        Pixel pitch in mm, one number or (rows, columns); None where none is given.
    shape
        Rows and columns of the picture.
    aspect
        Height of a pixel over its width, by the picture's resolution along columns and rows.

    Raises
    ------
    BadInput
        If the user's number is no pixel pitch.
    """
    if user_mm is None:
        return Spacing(aspect=aspect, cautions=(NO_SIZE, *_warn_of_oblong(aspect)))
    pair = user_pair(user_mm)
    if is_oblong(aspect) and not isinstance(user_mm, tuple):
        cautions = (NO_SIZE, describe_one_number(pair[0]), *_warn_of_oblong(aspect))
        return Spacing(aspect=aspect, cautions=cautions)
    question = say(
        "the pixel size given cannot be checked on a picture: with it the picture would show {height:.1f} x "
        "{width:.1f} cm; is that the field that was exposed? A picture shrunk for export has larger pixels than the "
        "detector",
        height=shape[0] * pair[0] / 10,
        width=shape[1] * pair[1] / 10,
    )
    remarks: tuple[str, ...] = (question,)
    if contradicts_sides(aspect, pair):
        remarks = (question, OTHER_SHAPE)
    return Spacing(pixel_mm=pair, basis="assumed", magnification_interval=ON_CASSETTE, cautions=remarks)


def _warn_of_oblong(aspect: float) -> tuple[str, ...]:
    if not is_oblong(aspect):
        return ()
    return (describe_oblong(aspect),)
