"""A draft as a Word document."""

from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.oxml.ns import qn
from docx.shared import Cm, RGBColor

from calcinet.report.blocks import Block, Heading, Items, Prose, Table
from calcinet.report.casereport.draft import Draft, Photo

PAGE: Final = Cm(15)
"""Width that an A4 page leaves between its margins; a picture is no taller either, so that its caption fits below."""

QUESTION: Final = RGBColor(0x9C, 0x3A, 0x00)
"""Colour of what only the author can say: dark orange, readable in print."""

CHINESE: Final = "PMingLiU"
"""Typeface of Chinese letters that every office program replaces where it lacks it."""


def to_word(draft: Draft, references: str) -> bytes:
    """Write a draft with Word's own styles; `references` is the heading of the sources."""
    document = _open_document()
    document.add_heading(draft.title, level=0)
    document.add_paragraph(draft.note, style="Intense Quote")
    for section in draft.sections:
        document.add_heading(section.title, level=1)
        for block in section.blocks:
            _add_block(document, block, draft)
        for number, photo in enumerate(draft.photos.get(section.key, ()), start=1):
            _add_photo(document, photo, number)
    if draft.references:
        document.add_heading(references, level=1)
        for text in draft.references.values():
            document.add_paragraph(text, style="List Number")
    stream = BytesIO()
    document.save(stream)
    return _strip_times(stream)


def _strip_times(saved: BytesIO) -> bytes:
    """The same package without the moment of its writing, so that the same record gives the same bytes."""
    stripped = BytesIO()
    with ZipFile(saved) as package, ZipFile(stripped, "w", ZIP_DEFLATED) as plain:
        for part in package.infolist():
            plain.writestr(ZipInfo(part.filename), package.read(part), ZIP_DEFLATED)
    return stripped.getvalue()


def _open_document() -> Any:
    """Open an empty document whose Chinese letters have a typeface."""
    document = docx.Document()
    normal = document.styles["Normal"].element.get_or_add_rPr()
    normal.get_or_add_rFonts().set(qn("w:eastAsia"), CHINESE)
    return document


def _add_block(document: Any, block: Block, draft: Draft) -> None:
    if isinstance(block, Prose):
        _fill(document.add_paragraph(), block, draft)
    elif isinstance(block, Heading):
        document.add_heading(block.text, level=2)
    elif isinstance(block, Items):
        for item in block.items:
            _fill(document.add_paragraph(style="List Bullet"), item, draft)
    elif isinstance(block, Table):
        _add_table(document, block, draft)


def _add_table(document: Any, block: Table, draft: Draft) -> None:
    table = document.add_table(rows=1, cols=len(block.head), style="Light Grid Accent 1")
    table.autofit = False
    for cell, text in zip(table.rows[0].cells, block.head, strict=True):
        cell.text = text
    for row in block.rows:
        for cell, item in zip(table.add_row().cells, row, strict=True):
            _fill(cell.paragraphs[0], item, draft)
    shares = block.widths or (1.0,) * len(block.head)
    for column, share in zip(table.columns, shares, strict=True):
        column.width = int(PAGE * share / sum(shares))
        for cell in column.cells:
            cell.width = column.width


def _fill(paragraph: Any, item: Prose, draft: Draft) -> None:
    """Write the lead in bold and the second line in small; questions in their colour."""
    runs = []
    if item.lead:
        lead = paragraph.add_run(f"{item.lead} ")
        lead.bold = True
        runs.append(lead)
    runs.append(paragraph.add_run(item.text))
    if item.small:
        small = paragraph.add_run(f" ({item.small})")
        small.italic = True
        runs.append(small)
    runs.append(paragraph.add_run(draft.marks(item)))
    if item.tone == "warn":
        for run in runs:
            run.font.color.rgb = QUESTION


def _add_photo(document: Any, photo: Photo, number: int) -> None:
    shape = document.add_picture(BytesIO(photo.content))
    smaller = min(PAGE / shape.width, PAGE / shape.height)
    shape.width, shape.height = int(shape.width * smaller), int(shape.height * smaller)
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    shape._inline.docPr.set("descr", photo.caption)  # what a screen reader says
    document.add_paragraph(f"{number}. {photo.caption}", style="Caption")
