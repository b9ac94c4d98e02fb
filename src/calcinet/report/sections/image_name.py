"""The name of an image, as a reader would say it."""

from collections.abc import Mapping
from typing import Final

from calcinet.clinical.films import has_side
from calcinet.record import ImageRecord
from calcinet.report.labels import SIDES
from calcinet.report.language import Language
from calcinet.report.sections.modalities import modality_text
from calcinet.text import say

VIEWS: Final[Mapping[str, str]] = {
    "anterior": say("anterior"),
    "posterior": say("posterior"),
    "lateral": say("lateral"),
    "oblique": say("oblique"),
    "axial": say("axial"),
}
"""Views of a bone scan, and those of films in words; those that are codes stay."""


def image_name(image: ImageRecord, _: Language) -> str:
    """Name an image by its side, body part and view."""
    modality = modality_text(image)
    name = _(modality.unnamed_part if image.anatomy == "unknown" else image.anatomy)
    if image.laterality is not None:
        name = _("{side} {part}", side=_(SIDES[image.laterality]), part=name)
    name = name[:1].upper() + name[1:]
    view = name_view(image, _)
    if not view:
        return name
    return _("{name}, {view}", name=name, view=view)


def name_view(image: ImageRecord, _: Language) -> str:
    """Name the view of an image; empty where none is known."""
    views = image.view or modality_text(image).default_view
    if not views:
        return ""
    return " + ".join(_(VIEWS.get(word, word)) for word in views.split(" + "))


def cover_name(image: ImageRecord, _: Language) -> str:
    """Name the image of the first page, and say where nobody has stated its side."""
    name = image_name(image, _)
    shows_its_sides = image.ct is not None or image.scintigram is not None
    if image.laterality is None and has_side(image.anatomy) and not shows_its_sides:
        return _("{name}, side not known", name=name)
    return name
