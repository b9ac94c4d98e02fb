"""Whether pixels are square: one number is then both their sides, and only then."""

from typing import Final

from pydicom.dataset import Dataset

from calcinet.image import is_oblong
from calcinet.io.dicom.header import numbers, tag
from calcinet.text import say

SHAPE_WITHIN: Final = 0.02
"""Two shapes of a pixel, height over width, that differ by less are one. Our choice: ratios of small whole numbers."""

OTHER_SHAPE: Final = say("the sides of a pixel that were given contradict the shape of a pixel in the file")


def describe_one_number(user_mm: float) -> str:
    """Say that one number was given for oblong pixels, and was not used."""
    return say(
        "the file's pixels are not square: the one number given, {given:g} mm, cannot be both their sides and was not "
        "used; give the distance of rows and that of columns, with a comma between",
        given=user_mm,
    )


def describe_oblong(aspect: float) -> str:
    """Say what oblong pixels without a size do to lengths."""
    return say(
        "the file's pixels are not square, {aspect:.3g} times as high as they are wide, and their size is not known: "
        "lengths in pixels count square ones of the same area",
        aspect=aspect,
    )


def differs(a: float, b: float, within: float) -> bool:
    """Whether two numbers above 0 differ by more than a share of the larger."""
    return abs(a - b) > within * max(a, b)


def contradicts_sides(aspect: float | None, sides: tuple[float, float]) -> bool:
    """Whether a ratio that is stated is not that of the sides; beside sides, 1 to 1 is what is written by default.

    >>> contradicts_sides(2.0, (0.2, 0.2)), contradicts_sides(2.0, (0.2, 0.1)), contradicts_sides(1.0, (0.2, 0.1))
    (True, False, False)
    """
    return aspect is not None and is_oblong(aspect) and differs(sides[0] / sides[1], aspect, SHAPE_WITHIN)


def aspect_of(header: Dataset) -> tuple[float | None, tuple[str, ...]]:
    """Height of a pixel over its width by Pixel Aspect Ratio (0028,0034), with a remark where that is no ratio."""
    if tag(header, "PixelAspectRatio") is None:
        return None, ()
    found = numbers(header, "PixelAspectRatio")
    if len(found) == 2 and min(found) > 0:
        return found[0] / found[1], ()
    return None, (say("Pixel Aspect Ratio in the file is no ratio of two numbers above 0: ignored"),)
