"""Statements that do not go together are asked about."""

import pytest

from calcinet.clinical.assess import assess
from calcinet.clinical.case import Case

FEATURES = {"necrosis_or_ulcer": "yes", "vessels_calcified": "yes", "intima_narrowed": "yes"}
LESION = {"site": "lower leg", "side": "left", "kind": "ulcer", "necrotic": "yes", "painful": "yes"}
DIALYSIS = {"stage": "5D", "dialysis": [{"kind": "HD", "start": "2020-01-01"}]}


def fields(case):
    """Where the questions of a case want their answers."""
    return [question.field for question in assess(Case.model_validate(case)).questions]


@pytest.mark.parametrize(
    "biopsy", [{"result": "positive", "vessels_calcified": "no"}, {"result": "negative", **FEATURES}]
)
def test_a_biopsy_that_contradicts_itself(biopsy):
    """It is asked about, and gives neither a level nor a set of criteria."""
    case = {
        "kidney": DIALYSIS,
        "lesions": [LESION],
        "all_mimics_excluded": "yes",
        "pathology": [{"status": "done", **biopsy}],
    }
    known = assess(Case.model_validate(case))

    assert "pathology.0.result" in fields(case)
    assert known.suspicion.level is None
    assert "contradict" in known.suspicion.rule
    assert known.criteria["chinese_three_level"].items["biopsy_positive"].met is None
    assert known.criteria["japanese_2012"].items["histology"].met is None


@pytest.mark.parametrize(
    "biopsy",
    [
        {"result": "positive", **FEATURES},
        {"result": "negative", "vessels_calcified": "no"},
        {"result": "negative", "vessels_calcified": "yes"},
        {"result": "indeterminate", **FEATURES},
        {"result": "positive"},
    ],
)
def test_a_biopsy_that_agrees_is_not_asked_about(biopsy):
    """Calcified vessels alone are no calciphylaxis."""
    case = {"kidney": DIALYSIS, "lesions": [LESION], "pathology": [{"status": "done", **biopsy}]}

    assert "pathology.0.result" not in fields(case)


def test_a_positive_biopsy_without_dialysis_is_not_passed_over():
    """The scheme gives no level; the page says that a pathologist has read calciphylaxis."""
    case = {
        "kidney": {"stage": "normal"},
        "lesions": [LESION],
        "pathology": [{"status": "done", "result": "positive"}],
    }

    suspicion = assess(Case.model_validate(case)).suspicion
    assert suspicion.level is None
    assert suspicion.rule.startswith("A biopsy was read as calciphylaxis")


@pytest.mark.parametrize(
    ("case", "field"),
    [
        ({"patient": {"sex": "F"}, "lesions": [{"site": "penis", "kind": "ulcer"}]}, "lesions.0.site"),
        ({"patient": {"sex": "man"}, "lesions": [{"site": "labia", "kind": "ulcer"}]}, "lesions.0.site"),
        ({"patient": {"sex": "male"}, "conditions": [{"name": "pregnancy"}]}, "patient.sex"),
        (
            {"conditions": [{"name": "diabetes", "present": "no"}], "drugs": [{"name": "insulin glargine"}]},
            "conditions",
        ),
    ],
)
def test_what_cannot_be_is_asked_about(case, field):
    """Neither statement is changed."""
    assert field in fields(case)


@pytest.mark.parametrize(
    ("case", "field"),
    [
        ({"patient": {"sex": "other"}, "lesions": [{"site": "penis", "kind": "ulcer"}]}, "lesions.0.site"),
        ({"lesions": [{"site": "penis", "kind": "ulcer"}]}, "lesions.0.site"),
        ({"patient": {"sex": "female"}, "conditions": [{"name": "pregnancy"}]}, "patient.sex"),
        ({"conditions": [{"name": "diabetes"}], "drugs": [{"name": "insulin glargine"}]}, "conditions"),
    ],
)
def test_what_can_be_is_not_asked_about(case, field):
    """What is not stated contradicts nothing."""
    assert field not in fields(case)
