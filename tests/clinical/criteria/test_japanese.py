"""The Japanese criteria of 2012, item by item."""

import pytest

from tests.support.cases import DIALYSIS, FULL, HISTOLOGY, ULCER, chinese, japanese


@pytest.mark.parametrize(
    ("kidney", "met"),
    [
        ({"stage": "5D"}, True),
        ({"dialysis": [{"kind": "peritoneal"}]}, True),
        ({"dialysis": [{"kind": "peritoneal", "stop": "2025-01-01"}], "stage": "3"}, False),
        ({"egfr_ml_min": 15}, True),
        ({"egfr_ml_min": 15.1}, False),
        ({"stage": "5"}, True),
        ({"stage": "4"}, False),
        ({"stage": "normal"}, False),
        ({}, None),
    ],
)
def test_first_criterion_is_dialysis_or_a_gfr_of_15(kidney, met):
    """15 mL/min meets it, 15.1 does not; where nothing is said it is unknown and asked."""
    item = japanese(kidney=kidney).items["clinical_1"]

    assert item.met is met
    assert (item.question is not None) is (met is None)


@pytest.mark.parametrize(
    ("lesions", "met"),
    [
        ([FULL], True),
        ([{**FULL, "side": "L", "count": 2}], True),
        ([{**FULL, "side": "L", "count": 1}], False),
        ([{**FULL, "side": "L"}], None),
        ([{**FULL, "side": "L", "count": 1}, {**FULL, "site": "finger", "side": "R", "count": 1}], True),
        ([{**FULL, "refractory": None}], None),
        ([{**FULL, "painful": False}], False),
        ([{**FULL, "kind": "plaque"}], False),
        ([{**FULL, "kind": "eschar"}], True),
        ([], False),
        (None, None),
    ],
)
def test_second_criterion_counts_ulcers(lesions, met):
    """One on each side is two; one ulcer whose number is not given may be more."""
    item = japanese(lesions=lesions).items["clinical_2"]

    assert item.met is met
    assert (item.question is not None) is (met is None)


@pytest.mark.parametrize(
    ("site", "met"),
    [("lower leg", True), ("penis", True), ("abdomen", True), ("leg", True), ("finger", False), ("foot", False)],
)
def test_hands_and_feet_do_not_count_for_the_third(site, met):
    """Trunk, upper arm, forearm, thigh, lower leg or penis."""
    assert japanese(lesions=[{**FULL, "site": site}]).items["clinical_3"].met is met


def test_questions_name_only_what_is_missing():
    """Pain was stated, so it is not asked."""
    item = japanese(lesions=[{**ULCER, "painful": True, "refractory": True}]).items["clinical_3"]

    assert item.question == "Is there painful purpura in the skin around the lesions?"


@pytest.mark.parametrize(
    ("parts", "met"),
    [
        ({"kidney": DIALYSIS, "lesions": [FULL], "all_mimics_excluded": True}, True),
        ({"kidney": DIALYSIS, "lesions": [FULL]}, None),
        ({"kidney": DIALYSIS, "lesions": [{**FULL, "kind": "gangrene"}], "all_mimics_excluded": True}, True),
        ({"kidney": {"stage": "normal"}, "lesions": [FULL]}, None),
        ({"kidney": {"stage": "normal"}, "lesions": [FULL], "pathology": [HISTOLOGY]}, None),
        (
            {
                "kidney": {"stage": "normal"},
                "lesions": [FULL],
                "pathology": [HISTOLOGY],
                "all_mimics_excluded": True,
            },
            True,
        ),
        (
            {
                "kidney": DIALYSIS,
                "lesions": [{**FULL, "side": "L", "count": 1}],
                "pathology": [HISTOLOGY],
                "all_mimics_excluded": True,
            },
            True,
        ),
        ({"kidney": DIALYSIS, "lesions": [], "pathology": [HISTOLOGY]}, False),
        ({"kidney": {"stage": "normal"}, "lesions": []}, False),
        ({"kidney": DIALYSIS, "lesions": [ULCER]}, None),
    ],
)
def test_three_clinical_or_two_and_histology(parts, met):
    """Two clinical without a biopsy stay open, and so does everything while other diseases are not excluded."""
    assert japanese(**parts).met is met


def test_negative_biopsy_leaves_two_clinical_criteria_unmet():
    """3 of 3, or 2 and histology."""
    lesions = [{**FULL, "side": "L", "count": 1}]

    assert japanese(kidney=DIALYSIS, lesions=lesions, pathology=[{"status": "done", "result": "negative"}]).met is False


def test_declined_biopsy_is_not_asked_for_again():
    """It stays unknown, in both schemes."""
    declined = [{"status": "declined"}]
    items = japanese(pathology=declined).items["histology"], chinese(pathology=declined).items["biopsy_positive"]

    for item in items:
        assert (item.met, item.question, item.because) == (None, None, "Biopsy was declined.")
