"""Vessels on the page: which findings are stretches of one."""

import numpy as np
import pytest

from calcinet.record import NotMeasured, Record, VesselCourse
from calcinet.report.html import html_page
from calcinet.report.language import translator
from calcinet.report.pictures.figures import overview
from calcinet.report.pictures.modalities import canvas_of
from calcinet.report.quantities.table import course_rows
from calcinet.report.sections.radiograph.vessels import MOST_VESSELS, course_blocks
from tests.support import handmade
from tests.support.reading import Page

ENGLISH = translator("en")


def stretch(number, **parts):
    """A vessel of 57.3 mm."""
    return handmade.findings()[0].model_copy(update={"id": f"f{number}", **parts})


def course(*numbers, **parts):
    gaps = (((340.0, 130.0), (400.0, 130.0)),) * (len(numbers) - 1)
    known = {"side": "L", "length_mm": 126.6, "calcified_mm": 114.6, "calcified_percent": 90.52, "gaps": gaps}
    return VesselCourse(
        findings=tuple(f"f{n}" for n in numbers), length_px=633.0, calcified_px=573.0, **{**known, **parts}
    )


@pytest.fixture
def image():
    """Vessels 1 and 4 are stretches of one, 5 is one of its own; 2 and 3 are a net and a focus."""
    first, net, focus = handmade.findings()
    found = (first, net, focus, stretch(4, calibre_mm=1.37), stretch(5, calibre_mm=None, calibre_class=None))
    courses = course(1, 4), course(5, length_mm=57.3, calcified_mm=57.3, calcified_percent=100.0)
    return handmade.examined_image().model_copy(update={"findings": found, "courses": courses})


def text_of(page: str) -> str:
    return Page(page).text


def shown(image, pixels, language="en"):
    """The page of one film."""
    whole: Record = handmade.examination().model_copy(update={"images": (image,)})
    return text_of(html_page(whole, {"img-1": pixels}, language))


def test_page_tells_which_findings_make_one_vessel(image, pixels):
    """114.6 of 126.6 mm are 91 %; calibres from 1.00 to 1.37 mm; a vessel without a calibre has a dash."""
    text = shown(image, pixels)

    assert "2 calcified vessels in 3 stretches:" in text
    assert "A 1, 4 127 mm 115 mm 91 % 1.00 to 1.37 mm B 5 57.3 mm 57.3 mm 100 % –" in text
    assert "A film cannot prove that it is one vessel" in text
    assert "4 calcified vessel 1.37 mm" in text


def test_the_table_of_numbers_holds_each_vessel(image):
    """Lengths and the share of both; without a spacing the share alone, with the reason of the whole image."""
    told = [(row.kind, row.quantity, row.value, row.unit) for row in course_rows(image)]

    assert told[:3] == [
        ("vessel A", "artery.length_mm", 126.6, "mm"),
        ("vessel A", "artery.calcified_mm", 114.6, "mm"),
        ("vessel A", "artery.calcified_percent", 90.52, "%"),
    ]
    assert {kind for kind, *_ in told} == {"vessel A", "vessel B"}

    why = (NotMeasured(measure="calcified_length_mm", because="no spacing"),)
    bare = image.model_copy(update={"courses": (course(1, 4, length_mm=None, calcified_mm=None),), "not_measured": why})
    assert [(row.value, row.not_measured_because) for row in course_rows(bare)] == [
        (None, "no spacing"), (None, "no spacing"), (90.52, "")
    ]  # fmt: skip


def test_page_says_it_in_chinese(image, pixels):
    text = shown(image, pixels, "zh-Hant")

    assert "2 條鈣化血管，共 3 段" in text
    assert "1.00 至 1.37 mm" in text


def test_where_each_finding_is_a_vessel_of_its_own_there_is_no_table(image, pixels):
    """The table of findings says all."""
    alone = image.model_copy(update={"courses": tuple(course(n) for n in (1, 4, 5))})

    assert course_blocks(alone, ENGLISH) == []
    assert course_blocks(image.model_copy(update={"courses": ()}), ENGLISH) == []
    assert "stretches" not in shown(alone, pixels)


def test_without_a_spacing_lengths_are_in_pixels(image):
    in_pixels = image.model_copy(update={"courses": (course(1, 4, length_mm=None, calcified_mm=None),)})
    _, _, table, _ = course_blocks(in_pixels, ENGLISH)
    _, findings, length, calcified, share, _ = (cell.text.replace("\N{NO-BREAK SPACE}", " ") for cell in table.rows[0])

    assert (findings, length, calcified, share) == ("1, 4", "633 px", "573 px", "91 %")


def test_a_crowded_film_shows_its_longest_vessels_and_says_so(image):
    """Twenty-three courses: twenty rows."""
    numbers = range(1, 24)
    many = image.model_copy(
        update={
            "findings": tuple(stretch(n) for n in (*numbers, 99)),
            "courses": (course(1, 99), *(course(n) for n in numbers if n > 1)),
        }
    )
    _, told, table, more, _ = course_blocks(many, ENGLISH)

    assert told.text.startswith("23 calcified vessels in 24 stretches")
    assert len(table.rows) == MOST_VESSELS
    assert more.text == "And 3 more in record.json."


def test_gaps_are_dotted_on_the_picture_and_nowhere_else(image, pixels):
    """From row 340 to 400 of column 130, twice as large on the picture; without courses it is bare there."""
    dots, bare = (
        overview(canvas_of(image.model_copy(update={"courses": courses}), pixels)).marked
        for courses in (image.courses, ())
    )
    rows, columns = np.nonzero((dots != bare).any(axis=2))

    assert len(rows) > 20
    assert (rows.min() >= 680, rows.max() <= 801) == (True, True)
    assert np.abs(columns - 260).max() <= 6
