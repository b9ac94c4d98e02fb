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
    words = [f"{spacing(image.spacing_mm)} {_('mm per pixel')}", _(short)]
    if image.lengths_hold_if is not None and image.spacing_basis != "assumed":
        words.append(_("does not fit what is shown"))
    return words


def heading_with_condition(heading: str, image: ImageRecord, _: Language) -> str:
    """Write the heading of a table of lengths, with the condition that they hold under."""
    if image.lengths_hold_if is None:
        return _(heading)
    return _("{heading}, in mm {condition}", heading=_(heading), condition=_(image.lengths_hold_if))
