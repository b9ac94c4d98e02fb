"""What page and paper say of breasts, and what objects say of their arteries."""

from pathlib import Path

import pytest

import calcinet
from calcinet.protocols.mammogram.sentences import GRADES
from calcinet.record import NOT_A_CANCER_READING, BreastSummary, ModelRecord, Record
from calcinet.report.blocks import Table
from calcinet.report.language import translator
from calcinet.report.quantities.codes import kind_code, quantity_code
from calcinet.report.sections.mammogram.section import mammogram_sections

ENGLISH = translator("en")


def record(*breasts):
    return Record(version="0", model=ModelRecord(name="none"), breasts=breasts)


def breast(side="L", **changes):
    given = {"images": ("img-1", "img-2"), "views": ("CC", "MLO"), "grade": 2, "grade_means": GRADES[2]}
    return BreastSummary(side=side, **{**given, "length_mm": 41.3, "area_mm2": 20.5, "calibre_mm": None, **changes})


@pytest.fixture
def section():
    (found,) = mammogram_sections(record(breast(), breast("R", grade=0, length_mm=0.0)), ENGLISH)
    return found


def cells(section):
    (table,) = [block for block in section.blocks if isinstance(block, Table)]
    return table.rows


def test_there_is_a_row_for_each_breast_with_its_grade_and_numbers(section):
    left, right = cells(section)

    assert [cell.text.replace("\N{NO-BREAK SPACE}", " ") for cell in left] == [
        "left",
        "2 of 3",
        "41.3 mm",
        "20.5 mm²",
        "–",
    ]
    assert left[0].small == "img-1 (CC), img-2 (MLO)"
    assert right[2].text.startswith("0")


def test_it_says_first_that_it_is_no_cancer_reading(section):
    assert section.blocks[0].text == NOT_A_CANCER_READING


def test_page_record_and_summary_say_it_from_one_place():
    """A sentence that stands twice in the code could come to differ."""
    sources = Path(calcinet.__file__).parent.rglob("*.py")

    assert sum(path.read_text("utf-8").count(NOT_A_CANCER_READING) for path in sources) == 1


def test_the_grade_is_cited(section):
    assert cells(section)[0][1].cites == ("csbi_bac",)


def test_without_a_mammogram_there_is_no_section():
    assert mammogram_sections(record(), ENGLISH) == ()


def test_a_side_that_is_not_named_is_said_so():
    (found,) = mammogram_sections(record(breast(None)), ENGLISH)

    assert cells(found)[0][0].text == "side not named"


def test_breasts_of_two_examinations_are_told_apart():
    """One side in two studies: each row says of which; within one examination no number is needed."""
    (found,) = mammogram_sections(record(breast(examination=1), breast(examination=2)), ENGLISH)
    (alone,) = mammogram_sections(record(breast(examination=1), breast("R", examination=1)), ENGLISH)

    assert [row[0].text for row in cells(found)] == ["left, examination 1", "left, examination 2"]
    assert [row[0].text for row in cells(alone)] == ["left", "right"]


def test_calcium_of_a_breast_artery_is_coded_as_vascular_calcification():
    """SNOMED CT 129759000."""
    assert str(kind_code("vessel")) == "SCT:129759000"
    assert str(quantity_code("bac.area_mm2")) == "DCM:112196"
