"""The name of an image, as a reader would say it."""

from collections.abc import Mapping
from typing import Final

from calcinet.record import ImageRecord
from calcinet.report.labels import SIDES
from calcinet.report.language import Language
from calcinet.report.sections.modalities import modality_text
from calcinet.text import say

VIEWS: Final[Mapping[str, str]] = {"anterior": say("anterior"), "posterior": say("posterior")}
"""Views of a bone scan; those of films are codes, and stay."""


def image_name(image: ImageRecord, _: Language) -> str:
    """Name an image by its side, body part and view."""
    modality = modality_text(image)
    name = _(modality.unnamed_part if image.anatomy == "unknown" else image.anatomy)
    if image.laterality is not None:
        name = _("{side} {part}", side=_(SIDES[image.laterality]), part=name)
    name = name[:1].upper() + name[1:]
    views = image.view or modality.default_view
    if not views:
        return name
    view = " + ".join(_(VIEWS.get(word, word)) for word in views.split(" + "))
    return _("{name}, {view}", name=name, view=view)
