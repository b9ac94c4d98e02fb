"""A draft as a Word document, opened again by python-docx."""

import time
from io import BytesIO

import cv2
import docx
import numpy as np
import pytest

from calcinet.report.blocks import Heading, Items, Prose, Section, Table
from calcinet.report.casereport import Draft, Photo
from calcinet.report.casereport.word import PAGE, QUESTION, to_word

BLOCKS = (
    Prose("What is new?", lead="[Author]", tone="warn"),
    Heading("Laboratory"),
    Items((Prose("one"), Prose("two", small="small", cites=("a",)))),
    Table(("Analyte", "Result"), ((Prose("calcium"), Prose("2.67")),), (3, 1)),
)


def png(rows: int, columns: int) -> bytes:
    _, coded = cv2.imencode(".png", np.zeros((rows, columns), np.uint8))
    return coded.tobytes()


@pytest.fixture(scope="module")
def document():
    made = Draft(
        title="Title",
        note="Note",
        sections=(Section("key", "Section", BLOCKS),),
        photos={"key": (Photo("a.png", png(900, 300), "a tall film"),)},
        references={"a": "First source"},
    )
    return docx.Document(BytesIO(to_word(made, "Sources")))


def styled(document, style: str) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == style]


def test_headings_have_the_styles_of_word(document):
    assert styled(document, "Title") == ["Title"]
    assert styled(document, "Heading 1") == ["Section", "Sources"]
    assert styled(document, "Heading 2") == ["Laboratory"]


def test_items_are_bullets_with_small_print_and_sources(document):
    assert styled(document, "List Bullet") == ["one", "two (small) [1]"]
    assert styled(document, "List Number") == ["First source"]


def test_question_is_coloured_and_its_lead_is_bold(document):
    (asked,) = [paragraph for paragraph in document.paragraphs if "What is new?" in paragraph.text]

    assert asked.runs[0].bold
    assert {run.font.color.rgb for run in asked.runs} == {QUESTION}


def test_columns_share_the_page_as_the_table_says(document):
    """3 to 1 of 15 cm."""
    (table,) = document.tables
    widths = [cell.width for cell in table.rows[1].cells]

    assert widths == pytest.approx([0.75 * PAGE, 0.25 * PAGE], rel=1e-4)
    assert [cell.text for cell in table.rows[0].cells] == ["Analyte", "Result"]


def test_tall_picture_is_no_taller_than_the_page_is_wide(document):
    """900 x 300 pixels become 15 cm x 5 cm."""
    (shape,) = document.inline_shapes

    assert (shape.height.cm, shape.width.cm) == pytest.approx((15, 5), abs=0.01)
    assert styled(document, "Caption") == ["1. a tall film"]


def test_the_package_does_not_say_when_it_was_written(monkeypatch):
    """A clock an hour on changes no byte; the entries of a zip hold the time to two seconds."""
    sections = (Section("key", "Section", BLOCKS),)
    draft = Draft(title="Title", note="Note", sections=sections, photos={}, references={"a": "First source"})
    before = to_word(draft, "Sources")
    later = time.localtime(time.time() + 3600)
    monkeypatch.setattr(time, "localtime", lambda *_: later)

    assert to_word(draft, "Sources") == before
