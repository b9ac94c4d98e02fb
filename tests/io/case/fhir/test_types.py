"""The data types of FHIR: what has another shape than the standard's counts as absent."""

import pytest

from calcinet.io.case.fhir.types import (
    LOINC,
    block,
    blocks,
    codes_of,
    icd10_of,
    number,
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


def test_numbers_are_kept_as_written_and_infinity_is_none():
    assert (number(11.40), number(float("inf")), number("3"), number("3 g")) == (
        "11.4",
        None,
        "3",
        None,
    )


def test_status_is_a_code_or_a_concept():
    assert status_of({"status": "final"}) == "final"
    assert status_of({"status": {"coding": [{"code": "resolved"}]}}) == "resolved"
    assert status_of({}) == ""
