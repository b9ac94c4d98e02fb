"""Observations of a bundle, one at a time."""

import pytest

from calcinet.io.case.fhir.observations import HEIGHT, laboratory_of, vital
from calcinet.io.case.fhir.types import LOINC


def observed(value, unit, **more):
    return {
        "code": {"coding": [{"system": LOINC, "code": HEIGHT}]},
        "valueQuantity": {"value": value, "code": unit},
        **more,
    }


def test_vital_signs_come_oldest_first():
    """1.6 m is 160 cm; furlongs are passed over; what has no day comes first."""
    found = vital(
        [
            observed(1.6, "m", effectiveDateTime="2026-03-09"),
            observed(158, "cm", effectiveDateTime="2025-01-01"),
            observed(1, "[fur_us]"),
            observed(62, "[in_i]"),
        ],
        HEIGHT,
        "cm",
    )

    assert found == [(None, 157.48), ("2025-01-01", 158), ("2026-03-09", 160)]


def test_a_result_keeps_its_comparator_and_digits():
    quantity = {"value": 0.5, "comparator": "<", "unit": "mg/L"}
    result = laboratory_of({"code": {"text": "phosphate"}, "valueQuantity": quantity})

    assert result == {"name": "phosphate", "value": "<0.5", "unit": "mg/L"}


@pytest.mark.parametrize(("category", "name"), [("laboratory", "own test"), ("exam", None)])
def test_an_unknown_result_keeps_its_words_where_it_is_the_laboratorys(category, name):
    result = laboratory_of(
        {"code": {"text": "own test"}, "category": [{"coding": [{"code": category}]}], "valueString": "clear"}
    )

    assert (result or {}).get("name") == name


def test_a_range_in_another_unit_or_of_another_kind_is_passed_over():
    """The third one fits: it has no unit of its own."""
    result = laboratory_of(
        {
            "code": {"text": "phosphate"},
            "valueQuantity": {"value": 1.5, "unit": "mmol/L"},
            "referenceRange": [
                {"low": {"value": 2.5, "unit": "mg/dL"}},
                {"low": {"value": 9}, "type": {"coding": [{"code": "treatment"}]}},
                {"low": {"value": 0.8}, "high": {"value": 1.4}},
            ],
            "interpretation": [{"coding": [{"code": "HH"}]}],
        }
    )

    assert (result["low"], result["high"], result["flag"]) == (0.8, 1.4, "H")


def test_a_coded_result_is_a_word():
    """260385009 is SNOMED CT's code for negative."""
    value = {"coding": [{"code": "260385009"}], "text": "Not detected"}

    assert laboratory_of({"code": {"text": "phosphate"}, "valueCodeableConcept": value})["value"] == "negative"
