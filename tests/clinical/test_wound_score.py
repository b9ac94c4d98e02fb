"""Scores that a person enters: sums on paper, ends of the scales, and what is missing."""

import math

import pytest
from pydantic import ValidationError

from calcinet import examine
from calcinet.clinical.wound_score import WoundScore, ellipse_cm2

ITEMS = tuple(WoundScore.model_fields)


def test_eight_items_sum_from_8_to_40():
    assert len(ITEMS) == 8
    assert WoundScore(**dict.fromkeys(ITEMS, 1)).total == 8
    assert WoundScore(**dict.fromkeys(ITEMS, 5)).total == 40


def test_one_item_missing_leaves_no_total():
    assert WoundScore(**dict.fromkeys(ITEMS[:7], 3)).total is None


@pytest.mark.parametrize("grade", [0, 6, 2.5])
def test_a_grade_is_a_whole_number_from_1_to_5(grade):
    with pytest.raises(ValidationError):
        WoundScore(oedema=grade)


def test_the_area_is_that_of_the_ellipse():
    assert ellipse_cm2((4.0, 2.0)) == pytest.approx(2 * math.pi, abs=0.005)
    assert ellipse_cm2((4.0,)) is None


def test_scores_go_from_the_case_into_the_record():
    case = {
        "examined_on": "2026-03-09",
        "lesions": [
            {"site": "leg", "side": "L", "kind": "ulcer", "size_cm": "4 x 2", "wound": dict.fromkeys(ITEMS, 2)}
        ],
        "examination": {"pain_vas": 62},
        "scores": {"adragao": 5, "kauppila": 14},
        "treatments": [{"name": "sodium thiosulphate", "sessions": 9}],
    }
    clinical = examine(case=case).clinical
    (lesion,) = clinical.lesions

    assert (lesion.wound.total, round(lesion.area_cm2, 2)) == (16, 6.28)
    assert "not verified" in lesion.wound.label
    assert clinical.pain_vas == 62
    assert [(score.name, score.value, score.on) for score in clinical.reader_scores] == [
        ("adragao", 5, "2026-03-09"),
        ("kauppila", 14, "2026-03-09"),
    ]
    assert clinical.treatments[0].sessions == 9
    assert "9 sessions" in clinical.treatments[0].label
