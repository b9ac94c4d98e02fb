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
        ({"kind": "gangrene"}, True),
        ({"kind": "haemorrhagic plaque"}, True),
        ({"kind": "papule", "painful": True}, False),
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
        ({"lesions": [], "pathology": [POSITIVE], "kidney": DIALYSIS}, "none"),
        ({"lesions": [{**ULCER, "necrotic": False}], "pathology": [POSITIVE], "kidney": DIALYSIS}, "confirmed"),
        ({"lesions": [{**ULCER, "necrotic": False}], "pathology": [POSITIVE]}, None),
        (
            {"lesions": [{"site": "finger", "kind": "gangrene"}], "pathology": [POSITIVE], "kidney": DIALYSIS},
            "confirmed",
        ),
        ({"lesions": [{"site": "thigh", "kind": "nodule"}], "kidney": DIALYSIS}, None),
        ({"lesions": [{"site": "toe", "kind": "gangrene"}], "kidney": DIALYSIS}, "clinical"),
        ({"lesions": [{"site": "toe", "kind": "eschar"}], "kidney": DIALYSIS}, "clinical"),
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
    assert assess(Case.model_validate({"lesions": [], "kidney": DIALYSIS})).suspicion.level == "none"


def test_level_names_its_scheme_and_that_it_is_not_validated():
    """The summary repeats this sentence."""
    suspicion = assess(Case.model_validate({"lesions": [ULCER], "kidney": DIALYSIS})).suspicion

    assert suspicion.rule.startswith(
        "Chinese three-level scheme, an expert proposal that nobody has validated: a typical"
    )
    assert "It holds only if the following are excluded" in suspicion.rule
    assert (suspicion.position, suspicion.provisional) == (2, True)
    assert "pyoderma gangrenosum" in suspicion.open
    assert suspicion.reference in references()


@pytest.mark.parametrize(
    ("lesion", "answer"),
    [
        ({"kind": "diffuse rash"}, True),
        ({"kind": "purpura"}, True),
        ({"kind": "subcutaneous induration"}, True),
        ({"kind": "papule", "painful": True}, True),
        ({"kind": "papule"}, None),
        ({"kind": "papule", "painful": False}, False),
        ({"kind": "cellulitis-like erythema"}, True),
        ({"kind": "hemorrhagic plaque"}, True),
        ({"kind": "ulcer"}, False),
    ],
)
def test_early_lesions_of_the_scheme(lesion, answer):
    """Diffuse rash, purpura, subcutaneous induration, painful papules, cellulitis-like erythema."""
    assert chinese(lesions=[{"site": "thigh", **lesion}]).items["early_skin_change"].met is answer


@pytest.mark.parametrize(
    ("kidney", "words"),
    [
        ({"stage": "normal"}, "kidneys are normal"),
        ({"stage": "4"}, "is not on dialysis"),
        ({"stage": "3", "transplant": True, "dialysis": [{"kind": "peritoneal", "stop": "2024-01-01"}]}, "transplant"),
    ],
)
def test_no_level_off_dialysis(kidney, words):
    """The table is headed "in dialysis patients"; the items stay, for they are risk factors all the same."""
    told = Case.model_validate({"lesions": [ULCER], "kidney": kidney, "pathology": [POSITIVE]})
    known = assess(told)
    scheme = known.criteria["chinese_three_level"]

    assert (scheme.level, scheme.met, known.suspicion.level, known.suspicion.position) == (None, None, None, None)
    assert words in scheme.why_not
    assert words in known.suspicion.rule
    assert "does not exclude calciphylaxis" in known.suspicion.rule


def test_a_transplant_that_has_failed_is_on_dialysis_again():
    """Dialysis decides, not the history."""
    assert chinese(lesions=[ULCER], kidney={**DIALYSIS, "transplant": True}).level == "clinical"


def test_dialysis_that_nobody_stated_is_asked_for():
    """It decides whether the scheme applies."""
    known = assess(Case.model_validate({"lesions": [ULCER]}))

    assert known.suspicion is None
    assert "kidney.dialysis" in [question.field for question in known.questions]


def test_none_is_no_all_clear():
    """It says so, once."""
    told = {"lesions": [{**ULCER, "necrotic": False}], "kidney": DIALYSIS, "drugs": []}
    suspicion = assess(Case.model_validate(told)).suspicion

    assert (suspicion.level, suspicion.position, suspicion.open) == ("none", 0, ())
    assert "does not exclude calciphylaxis" in suspicion.headline
    assert "exclude" not in suspicion.rule


def test_a_disease_that_was_found_leads_and_is_named():
    """It explains the lesion; that calciphylaxis is not excluded is said once."""
    told = {"lesions": [ULCER], "kidney": DIALYSIS, "exclusions": [{"name": "vasculitis", "status": "found"}]}
    suspicion = assess(Case.model_validate(told)).suspicion

    assert suspicion.headline == (
        "Vasculitis was found and explains the lesion; the scheme gives no level while it does."
    )
    assert "does not exclude calciphylaxis" in suspicion.rule
    assert suspicion.found == ("vasculitis",)


def test_two_diseases_that_were_found_are_both_named():
    """In the plural."""
    found = [{"name": name, "status": "found"} for name in ("vasculitis", "arterial disease")]
    suspicion = assess(Case.model_validate({"lesions": [ULCER], "kidney": DIALYSIS, "exclusions": found})).suspicion

    assert suspicion.headline.startswith("Vasculitis, arterial disease were found and explain the lesion;")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "a typical lesion, and one risk factor alone (dialysis for less than 5 years)"),
        (
            {"conditions": [{"name": "diabetes mellitus"}]},
            "a typical lesion and at least one risk factor (dialysis for less than 5 years, diabetes mellitus)",
        ),
    ],
)
def test_the_rule_names_the_risk_factors_that_are_met(more, said):
    """Where it is short dialysis alone, it says so."""
    kidney = {"stage": "5D", "dialysis": [{"kind": "haemodialysis", "years": 3}]}
    known = assess(Case.model_validate({"lesions": [ULCER], "kidney": kidney, **more}))

    assert said in known.suspicion.rule


def test_other_diseases_are_open_in_the_order_that_was_given():
    """The rest follow; the item of the scheme and the question have the same order."""
    told = {"lesions": [ULCER], "kidney": DIALYSIS}
    known = assess(Case.model_validate(told), ["vasculitis", "pyoderma gangrenosum"])
    asked = next(question.text for question in known.questions if question.field == "exclusions")

    assert known.suspicion.open[:3] == ("vasculitis", "pyoderma gangrenosum", "diabetic gangrene")
    assert asked.startswith("Which of these have been excluded: vasculitis, pyoderma gangrenosum, diabetic gangrene")


def test_with_every_mimic_excluded_the_level_is_not_provisional():
    """Nothing is open."""
    told = {"lesions": [ULCER], "kidney": DIALYSIS, "all_mimics_excluded": True}
    suspicion = assess(Case.model_validate(told)).suspicion

    assert (suspicion.provisional, suspicion.open) == (False, ())
    assert suspicion.headline.endswith('level "clinical", second of three.')


def test_lesions_of_hands_and_feet_alone_keep_their_caution():
    """One lesion elsewhere takes it away."""
    toe = {"site": "toe", "kind": "gangrene"}
    acral, mixed = (
        assess(Case.model_validate({"lesions": lesions, "kidney": DIALYSIS})).suspicion.rule
        for lesions in ([toe], [toe, ULCER])
    )

    assert "hard to tell from diabetic gangrene" in acral
    assert "hard to tell from diabetic gangrene" not in mixed


def test_a_positive_biopsy_beside_a_found_disease_is_a_question():
    """Neither none nor confirmed: one of both is not the whole explanation."""
    found = [{"name": "arterial disease", "status": "found"}]
    told = {"lesions": [ULCER], "kidney": DIALYSIS, "pathology": [POSITIVE], "exclusions": found}
    known = assess(Case.model_validate(told))

    assert known.suspicion.level is None
    assert "contradicts itself" in known.suspicion.headline
    assert any("Ask the pathologist" in question.text for question in known.questions)
