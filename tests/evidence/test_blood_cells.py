"""Platelets that fall, and an INR that is far too high."""

import pytest

from calcinet.clinical.case import Case
from calcinet.evidence.blood_cells import inr_dangerous, platelets_fallen
from calcinet.evidence.context import PatientContext


def situation(**parts):
    """Somebody of whom only this is told."""
    return PatientContext.of(Case.model_validate(parts))


def platelets(value, on):
    """One result."""
    return {"name": "platelets", "value": f"{value} 10^9/L", "on": on}


@pytest.mark.parametrize(
    ("labs", "fallen"),
    [
        ([platelets(300, "2026-10-20"), platelets(210, "2026-10-30")], True),
        ([platelets(300, "2026-10-20"), platelets(211, "2026-10-30")], False),
        ([platelets(300, "2026-08-20"), platelets(150, "2026-10-30")], None),
        ([platelets(150, "2026-10-30")], None),
        ([], None),
    ],
)
def test_a_fall_of_thirty_per_cent_between_two_days(labs, fallen):
    """Of the last month; one result alone tells nothing."""
    assert platelets_fallen(situation(labs=labs)) is fallen


def test_an_inr_above_five_counts_on_its_drug():
    """At five it does not."""
    drugs = [{"name": "warfarin"}]
    assert inr_dangerous(situation(drugs=drugs, labs=[{"name": "INR", "value": "5.1"}])) is True
    assert inr_dangerous(situation(drugs=drugs, labs=[{"name": "INR", "value": "5.0"}])) is False
    assert inr_dangerous(situation(drugs=drugs)) is None
