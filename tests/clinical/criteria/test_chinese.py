"""The three levels of the Chinese scheme."""

import pytest

from calcinet.clinical.assess import assess
from calcinet.clinical.case import Case
from calcinet.references import references
from tests.support.cases import DIALYSIS, POSITIVE, ULCER, chinese


@pytest.mark.parametrize(
    ("lesion", "typical"),
    [
        ({"kind": "livedo"}, True),
        ({"kind": "eschar"}, True),
        ({"kind": "purpura", "painful": True}, True),
        ({"kind": "purpura"}, None),
        ({"kind": "plaque", "painful": False}, False),
        ({"kind": "induration", "painful": True}, True),
        ({"kind": "ulcer", "necrotic": True}, True),
        ({"kind": "ulcer"}, None),
        ({"kind": "gangrene"}, False),
        ({"kind": "reticular erythema", "painful": True}, False),
    ],
)
def test_typical_lesions_of_the_scheme(lesion, typical):
    """Livedo, painful purpura, painful plaque or induration, necrotic ulcer, black eschar."""
    assert chinese(lesions=[{"site": "thigh", **lesion}]).items["typical_lesion"].met is typical


@pytest.mark.parametrize(
    ("parts", "level"),
    [
        ({"lesions": [ULCER], "kidney": DIALYSIS}, "clinical"),
        ({"lesions": [ULCER]}, None),
        ({"lesions": [], "pathology": [POSITIVE]}, "none"),
        ({"lesions": [{**ULCER, "necrotic": False}], "pathology": [POSITIVE]}, "confirmed"),
        ({"lesions": [{"site": "finger", "kind": "gangrene"}], "pathology": [POSITIVE]}, "confirmed"),
        (
            {"lesions": [{**ULCER, "kind": "eschar"}], "pathology": [{"status": "done", "result": "positive"}]},
            "confirmed",
        ),
        ({"lesions": [{"site": "thigh", "kind": "nodule"}], "kidney": DIALYSIS}, None),
        ({"lesions": [{"site": "toe", "kind": "gangrene"}], "kidney": DIALYSIS}, "none"),
        (
            {
                "lesions": [{"site": "thigh", "kind": "nodule"}],
                "kidney": {"dialysis": [{"kind": "peritoneal", "years": 6}]},
                "drugs": [{"name": "warfarin", "months": 20}],
            },
            "suspected",
        ),
        (
            {
                "lesions": [{"site": "thigh", "kind": "nodule"}],
                "kidney": {"dialysis": [{"kind": "peritoneal", "years": 6}]},
                "conditions": [{"name": "diabetes"}, {"name": "obesity"}, {"name": "iron overload"}],
            },
            "suspected",
        ),
        ({"lesions": [ULCER], "kidney": DIALYSIS, "exclusions": [{"name": "vasculitis", "excluded": False}]}, "none"),
    ],
)
def test_level_is_the_highest_that_is_surely_reached(parts, level):
    """Two major, or one and three minor, with early change; a factor and a typical lesion; a biopsy and a lesion."""
    assert chinese(**parts).level == level


@pytest.mark.parametrize(
    ("lesion", "asked", "level"),
    [
        ({"kind": "plaque"}, "lesions.0.painful", None),
        ({"kind": "ulcer"}, "lesions.0.necrotic", None),
        ({"kind": "ulcer", "necrotic": False}, None, "none"),
        ({"kind": "eschar"}, None, "clinical"),
    ],
)
def test_what_is_not_stated_is_no_absence_of_suspicion(lesion, asked, level):
    """Pain of a plaque and necrosis of an ulcer would make them typical: they are asked about."""
    told = {"site": "thigh", "refractory": False, **lesion}
    known = assess(Case.model_validate({"lesions": [told], "kidney": DIALYSIS}))
    questions = [question.field for question in known.questions if question.field.startswith("lesions")]

    assert known.criteria["chinese_three_level"].level == level
    assert (known.suspicion is None) is (level is None)
    assert questions == ([] if asked is None else [asked])


def test_no_level_where_nothing_is_known_of_the_skin():
    """Sound skin is a level, silence is not."""
    assert assess(Case()).suspicion is None
    assert assess(Case(lesions=())).suspicion.level == "none"


def test_level_names_its_scheme_and_that_it_is_not_validated():
    """The summary repeats this sentence."""
    suspicion = assess(Case.model_validate({"lesions": [ULCER], "kidney": DIALYSIS})).suspicion

    assert suspicion.rule.startswith(
        "Chinese three-level scheme, an expert proposal that nobody has validated: a typical"
    )
    assert "not all excluded yet" in suspicion.rule
    assert suspicion.reference in references()
