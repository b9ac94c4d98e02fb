"""Calcium, parathyroid hormone and dialysate: limits, and what is not told is not known."""

import pytest

from calcinet.evidence import minerals
from tests.support.patients import situation


def lab(name, value):
    return {"labs": [{"name": name, "value": value}]}


@pytest.mark.parametrize(
    ("name", "value", "high", "low"),
    [
        ("adjusted calcium", "3.0 mmol/L", True, None),
        ("adjusted calcium", "2.99 mmol/L", None, None),
        ("adjusted calcium", "1.8 mmol/L", None, True),
        ("ionised calcium", "1.6 mmol/L", True, None),
        ("ionised calcium", "0.8 mmol/L", None, True),
        ("total calcium", "3.2 mmol/L", True, None),
        ("total calcium", "1.7 mmol/L", None, None),
    ],
)
def test_critical_calcium(name, value, high, low):
    """At the limits; a low total calcium may be that of low albumin."""
    patient = situation(**lab(name, value))

    assert minerals.calcium_critically_high(patient) is high
    assert minerals.calcium_critically_low(patient) is low


def test_total_calcium_is_judged_after_adjustment():
    """2.85 with albumin of 22 g/L is 3.21."""
    labs = [{"name": "total calcium", "value": "2.85 mmol/L"}, {"name": "albumin", "value": "22 g/L"}]
    patient = situation(labs=labs)

    assert minerals.calcium_critically_high(patient) is True
    assert minerals.list_calcium(patient) == ["calcium 3.21 mmol/L"]


@pytest.mark.parametrize(("value", "high"), [("62 pmol/L", False), ("63 pmol/L", True), ("1980 pg/mL", True)])
def test_very_high_parathyroid_hormone(value, high):
    """Nine times 6.9 pmol/L is 62.1."""
    assert minerals.pth_very_high(situation(**lab("PTH", value))) is high
    assert minerals.pth_very_high(situation(**lab("PTH", value), kidney={"stage": "4"})) is None


def test_dialysate_is_that_of_now():
    """One of a time that is over does not count."""
    now = {"kind": "haemodialysis", "dialysate_calcium_mmol_l": 1.25}
    before = {"kind": "peritoneal", "dialysate_calcium_mmol_l": 1.75, "stop": "2024-01-01"}
    patient = situation(kidney={"dialysis": [before, now]})

    assert minerals.dialysate_calcium_mmol_l(patient) == 1.25
    assert minerals.dialysate_calcium_high(patient) is False
    assert minerals.dialysate_calcium_high(situation()) is None
