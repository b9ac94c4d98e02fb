"""The report as one page that needs nothing beside it: pictures inside, no scripts, for a phone and for paper."""

import base64
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

import cv2
import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined

from calcinet.examined import ExaminedImage
from calcinet.record import FindingRecord, ImageRecord, Record
from calcinet.references import reference
from calcinet.report.blocks import Block, hexadecimal
from calcinet.report.content import ReportContent, collect_content
from calcinet.report.fonts import FONTS
from calcinet.report.labels import CONFIDENCE, KINDS
from calcinet.report.language import Language, translator
from calcinet.report.pictures.annotation import STYLES, colour_of, number_of
from calcinet.report.pictures.drawing import Picture
from calcinet.report.pictures.drawn_image import DrawnImage, draw_image
from calcinet.report.pictures.figures import CLOSE_UP_PX, MOST_CLOSE_UPS, OVERVIEW_PX
from calcinet.report.pictures.modalities import canvas_of
from calcinet.report.quantities.findings import (
    MOST_ROWS,
    choose_listed,
    interval,
    key_numbers,
    value_with_unit,
    write_area,
    write_area_details,
    write_calibre,
    write_depth,
    write_length,
)
from calcinet.report.quantities.numbers import number, percent
from calcinet.report.quantities.table import image_rows
from calcinet.report.sections.film_table import film_head, film_rows
from calcinet.report.sections.image import unmeasured
from calcinet.report.sections.image_name import cover_name, image_name
from calcinet.report.sections.modalities import modality_text
from calcinet.report.sections.spacing import heading_with_condition, spacing_facts
from calcinet.report.sections.summary_page import found_sentences
from calcinet.report.sections.weighing import NO_SCORE
from calcinet.text import say

THUMBNAIL_PX: Final = 96
"""Longer side of a small picture. Our choice: a limb can be told from another."""

JPEG_QUALITY: Final = 88
"""Our choice: no visible loss on film grain, a quarter of the size of a PNG."""


PAGE_BYTES: Final = 5_500_000
"""Of all pictures of a page together, as they stand in it. Our choice: with its words it goes through the mail."""

IN_BASE64: Final = 3 / 4
"""Bytes of a picture over those of its address (RFC 4648, 4)."""

OVERVIEWS: Final = 2
"""A film is shown alone and marked."""

SMALLEST_PX: Final = 320
"""A picture is not made smaller. Our choice: a limb and its marks can still be told."""

SMALL_QUALITY: Final = 75
"""Of a picture that was made smaller. Our choice: its grain is gone anyway."""

SHRINK: Final = 0.8
"""Of the sides of a picture that has too many bytes, again and again. Our choice."""


def html_page(record: Record, images: Mapping[str, ExaminedImage], language: str = "en") -> str:
    """Write the report of a record whose examined images' pixels are in `images`, by image id."""
    pictures = {}
    for image in record.examined:
        if image.id in images:
            pictures[image.id] = draw_image(canvas_of(image, images[image.id]))
    return page(record, pictures, language)


def page(
    record: Record,
    pictures: Mapping[str, DrawnImage],
    language: str = "en",
    photographs: Mapping[str, bytes] | None = None,
) -> str:
    """Write the report of a record around pictures that are drawn already, and photographs as JPEG bytes by id."""
    _ = translator(language)
    content = collect_content(record, _)
    environment = _make_environment(_, record, content)
    environment.globals["photographs"] = {key: jpeg_address(data) for key, data in (photographs or {}).items()}
    template = environment.get_template("report.html.j2")
    return template.render(
        record=record,
        pictures=Thumbnails(pictures),
        films=film_rows(record, _),
        film_head=film_head(_),
        language=language,
        seen=content.summary,
        found=found_sentences(record),
        sections=content.sections,
        guide=content.guide,
        no_score=NO_SCORE,
        references=[reference(key) for key in content.references],
        most_rows=MOST_ROWS,
        title=content.title,
        font=font_face(language),
        **_choose_lead(record, content, pictures, _),
    )


class Thumbnails(Mapping[str, DrawnImage]):
    """Pictures that are drawn when they are asked for, and small ones of those that were drawn."""

    def __init__(self, pictures: Mapping[str, DrawnImage]) -> None:
        self._pictures = pictures
        self._small: dict[str, Picture] = {}

    def __getitem__(self, key: str) -> DrawnImage:
        drawn = self._pictures[key]
        self._small.setdefault(key, shrink(drawn.overview.marked))
        return drawn

    def __contains__(self, key: object) -> bool:
        return key in self._pictures

    def __iter__(self) -> Iterator[str]:
        return iter(self._pictures)

    def __len__(self) -> int:
        return len(self._pictures)

    def small(self, key: str) -> Picture | None:
        """The small picture of an image that was drawn already; None where it was not."""
        return self._small.get(key)


def shrink(pixels: Picture) -> Picture:
    """Make a small copy of a picture whose longer side has THUMBNAIL_PX pixels."""
    rows, columns = pixels.shape[:2]
    share = min(1.0, THUMBNAIL_PX / max(rows, columns))
    size = (max(1, round(columns * share)), max(1, round(rows * share)))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.uint8)


def font_face(language: str) -> str:
    """The report's own font as a style rule where the reader's machine may lack one; empty for English."""
    if language == "en":
        return ""
    coded = base64.b64encode(FONTS[400].read_bytes()).decode("ascii")
    return f"@font-face {{ font-family: 'Noto Sans TC'; src: url(data:font/ttf;base64,{coded}) format('truetype'); }}\n"


def find_image(record: Record, key: str | None) -> ImageRecord | None:
    """Find an image of the record by its id."""
    for image in record.images:
        if image.id == key:
            return image
    return None


def jpeg(pixels: Picture, quality: int = JPEG_QUALITY) -> bytes:
    """Encode a picture with the colours at full resolution."""
    options = [cv2.IMWRITE_JPEG_QUALITY, quality]
    options += [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
    _, coded = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), options)
    return coded.tobytes()


def data_address(pixels: Picture, bytes_per_pixel: float = np.inf) -> str:
    """Encode a picture as an address that holds it, made smaller until it has no more bytes than its share."""
    room, data = bytes_per_pixel * pixels.shape[0] * pixels.shape[1], jpeg(pixels)
    while len(data) > room and max(pixels.shape) > SMALLEST_PX:
        rows, columns = (round(side * SHRINK) for side in pixels.shape[:2])
        pixels = cv2.resize(pixels, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.uint8)
        data = jpeg(pixels, SMALL_QUALITY)
    return jpeg_address(data)


def find_room(record: Record) -> float:
    """Bytes a pixel that the pictures of a page may have together, so that it stays below PAGE_BYTES."""
    pixels = 0.0
    for image in record.examined:
        rows, columns = image.shape or (1, 1)
        pixels += OVERVIEWS * OVERVIEW_PX**2 * min(rows, columns) / max(rows, columns, 1)
        pixels += 2 * CLOSE_UP_PX**2 * min(MOST_CLOSE_UPS, len(image.findings))
    return PAGE_BYTES * IN_BASE64 / max(pixels, 1.0)


def jpeg_address(data: bytes) -> str:
    """Write an address that holds the bytes of a JPEG."""
    return "data:image/jpeg;base64," + base64.b64encode(data).decode("ascii")


def _choose_lead(
    record: Record, content: ReportContent, pictures: Mapping[str, DrawnImage], _: Language
) -> dict[str, Any]:
    """Give the picture of the first page, where there is one, and its name."""
    image = find_image(record, content.lead_image)
    if image is None:
        return {"lead": None, "lead_name": ""}
    drawn = pictures.get(image.id)
    return {"lead": drawn and drawn.overview, "lead_name": cover_name(image, _)}


def _make_environment(_: Language, record: Record, content: ReportContent) -> Environment:
    """Make what the template may call, in one language."""
    environment = Environment(
        loader=PackageLoader("calcinet.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "_": _,
        "counted": _.counted,
        "modality_text": modality_text,
        "kinds": KINDS,
        "styles": {kind: hexadecimal(style.colour) for kind, style in STYLES.items()},
        "confidence": CONFIDENCE,
        "citation": content.citations,
    }
    environment.filters |= _make_number_filters(_)
    environment.filters |= _make_image_filters(record, _)
    return environment


def _make_number_filters(_: Language) -> dict[str, Any]:
    return {
        "number": number,
        "percent": percent,
        "interval": partial(interval, _=_),
        "value": partial(value_with_unit, _=_),
        "calibre": partial(write_calibre, _=_),
        "length_of": partial(write_length, _=_),
        "area": partial(write_area, _=_),
        "area_details": partial(write_area_details, _=_),
        "depth": partial(write_depth, _=_),
    }


def _make_image_filters(record: Record, _: Language) -> dict[str, Any]:
    return {
        "picture": partial(data_address, bytes_per_pixel=find_room(record)),
        "spacing_facts": partial(spacing_facts, _=_),
        "findings_heading": partial(_write_findings_heading, _=_),
        "image_name": partial(image_name, _=_),
        "measures": partial(image_rows, record=record),
        "key_numbers": partial(key_numbers, record=record),
        "unmeasured": partial(unmeasured, record=record, _=_),
        "listed": choose_listed,
        "number_of": number_of,
        "colour": _write_colour,
        "kind_of_block": _name_kind,
    }


def _write_findings_heading(image: ImageRecord, _: Language) -> str:
    return heading_with_condition(say("Findings"), image, _)


def _write_colour(finding: FindingRecord) -> str:
    return hexadecimal(colour_of(finding))


def _name_kind(block: Block) -> str:
    return type(block).__name__
