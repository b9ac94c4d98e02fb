"""A result of long ago is repeated and not acted upon."""

from calcinet.clinical.case import Case
from calcinet.evidence.context import PatientContext
from calcinet.evidence.result_age import list_old_results, recent_blood, recent_lab


def situation(on, examined_on="2026-11-01"):
    """High CRP of one day."""
    labs = [{"name": "CRP", "value": "310 mg/L", "on": on}]
    return PatientContext.of(Case.model_validate({"examined_on": examined_on, "labs": labs}))


def test_thirty_days_are_recent_and_one_more_is_old():
    """The limit itself still counts."""
    assert recent_lab(situation("2026-10-02"), "crp") is not None
    assert recent_lab(situation("2026-10-01"), "crp") is None
    assert recent_blood("crp", "high")(situation("2026-10-01")) is None
    assert recent_blood("crp", "high")(situation("2026-10-02")) is True


def test_an_old_one_is_named_with_its_age():
    """In whole months; without a day of examination nothing is old."""
    assert [str(text) for text in list_old_results(situation("2026-05-01"))] == [
        "C-reactive protein 310 mg/L (6 months old)"
    ]
    assert list_old_results(situation("2026-10-30")) == []
    assert list_old_results(situation("2026-05-01", None)) == []
