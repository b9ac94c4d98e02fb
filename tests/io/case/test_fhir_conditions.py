"""Conditions and procedures of a bundle, one at a time."""

import pytest

from calcinet.io.case.fhir_conditions import (
    biopsy_of,
    condition_of,
    dialysis_of,
    lesion_of,
    procedure_of,
    stage_of,
    treatment_of,
)

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


def test_dialysis_that_goes_on_has_no_end():
    """A period in progress has an end that was only planned."""
    period = {"start": "2022-03-09", "end": "2026-01-01"}

    assert dialysis_of(named("Hemodialysis", status="in-progress", performedPeriod=period)) == {
        "kind": "haemodialysis",
        "start": "2022-03-09",
    }
    assert dialysis_of(named("Hemodialysis", status="completed", performedPeriod=period))["stop"] == "2026-01-01"


@pytest.mark.parametrize(
    ("status", "reason", "biopsy"),
    [
        ("completed", None, {"status": "done"}),
        ("preparation", None, {"status": "planned"}),
        ("not-done", "Patient declined", {"status": "declined"}),
        ("not-done", None, None),
    ],
)
def test_a_biopsy_that_was_not_done_was_declined_only_where_it_is_said(status, reason, biopsy):
    assert biopsy_of(named("Punch biopsy of skin", status=status, statusReason={"text": reason})) == biopsy


def test_a_biopsy_of_the_kidney_is_none_of_the_skin():
    assert biopsy_of(named("Biopsy of kidney", status="completed")) is None


def test_what_was_not_done_is_neither_treatment_nor_procedure():
    assert treatment_of(named("Debridement of wound", status="not-done")) is None
    assert procedure_of(named("Angiography", status="not-done")) is None
    assert procedure_of(named("Angiography", status="completed")) == {"name": "vascular procedure"}
