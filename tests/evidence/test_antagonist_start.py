"""Days from the start of a vitamin K antagonist to a lesion."""

from calcinet.evidence import antagonist_start
from tests.support.patients import LEGS, situation


def test_first_days_are_counted_for_each_lesion():
    """The first came before the drug, the second six days after its start."""
    lesions = [{**LEGS, "since": "2026-01-01"}, {"site": "thigh", "kind": "ulcer", "since": "2026-04-16"}]
    patient = situation(lesions=lesions, drugs=[{"name": "warfarin", "start": "2026-04-10"}])

    assert antagonist_start.necrosis_days(patient) == 6
    assert antagonist_start.antagonist_first_days(patient) is True


def test_first_days_of_a_drug_without_a_first_day_are_not_known():
    assert antagonist_start.antagonist_first_days(situation(drugs=[{"name": "warfarin"}])) is None
    assert antagonist_start.antagonist_first_days(situation()) is None


def test_antagonist_is_named_as_given_and_the_lesion_by_its_day():
    told = {"examined_on": "2026-06-20", "drugs": [{"name": "Marevan 3 mg", "start": "2026-04-10"}]}
    patient = situation(**told, lesions=[{**LEGS, "since": "2026-04-11"}])

    assert antagonist_start.list_antagonists(patient) == ["Marevan 3 mg on 2026-04-10"]
    assert antagonist_start.list_necrosis_since(patient) == [
        "lesion since 2026-04-11",
        "70 days before this examination",
    ]
    assert antagonist_start.list_antagonists(situation()) == ["a vitamin K antagonist"]


def test_lesion_without_a_day_is_said_to_have_none():
    told = {"examined_on": "2026-04-15", "drugs": [{"name": "warfarin", "start": "2026-04-10"}]}

    assert antagonist_start.list_necrosis_since(situation(**told, lesions=[LEGS])) == ["day of the lesion not told"]
