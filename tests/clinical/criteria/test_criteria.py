"""Published criteria item by item: met, not met, or unknown with the question that settles it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calcinet.clinical.assess import assess
from calcinet.clinical.case import Case
from calcinet.clinical.ternary import all_of, any_of, at_least
from calcinet.references import references

ULCER = {"site": "lower leg", "side": "B", "kind": "ulcer", "necrotic": True}
FULL = {**ULCER, "painful": True, "purpura_around": True, "refractory": True}
DIALYSIS = {"stage": "5D", "dialysis": [{"kind": "haemodialysis", "years": 2}]}
LOW_PROTEIN_C = {"name": "protein C", "value": "38 %", "low": 70}
POSITIVE = {"status": "done", "result": "positive"}
HISTOLOGY = {"status": "done", "necrosis_or_ulcer": True, "vessels_calcified": True, "intima_narrowed": True}


def scheme(name: str, **parts):
    return assess(Case.model_validate(parts)).criteria[name]


def japanese(**parts):
    return scheme("japanese_2012", **parts)


def chinese(**parts):
    return scheme("chinese_three_level", **parts)


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

    assert item.question == "Is there painful purpura in the skin around the ulcers?"


@pytest.mark.parametrize(
    ("parts", "met"),
    [
        ({"kidney": DIALYSIS, "lesions": [FULL]}, True),
        ({"kidney": {"stage": "normal"}, "lesions": [FULL]}, None),
        ({"kidney": {"stage": "normal"}, "lesions": [FULL], "pathology": [HISTOLOGY]}, True),
        ({"kidney": DIALYSIS, "lesions": [{**FULL, "side": "L", "count": 1}], "pathology": [HISTOLOGY]}, True),
        ({"kidney": DIALYSIS, "lesions": [], "pathology": [HISTOLOGY]}, False),
        ({"kidney": {"stage": "normal"}, "lesions": []}, False),
        ({"kidney": DIALYSIS, "lesions": [ULCER]}, None),
    ],
)
def test_three_clinical_or_two_and_histology(parts, met):
    """Two clinical without a biopsy stay open, for a biopsy could settle them."""
    assert japanese(**parts).met is met


def test_negative_biopsy_leaves_two_clinical_criteria_unmet():
    """3 of 3, or 2 and histology."""
    lesions = [{**FULL, "side": "L", "count": 1}]

    assert japanese(kidney=DIALYSIS, lesions=lesions, pathology=[{"status": "done", "result": "negative"}]).met is False


def test_mimic_that_was_found_opens_what_was_met():
    """The group asks for biopsy where another disease cannot be told apart."""
    found = [{"name": "cellulitis", "excluded": False}]

    assert japanese(kidney=DIALYSIS, lesions=[FULL], exclusions=found).met is None


def test_declined_biopsy_is_not_asked_for_again():
    """It stays unknown, in both schemes."""
    declined = [{"status": "declined"}]
    items = japanese(pathology=declined).items["histology"], chinese(pathology=declined).items["biopsy_positive"]

    for item in items:
        assert (item.met, item.question, item.because) == (None, None, "Biopsy was declined.")


def test_exclusions_without_their_drug_need_no_question():
    """No warfarin on a list of drugs, no warfarin necrosis; no list, no knowledge."""
    with_list = chinese(drugs=[{"name": "aspirin"}]).items["mimics_excluded"].question
    without = chinese().items["mimics_excluded"].question

    assert "warfarin necrosis" not in with_list
    assert "warfarin necrosis" in without


@pytest.mark.parametrize(
    ("mimic", "parts", "open_"),
    [
        ("warfarin necrosis", {"drugs": [{"name": "something new"}]}, True),
        ("warfarin necrosis", {"treatments": [{"name": "drug stopped", "drug": "Coumadin"}]}, True),
        ("warfarin necrosis", {}, False),
        ("heparin-induced necrosis", {"kidney": DIALYSIS}, True),
        ("heparin-induced necrosis", {"kidney": {"dialysis": [{"kind": "peritoneal"}]}}, False),
        ("nephrogenic systemic fibrosis", {"procedures": [{"name": "surgery"}]}, True),
        ("nephrogenic systemic fibrosis", {"procedures": []}, False),
    ],
)
def test_silence_excludes_nothing(mimic, parts, open_):
    """An unknown drug may be anything, haemodialysis brings heparin, and only an empty list says none."""
    item = chinese(**{"drugs": [], **parts}).items["mimics_excluded"]

    assert (mimic in item.question) is open_


def test_all_three_antibodies_exclude_the_antiphospholipid_syndrome():
    """Lupus anticoagulant alone does not."""
    names = ("lupus anticoagulant", "anticardiolipin antibodies", "anti-b2GPI")
    labs = [{"name": name, "value": "negative"} for name in names]

    assert "antiphospholipid" not in chinese(labs=labs).items["mimics_excluded"].question
    assert "antiphospholipid" in chinese(labs=labs[:1]).items["mimics_excluded"].question


@pytest.mark.parametrize(
    ("factor", "parts", "met"),
    [
        ("major_dialysis_over_5_years", {"kidney": {"dialysis": [{"kind": "peritoneal", "years": 5.1}]}}, True),
        ("major_dialysis_over_5_years", {"kidney": {"dialysis": [{"kind": "peritoneal", "years": 5}]}}, False),
        ("minor_dialysis_under_5_years", {"kidney": {"dialysis": [{"kind": "peritoneal", "years": 4}]}}, True),
        ("minor_dialysis_under_5_years", {"kidney": {"stage": "normal"}}, False),
        ("minor_dialysis_under_5_years", {"kidney": {"stage": "5D"}}, None),
        ("major_long_term_warfarin", {"drugs": [{"name": "phenprocoumon", "months": 12}]}, True),
        ("major_long_term_warfarin", {"drugs": [{"name": "warfarin", "months": 1}]}, False),
        ("major_long_term_warfarin", {"drugs": [{"name": "warfarin"}]}, None),
        ("major_long_term_warfarin", {"drugs": []}, False),
        ("major_long_term_warfarin", {}, None),
        ("major_high_dose_binder", {"drugs": [{"name": "calcium acetate", "months": 7, "high_dose": True}]}, True),
        ("major_high_dose_binder", {"drugs": [{"name": "calcium acetate", "months": 7}]}, None),
        ("major_high_dose_binder", {"drugs": [{"name": "calcium acetate", "months": 6, "high_dose": True}]}, False),
        ("major_active_vitamin_d", {"drugs": [{"name": "calcitriol", "daily_dose": "0.51 mcg"}]}, True),
        ("major_active_vitamin_d", {"drugs": [{"name": "calcitriol", "daily_dose": "500 ng"}]}, False),
        ("major_active_vitamin_d", {"drugs": [{"name": "calcitriol"}]}, None),
        (
            "major_active_vitamin_d",
            {"drugs": [], "treatments": [{"name": "drug stopped", "drug": "calcitriol"}]},
            None,
        ),
        ("major_active_vitamin_d", {"drugs": [], "treatments": [{"name": "drug stopped", "drug": "warfarin"}]}, False),
        ("major_protein_c_or_s_deficiency", {"labs": [{"name": "protein S", "value": "low"}]}, True),
        ("major_protein_c_or_s_deficiency", {"labs": [{"name": "protein C", "value": "normal"}]}, None),
        ("major_protein_c_or_s_deficiency", {"labs": [LOW_PROTEIN_C]}, True),
        ("major_protein_c_or_s_deficiency", {"labs": [LOW_PROTEIN_C], "drugs": [{"name": "warfarin"}]}, None),
        ("major_pth_over_1000", {"labs": [{"name": "PTH", "value": "1001 pg/mL"}]}, True),
        ("major_pth_over_1000", {"labs": [{"name": "PTH", "value": "106 pmol/L"}]}, False),
        ("major_pth_over_1000", {"labs": [{"name": "PTH", "value": "> 1200 pg/mL"}]}, True),
        ("minor_pth_under_300", {"labs": [{"name": "PTH", "value": "< 5 pg/mL"}]}, True),
        ("minor_pth_under_300", {"labs": [{"name": "PTH", "value": "300 pg/mL"}]}, False),
        ("minor_pth_under_300", {"labs": [{"name": "PTH", "value": "< 400 pg/mL"}]}, None),
        ("minor_obesity", {"patient": {"height_cm": 160, "weights": [{"kg": 76.8}]}}, True),
        ("minor_obesity", {"patient": {"height_cm": 160, "weights": [{"kg": 76.7}]}}, False),
        ("minor_diabetes", {"conditions": [{"name": "T2DM"}]}, None),
        ("minor_diabetes", {"conditions": [{"name": "Diabetes"}]}, True),
        ("minor_diabetes", {"conditions": [{"name": "diabetes", "present": False}]}, False),
        ("minor_diabetes", {"conditions": []}, False),
        ("minor_low_albumin", {"labs": [{"name": "albumin", "value": "34.9 g/L"}]}, True),
        ("minor_high_calcium", {"labs": [{"name": "calcium", "value": "2.4 mmol/L"}]}, False),
        ("minor_high_phosphate", {"labs": [{"name": "phosphate", "value": "64 pml/L", "flag": "H"}]}, True),
        ("minor_subcutaneous_insulin_or_heparin", {"drugs": [{"name": "Lantus"}]}, True),
        ("minor_subcutaneous_insulin_or_heparin", {"drugs": [{"name": "heparin"}]}, None),
        ("minor_subcutaneous_insulin_or_heparin", {"drugs": [{"name": "heparin", "route": "subcutaneous"}]}, True),
        ("minor_long_term_immunosuppression", {"drugs": [{"name": "prednisolone", "months": 4}]}, True),
    ],
)
def test_each_factor_has_its_limit(factor, parts, met):
    """More than 5 years, 6 months, 0.5 ug, 1000 pg/mL; less than 300 pg/mL; BMI from 30; unknown stays unknown."""
    assert chinese(**parts).items[factor].met is met


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


def test_mimics_of_the_treating_clinician_settle_the_exclusion():
    """Then the scheme is met and not only reached."""
    result = chinese(lesions=[ULCER], kidney=DIALYSIS, all_mimics_excluded=True)

    assert (result.met, result.level) == (True, "clinical")


@given(st.lists(st.sampled_from([True, False, None])))
def test_unknown_is_neither_yes_nor_no(answers):
    """De Morgan holds with three values."""
    turned = [None if answer is None else not answer for answer in answers]
    either = any_of(turned)

    assert all_of(answers) is (None if either is None else not either)


@given(sure=st.integers(0, 5), more=st.integers(0, 5), number=st.integers(1, 6))
def test_count_within_bounds(sure, more, number):
    """What is surely reached is possible; what is impossible is no."""
    met = at_least(number, sure, sure + more)

    assert met is (True if number <= sure else False if number > sure + more else None)
