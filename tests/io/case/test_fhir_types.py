"""The data types of FHIR: what has another shape than the standard's counts as absent."""

import pytest

from calcinet.io.case.fhir_types import (
    LOINC,
    block,
    blocks,
    codes_of,
    day_of,
    icd10_of,
    number,
    resources_of,
    span_of,
    status_of,
    words_of,
)

CONCEPT = {
    "text": "Calcium",
    "coding": [
        {"system": LOINC, "code": "1751-7", "display": "Albumin"},
        {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "N18.6", "display": " "},
        {"system": LOINC, "code": 7},
        "no block",
    ],
}


def test_codes_are_those_of_one_system_or_of_all():
    """A code that is a number is none."""
    assert codes_of(CONCEPT) == ["1751-7", "N18.6"]
    assert codes_of(CONCEPT, LOINC) == ["1751-7"]
    assert icd10_of(CONCEPT) == ["N18.6"]


def test_text_comes_before_displays_and_blanks_are_left_out():
    assert words_of(CONCEPT) == ["Calcium", "Albumin"]


@pytest.mark.parametrize("value", [None, 3, "text"])
def test_another_shape_is_nothing(value):
    assert (block(value), blocks(value), codes_of(value), words_of(value)) == ({}, [], [], [])


@pytest.mark.parametrize(
    ("value", "day"), [("2026-03-09T08:30:00+08:00", "2026-03-09"), ("2026-03", None), (2026, None), (None, None)]
)
def test_a_month_is_no_day(value, day):
    assert day_of(value) == day


def test_a_time_stands_for_a_period_that_has_no_start():
    resource = {"effectiveDateTime": "2026-01-02", "effectivePeriod": {"end": "2026-02-03"}}

    assert span_of(resource, "effective") == ("2026-01-02", "2026-02-03")


def test_numbers_are_kept_as_written_and_infinity_is_none():
    assert (number(11.40), number(float("inf")), number("3")) == ("11.4", None, None)


def test_status_is_a_code_or_a_concept():
    assert status_of({"status": "final"}) == "final"
    assert status_of({"status": {"coding": [{"code": "resolved"}]}}) == "resolved"
    assert status_of({}) == ""


def test_what_was_entered_in_error_is_left_out():
    kept = {"resourceType": "Patient"}
    wrong = {"resourceType": "Condition", "status": "entered-in-error"}

    assert list(resources_of({"entry": [{"resource": wrong}, {"resource": kept}, {}]})) == [kept]
