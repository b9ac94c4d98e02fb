"""The report as one page that needs nothing beside it: pictures inside, no scripts, for a phone and for paper."""

import base64
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

import cv2
from jinja2 import Environment, PackageLoader, StrictUndefined

from calcinet.examined import ExaminedImage
from calcinet.record import ImageRecord, Record
from calcinet.references import reference
from calcinet.report.content import sheet
from calcinet.report.fonts import FONTS
from calcinet.report.labels import CONFIDENCE, KINDS, SPACING_BASIS
from calcinet.report.language import Language, translator
from calcinet.report.pictures.annotation import STYLES, colour_of, number_of
from calcinet.report.pictures.ct.compartments import COLOURS, NAMES, present
from calcinet.report.pictures.drawing import Colour, Picture
from calcinet.report.pictures.drawn_image import DrawnImage, draw_image
from calcinet.report.pictures.figures import ranked
from calcinet.report.pictures.modalities import canvas_of
from calcinet.report.quantities.findings import (
    MOST_ROWS,
    image_name,
    interval,
    key_numbers,
    listed,
    size,
    spacing,
    value_with_unit,
)
from calcinet.report.quantities.numbers import number, percent
from calcinet.report.quantities.table import image_rows
from calcinet.report.sections.ct.section import ct_blocks, said_of
from calcinet.report.sections.ct.section import facts as facts_of_ct
from calcinet.report.sections.films import unmeasured
from calcinet.report.sections.radiograph.vessels import course_blocks
from calcinet.report.sections.scintigram.labels import PARALLEL
from calcinet.report.sections.scintigram.section import facts as facts_of_scan
from calcinet.report.sections.scintigram.section import scintigram_blocks
from calcinet.report.sections.weighing import NO_SCORE

JPEG_QUALITY: Final = 88
"""Our choice: no visible loss on film grain, a quarter of the size of a PNG."""


def html_page(record: Record, images: Mapping[str, ExaminedImage], language: str = "en") -> str:
    """Write the report of a record whose examined images' pixels are in `images`, by image id."""
    pictures = {}
    for image in record.examined:
        if image.id in images:
            pictures[image.id] = draw_image(canvas_of(image, images[image.id]))
    return page(record, pictures, language)


def page(record: Record, pictures: Mapping[str, DrawnImage], language: str = "en") -> str:
    """Write the report of a record around pictures that are drawn already."""
    _ = translator(language)
    paper = sheet(record, _)
    lead = record_by_id(record, paper.lead_image)
    template = _environment(_, record, paper.references).get_template("report.html.j2")
    return template.render(
        record=record,
        pictures=pictures,
        language=language,
        seen=paper.glance,
        sections=paper.sections,
        guide=paper.guide,
        lead=pictures[lead.id].overview if lead and lead.id in pictures else None,
        lead_name=image_name(lead, _) if lead else "",
        no_score=NO_SCORE,
        references=[reference(key) for key in paper.references],
        most_rows=MOST_ROWS,
        title=paper.title,
        font=font_face(language),
    )


def font_face(language: str) -> str:
    """The report's own font as a style rule where the reader's machine may lack one; empty for English."""
    if language == "en":
        return ""
    coded = base64.b64encode(FONTS[400].read_bytes()).decode("ascii")
    return f"@font-face {{ font-family: 'Noto Sans TC'; src: url(data:font/ttf;base64,{coded}) format('truetype'); }}\n"


def record_by_id(record: Record, key: str | None) -> ImageRecord | None:
    """Find an image of the record."""
    return next((image for image in record.images if image.id == key), None)


def _environment(_: Language, record: Record, references: Sequence[str]) -> Environment:
    environment = Environment(
        loader=PackageLoader("calcinet.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"_": _, "counted": _.counted, "parallel": PARALLEL}
    environment.filters |= {
        "number": number,
        "interval": partial(interval, _=_),
        "percent": percent,
        "value": partial(value_with_unit, _=_),
        "spacing": spacing,
        "picture": picture,
        "kind": lambda kind: _(KINDS[kind]),
        "compartments": lambda image: [(name, _(NAMES[name])) for name in present(image.findings)],
        "said": partial(said_of, _=_),
        "ct_facts": partial(facts_of_ct, _=_),
        "ct_blocks": partial(ct_blocks, _=_),
        "scan_facts": partial(facts_of_scan, _=_),
        "scan_blocks": partial(scintigram_blocks, _=_),
        "course_blocks": partial(course_blocks, _=_),
        "colour": lambda finding: _hex(colour_of(finding)),
        "kind_of_block": lambda block: type(block).__name__,
        "basis": lambda basis: _(SPACING_BASIS[basis][0]),
        "basis_means": lambda basis: _(SPACING_BASIS[basis][1]),
        "confidence": lambda confidence: _(CONFIDENCE[confidence]),
        "ranked": ranked,
        "listed": listed,
        "number_of": number_of,
        "image_name": partial(image_name, _=_),
        "measures": partial(image_rows, record=record),
        "key_numbers": partial(key_numbers, record=record),
        "cite": lambda key: references.index(key) + 1,
        "unmeasured": lambda image: unmeasured(image, record, _),
        "size": partial(size, _=_),
    }
    environment.globals["styles"] = {kind: _hex(style.colour) for kind, style in STYLES.items()}
    environment.globals["compartment_colours"] = {name: _hex(colour) for name, colour in COLOURS.items()}
    return environment


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def jpeg(pixels: Picture) -> bytes:
    """Encode a picture with the colours at full resolution."""
    options = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    options += [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
    _, coded = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), options)
    return coded.tobytes()


def picture(pixels: Picture) -> str:
    """Encode a picture as a data address."""
    return "data:image/jpeg;base64," + base64.b64encode(jpeg(pixels)).decode("ascii")
