"""Facts: yes, no, and not known are three answers; conditions read them and never take the third for the second."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcinet.clinical.body_sites import SITES
from calcinet.clinical.case import Examination
from calcinet.evidence.advice import advice
from calcinet.evidence.conditions import Condition, placed
from calcinet.evidence.context import PatientContext, condition
from calcinet.evidence.differential import differential
from calcinet.evidence.drug_facts import taking
from calcinet.evidence.facts import FACTS
from tests.support.patients import FILM, FINGER, LEGS, case, situation

HAEMODIALYSIS = {"dialysis": [{"kind": "haemodialysis"}]}
LONG_INR = [{"name": "INR", "value": "2.6", "flag": "high"}]
WEIGHTS = [{"kg": 70, "on": "2026-01-01"}, {"kg": 66.5, "on": "2026-03-09"}]
"""A loss of 5 %."""

FLAGS = [name for name, field in Examination.model_fields.items() if field.annotation == (bool | None)]


def answer(name, **parts):
    return FACTS[name](situation(**parts))


@pytest.mark.parametrize(
    ("name", "told", "expected"),
    [
        ("on_dialysis", {}, True),
        ("on_dialysis", {"kidney": {"stage": "3"}}, False),
        ("on_dialysis", {"kidney": {}}, None),
        ("peritoneal_dialysis", {"kidney": {"stage": "5D"}}, None),
        ("peritoneal_dialysis", {"kidney": {"dialysis": [{"kind": "haemodialysis"}]}}, False),
        ("lesions", {"lesions": None}, None),
        ("lesions", {"lesions": []}, False),
        ("acral", {"lesions": [FINGER]}, True),
        ("acral", {"lesions": [LEGS]}, False),
        ("acral", {"lesions": None}, None),
        ("necrotic", {"lesions": [FINGER]}, True),
        ("painful", {"lesions": [{"site": "thigh", "kind": "ulcer"}]}, None),
        ("diabetes", {"conditions": None}, None),
        ("diabetes", {"conditions": []}, False),
        ("diabetes", {"conditions": [{"name": "hypertension"}]}, None),
        ("diabetes", {"conditions": [{"name": "DM"}]}, True),
        ("diabetes", {"conditions": [{"name": "DM", "present": False}]}, False),
        ("venous_disease", {"examination": {"venous_disease": False}}, False),
        ("venous_disease", {"conditions": [{"name": "varicose veins"}]}, True),
        ("fever", {"examination": {"temperature_c": 38.0}}, True),
        ("fever", {"examination": {"temperature_c": 37.9}}, False),
        ("low_pressure_index", {"examination": {"ankle_brachial_index": 0.9}}, False),
        ("low_pressure_index", {"examination": {"ankle_brachial_index": 0.89}}, True),
        ("ceap_4_to_6", {"examination": {"ceap": "C3"}}, False),
        ("pulses_present", {}, None),
        ("pulses_present", {"examination": {"peripheral_pulses": "reduced"}}, False),
        ("vitamin_k_antagonist", {"drugs": None}, None),
        ("vitamin_k_antagonist", {}, False),
        ("vitamin_k_antagonist", {"drugs_complete": False}, None),
        ("vitamin_k_antagonist", {"drugs": [{"name": "aspirin"}]}, None),
        ("vitamin_k_antagonist", {"drugs": [{"name": "aspirin"}], "drugs_complete": True}, False),
        ("vitamin_k_antagonist", {"drugs": [{"name": "something new"}], "drugs_complete": True}, None),
        ("vitamin_k_antagonist", {"drugs": [{"name": "something new"}]}, None),
        ("vitamin_k_antagonist", {"drugs": [{"name": "Coumadin"}]}, True),
        ("vitamin_k_antagonist", {"drugs": [{"name": "warfarin", "status": "stopped"}]}, None),
        ("vitamin_k_antagonist", {"drugs": [{"name": "warfarin", "status": "stopped"}], "drugs_complete": True}, False),
        (
            "vitamin_k_antagonist",
            {"drugs": [{"name": "warfarin", "stop": "2006-01-01"}], "drugs_complete": True},
            False,
        ),
        ("antagonist_ever", {}, None),
        ("antagonist_ever", {"drugs_complete": True}, False),
        ("antagonist_ever", {"drugs": [{"name": "warfarin", "status": "stopped"}]}, True),
        ("antagonist_ever", {"treatments": [{"name": "drug stopped", "drug": "Coumadin"}]}, True),
        ("antagonist_ever", {"drugs": [{"name": "warfarin", "status": "planned"}]}, None),
        ("antagonist_ever", {"drugs": [{"name": "warfarin", "status": "planned"}], "drugs_complete": True}, False),
        ("heparin", {}, False),
        ("heparin", {"kidney": HAEMODIALYSIS}, None),
        ("heparin", {"kidney": HAEMODIALYSIS, "drugs": [{"name": "heparin"}]}, True),
        ("coagulation_disturbed", {"labs": LONG_INR}, True),
        ("coagulation_disturbed", {"labs": LONG_INR, "drugs": [{"name": "warfarin"}]}, None),
        ("stopped_drug_not_listed", {"treatments": [{"name": "drug stopped", "drug": "Rocaltrol"}]}, True),
        (
            "stopped_drug_not_listed",
            {"treatments": [{"name": "drug stopped", "drug": "Rocaltrol"}], "drugs": [{"name": "calcitriol"}]},
            False,
        ),
        ("thiosulphate", {"drugs": [{"name": "STS"}]}, True),
        ("intraperitoneal_given", {"drugs": [{"name": "STS", "route": "intraperitoneal"}]}, True),
        ("intraperitoneal_given", {"drugs": [{"name": "STS", "route": "intravenous"}]}, False),
        ("intraperitoneal_planned", {"drugs": [{"name": "STS", "route": "intraperitoneal", "status": "planned"}]}, True),
        ("low_pressure_index", {"examination": {"ankle_brachial_index": 1.6}}, None),
        ("rapid_weight_loss", {"patient": {"weights": WEIGHTS}}, True),
        ("rapid_weight_loss", {"patient": {"weights": [WEIGHTS[0], {**WEIGHTS[1], "kg": 67}]}}, False),
        ("rapid_weight_loss", {}, None),
        ("subcutaneous_injection", {"examination": {"subcutaneous_injections_per_day": 3}}, True),
        ("subcutaneous_injection", {"examination": {"subcutaneous_injections_per_day": 0}}, False),
        ("culture_positive", {"labs": [{"name": "blood culture", "value": "positive"}]}, True),
        ("culture_positive", {"labs": [{"name": "wound swab", "value": "no growth"}]}, None),
        ("pth_low", {"labs": [{"name": "PTH", "value": "13.7 pmol/L"}]}, True),
        ("pth_low", {"labs": [{"name": "PTH", "value": "13.9 pmol/L"}]}, False),
        ("pth_low", {"labs": [{"name": "PTH", "value": "13.7 pmol/L"}], "kidney": {"stage": "4"}}, None),
        ("both_lower_legs", {}, True),
        ("both_lower_legs", {"lesions": [{**LEGS, "side": "L"}, {**LEGS, "side": "R"}]}, True),
        ("both_lower_legs", {"lesions": [{**LEGS, "side": "L"}, {**FINGER, "side": "B"}]}, False),
        ("both_lower_legs", {"lesions": [{**LEGS, "side": None}]}, None),
        ("white_cells_high", {"labs": [{"name": "WBC", "value": "22.4X109/L"}]}, True),
        ("white_cells_high", {}, None),
        ("net", {}, None),
        ("net", {"imaging": [FILM]}, True),
        ("contrast_ct", {"imaging": [FILM]}, False),
        ("contrast_ct", {"imaging": [{"modality": "CT"}]}, None),
    ],
)
def test_what_is_told_and_what_is_not(name, told, expected):
    """Not told is None, whatever else the case says."""
    assert answer(name, **told) is expected


@pytest.mark.parametrize(
    ("start", "new"), [("2026-03-07", False), ("2026-03-06", True), ("2026-02-27", True), ("2026-02-26", False)]
)
@pytest.mark.parametrize("more", [{}, {"status": "stopped", "stop": "2026-03-09"}])
def test_necrosis_of_a_vitamin_k_antagonist_begins_from_day_3_to_day_10(start, new, more):
    """To a lesion of 9 March: 2, 3, 10 and 11 days, whenever it is looked at and though the drug was stopped since."""
    lesions = [{**LEGS, "since": "2026-03-09"}]
    drugs = [{"name": "warfarin", "start": start, **more}]

    assert answer("antagonist_new", examined_on="2026-04-20", lesions=lesions, drugs=drugs) is new


@pytest.mark.parametrize(("start", "new"), [("2026-03-06", True), ("2026-02-20", None), ("2025-12-01", False)])
def test_a_lesion_of_unknown_age_may_have_come_in_the_first_days(start, new):
    """On 9 March: 3 days, 17 days, more than three months."""
    assert answer("antagonist_new", examined_on="2026-03-09", drugs=[{"name": "warfarin", "start": start}]) is new


def test_conditions_tell_no_from_not_known():
    """Three conditions, three answers; exactly one holds."""
    answers = [{"venous_disease": True}, {"venous_disease": False}, {}]
    conditions = [Condition(text) for text in ("venous_disease", "not venous_disease", "unknown venous_disease")]
    held = [[one.holds(situation(examination=told)) for one in conditions] for told in answers]

    assert held == [[True, False, False], [False, True, False], [False, False, True]]


def test_all_facts_of_a_condition_must_hold():
    """Lesions of the leg, no film."""
    assert Condition("lesions and on_dialysis").holds(situation())
    assert not Condition("lesions and net").holds(situation())


@pytest.mark.parametrize("text", ["", "sore", "lesions or net", "never net", "lesions and"])
def test_condition_that_cannot_be_read_is_refused(text):
    """Only facts, "and", "not" and "unknown"."""
    with pytest.raises(ValueError, match=r"no fact is called|joined by and"):
        Condition(text)


def test_place_without_a_value_is_refused():
    """A sentence with a hole in it would never be said."""
    with pytest.raises(ValueError, match="no value is called whom"):
        placed("Ask {whom}.")


def test_misspelt_disease_or_class_is_refused():
    """It would be unknown for ever."""
    with pytest.raises(ValueError, match="no disease is called diabetis"):
        condition("diabetis")
    with pytest.raises(ValueError, match="no class of drugs is called wafarin"):
        taking("wafarin")


@settings(max_examples=60, deadline=None)
@given(
    examination=st.dictionaries(st.sampled_from(FLAGS), st.sampled_from([True, False, None])),
    lesions=st.none()
    | st.lists(
        st.fixed_dictionaries(
            {
                "site": st.sampled_from(SITES),
                "side": st.sampled_from(["L", "R", "B", None]),
                "kind": st.sampled_from(["plaque", "ulcer", "eschar", "purpura", "livedo"]),
                "painful": st.sampled_from([True, False, None]),
            }
        ),
        max_size=3,
    ),
    imaging=st.lists(
        st.fixed_dictionaries(
            {
                "modality": st.sampled_from(["film", "CT", "mammogram", "bone scan"]),
                "site": st.sampled_from([*SITES, None]),
                "net_like": st.sampled_from([True, False, None]),
                "quality": st.sampled_from(["good", "limited", None]),
                "contrast": st.sampled_from([True, False, None]),
            }
        ),
        max_size=3,
    ),
)
def test_no_patient_is_refused_and_no_sentence_has_a_hole(examination, lesions, imaging):
    """Whatever is told and is not told."""
    patient = PatientContext.of(case(examination=examination, lesions=lesions, imaging=imaging))
    sentences = [step.text for step in advice(patient)]
    for one in differential(patient):
        sentences += [one.name, *one.speaks_for, *one.against, one.ask]

    assert not any("{" in sentence or "None" in sentence or ": ;" in sentence for sentence in sentences)
