"""Signs of infection, one alone and several together."""

import pytest

from calcinet.clinical.case import Case
from calcinet.evidence.context import PatientContext
from calcinet.evidence.sepsis_signs import marked_sign, several_signs


def situation(labs=(), temperature=None):
    """Somebody of whom only results and the temperature are told."""
    told = {"labs": [{"name": name, "value": value} for name, value in labs]}
    if temperature is not None:
        told["examination"] = {"temperature_c": temperature}
    return PatientContext.of(Case.model_validate(told))


@pytest.mark.parametrize(
    ("name", "value", "marked"),
    [
        ("procalcitonin", "2.0 ng/mL", True),
        ("procalcitonin", "1.9 ng/mL", None),
        ("lactate", "4.0 mmol/L", True),
        ("white cells", "0.9 10^9/L", True),
        ("CRP", "100 mg/L", True),
    ],
)
def test_one_sign_far_out(name, value, marked):
    """At its limit and not below; without the others nobody can say no."""
    assert marked_sign(situation([(name, value)])) is marked


def test_two_of_three_signs_are_sepsis_and_one_is_not():
    """A low temperature counts like fever; nothing told is not known."""
    assert several_signs(situation([("lactate", "2.5 mmol/L")], 35.2)) is True
    assert several_signs(situation([("WBC", "0.6 10^9/L")], 38.6)) is True
    assert several_signs(situation([("lactate", "1.0 mmol/L"), ("WBC", "8 10^9/L")], 39.0)) is False
    assert several_signs(situation([], 39.0)) is None
