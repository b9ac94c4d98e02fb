"""On what the lengths in mm of an image hang, where the size of its pixels is not known but assumed."""

from calcinet.image import Image
from calcinet.text import Text, say


def condition_of(image: Image) -> Text | None:
    """Give the condition of every number in mm; None where the pixel size is known, or there is none."""
    if image.spacing_basis != "assumed" or image.pixel_mm is None:
        return None
    return describe_condition(image.pixel_mm)


def describe_condition(pixel_mm: tuple[float, float]) -> Text:
    """Name a pixel size as a condition.

    >>> describe_condition((0.15, 0.15)), describe_condition((0.2, 0.1))
    ('if the pixels are 0.15 mm', 'if the pixels are 0.2 x 0.1 mm')
    """
    rows, columns = pixel_mm
    if rows == columns:
        return say("if the pixels are {mm:g} mm", mm=rows)
    return say("if the pixels are {rows:g} x {columns:g} mm", rows=rows, columns=columns)


def describe_export(image: Image) -> Text | None:
    """Say that the image is an export, and by what; None where it is the film."""
    if not image.export_signs:
        return None
    return say(
        "This picture is an export, not the film itself ({signs:, }): it may have been shrunk, and fine nets may be "
        "lost.",
        signs=image.export_signs,
    )
