"""The table of modalities: what the report says of films, mammograms, CTs and bone scans where they differ."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from calcinet.record import ImageRecord
from calcinet.report.labels import SPACING_BASIS
from calcinet.report.sections.ct import captions as ct_captions
from calcinet.report.sections.ct.labels import acquisition_facts
from calcinet.report.sections.ct.section import ct_blocks
from calcinet.report.sections.modality import ModalityText
from calcinet.report.sections.radiograph import captions as film_captions
from calcinet.report.sections.radiograph.facts import film_facts
from calcinet.report.sections.radiograph.vessels import course_blocks
from calcinet.report.sections.scintigram.labels import CITES, PARALLEL, PICTURE
from calcinet.report.sections.scintigram.section import counting_facts, scintigram_blocks
from calcinet.text import say

SPACING_SENTENCES: Final[Mapping[str, str]] = {basis: sentence for basis, (_short, sentence) in SPACING_BASIS.items()}
"""Where the millimetres of a film come from."""

FILM: Final = ModalityText(
    facts=film_facts,
    lists_spacing=True,
    blocks=course_blocks,
    lists_findings=True,
    lists_measures=True,
    cites=(),
    depth=say(
        "Depth is the distance to the skin line as projected: a mark in the middle of the limb may still "
        "lie just under the skin of its front or back."
    ),
    name_finding=film_captions.name_finding,
    spacing_basis=SPACING_SENTENCES,
    plain_label=say("Film alone"),
    describe_plain=film_captions.describe_plain,
    describe_marked=film_captions.describe_marked,
    picture="",
    unoriented_picture="",
    legend=film_captions.legend,
    numbering=say("Numbers as in the table of findings; the arrows point, the lines enclose."),
    nothing_marked=say("Nothing is marked on this film."),
    unnamed_part=say("film of an unnamed body part"),
    default_view="",
)
"""A radiograph or a mammogram."""

CT: Final = ModalityText(
    facts=acquisition_facts,
    lists_spacing=False,
    blocks=ct_blocks,
    lists_findings=False,
    lists_measures=True,
    cites=(),
    depth=say(
        "On CT depth is the distance to the skin in space, a volume is freed of blur, and the Agatston score "
        "is that of arteries alone."
    ),
    name_finding=ct_captions.name_finding,
    spacing_basis={},
    plain_label=say("Projection alone"),
    describe_plain=ct_captions.describe_plain,
    describe_marked=ct_captions.describe_marked,
    picture=say("From the front, the brightest voxel along each line; the patient's left is at the right."),
    unoriented_picture=say("The brightest voxel along each line; the file does not say how the body lies in it."),
    legend=ct_captions.legend,
    numbering=say("Numbers as in the table of findings; calcium is coloured by where it lies."),
    nothing_marked=say("Nothing is marked on this CT."),
    unnamed_part=say("unnamed body part"),
    default_view="CT",
)

SCINTIGRAM: Final = replace(
    FILM,
    facts=counting_facts,
    lists_spacing=False,
    blocks=scintigram_blocks,
    lists_findings=False,
    lists_measures=False,
    cites=CITES,
    spacing_basis={**SPACING_SENTENCES, "corrected": PARALLEL},
    plain_label=say("Scan alone"),
    picture=PICTURE,
    unoriented_picture=PICTURE,
)
"""A planar bone scan: drawn and named as a film, and counted in its own way."""


def modality_text(image: ImageRecord) -> ModalityText:
    """Choose the entry of an image by what its record holds."""
    if image.ct is not None:
        return CT
    if image.scintigram is not None:
        return SCINTIGRAM
    return FILM
