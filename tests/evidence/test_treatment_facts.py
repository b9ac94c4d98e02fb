"""Drugs by their own name, and what a drug is needed for."""

import pytest

from calcinet.evidence.treatment_facts import (
    TREATMENTS,
    list_calcimimetics,
    list_opioids,
    list_steroid_reasons,
)
from tests.support.patients import situation


@pytest.mark.parametrize(
    ("drug", "accumulates"),
    [("morphine", True), ("Codeine", True), ("co-codamol 30/500", True), ("fentanyl", None), ("apomorphine", None)],
)
def test_opioid_by_its_name(drug, accumulates):
    """Whole words; what the table does not know counts as well."""
    assert TREATMENTS["accumulating_opioid"](situation(drugs=[{"name": drug}])) is accumulates


def test_opioid_that_was_stopped_is_none():
    assert list_opioids(situation(drugs=[{"name": "morphine", "status": "stopped"}])) == []
    assert list_opioids(situation(drugs=[{"name": "morphine"}])) == ["morphine"]


def test_calcimimetics_have_their_own_names():
    assert list_calcimimetics(situation(drugs=[{"name": "Parsabiv"}, {"name": "sevelamer"}])) == ["etelcalcetide"]


def test_reasons_for_a_steroid():
    patient = situation(
        conditions=[{"name": "vasculitis"}, {"name": "lupus"}],
        labs=[{"name": "ANCA", "value": "positive"}],
        kidney={"stage": "4", "transplant": True},
    )

    assert list_steroid_reasons(patient) == [
        *("vasculitis", "positive ANCA", "systemic lupus erythematosus", "a kidney transplant")
    ]
    assert list_steroid_reasons(situation()) == []
