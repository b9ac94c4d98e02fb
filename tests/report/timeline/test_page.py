"""The page of a time line: what it says first, that it asks for nothing from elsewhere, and its two languages."""

import re

import pytest

from calcinet import follow
from calcinet.record import OutcomeRecord
from calcinet.report.timeline.page import timeline_page
from calcinet.report.timeline.words import one_minute
from tests.support.courses import film, visit


@pytest.fixture(scope="module")
def timeline():
    return follow(
        [
            visit("2026-01-01", film(1), pain_vas=80),
            visit(
                "2026-03-01",
                film(2, area_cm2=40.0, interval=(34.0, 47.0)),
                pain_vas=35,
                outcome=OutcomeRecord(state="improving", label="improving"),
            ),
        ]
    )


def test_a_minute_says_course_outcome_change_and_what_is_not_judged(timeline):
    told = [str(sentence) for sentence in one_minute(timeline)]

    assert told[0] == "2 records from 1 January 2026 to 1 March 2026: 59 days."
    assert told[1] == "Outcome: improving."
    assert re.search(r"Changed since the first .* up, 10.0 → 40.0\xa0cm² \(\+30.0; 95 % \+", told[2])
    assert "Pain, 0 to 100: 80 → 35" in told[3]


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_the_page_holds_all_that_it_shows(timeline, language):
    page = timeline_page(timeline, language)

    assert not re.search(r"(?:src|href)=\"(?!data:|#)|url\((?!data:)|@import", page)
    assert page.count("<svg") == 3
    assert f'<html lang="{language}">' in page


def test_the_chinese_page_has_no_english_sentence(timeline):
    page = timeline_page(timeline, "zh-Hant")

    assert "自首次以來超出測量誤差的變化" in page
    assert "error of measurement" not in page


def test_the_sheet_is_one_page(timeline):
    pytest.importorskip("typst")
    from calcinet.report.timeline.sheet import timeline_sheet

    sheet = timeline_sheet(timeline)

    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_what_was_measured_on_one_day_alone_is_drawn_with_its_value(language):
    """Pain was asked for on the first day, and the film is of the second."""
    line = follow([visit("2026-01-01", pain_vas=80), visit("2026-03-01", film(1))])

    page = timeline_page(line, language)

    assert [len(quantity.points) for quantity in line.quantities if quantity.group == "pain"] == [1]
    assert {"en": ">80, once</text>", "zh-Hant": ">80，只有一次</text>"}[language] in page
    assert "80 →" not in page
