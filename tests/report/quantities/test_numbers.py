"""Numbers as people read them."""

import pytest

from calcinet.report.quantities.numbers import number, percent, share, unit, whole_percent, with_unit


def spaced(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("code", "shown"), [("umol/L", "µmol/L"), ("mm/h", "mm/h"), ("10*9/L", "× 10^9/L"), ("%", "%")]
)
def test_units_are_as_laboratories_print_them(code, shown):
    """UCUM is for programs."""
    assert unit(code) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        (0.0, "0"),
        (0.0213, "0.021"),
        (-3.14159, "-3.14"),
        (57.26, "57.3"),
        (999.6, "1,000"),
        (4120, "4,120"),
    ],
)
def test_number_has_two_decimals_or_three_digits(value, shown):
    assert number(value) == shown


@pytest.mark.parametrize(("value", "shown"), [(0.009, "< 1 %"), (0.01, "1 %"), (0.99, "99 %"), (0.991, "> 99 %")])
def test_detector_is_never_certain(value, shown):
    assert spaced(percent(value)) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(0.0949, "9.5 %"), (0.095, "10 %"), (0.905, "90 %"), (0.0094, "0.94 %"), (0.9906, "99.06 %")]
)
def test_probability_of_a_disease_is_finer_at_both_ends(value, shown):
    """Whole percents from 9.5 % to 90.5 %, tenths down to 0.95 %, hundredths below; the same at the other end."""
    assert spaced(share(value)) == shown


def test_share_in_percent_is_rounded_to_a_whole_number():
    assert spaced(whole_percent(90.52)) == "91 %"


def test_missing_number_has_no_unit():
    assert with_unit(None, "mm") == "–"
    assert spaced(with_unit(0.0, "mm³")) == "0 mm³"


@pytest.mark.parametrize(("code", "shown"), [("mmol2/L2", "mmol²/L²"), ("[iU]/mL", "IU/mL"), ("1", ""), (None, "")])
def test_powers_and_international_units_are_written_out(code, shown):
    assert unit(code) == shown
