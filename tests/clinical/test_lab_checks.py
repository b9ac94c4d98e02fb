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
