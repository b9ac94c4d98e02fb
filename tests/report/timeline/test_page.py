"""The page of a time line: what it says first, that it asks for nothing from elsewhere, and its two languages."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from calcinet import follow
from calcinet.record import DialysisRecord, Drug, Lab, OutcomeRecord
from calcinet.report.timeline.page import timeline_page
from calcinet.report.timeline.panels import Axis, draw_courses
from calcinet.report.timeline.words import one_minute
from tests.support.courses import film, visit

PLACE = ("film", "lower leg", "L")


@dataclass(frozen=True, kw_only=True)
class Film:
    """A film as the page draws it."""

    record: int
    on: str
    image: Any
    place: tuple[str, str, str]
    plane: Any


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


def test_a_course_that_goes_on_has_an_arrow_and_one_that_ended_has_none():
    """Both were taken at the first visit; the last one states one of them alone."""
    kept = Drug(
        name="calcitriol", drug="calcitriol", daily_dose="0.25 ug", start="2025-12-01", status="taking", matters="risk"
    )
    gone = Drug(name="warfarin", drug="warfarin", start="2025-12-01", status="taking", matters="risk")
    line = follow([visit("2026-01-01", film(1), drugs=(kept, gone)), visit("2026-03-01", film(2), drugs=(kept,))])

    drawing = draw_courses(line, Axis.of(line), str).svg()
    arrows = [points for points in re.findall(r'<polygon points="([^"]+)"', drawing) if len(points.split()) == 3]

    assert len(arrows) == 1
    assert "calcitriol, 0.25 µg" in timeline_page(line).lower()


def test_the_band_of_pth_is_said_to_be_that_of_health_on_dialysis():
    high = Lab(
        name="PTH", analyte="pth", value=40.0, unit="pmol/L", as_given="40 pmol/L", range=(1.1, 6.9), flag="H",
        on="2026-01-01",
    )  # fmt: skip
    dialysis = DialysisRecord(kind="peritoneal")
    first, last = visit("2026-01-01", labs=(high,), dialysis=(dialysis,)), visit("2026-03-01", film(1))

    assert "KDIGO names 2 to 9 times its upper limit" in timeline_page(follow([first, last]))
    assert "KDIGO" not in timeline_page(follow([visit("2026-01-01", labs=(high,)), last]))


def test_films_that_have_no_room_are_named():
    """Four films of one place; three stand side by side, the second is left out."""
    line = follow([visit(f"2026-0{month}-01", film(month)) for month in (1, 2, 3, 4)])
    plane = np.linspace(0, 1, 400, dtype=np.float32).reshape(20, 20)
    films = [
        Film(
            record=number,
            on=line.records[number - 1].on,
            image=film(number),
            place=("film", "lower leg", "L"),
            plane=plane,
        )
        for number in (1, 2, 3, 4)
    ]

    page = timeline_page(line, films=films)

    assert "not shown for want of room: record 2." in page
    assert [f"record {number}, " in page for number in (1, 2, 3, 4)] == [True, False, True, True]
