"""Advice: each rule comes up where it should, cites its source, and orders nothing."""

import re

import pytest

from calcinet.evidence.advice import advice, load, rules
from calcinet.evidence.context import PatientContext
from calcinet.evidence.readings import Reading
from calcinet.references import references
from tests.support.patients import FILM, FINGER, LEGS, SOUND_FILM, situation

RULE = """
[a_rule]
when = ["painful"]
text = "Treat the pain."
level = "expert"
reference = "ng_case"
"""

ABDOMEN = {"site": "abdomen", "kind": "plaque"}
BREAST = {"site": "breast", "kind": "ulcer"}
AF = [{"name": "atrial fibrillation"}]


def steps(**parts):
    return {step.code: step.text for step in advice(situation(**parts))}


COMES_UP = {
    "film": ({}, {"imaging": [FILM]}),
    "film_unplaced": ({"imaging": [{"modality": "film"}]}, {"imaging": [FILM, {"modality": "film"}]}),
    "ct_without_contrast": ({"lesions": [ABDOMEN]}, {"lesions": [LEGS]}),
    "mammogram": ({"lesions": [BREAST]}, {}),
    "breast_malignancy": ({"lesions": [BREAST]}, {}),
    "normal_mammogram": (
        {"lesions": [BREAST], "imaging": [{"modality": "mammogram"}]},
        {"lesions": [BREAST], "imaging": [{"modality": "mammogram", "vessels": ["small"]}]},
    ),
    "contrast_ct": (
        {"imaging": [{"modality": "CT", "contrast": True}]},
        {"imaging": [{"modality": "CT", "contrast": False}]},
    ),
    "better_film": ({"imaging": [{**SOUND_FILM, "quality": "limited"}]}, {"imaging": [SOUND_FILM]}),
    "venous_question": ({"imaging": [FILM]}, {"imaging": [FILM], "examination": {"venous_disease": False}}),
    "negative_image": ({"imaging": [SOUND_FILM]}, {"imaging": [FILM]}),
    "negative_scan": (
        {"imaging": [{"modality": "bone scan", "uptake": False}]},
        {"imaging": [{"modality": "bone scan", "uptake": True}]},
    ),
    "biopsy_penis": ({"lesions": [{"site": "penis", "kind": "ulcer"}]}, {}),
    "biopsy_acral": ({"lesions": [FINGER]}, {}),
    "biopsy_adds": ({}, {"lesions": [{"site": "penis", "kind": "ulcer"}, FINGER]}),
    "biopsy_lower_leg": ({"lesions": [LEGS]}, {"lesions": [ABDOMEN]}),
    "biopsy_declined": ({"pathology": [{"status": "declined"}]}, {}),
    "negative_biopsy": (
        {"pathology": [{"status": "done", "result": "negative"}]},
        {"pathology": [{"status": "done", "result": "negative"}, {"status": "done", "result": "positive"}]},
    ),
    "infection": (
        {"labs": [{"name": "WBC", "value": "22.4 10^9/L"}]},
        {"labs": [{"name": "WBC", "value": "7 10^9/L"}]},
    ),
    "vitamin_k_antagonist_stroke": (
        {"drugs": [{"name": "warfarin"}], "conditions": AF},
        {"drugs": [{"name": "warfarin"}]},
    ),
    "vitamin_k_antagonist": ({"drugs": [{"name": "warfarin"}]}, {"drugs": [{"name": "warfarin"}], "conditions": AF}),
    "active_vitamin_d": ({"drugs": [{"name": "calcitriol"}]}, {"drugs": [{"name": "calcitriol", "status": "stopped"}]}),
    "ask_stopped_drug": (
        {"treatments": [{"name": "drug stopped", "drug": "calcitriol"}]},
        {
            "treatments": [{"name": "drug stopped", "drug": "calcitriol"}],
            "drugs": [{"name": "calcitriol", "status": "stopped"}],
        },
    ),
    "aluminium_binder": ({"drugs": [{"name": "aluminium hydroxide"}]}, {"drugs": [{"name": "sevelamer"}]}),
    "nutritional_vitamin_d": ({"drugs": [{"name": "cholecalciferol"}]}, {}),
    "calcium_salt": ({"drugs": [{"name": "calcium carbonate"}]}, {"drugs": [{"name": "sevelamer"}]}),
    "calcimimetic": ({"drugs": [{"name": "cinacalcet"}]}, {}),
    "iron": ({"drugs": [{"name": "iron sucrose"}]}, {}),
    "corticosteroid": ({"drugs": [{"name": "prednisolone"}]}, {}),
    "injections": ({"lesions": [{**ABDOMEN, "injection_site": True}]}, {"lesions": [ABDOMEN]}),
    "pressure_and_weight": ({"examination": {"recurrent_hypotension": True}}, {}),
    "never_into_the_abdomen": ({}, {"kidney": {"dialysis": [{"kind": "haemodialysis"}]}}),
    "thiosulphate_effect": ({"treatments": [{"name": "sodium thiosulphate"}]}, {}),
    "low_parathyroid_hormone": ({"labs": [{"name": "PTH", "value": "0.5 pmol/L"}]}, {}),
    "working_kidneys": ({"kidney": {"stage": "normal"}}, {}),
    "exclude_mimics": ({}, {"all_mimics_excluded": True}),
}
"""For each rule a patient whom it concerns, and one who differs in a field or two and whom it does not."""


@pytest.mark.parametrize("code", COMES_UP)
def test_one_field_changes_the_advice(code):
    """There with it, gone without it."""
    concerned, other = COMES_UP[code]

    assert code in steps(**concerned)
    assert code not in steps(**other)


def test_every_rule_has_its_patient():
    """No rule that nobody has seen come up."""
    assert set(COMES_UP) == set(rules())


@pytest.mark.parametrize("text", [rule.text for rule in rules().values()])
def test_no_rule_is_an_order_to_stop(text):
    """A drug is reviewed with the prescriber; none is stopped, given or started."""
    assert not re.search(r"\b(stop|discontinue|withdraw|start|give|administer)\b(?! of)", text, re.IGNORECASE)


@pytest.mark.parametrize(
    "code",
    [
        *("vitamin_k_antagonist", "vitamin_k_antagonist_stroke", "active_vitamin_d", "nutritional_vitamin_d"),
        *("calcium_salt", "calcimimetic", "iron", "corticosteroid"),
    ],
)
def test_every_drug_reads_review_with_the_prescriber(code):
    """In these very words."""
    assert "eview with the prescriber" in rules()[code].text


def test_anticoagulation_in_atrial_fibrillation_is_a_stroke_question():
    """And it is not the other rule."""
    found = steps(drugs=[{"name": "warfarin"}], conditions=AF)

    assert "stroke" in found["vitamin_k_antagonist_stroke"]


def test_thiosulphate_never_goes_into_the_abdomen():
    """Whenever it is given or could be."""
    given = steps(kidney={}, treatments=[{"name": "sodium thiosulphate", "route": "intraperitoneal"}])

    assert "Never" in given["never_into_the_abdomen"]


def test_a_film_that_cannot_tell_asks_for_a_better_one():
    """Which view, which pixels, and which film."""
    blind = Reading("img-2", "film", "lower leg", "L", resolvable_mm=0.42, blind=True)
    found = {step.code: step.text for step in advice(PatientContext.of(None, [blind]))}

    assert "img-2 (lower leg: nothing finer than 0.42 mm)" in found["better_film"]
    assert "0.15 mm" in found["better_film"]
    assert "two views" in found["better_film"]


def test_next_image_goes_by_the_site():
    """Film for the leg, CT without contrast for the abdomen, mammogram for the breast."""
    found = steps(lesions=[LEGS, ABDOMEN, BREAST])

    assert "lower leg" in found["film"]
    assert "abdomen" in found["ct_without_contrast"]
    assert "mammogram" in found


def test_ct_with_contrast_does_not_stand_for_one_without():
    """It is still asked for."""
    assert "ct_without_contrast" in steps(
        lesions=[ABDOMEN], imaging=[{"modality": "CT", "site": "abdomen", "contrast": True}]
    )


def test_without_patient_and_image_there_is_no_advice():
    """Nothing is known."""
    assert advice(PatientContext.of(None)) == ()


def test_every_reference_is_known():
    """Followed to its source."""
    assert {rule.reference for rule in rules().values()} <= set(references())


@pytest.mark.parametrize(
    ("old", "new", "error", "words"),
    [
        ("ng_case", "nobody1999", KeyError, "nobody1999"),
        ("painful", "sore", ValueError, "no fact is called sore"),
        ("Treat", "Treat {whom} for", ValueError, "no value is called whom"),
        ("expert", "certain", ValueError, "level must be one of evidence, expert, report"),
        ('text = "Treat the pain."', "", TypeError, "text"),
    ],
)
def test_rule_that_cannot_be_right_does_not_load(old, new, error, words):
    """Unknown reference, fact, value or level; a missing field."""
    with pytest.raises(error, match=words):
        load(RULE.replace(old, new))
