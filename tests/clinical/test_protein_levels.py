"""Low proteins C and S that tell of no deficiency."""

import pytest

from calcinet.clinical.assess import assess
from calcinet.clinical.case import Case
from calcinet.clinical.protein_levels import is_deficient, list_other_causes

OLD = {"name": "protein C", "value": "38 %", "low": 70, "on": "2024-05-01"}
NEW = {"name": "protein C", "value": "31 %", "low": 70, "on": "2026-05-01"}
WARFARIN = {"name": "warfarin", "start": "2025-01-01"}


def judged(**parts):
    case = Case.model_validate({"drugs": [], "drugs_complete": True, **parts})
    return is_deficient(case, assess(case), "protein_c")


@pytest.mark.parametrize(
    ("parts", "answer"),
    [
        ({}, None),
        ({"labs": [NEW]}, True),
        ({"labs": [{**NEW, "value": "90 %"}]}, False),
        ({"labs": [NEW], "drugs": [WARFARIN]}, None),
        ({"labs": [OLD, NEW], "drugs": [WARFARIN]}, True),
        ({"labs": [{**OLD, "value": "90 %"}, NEW], "drugs": [WARFARIN]}, False),
        ({"labs": [{**NEW, "value": "90 %"}], "drugs": [WARFARIN]}, False),
        ({"labs": [{"name": "protein C", "value": "pending"}]}, None),
    ],
)
def test_the_latest_result_that_nothing_else_lowers_decides(parts, answer):
    """One from before the antagonist tells; a normal one under it tells as well."""
    assert judged(**parts) is answer


def test_each_other_cause_is_named():
    """All four of one patient."""
    case = Case.model_validate(
        {
            "labs": [NEW, {"name": "blood culture", "value": "positive"}],
            "drugs": [WARFARIN],
            "drugs_complete": True,
            "conditions": [{"name": "cirrhosis"}, {"name": "pregnancy"}],
        }
    )
    known = assess(case)

    assert list_other_causes(case, known, known.lab("protein_c")) == [
        "a vitamin K antagonist within four weeks before the sample",
        "liver disease",
        "sepsis",
        "pregnancy",
    ]


@pytest.mark.parametrize(
    "parts",
    [
        {"drugs": [{"name": "paracetamol"}], "drugs_complete": False},
        {"conditions": [{"name": "nephrotic syndrome"}]},
        {"conditions": [{"name": "cellulitis"}]},
        {"examination": {"infection_suspected": True}},
    ],
)
def test_a_low_protein_tells_nothing_where_something_else_may_lower_it(parts):
    """A list of drugs that may lack an antagonist, protein lost in urine, infection."""
    assert judged(labs=[NEW], **parts) is None
