"""The few diseases and drugs that a reader must know first."""

import pytest

from calcinet.clinical.assess import assess
from calcinet.clinical.case import Case
from calcinet.protocols.key_facts import list_key_facts


def facts(**told):
    case = Case.model_validate({"examined_on": "2026-11-01", **told})
    return list_key_facts(case, assess(case))


def test_a_case_without_any_has_none():
    """Hypertension and a binder without calcium decide nothing."""
    assert facts(conditions=[{"name": "hypertension"}], drugs=[{"name": "sevelamer"}]) == ()


def test_a_disease_that_is_not_there_is_no_fact():
    """It was excluded."""
    assert facts(conditions=[{"name": "malignancy", "present": False}]) == ()


@pytest.mark.parametrize(
    ("drug", "said"),
    [
        ({"start": "2026-09-15"}, "warfarin since 15 September 2026"),
        ({"months": 30}, "warfarin for 30 months"),
        ({"stop": "2026-10-01"}, "warfarin, stopped on 1 October 2026"),
        ({"status": "stopped"}, "warfarin, stopped"),
        ({}, "warfarin"),
    ],
)
def test_an_antagonist_is_told_with_its_time(drug, said):
    """As far as it is known."""
    assert facts(drugs=[{"name": "warfarin sodium 3 mg od", **drug}]) == (said,)


def test_a_drug_stopped_years_ago_or_planned_is_no_fact():
    """It acts in nothing."""
    gone = {"name": "warfarin", "stop": "2005-01-01", "status": "stopped"}

    assert facts(drugs=[gone, {"name": "prednisolone", "status": "planned"}]) == ()


def test_four_at_most_the_weightiest_first():
    """The antagonist, then diseases, then other drugs."""
    told = facts(
        drugs=[{"name": name} for name in ("prednisolone", "calcium carbonate", "warfarin")],
        conditions=[{"name": name} for name in ("primary hyperparathyroidism", "malignancy")],
    )

    assert told == ("warfarin", "primary hyperparathyroidism", "malignancy", "prednisolone")
