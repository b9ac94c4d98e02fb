"""What a case leaves open."""

import pytest

from calcinet.clinical.assess import assess
from calcinet.clinical.case import Case


def fields(**parts):
    return {question.field for question in assess(Case.model_validate(parts)).questions}


def test_necrosis_of_an_ulcer_and_pain_of_a_plaque_are_asked_about():
    lesions = [{"site": "lower leg", "kind": "ulcer"}, {"site": "thigh", "kind": "plaque"}]

    assert {"lesions.0.necrotic", "lesions.1.painful"} <= fields(lesions=lesions)


@pytest.mark.parametrize(("celsius", "asks"), [(37.9, False), (38.0, True), (None, False)])
def test_fever_asks_for_an_infection(celsius, asks):
    """From 38 degrees Celsius on; a temperature that was not taken asks for nothing."""
    examination = {} if celsius is None else {"temperature_c": celsius}

    assert ("examination.infection_suspected" in fields(examination=examination)) is asks


def test_an_infection_that_was_looked_for_is_not_asked_about_again():
    examination = {"temperature_c": 39.0, "infection_suspected": False}

    assert "examination.infection_suspected" not in fields(examination=examination)


def test_veins_are_asked_about_where_a_leg_is_affected():
    leg = [{"site": "lower leg", "kind": "ulcer"}]

    assert "examination.venous_disease" in fields(lesions=leg)
    assert "examination.venous_disease" not in fields(lesions=leg, examination={"ceap": "C0"})
    assert "examination.venous_disease" not in fields(lesions=[{"site": "breast", "kind": "ulcer"}])


@pytest.mark.parametrize(
    ("parts", "asks"),
    [
        ({"drugs": [{"name": "sevelamer"}]}, True),
        ({"drugs": [{"name": "sevelamer"}], "drugs_complete": True}, False),
        ({"drugs": [{"name": "sevelamer"}], "drugs_complete": False}, False),
        ({"drugs": []}, False),
        ({}, False),
        ({"drugs": [{"name": "sevelamer"}], "treatments": [{"name": "drug stopped", "drug": "warfarin"}]}, False),
    ],
)
def test_whether_the_list_is_complete_is_asked_once(parts, asks):
    """Not where somebody answered, where there is no list, or where a drug is known to be missing from it."""
    assert ("drugs_complete" in fields(**parts)) is asks
