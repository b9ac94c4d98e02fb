"""What the page and the paper say of a CT."""

import re

import pytest

from calcinet.record import FindingRecord
from calcinet.report.blocks import Items, Prose, Table
from calcinet.report.html import html_page
from calcinet.report.language import translator
from calcinet.report.paper import pdf
from calcinet.report.pictures.drawn_image import draw_image
from calcinet.report.pictures.modalities import canvas_of
from calcinet.report.sections.ct.section import MOST_ROWS, ct_blocks, largest
from tests.support import handmade_ct

ENGLISH = translator("en")


def tables(blocks) -> list[Table]:
    return [block for block in blocks if isinstance(block, Table)]


def text(cell: Prose) -> str:
    return " ".join(filter(None, (cell.lead, cell.text.replace("\N{NO-BREAK SPACE}", " "), cell.small)))


def rows(table: Table) -> list[list[str]]:
    return [[text(cell) for cell in row] for row in table.rows]


def test_scores_stand_part_by_part_the_right_side_first(ct_image):
    (scores, *_) = tables(ct_blocks(ct_image, ENGLISH))

    assert rows(scores) == [
        ["muscle", "right", "lower leg", "1", "620 mm³", "–"],
        ["subcutis", "right", "lower leg", "1", "900 mm³", "–"],
        ["artery", "left", "lower leg", "1", "3,400 mm³", "4,120"],
        ["skin", "left", "lower leg", "1", "18.9 mm³", "–"],
    ]


def test_with_contrast_agent_it_is_said_why_there_is_no_score():
    """The reason is that of the record; the artery's score is a dash."""
    blocks = ct_blocks(handmade_ct.examined_image(contrast=True), ENGLISH)
    told = [block.text for block in blocks if isinstance(block, Prose)]

    assert "4,120" not in str(blocks)
    assert "No Agatston score: contrast agent present: its brightness would count as calcium." in told


def test_arteries_name_their_findings(ct_image):
    (_, arteries, _) = tables(ct_blocks(ct_image, ENGLISH))

    assert rows(arteries) == [["left", "1", "205 mm", "181 mm", "88 %"]]


def test_findings_come_nets_first_then_the_largest(ct_image):
    (_, _, found) = tables(ct_blocks(ct_image, ENGLISH))

    assert [row[0] for row in rows(found)] == ["2 net-like", "1 tubular", "3 nodular", "4 nodular"]
    assert rows(found)[1] == [
        *("1 tubular", "artery left, lower leg", "22.0 mm", "3,400 mm³", "4.10 mm large", "181 mm", "900 HU"),
    ]


def test_the_table_is_of_the_largest_and_says_how_many_more(ct_image):
    many = tuple(
        FindingRecord(id=f"f{n}", kind="focus", form="nodular", compartment="muscle", volume_mm3=float(n))
        for n in range(1, 41)
    )
    blocks = ct_blocks(ct_image.model_copy(update={"findings": many}), ENGLISH)
    (_, _, found) = tables(blocks)

    assert [finding.id for finding in largest(many, 2)] == ["f40", "f39"]
    assert len(found.rows) == MOST_ROWS
    assert any(isinstance(block, Prose) and block.text == "And 15 more in record.json." for block in blocks)


def test_what_was_left_out_is_told_in_words(ct_image):
    (items,) = [block for block in ct_blocks(ct_image, ENGLISH) if isinstance(block, Items)]

    assert [item.text for item in items.items] == ["edges and spurs of bone: 2", "small bones and splinters: 1"]


def test_a_ct_without_calcium_says_so(ct_image):
    empty = {"scores": (), "arteries": (), "left_out": {}}
    bare = ct_image.model_copy(update={"findings": (), "ct": ct_image.ct.model_copy(update=empty)})
    blocks = ct_blocks(bare, ENGLISH)

    assert tables(blocks) == []
    assert "No calcium was found outside bone." in [block.text for block in blocks if isinstance(block, Prose)]


@pytest.fixture(scope="module")
def page(ct, ct_case) -> str:
    return html_page(ct_case, {"img-1": ct})


def test_the_page_shows_the_pictures_before_the_tables(page):
    """The front alone and marked, four panels, then tables."""
    article = page[page.index('<article id="img-1">') :]
    pictures = article[: article.index("Calcium by side")].count("data:image/jpeg")

    assert pictures == 6
    assert article.index("data:image/jpeg") < article.index("Calcium by side") < article.index("Close-ups")


def test_the_page_speaks_of_a_ct_and_of_no_film(page):
    article = page[page.index('<article id="img-1">') : page.index("</article>")]

    assert "film" not in re.sub(r"<[^>]*>|data:[^\"]*", "", article).lower()
    assert "at the detector" not in article


def test_the_paper_holds_the_panels_and_is_written(ct, ct_case):
    made = pdf(ct_case, {"img-1": draw_image(canvas_of(ct_case.images[0], ct))})

    assert made.startswith(b"%PDF")
    assert made.count(b"/Subtype/Image") + made.count(b"/Subtype /Image") >= 5
