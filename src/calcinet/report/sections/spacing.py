"""The size of a pixel and where it comes from, in short facts."""

from calcinet.record import ImageRecord
from calcinet.report.labels import SPACING_BASIS
from calcinet.report.language import Language
from calcinet.report.quantities.findings import spacing


def spacing_facts(image: ImageRecord, _: Language) -> list[str]:
    """Write the size of a pixel, where there is one, and where it comes from."""
    short, _sentence = SPACING_BASIS[image.spacing_basis]
    if image.spacing_mm is None:
        return [_(short)]
    return [f"{spacing(image.spacing_mm)} {_('mm per pixel')}", _(short)]
