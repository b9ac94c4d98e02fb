"""Why a laboratory value is not used, and what is asked."""

import pytest

from calcinet.clinical.assess import assess
from calcinet.clinical.case import Case


def asked(**lab):
    """Questions about one result: field, likely answer."""
    case = Case.model_validate({"labs": [lab]})
    return [
        (question.field, question.likely) for question in assess(case).questions if question.field.startswith("labs")
    ]


def test_a_comma_is_asked_about():
    assert asked(name="calcium", value="2,67 mmol/L") == [("labs.0.value", "2.67 mmol/L")]


def test_an_impossible_unit_is_asked_for_and_not_guessed():
    """The case report prints PTH in pml/L."""
    ((field, likely),) = asked(name="PTH", value="64 pml/L")

    assert field == "labs.0.unit"
    assert likely == "pmol/L"


def test_two_units_that_differ_are_asked_about():
    assert asked(name="calcium", value="2.4 mmol/L", unit="mg/dL") == [("labs.0.unit", None)]


def test_a_unit_that_somebody_confirmed_is_not_asked_about():
    assert asked(name="PTH", value="64 pml/L", unit_confirmed="pmol/L") == []


@pytest.mark.parametrize("value", ["pending", "see letter"])
def test_what_is_neither_number_nor_word_is_asked_about(value):
    assert asked(name="calcium", value=value) == [("labs.0.value", None)]


def test_a_plain_value_leaves_nothing_open():
    assert asked(name="calcium", value="2.4 mmol/L") == []


@pytest.mark.parametrize(
    ("name", "value", "likely"),
    [
        ("PTH", "604 pg/dL", "pg/mL"),
        ("haemoglobin", "11 mg/dL", "g/dL"),
        ("total calcium", "2.4 umol/L", "mmol/L"),
        ("PTH", "604 ng/L", None),
        ("albumin", "3100 mg/dL", None),
        ("total calcium", "96 mg/L", None),
    ],
)
def test_a_unit_one_slip_from_the_usual_one_is_asked_about(name, value, likely):
    """Where the number would fit both, nobody can tell which was meant."""
    assert asked(name=name, value=value) == ([("labs.0.unit", likely)] if likely else [])


def test_the_laboratory_s_own_limit_vouches_for_its_unit():
    """6500 pg/dL are 65 pg/mL."""
    assert asked(name="PTH", value="60400 pg/dL", high=6500) == []
    assert asked(name="PTH", value="604 pg/dL", unit_confirmed="pg/dL") == []
