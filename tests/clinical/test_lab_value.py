"""Laboratory values as they are printed."""

import pytest

from calcinet.clinical.lab_value import Printed, read_printed, with_point


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("2.67 mmol/L", Printed(number=2.67, unit="mmol/L")),
        ("  7 ", Printed(number=7.0)),
        ("< 5", Printed(number=5.0, comparator="<")),
        ("≥90 mL/min", Printed(number=90.0, comparator=">", unit="mL/min")),
        ("Unremarkable", Printed(word="normal")),
        ("NOT DETECTED", Printed(word="negative")),
    ],
)
def test_number_comparator_unit_and_word_are_told_apart(text, printed):
    assert read_printed(text) == printed


@pytest.mark.parametrize("text", ["2,67", "1.234.567", "", "pending", "-3"])
def test_what_cannot_be_read_is_not_guessed(text):
    """A comma may be a decimal sign or part thousands."""
    assert read_printed(text) == Printed()


def test_a_comma_is_offered_as_a_point():
    assert with_point("2,67 mmol/L") == "2.67 mmol/L"
    assert with_point("< 0,5") == "< 0.5"
    assert with_point("2.67") is None
