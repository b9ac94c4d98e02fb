"""Sodium thiosulphate: given, planned, refused, and whither."""

import pytest

from calcinet.evidence.thiosulphate import intraperitoneal_given, intraperitoneal_planned, thiosulphate
from tests.support.patients import situation

STS = "sodium thiosulphate"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, (False, False, False)),
        ({"treatments": [{"name": STS, "status": "refused", "route": "intraperitoneal"}]}, (False, False, False)),
        ({"treatments": [{"name": STS, "status": "planned", "route": "intraperitoneal"}]}, (True, True, False)),
        ({"treatments": [{"name": STS, "status": "stopped", "route": "intraperitoneal"}]}, (True, False, False)),
        ({"treatments": [{"name": STS, "route": "intraperitoneal"}]}, (True, False, True)),
        ({"treatments": [{"name": STS, "route": "intravenous"}]}, (True, False, False)),
        ({"drugs": [{"name": STS, "route": "intraperitoneal"}]}, (True, False, True)),
        ({"drugs": [{"name": STS, "route": "intraperitoneal", "status": "planned"}]}, (True, True, False)),
    ],
)
def test_thought_of_planned_and_given(told, expected):
    """Refused is none of them."""
    patient = situation(**told)

    assert (thiosulphate(patient), intraperitoneal_planned(patient), intraperitoneal_given(patient)) == expected
