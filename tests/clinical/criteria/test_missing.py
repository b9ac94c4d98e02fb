"""What exactly is missing of an item."""

import pytest

from calcinet.clinical.assess import assess
from calcinet.clinical.case import Case
from calcinet.clinical.criteria.missing import missing_of_body, missing_of_dialysis, missing_of_labs


def labs(*entries):
    known = assess(Case.model_validate({"labs": list(entries), "patient": {"age_years": 9}}))
    return missing_of_labs(known, ("alkaline_phosphatase",), "What is it?")


@pytest.mark.parametrize(
    ("value", "question", "field"),
    [
        ("320 U/L", "alkaline phosphatase 320 U/L: what are the laboratory's limits?", "labs.1.high"),
        ("> 320 U/L", "alkaline phosphatase > 320 U/L is a limit: what is the value itself?", "labs.1.value"),
        ("320", "alkaline phosphatase 320: its unit or number is in question; answer that first.", "labs.1"),
    ],
)
def test_a_given_result_is_asked_for_what_it_lacks(value, question, field):
    """Its limits, its number, its unit; nothing else."""
    missing = labs({"name": "albumin", "value": "38 g/L"}, {"name": "ALP", "value": value})

    assert (missing.question, missing.field) == (question, field)


def test_a_result_that_is_not_there_is_asked_for():
    """Only then."""
    assert labs().question == "What is it?"


@pytest.mark.parametrize(
    ("patient", "question"),
    [
        ({}, "What are height and weight?"),
        ({"height_cm": 160}, "What is the weight?"),
        ({"weights": [{"kg": 70}]}, "What is the height?"),
    ],
)
def test_of_the_body_the_missing_measure_is_asked(patient, question):
    """Never both where one is given."""
    assert missing_of_body(Case.model_validate({"patient": patient})).question == question


@pytest.mark.parametrize(
    ("kidney", "field"),
    [
        ({}, "kidney.dialysis"),
        ({"stage": "5D"}, "kidney.dialysis"),
        ({"dialysis": [{"kind": "peritoneal", "years": 2}, {"kind": "haemodialysis"}]}, "kidney.dialysis.1.start"),
        ({"dialysis": [{"kind": "peritoneal", "start": "2022-01-01"}]}, "examined_on"),
    ],
)
def test_of_dialysis_the_missing_day_is_asked(kidney, field):
    """Of the period that lacks it; with all first days, today's."""
    assert missing_of_dialysis(Case.model_validate({"kidney": kidney})).field == field
