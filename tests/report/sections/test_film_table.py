"""The table of all images."""

from calcinet.record import FindingRecord, ImageRecord, Refusal
from calcinet.report.language import translator
from calcinet.report.sections.film_table import film_head, film_rows, film_section
from tests.support.records import image, record

_ = translator("en")

NET = FindingRecord(id="f1", kind="net")
VESSELS = tuple(FindingRecord(id=f"f{n}", kind="vessel") for n in (2, 3))
RIGHT = image(
    modality="DX", anatomy="lower leg", laterality="R", view="lateral", on="2026-03-02", findings=(NET, *VESSELS)
)
UNSAID = image(id="img-2", modality="DX")
REFUSED = ImageRecord(id="img-3", modality="DX", refused=Refusal(reason="cut off", code="truncated"))


def test_a_row_says_what_an_image_is_of_and_what_was_found():
    """In five words."""
    right, unsaid = film_rows(record(RIGHT, UNSAID), _)

    assert (right.id, right.part, right.side, right.view, right.day) == (
        *("img-1", "lower leg", "right", "lateral"),
        "2026-03-02",
    )
    assert right.found == "1 net, 2 calcified vessels"
    assert (unsaid.part, unsaid.side, unsaid.view, unsaid.day) == ("not known", "not known", "–", "–")
    assert unsaid.found == "nothing marked"


def test_a_refused_image_keeps_its_place():
    """The numbers run through."""
    rows = film_rows(record(RIGHT, UNSAID, REFUSED), _)

    assert [(row.id, row.examined) for row in rows] == [("img-1", True), ("img-2", True), ("img-3", False)]
    assert rows[2].found == "refused"


def test_one_image_needs_no_table():
    """Nor one beside a refused file."""
    assert film_rows(record(RIGHT), _) == []
    assert film_rows(record(RIGHT, REFUSED), _) == []
    assert list(film_section(record(RIGHT), _)) == []


def test_paper_has_the_same_table():
    (section,) = film_section(record(RIGHT, UNSAID), _)
    (table,) = section.blocks

    assert table.head == film_head(_)
    assert [cell.text for cell in table.rows[0]][:2] == ["1", "lower leg"]
