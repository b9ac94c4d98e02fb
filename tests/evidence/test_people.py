"""Who the patient is: child, pregnancy, failing kidneys, one who has died."""

import pytest

from calcinet.evidence import people
from tests.support.patients import case, situation


@pytest.mark.parametrize(("age", "child"), [(None, None), (17, True), (18, False)])
def test_child(age, child):
    assert people.child(situation(patient={"age_years": age})) is child


@pytest.mark.parametrize(
    ("conditions", "pregnant"),
    [
        ([], None),
        ([{"name": "Pregnancy"}], True),
        ([{"name": "pregnant (22 weeks)"}], True),
        ([{"name": "pregnancy", "present": False}], False),
        ([{"name": "previous pregnancy"}], None),
        ([{"name": "hypertension"}], None),
    ],
)
def test_pregnancy_by_any_of_its_words(conditions, pregnant):
    """One of the past is none."""
    assert people.pregnancy(situation(conditions=conditions)) is pregnant


@pytest.mark.parametrize(
    ("kidney", "advanced"),
    [
        ({}, None),
        ({"stage": "5D"}, True),
        ({"dialysis": [{"kind": "peritoneal"}]}, True),
        ({"stage": "4"}, True),
        ({"egfr_ml_min": 29}, True),
        ({"stage": "3"}, False),
        ({"stage": "normal"}, False),
        ({"egfr_ml_min": 64}, False),
        ({"dialysis": [{"kind": "haemodialysis", "stop": "2024-01-01"}]}, None),
    ],
)
def test_failing_kidneys(kidney, advanced):
    """Dialysis that is over says nothing of the kidneys of now."""
    assert people.advanced_kidney_disease(situation(kidney=kidney)) is advanced


def test_died_is_only_what_was_told():
    assert people.died(situation(outcome={"state": "died"}))
    assert not people.died(situation(outcome={"state": "worse"}))
    assert not people.died(situation())


def test_found_and_excluded_diseases():
    told = case(
        exclusions=[{"name": "vasculitis", "excluded": False}, {"name": "warfarin necrosis", "excluded": True}],
    )

    assert people.found_diseases(told) == {"vasculitis"}
    assert people.excluded_diseases(told) == {"warfarin necrosis"}
    patient = situation(exclusions=told.model_dump()["exclusions"])
    assert people.is_found("vasculitis")(patient) is True
    assert people.is_found("warfarin necrosis")(patient) is False
    assert people.is_found("cellulitis")(patient) is None
