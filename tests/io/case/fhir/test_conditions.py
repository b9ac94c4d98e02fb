"""Conditions of a bundle, one at a time."""

import pytest

from calcinet.io.case.fhir.conditions import condition_of, is_over, lesion_of, stage_of

ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"


def named(text, **more):
    return {"code": {"text": text}, **more}


@pytest.mark.parametrize(
    ("concept", "stage"),
    [
        ({"coding": [{"system": ICD10, "code": "N18.32"}]}, "3"),
        ({"coding": [{"system": ICD10, "code": "Z99.2"}], "text": "Chronic kidney disease, stage 4"}, "5D"),
        ({"text": "Chronic kidney disease, stage 4"}, "4"),
        ({"text": "Kidney stone"}, None),
    ],
)
def test_a_code_decides_the_stage_before_words(concept, stage):
    assert stage_of(concept) == stage


def test_a_disease_that_is_not_in_the_table_keeps_its_words():
    assert condition_of(named("Ennui")) == {"name": "Ennui", "present": "yes"}
    assert condition_of({}) is None


@pytest.mark.parametrize(
    ("site", "side"),
    [("Left lower leg", "left"), ("Right and left lower leg", "both"), ("Lower leg, bilateral", "both")],
)
def test_a_lesion_has_the_side_of_its_body_site(site, side):
    lesion = lesion_of(named("Painful skin ulcer", bodySite=[{"text": site}]))

    assert lesion == {"kind": "ulcer", "site": "lower leg", "side": side, "painful": "yes"}


@pytest.mark.parametrize(
    ("told", "over"),
    [
        *(({"clinicalStatus": {"coding": [{"code": code}]}}, True) for code in ("resolved", "inactive", "remission")),
        *(({"clinicalStatus": {"coding": [{"code": code}]}}, False) for code in ("active", "recurrence", "relapse")),
        ({"abatementDateTime": "2020-01-01"}, True),
        ({"clinicalStatus": {"coding": [{"code": "relapse"}]}, "abatementDateTime": "2020-01-01"}, False),
        ({"abatementBoolean": False}, False),
        ({}, False),
    ],
)
def test_what_is_over_is_told_by_status_or_by_an_end(told, over):
    assert is_over(named("Ulcer", **told)) is over


def test_words_of_snomed_lose_their_kind():
    """As Synthea writes them."""
    assert stage_of({"text": "Chronic kidney disease stage 4 (disorder)"}) == "4"
    assert condition_of(named("Diabetes mellitus type 2 (disorder)"))["name"] != "Diabetes mellitus type 2 (disorder)"
