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
kind = "care"
level = "expert"
reference = "ng_case"
"""

ABDOMEN = {"site": "abdomen", "kind": "plaque"}
BREAST = {"site": "breast", "kind": "ulcer"}
AF = [{"name": "atrial fibrillation"}]


def steps(**parts):
    return {step.code: step.text for step in advice(situation(**parts))}


HD = {"dialysis": [{"kind": "haemodialysis"}]}
PENIS = {"site": "penis", "kind": "ulcer", "painful": True, "necrotic": True}
TOE = {"site": "toe", "kind": "gangrene"}
HIT = [{"name": "heparin-induced thrombocytopenia"}]
HEPARIN = [{"name": "heparin"}]
PLATELETS_BEFORE = {"name": "platelets", "value": "300", "unit": "10^9/L", "on": "2026-10-20"}
LOW_PLATELETS = [{"name": "platelets", "value": "38 10^9/L"}]
WARFARIN = [{"name": "warfarin"}]
NEW_WARFARIN = [{"name": "warfarin", "start": "2026-04-10"}]
OLD_WARFARIN = [{"name": "warfarin", "start": "2020-04-10"}]
SEEN = {"examined_on": "2026-04-20", "lesions": [{**LEGS, "since": "2026-04-15"}]}
STS = {"name": "sodium thiosulphate", "route": "intravenous"}
INTO_ABDOMEN = {**STS, "route": "intraperitoneal"}
NO_MALIGNANCY = [{"modality": "mammogram", "site": "breast", "malignancy_suspected": False}]
SUSPICIOUS = [{"modality": "mammogram", "site": "breast", "malignancy_suspected": True}]
PTH = {"name": "PTH"}
SCAN = {"modality": "bone scan"}


def biopsy(result):
    return [{"status": "done", "result": result}]


COMES_UP = {
    "sepsis": ({"examination": {"septic_shock": True}}, {"examination": {"septic_shock": False}}),
    "limb_ischaemia": (
        {"examination": {"peripheral_pulses": "absent"}},
        {"examination": {"peripheral_pulses": "present"}},
    ),
    "critical_calcium_high": (
        {"labs": [{"name": "adjusted calcium", "value": "3.4 mmol/L"}]},
        {"labs": [{"name": "adjusted calcium", "value": "2.8 mmol/L"}]},
    ),
    "critical_calcium_low": (
        {"labs": [{"name": "adjusted calcium", "value": "1.7 mmol/L"}]},
        {"labs": [{"name": "adjusted calcium", "value": "2.0 mmol/L"}]},
    ),
    "thiosulphate_planned_into_abdomen": (
        {"treatments": [{**INTO_ABDOMEN, "status": "planned"}]},
        {"treatments": [{**INTO_ABDOMEN, "status": "refused"}]},
    ),
    "thiosulphate_given_into_abdomen": ({"treatments": [INTO_ABDOMEN]}, {"treatments": [STS]}),
    "coagulation_consumed": (
        {"examination": {"septic_shock": True}, "labs": LOW_PLATELETS},
        {"labs": LOW_PLATELETS},
    ),
    "heparin_thrombocytopenia_low": (
        {"kidney": HD, "conditions": HIT, "labs": LOW_PLATELETS},
        {"kidney": HD, "conditions": HIT},
    ),
    "heparin_thrombocytopenia": (
        {"conditions": HIT, "drugs": HEPARIN},
        {"conditions": [{**HIT[0], "present": False}], "drugs": HEPARIN},
    ),
    "platelets_low_on_heparin": (
        {"drugs": HEPARIN, "labs": LOW_PLATELETS},
        {"drugs": HEPARIN, "labs": [{"name": "platelets", "value": "210 10^9/L"}]},
    ),
    "warfarin_necrosis": ({**SEEN, "drugs": NEW_WARFARIN}, {**SEEN, "drugs": OLD_WARFARIN}),
    "warfarin_necrosis_named": (
        {"drugs": WARFARIN, "exclusions": [{"name": "warfarin necrosis", "excluded": False}]},
        {"drugs": WARFARIN, "exclusions": [{"name": "warfarin necrosis", "excluded": True}]},
    ),
    "warfarin_necrosis_stroke": (
        {**SEEN, "drugs": NEW_WARFARIN, "conditions": AF},
        {**SEEN, "drugs": NEW_WARFARIN},
    ),
    "infection_suspected": (
        {"labs": [{"name": "WBC", "value": "22.4 10^9/L"}]},
        {"labs": [{"name": "WBC", "value": "13 10^9/L"}]},
    ),
    "pregnancy_antagonist": ({"conditions": [{"name": "pregnancy"}], "drugs": WARFARIN}, {"drugs": WARFARIN}),
    "breast_cancer_found": (
        {"lesions": [BREAST], "exclusions": [{"name": "breast carcinoma", "excluded": False}]},
        {"lesions": [BREAST]},
    ),
    "breast_cancer_suspected": ({"imaging": SUSPICIOUS}, {"imaging": NO_MALIGNANCY}),
    "breast_malignancy": ({"lesions": [BREAST]}, {}),
    "penile_cancer_first": ({"lesions": [{**PENIS, "painful": False}]}, {"lesions": [PENIS]}),
    "penile_lesion_of_a_child": (
        {"lesions": [{**PENIS, "painful": False}], "patient": {"age_years": 9}},
        {"lesions": [{**PENIS, "painful": False}], "patient": {"age_years": 70}},
    ),
    "genital_lesion": ({"lesions": [{"site": "vulva", "kind": "ulcer", "painful": False}]}, {"lesions": [LEGS]}),
    "genital_gangrene": ({"lesions": [{"site": "groin", "kind": "gangrene"}]}, {"lesions": [LEGS]}),
    "penile_cancer_named": (
        {"lesions": [PENIS], "exclusions": [{"name": "penile carcinoma", "excluded": False}]},
        {"lesions": [PENIS]},
    ),
    "old_result": (
        {"examined_on": "2026-11-01", "labs": [{"name": "CRP", "value": "300 mg/L", "on": "2026-03-01"}]},
        {"examined_on": "2026-11-01", "labs": [{"name": "CRP", "value": "300 mg/L", "on": "2026-10-25"}]},
    ),
    "heparin_antibody": (
        {"drugs": HEPARIN, "labs": [{"name": "PF4 antibody", "value": "positive"}]},
        {"drugs": HEPARIN, "labs": [{"name": "PF4 antibody", "value": "negative"}]},
    ),
    "platelets_fallen_on_heparin": (
        {"drugs": HEPARIN, "labs": [PLATELETS_BEFORE, {**PLATELETS_BEFORE, "value": "180", "on": "2026-10-30"}]},
        {"drugs": HEPARIN, "labs": [PLATELETS_BEFORE, {**PLATELETS_BEFORE, "value": "280", "on": "2026-10-30"}]},
    ),
    "inr_dangerous": (
        {"drugs": [{"name": "warfarin"}], "labs": [{"name": "INR", "value": "7.2"}]},
        {"drugs": [{"name": "warfarin"}], "labs": [{"name": "INR", "value": "4.8"}]},
    ),
    "risky_drug_planned": (
        {"drugs": [{"name": "morphine", "status": "planned"}]},
        {"drugs": [{"name": "paracetamol", "status": "planned"}]},
    ),
    "low_temperature": ({"examination": {"temperature_c": 35.0}}, {"examination": {"temperature_c": 36.4}}),
    "foot_gangrene_flow": ({"lesions": [TOE]}, {"lesions": [TOE], "examination": {"peripheral_pulses": "reduced"}}),
    "foot_wound_flow": ({"lesions": [{"site": "toe", "kind": "ulcer", "necrotic": False}]}, {"lesions": [TOE]}),
    "pregnancy": ({"conditions": [{"name": "pregnancy"}]}, {"conditions": [{"name": "pregnancy", "present": False}]}),
    "child": ({"patient": {"age_years": 9}}, {"patient": {"age_years": 18}}),
    "transplant": ({"kidney": {"stage": "4", "transplant": True}}, {"kidney": {"stage": "4"}}),
    "infection_sign": (
        {"labs": [{"name": "CRP", "value": "6 mg/L"}]},
        {"labs": [{"name": "CRP", "value": "6 mg/L"}], "examination": {"temperature_c": 38.6}},
    ),
    "infection_sign_without_necrosis": (
        {"lesions": [{**LEGS, "necrotic": False}], "labs": [{"name": "CRP", "value": "6 mg/L"}]},
        {"labs": [{"name": "CRP", "value": "6 mg/L"}]},
    ),
    "limb_flow": (
        {"examination": {"ankle_brachial_index": 0.7}},
        {"examination": {"ankle_brachial_index": 1.0}},
    ),
    "index_invalid": ({"examination": {"ankle_brachial_index": 1.6}}, {"examination": {"ankle_brachial_index": 1.2}}),
    "heparin_history": ({"conditions": HIT}, {"conditions": HIT, "kidney": HD}),
    "platelets_low_heparin_unknown": ({"kidney": HD, "labs": LOW_PLATELETS}, {"labs": LOW_PLATELETS}),
    "never_into_the_abdomen": ({"treatments": [STS]}, {"treatments": [{**STS, "status": "refused"}]}),
    "vitamin_k_antagonist_valve": (
        {"drugs": WARFARIN, "conditions": [{"name": "mechanical heart valve"}]},
        {"drugs": WARFARIN},
    ),
    "vitamin_k_antagonist_stroke": ({"drugs": WARFARIN, "conditions": AF}, {"drugs": WARFARIN}),
    "vitamin_k_antagonist": ({"drugs": WARFARIN}, {"drugs": WARFARIN, "conditions": AF}),
    "opioid": ({"drugs": [{"name": "morphine"}]}, {"drugs": [{"name": "morphine"}], "kidney": {"stage": "normal"}}),
    "nicorandil": ({"drugs": [{"name": "nicorandil"}]}, {"drugs": [{"name": "nicorandil", "status": "stopped"}]}),
    "hydroxyurea": ({"drugs": [{"name": "hydroxyurea"}]}, {"drugs": [{"name": "hydroxyurea"}], "lesions": []}),
    "calcium_high": (
        {"labs": [{"name": "adjusted calcium", "value": "2.8 mmol/L"}]},
        {"labs": [{"name": "adjusted calcium", "value": "3.4 mmol/L"}]},
    ),
    "pth_very_high": (
        {"labs": [{**PTH, "value": "210 pmol/L"}]},
        {"labs": [{**PTH, "value": "40 pmol/L"}]},
    ),
    "pth_low_on_vitamin_d": (
        {"labs": [{**PTH, "value": "4 pmol/L"}], "drugs": [{"name": "calcitriol"}]},
        {"labs": [{**PTH, "value": "4 pmol/L"}]},
    ),
    "dialysate_calcium": (
        {"kidney": {"dialysis": [{"kind": "haemodialysis", "dialysate_calcium_mmol_l": 1.75}]}},
        {"kidney": {"dialysis": [{"kind": "haemodialysis", "dialysate_calcium_mmol_l": 1.5}]}},
    ),
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
    "corticosteroid": (
        {"drugs": [{"name": "prednisolone"}]},
        {"drugs": [{"name": "prednisolone"}], "conditions": [{"name": "vasculitis"}]},
    ),
    "corticosteroid_needed": (
        {"drugs": [{"name": "prednisolone"}], "labs": [{"name": "ANCA", "value": "positive"}]},
        {"drugs": [{"name": "prednisolone"}]},
    ),
    "injections": ({"lesions": [{**ABDOMEN, "injection_site": True}]}, {"lesions": [ABDOMEN]}),
    "pressure_and_weight": ({"examination": {"recurrent_hypotension": True}}, {}),
    "thiosulphate_effect": ({"treatments": [STS]}, {"treatments": [{**STS, "status": "refused"}]}),
    "penis_image": (
        {"lesions": [PENIS]},
        {"lesions": [PENIS], "imaging": [{"modality": "film", "site": "pelvis", "net_like": False}]},
    ),
    "better_film": ({"imaging": [{**SOUND_FILM, "quality": "limited"}]}, {"imaging": [SOUND_FILM]}),
    "film": ({}, {"imaging": [FILM]}),
    "film_unplaced": ({"imaging": [{"modality": "film", "net_like": False}]}, {"imaging": [FILM]}),
    "ct_without_contrast": ({"lesions": [ABDOMEN]}, {"lesions": [LEGS]}),
    "mammogram": ({"lesions": [BREAST]}, {}),
    "bone_scan": (
        {"pathology": [{"status": "declined"}]},
        {"pathology": [{"status": "declined"}], "imaging": [{**SCAN, "uptake": False}]},
    ),
    "venous_question": ({"imaging": [FILM]}, {"imaging": [FILM], "examination": {"venous_disease": False}}),
    "biopsy_penis": ({"lesions": [PENIS]}, {"lesions": [PENIS], "kidney": {"stage": "normal"}}),
    "biopsy_acral": ({"lesions": [FINGER]}, {}),
    "biopsy_adds": ({}, {"lesions": [{"site": "penis", "kind": "ulcer"}, FINGER]}),
    "no_biopsy_now": (
        {"labs": [{"name": "platelets", "value": "49 10^9/L"}]},
        {"labs": [{"name": "platelets", "value": "50 10^9/L"}]},
    ),
    "hand_ischaemia": (
        {"lesions": [FINGER], "examination": {"peripheral_pulses": "absent"}},
        {"lesions": [LEGS], "examination": {"peripheral_pulses": "absent"}},
    ),
    "hand_necrosis": ({"lesions": [FINGER]}, {"lesions": [TOE]}),
    "access_steal": (
        {"lesions": [FINGER], "conditions": [{"name": "right AV fistula"}]},
        {"lesions": [FINGER], "conditions": [{"name": "left AV fistula"}]},
    ),
    "access_asked": ({"kidney": HD, "lesions": [FINGER]}, {"kidney": HD, "lesions": [TOE]}),
    "arm_flow": (
        {"lesions": [{"site": "forearm", "kind": "ulcer"}], "examination": {"peripheral_pulses": "reduced"}},
        {"lesions": [{"site": "forearm", "kind": "ulcer"}], "examination": {"peripheral_pulses": "present"}},
    ),
    "images_later": ({"examination": {"septic_shock": True}}, {}),
    "wound_hand_or_penis": ({"lesions": [{**FINGER, "painful": True}]}, {}),
    "wound_in_sepsis": ({"examination": {"septic_shock": True}}, {}),
    "biopsy_declined": ({"pathology": [{"status": "declined"}]}, {}),
    "indeterminate_biopsy": ({"pathology": biopsy("indeterminate")}, {"pathology": biopsy("negative")}),
    "negative_biopsy": (
        {"pathology": biopsy("negative")},
        {"pathology": [*biopsy("negative"), *biopsy("positive")]},
    ),
    "negative_image": ({"imaging": [SOUND_FILM]}, {"imaging": [FILM]}),
    "negative_scan": ({"imaging": [{**SCAN, "uptake": False}]}, {"imaging": [{**SCAN, "uptake": True}]}),
    "positive_scan": ({"imaging": [{**SCAN, "uptake": True}]}, {"imaging": [{**SCAN, "uptake": False}]}),
    "normal_mammogram": (
        {"lesions": [BREAST], "imaging": [{"modality": "mammogram"}]},
        {"lesions": [BREAST], "imaging": [{"modality": "mammogram", "vessels": ["small"]}]},
    ),
    "low_parathyroid_hormone": ({"labs": [{**PTH, "value": "0.5 pmol/L"}]}, {}),
    "working_kidneys": ({"kidney": {"stage": "normal"}}, {}),
    "working_kidneys_hyperparathyroidism": (
        {"kidney": {"stage": "normal"}, "conditions": [{"name": "primary hyperparathyroidism"}]},
        {"kidney": {"stage": "normal"}, "conditions": [{"name": "malignancy"}]},
    ),
    "working_kidneys_cause": (
        {"kidney": {"stage": "normal"}, "conditions": [{"name": "malignancy"}]},
        {"kidney": {"stage": "normal"}, "conditions": [{"name": "primary hyperparathyroidism"}]},
    ),
    "found_disease": (
        {"lesions": [{"site": "leg", "kind": "ulcer"}], "exclusions": [{"name": "cellulitis", "status": "found"}]},
        {"lesions": [{"site": "leg", "kind": "ulcer"}], "exclusions": [{"name": "sepsis", "status": "found"}]},
    ),
    "exclude_mimics": ({}, {"all_mimics_excluded": True}),
    "pain": ({}, {"lesions": [{**LEGS, "painful": False}]}),
    "wound": ({}, {"lesions": [{**LEGS, "necrotic": False}]}),
    "palliative_care": ({}, {"kidney": {"stage": "normal"}}),
    "nutrition": (
        {"labs": [{"name": "albumin", "value": "24 g/L"}]},
        {"labs": [{"name": "albumin", "value": "40 g/L"}]},
    ),
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


STOP_AND_ASK = ("thiosulphate_planned_into_abdomen", "thiosulphate_given_into_abdomen")
"""What nobody needs: thiosulphate that kills by its route. Here stopping to ask is the advice."""


@pytest.mark.parametrize("text", [rule.text for rule in rules().values() if rule.code not in STOP_AND_ASK])
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
    """Whatever the kidneys, first of all lines."""
    given = steps(kidney={}, treatments=[{"name": "sodium thiosulphate", "route": "intraperitoneal"}])

    assert next(iter(given)) == "thiosulphate_given_into_abdomen"
    assert "stop and ask the nephrologist now" in given["thiosulphate_given_into_abdomen"]


def test_what_cannot_wait_stands_first_and_the_most_pressing_at_the_top():
    """Shock, then heparin, then the breast; then by how soon, and in the order of the file where that is the same."""
    patient = situation(
        kidney=HD,
        lesions=[LEGS, BREAST],
        conditions=HIT,
        examination={"septic_shock": True},
        drugs=[*HEPARIN, {"name": "calcitriol"}],
    )
    found = advice(patient)
    urgent = [step.code for step in found if step.kind == "urgent"]

    assert urgent == ["sepsis", "heparin_thrombocytopenia", "breast_malignancy"]
    assert [step.code for step in found][: len(urgent)] == urgent
    soon = ["now", "today", "this week", None]
    places = [(soon.index(step.how_soon), list(rules()).index(step.code)) for step in found[len(urgent) :]]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "rule", [rule for rule in rules().values() if rule.kind == "urgent"], ids=lambda rule: rule.code
)
def test_an_urgent_line_says_how_soon(rule):
    """Now or today, and whom to call, unless whoever treats the patient acts."""
    assert rule.how_soon in ("now", "today")
    assert rule.who is not None or rule.code == "infection_suspected"


def test_nobody_who_has_died_has_a_next_step():
    """Not even one that was urgent."""
    assert advice(situation(examination={"septic_shock": True}, outcome={"state": "died"})) == ()
    assert advice(situation(outcome={"state": "worse"}))


def test_a_film_that_cannot_tell_asks_for_a_better_one():
    """Which view, which pixels, and which film, by what it is of."""
    blind = Reading("img-2", "film", "lower leg", "L", resolvable_mm=0.42, blind=True)
    found = {step.code: step.text for step in advice(PatientContext.of(None, [blind]))}

    assert "film, lower leg, left (nothing finer than 0.42 mm)" in found["better_film"]
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
        ('"care"', '"cure"', ValueError, "kind must be one of urgent, review, image, tissue, ask, care"),
        ('"care"', '"care"\nwho = "aunt"', ValueError, "who must be one of None, surgeon"),
        ('"care"', '"care"\nhow_soon = "soon"', ValueError, "how_soon must be one of None, now"),
        ('"care"', '"urgent"\nhow_soon = "this week"', ValueError, "urgent is now or today"),
        ('text = "Treat the pain."', "", TypeError, "text"),
    ],
)
def test_rule_that_cannot_be_right_does_not_load(old, new, error, words):
    """Unknown reference, fact, value or level; a missing field."""
    with pytest.raises(error, match=words):
        load(RULE.replace(old, new))
