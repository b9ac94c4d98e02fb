"""What was taken, and when a list says that something was not."""

import pytest

from calcinet.clinical.assess import assess
from calcinet.clinical.case import Case
from calcinet.clinical.exposure import (
    ever_taken,
    is_list_complete,
    months_before_onset,
    taken_near_onset,
    taken_now,
)

WARFARIN = {"name": "warfarin"}
SEVELAMER = {"name": "sevelamer"}
UNREAD = {"name": "Zzyzx 3"}
STOPPED = {"name": "drug stopped", "drug": "warfarin"}
LESION = {"site": "lower leg", "kind": "ulcer", "since": "2026-09-20"}
DATED = {"examined_on": "2026-11-01", "lesions": [LESION], "drugs_complete": True}


def answer(function, **parts):
    case = Case.model_validate(parts)
    return function(case, assess(case), "vitamin_k_antagonist")


@pytest.mark.parametrize(
    ("parts", "now", "ever"),
    [
        ({}, None, None),
        ({"drugs": [WARFARIN]}, True, True),
        ({"drugs": [SEVELAMER]}, None, None),
        ({"drugs": [SEVELAMER], "drugs_complete": False}, None, None),
        ({"drugs": [SEVELAMER], "drugs_complete": True}, False, False),
        ({"drugs": [SEVELAMER, UNREAD], "drugs_complete": True}, None, None),
        ({"drugs": [UNREAD, WARFARIN]}, True, True),
        ({"drugs": []}, False, None),
        ({"drugs": [], "drugs_complete": True}, False, False),
        ({"drugs": [], "drugs_complete": False}, None, None),
        ({"drugs": [{**WARFARIN, "status": "planned"}], "drugs_complete": True}, False, False),
        ({"drugs": [{**WARFARIN, "status": "stopped"}], "drugs_complete": True}, False, True),
        ({"drugs": [{**WARFARIN, "stop": "2006-01-01"}], "drugs_complete": True}, False, True),
        ({"drugs": [], "treatments": [STOPPED]}, False, True),
        ({"drugs": [], "treatments": [{**STOPPED, "name": "drug changed"}]}, None, True),
        ({"drugs": [], "treatments": [{**STOPPED, "drug": "calcitriol"}], "drugs_complete": True}, False, None),
        ({"drugs": [], "treatments": [{**STOPPED, "drug": "zzyzx"}], "drugs_complete": True}, False, None),
    ],
)
def test_only_a_complete_list_of_known_names_says_no(parts, now, ever):
    """Silence, an unknown name, a list that lacks a drug which a treatment names: each leaves it open."""
    assert answer(taken_now, **parts) is now
    assert answer(ever_taken, **parts) is ever


@pytest.mark.parametrize(
    ("drug", "near"),
    [
        ({}, True),
        ({"start": "2020-01-01"}, True),
        ({"start": "2026-09-20"}, True),
        ({"start": "2026-09-21"}, False),
        ({"start": "2005-01-01", "stop": "2006-01-01", "status": "stopped"}, False),
        ({"start": "2005-01-01", "stop": "2025-09-19", "status": "stopped"}, False),
        ({"start": "2005-01-01", "stop": "2025-09-20", "status": "stopped"}, True),
        ({"start": "2005-01-01", "stop": "2026-10-01", "status": "stopped"}, True),
        ({"status": "stopped"}, None),
        ({"status": "stopped", "months": 20}, None),
        ({"status": "stopped", "start": "2026-10-01"}, False),
        ({"status": "planned"}, False),
        ({"months": 20}, True),
        ({"months": 1}, None),
    ],
)
def test_a_drug_counts_in_the_year_before_the_lesion(drug, near):
    """The lesion was first seen on 20 September 2026."""
    assert answer(taken_near_onset, **DATED, drugs=[{**WARFARIN, **drug}]) is near


def test_without_a_day_of_the_lesion_the_day_of_examination_stands_for_it():
    """Stopped 300 and 400 days before."""
    told = {"examined_on": "2026-11-01", "drugs_complete": True}

    assert answer(taken_near_onset, **told, drugs=[{**WARFARIN, "stop": "2026-01-05"}]) is True
    assert answer(taken_near_onset, **told, drugs=[{**WARFARIN, "stop": "2025-09-27"}]) is False
    assert answer(taken_near_onset, drugs_complete=True, drugs=[{**WARFARIN, "stop": "2006-01-01"}]) is None


@pytest.mark.parametrize(
    ("drug", "months"),
    [
        ({"start": "2025-09-20"}, 12.0),
        ({"start": "2025-09-20", "stop": "2026-03-21"}, 6.0),
        ({"start": "2026-10-20"}, 0.0),
        ({"months": 13.4}, 12.0),
        ({"months": 12, "stop": "2026-03-01"}, 12.0),
        ({"months": 1}, 0.0),
        ({}, None),
    ],
)
def test_months_are_counted_up_to_the_lesion(drug, months):
    """42 days, or 1.4 months, lie between the lesion and the examination."""
    case = Case.model_validate({**DATED, "drugs": [{**WARFARIN, **drug}]})
    found = months_before_onset(case, assess(case).drugs[0])

    assert found == (None if months is None else pytest.approx(months, abs=0.05))


def test_a_list_that_lacks_a_drug_is_not_complete_whatever_it_says():
    """Calcitriol was stopped and is not on it."""
    case = Case.model_validate({"drugs": [SEVELAMER], "drugs_complete": True, "treatments": [STOPPED]})

    assert is_list_complete(case, assess(case)) is False


def test_a_complete_list_must_be_there():
    """Nothing was listed."""
    with pytest.raises(ValueError, match="there is no list"):
        Case.model_validate({"drugs_complete": True})
