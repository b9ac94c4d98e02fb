"""The body: a mark lies where the lesion is, right and left as a person faces one."""

import re
from xml.etree import ElementTree

import pytest

from calcinet.clinical.body_sites import SITES as CASE_SITES
from calcinet.report.language import translator
from calcinet.report.pictures.body_drawing import MIDDLES, SITES, Mark, body_drawing

_ = translator("en")


def places(**parts):
    """Where the names of marks are written."""
    svg = body_drawing([Mark(**{"name": "7", **parts})], "a body", _)
    return [(float(x), float(y)) for x, y in re.findall(r'<text x="([\d.]+)" y="([\d.]+)"[^>]*>7</text>', svg)]


@pytest.mark.parametrize("site", [*CASE_SITES, "pelvis"])
def test_every_site_of_a_lesion_has_a_place(site):
    assert places(site=site, side="L" if site in ("leg", "toe") else None)
    assert site in SITES


def test_from_the_front_the_right_is_at_the_left():
    ((right, _row),) = places(site="lower leg", side="R")
    ((left, _row),) = places(site="lower leg", side="L")

    assert right < MIDDLES["front"] < left < MIDDLES["back"] - 60


def test_from_behind_the_right_is_at_the_right():
    ((right, _row),) = places(site="buttock", side="R")
    ((left, _row),) = places(site="buttock", side="L")

    assert MIDDLES["front"] + 60 < left < MIDDLES["back"] < right


def test_both_sides_are_marked_twice():
    (first, second) = places(site="thigh", side="B")

    assert first[0] + second[0] == pytest.approx(2 * MIDDLES["front"])


def test_a_side_that_was_not_stated_is_shown_dashed_on_both():
    svg = body_drawing([Mark(name="7", site="finger")], "a body", _)

    assert svg.count('stroke-dasharray="2 2"') == 2
    assert 'stroke-dasharray="2 2"' not in body_drawing([Mark(name="7", site="finger", side="L")], "a body", _)


def test_the_inner_side_is_nearer_the_middle_and_the_back_is_behind():
    ((inner, _row),) = places(site="thigh", side="L", aspect="inner")
    ((outer, _row),) = places(site="thigh", side="L", aspect="outer")
    ((behind, _row),) = places(site="lower leg", side="L", aspect="back")

    assert inner < outer
    assert MIDDLES["front"] + 60 < behind < MIDDLES["back"]


def test_marks_of_one_place_do_not_hide_one_another():
    svg = body_drawing([Mark(name=str(n), site="foot", side="L") for n in range(4)], "a body", _)
    marked = re.findall(r'<text x="([\d.]+)" y="([\d.]+)"[^>]*>\d</text>', svg)

    assert len(set(marked)) == 4


def test_an_image_of_a_part_that_is_no_site_is_left_out():
    assert places(site="unknown", is_image=True) == []
    assert len(places(site="lower extremity", side="B", is_image=True)) == 2


def test_it_is_well_formed_and_says_in_words_what_it_shows():
    svg = body_drawing([Mark(name="7", site="leg", side="L")], 'leg < "left" & painful', _)
    root = ElementTree.fromstring(svg)

    assert root.get("aria-label") == 'leg < "left" & painful'
    words = [element.text for element in root if element.tag.endswith("text")]
    assert [words.count(word) for word in ("Right", "Left", "Front", "Back")] == [2, 2, 1, 1]
