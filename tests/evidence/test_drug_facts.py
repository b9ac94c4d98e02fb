"""What is known of drugs: taken now, ever, since when."""

import pytest

from calcinet.clinical.case import Case
from calcinet.evidence.context import PatientContext
from calcinet.evidence.drug_facts import antagonist_days, antagonist_long, antagonist_new, heparin, undeclared


def context(**parts) -> PatientContext:
    return PatientContext.of(Case.model_validate(parts))


WARFARIN = {"name": "warfarin", "start": "2020-01-01"}
LESION = {"site": "lower leg", "kind": "ulcer", "since": "2025-03-10"}


def test_days_are_counted_from_the_start_to_the_first_lesion():
    """From 1 March to 10 March: 9 days."""
    recent = context(drugs=[{**WARFARIN, "start": "2025-03-01"}], lesions=[LESION])

    assert antagonist_days(recent) == 9
    assert antagonist_days(context()) is None


def test_years_of_an_antagonist_are_long_and_silence_is_not_known():
    years = context(examined_on="2025-03-10", drugs=[WARFARIN], lesions=[LESION])

    assert antagonist_long(years) is True
    assert antagonist_long(context()) is None


def test_heparin_is_not_known_where_no_drugs_were_listed():
    assert heparin(context()) is None


def test_nothing_is_undeclared_in_an_empty_case():
    assert undeclared(context()) == ()


@pytest.mark.parametrize("start", ["2025-03-10", "2025-03-09"])
def test_a_start_on_the_day_of_the_lesion_is_counted_too(start):
    """0 days and 1 day."""
    days = antagonist_days(context(drugs=[{**WARFARIN, "start": start}], lesions=[LESION]))

    assert days == 10 - int(start[-2:])


NECROSIS = {**LESION, "since": "2025-03-05"}


@pytest.mark.parametrize(
    ("drugs", "new", "long"),
    [
        (
            [
                {**WARFARIN, "status": "stopped", "stop": "2024-11-01"},
                {"name": "warfarin", "start": "2025-02-28"},
            ],
            True,
            False,
        ),
        ([{**WARFARIN, "stop": "2025-02-27"}, {"name": "warfarin", "start": "2025-02-28"}], False, True),
        ([{"name": "phenprocoumon", "months": 0.3}], True, False),
        ([{"name": "warfarin", "months": 24}], None, True),
        ([WARFARIN], False, True),
    ],
)
def test_after_a_break_the_last_start_decides(drugs, new, long):
    """Restarted after months it is new; a new dose the next day is no new start."""
    situation = context(examined_on="2025-03-08", drugs=drugs, lesions=[NECROSIS])

    assert bool(antagonist_new(situation)) is bool(new)
    assert antagonist_long(situation) is long


def test_a_drug_that_was_begun_after_the_lesion_did_not_make_it():
    """Six days of it, and a lesion of months."""
    situation = context(examined_on="2025-06-08", drugs=[{"name": "warfarin", "months": 0.2}], lesions=[NECROSIS])

    assert antagonist_days(situation) is None
