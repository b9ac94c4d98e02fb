"""Infections among the diseases."""

import pytest

from calcinet.clinical.case import Case
from calcinet.clinical.infections import list_infections


@pytest.mark.parametrize(
    "name",
    [
        "cellulitis",
        "osteomyelitis of the left foot",
        "PD peritonitis",
        "urosepsis",
        "necrotising fasciitis",
        "infected ulcer",
    ],
)
def test_an_infection_is_recognised_by_its_name(name):
    """As it is written."""
    assert list_infections(Case.model_validate({"conditions": [{"name": name}]})) == (name,)


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "cellulitis", "present": "no"},
        {"name": "previous cellulitis"},
        {"name": "osteomyelitis", "since": "2024-03-01"},
        {"name": "hypertension"},
        {"name": "encapsulating peritoneal sclerosis"},
    ],
)
def test_one_of_the_past_or_a_denied_one_does_not_count(entry):
    """Nor another disease."""
    case = {"examined_on": "2026-11-01", "conditions": [entry]}
    assert list_infections(Case.model_validate(case)) == ()
