"""The patient of the case report and twelve invented ones, assessed whole."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcinet.clinical.assess import assess
from calcinet.clinical.body_sites import (
    ACRAL,
    DISTAL,
    JAPANESE,
    LOWER_LIMB,
    PROXIMAL,
    SITE_WORDS,
    SITES,
    UPPER_LIMB,
)
from calcinet.clinical.case import Case
from calcinet.io.case.reader import case_of_text, read_case
from calcinet.references import references
from tests.support.paths import ROOT

EXAMPLES = ROOT / "examples"
REPORT = EXAMPLES / "case-report" / "case.yaml"
INVENTED = sorted((EXAMPLES / "invented").glob("*.yaml"))


def answered(*changes: tuple[str, str]):
    text = REPORT.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return assess(case_of_text(text))


CONFIRMED = ("64 pml/L,", "64 pml/L, unit_confirmed: pmol/L,")
PURPURA = (
    "necrotic: yes, painful: yes}\n  - {site: thigh",
    "necrotic: yes, painful: yes, purpura_around: yes}\n  - {site: thigh",
)
REFRACTORY = ("kind: ulcer,", "kind: ulcer, refractory: yes,")


def test_report_asks_about_what_is_missing_and_misprinted():
    """The unit, two facts of ulcers and of the gangrene, calcitriol, infection, veins, mimics; and no guess."""
    questions = {question.field: question for question in answered().questions}

    assert list(questions) == [
        "labs.6.unit", "lesions.0.purpura_around", "lesions.0.refractory", "lesions.4.purpura_around",
        "lesions.4.refractory", "treatments.0.drug",
        "examination.infection_suspected", "examination.venous_disease", "exclusions",
    ]  # fmt: skip
    assert questions["labs.6.unit"].likely == "pmol/L"
    assert questions["treatments.0.drug"].as_given == "calcitriol"


def test_report_with_its_unit_confirmed():
    """Ca 2.67 high and not adjusted again; 2.67 x 1.58 = 4.22 and 52; PTH 64 x 9.43 = 604, 9.3 times 6.9."""
    known = answered(CONFIRMED)

    assert known.lab("adjusted_calcium").flag == "H"
    assert known.value("adjusted_calcium") == 2.67
    assert round(known.value("ca_x_p"), 2) == 4.22
    assert round(known.value("ca_x_p_mg2_dl2")) == 52
    assert round(known.value("pth_pg_ml")) == 604
    assert round(known.value("pth_multiple"), 1) == 9.3
    assert all(question.field != "labs.6.unit" for question in known.questions)


def test_report_by_the_japanese_criteria():
    """The first met, the second and third unknown with their questions; all three once both are answered."""
    before = answered().criteria["japanese_2012"]
    half = answered(REFRACTORY).criteria["japanese_2012"]
    after = answered(PURPURA, REFRACTORY).criteria["japanese_2012"]

    assert [before.items[name].met for name in ("clinical_1", "clinical_2", "clinical_3")] == [True, None, None]
    assert "purpura" in before.items["clinical_2"].question
    assert "refractory" in before.items["clinical_3"].question
    assert half.met is None
    assert [after.items[name].met for name in ("clinical_1", "clinical_2", "clinical_3")] == [True, True, True]
    assert after.met is None, "other diseases are not excluded"


def test_report_is_clinical_by_the_chinese_scheme_and_no_product_lowers_it():
    """Four minor factors and necrotic ulcers; PTH counts neither as high nor as low."""
    known = answered(CONFIRMED)
    items = known.criteria["chinese_three_level"].items
    minor = [name for name, item in items.items() if name.startswith("minor") and item.met]

    assert (known.suspicion.level, known.suspicion.reference) == ("clinical", "china_scheme")
    assert minor == ["minor_dialysis_under_5_years", "minor_diabetes", "minor_high_calcium", "minor_high_phosphate"]
    assert items["major_pth_over_1000"].met is items["minor_pth_under_300"].met is False


def test_report_s_fingers_are_acral_and_do_not_count():
    """Ulcers of the legs do."""
    lesions = answered().lesions

    assert [lesion.acral for lesion in lesions] == [False, False, True, True, True]
    assert [lesion.counts_japanese for lesion in lesions] == [True, True, False, False, False]
    assert lesions[0].label == (
        "leg, both sides: ulcer, large, black, painful, tender, necrotic, began as plaque, changed within weeks"
    )
    assert lesions[4].label == "middle finger, tip, right: gangrene, single, painful, tender"


def test_report_s_drugs_are_all_known():
    """Thirteen, and no warfarin in spite of atrial fibrillation."""
    known = answered()

    assert all(drug.drug is not None for drug in known.drugs)
    assert known.taking("vitamin_k_antagonist") == ()


@pytest.mark.parametrize(
    ("number", "level", "japanese"),
    [
        ("01", "clinical", False), ("02", None, None), ("03", None, False), ("04", None, False),
        ("05", "clinical", None), ("06", "clinical", None), ("07", "clinical", False), ("08", "clinical", None),
        ("09", None, False), ("10", "confirmed", True), ("11", "clinical", False), ("12", None, False),
    ],
)  # fmt: skip
def test_invented_patients_reach_their_level(number, level, japanese):
    """Each stands for one trap, which its comment names."""
    known = assess(read_case(next(path for path in INVENTED if path.name.startswith(number))))

    assert (known.suspicion.level, known.criteria["japanese_2012"].met) == (level, japanese)


def test_there_are_twelve_invented_patients_and_each_says_what_it_is_for():
    """The first line is a comment."""
    assert len(INVENTED) == 12
    assert all(path.read_text(encoding="utf-8").startswith("# What it is for: ") for path in INVENTED)


def test_conventional_units_give_the_sums_of_the_invented_patient():
    """9.6 mg/dL and 2.6 g/dL: 2.675 mmol/L adjusted; x 6.9 mg/dL of phosphate is 74 mg2/dL2."""
    known = assess(read_case(next(path for path in INVENTED if path.name.startswith("05"))))

    assert known.value("adjusted_calcium") == pytest.approx(2.675, abs=0.001)
    assert known.value("ca_x_p_mg2_dl2") == pytest.approx(74.0, abs=0.1)
    assert known.taking("vitamin_k_antagonist")[0].months == pytest.approx(71.5, abs=0.1)


@pytest.mark.parametrize(
    ("number", "old", "new", "level"),
    [
        ("12", "excluded: no", "excluded: yes", None),
        ("03", "painful: no, necrotic: no", "painful: yes, necrotic: yes", None),
        ("07", "kind: gangrene", "kind: eschar", "clinical"),
        ("10", "result: positive", "result: indeterminate", "clinical"),
        ("02", "stage: normal", "stage: 5D", "clinical"),
    ],
)
def test_one_field_changes_the_level_where_it_should(number, old, new, level):
    """Excluding vasculitis leaves no known risk factor, so there is no level; an eschar is typical, gangrene not."""
    text = next(path for path in INVENTED if path.name.startswith(number)).read_text(encoding="utf-8")
    if number == "02":
        text = text.replace(", egfr_ml_min: 84", "")
    assert old in text

    suspicion = assess(case_of_text(text.replace(old, new))).suspicion
    assert (None if suspicion is None else suspicion.level) == level


def test_every_reference_of_an_assessment_is_known():
    """Keys of derived numbers, drugs, laboratory ranges and schemes."""
    for path in [REPORT, *INVENTED]:
        known = assess(read_case(path))
        parts = [*known.derived, *known.drugs, *known.labs, *known.criteria.values()]
        assert {part.reference for part in parts if part.reference} <= set(references())


def fields_asked(**parts):
    return [question.field for question in assess(Case.model_validate(parts)).questions]


@pytest.mark.parametrize(
    ("parts", "asked"),
    [
        ({"examination": {"temperature_c": 38.0}}, True),
        ({"examination": {"temperature_c": 37.9}}, False),
        ({"labs": [{"name": "CRP", "value": "5.1 mg/L"}]}, True),
        ({"labs": [{"name": "WBC", "value": "11 K/uL"}]}, False),
        ({"examination": {"temperature_c": 39, "infection_suspected": False}}, False),
    ],
)
def test_signs_of_infection_are_asked_about(parts, asked):
    """From 38.0 degrees, CRP above 5 mg/L or white cells above 11; not where somebody has looked."""
    assert ("examination.infection_suspected" in fields_asked(**parts)) is asked


@pytest.mark.parametrize(
    ("parts", "asked"),
    [
        ({}, True),
        ({"examination": {"venous_disease": False}}, False),
        ({"examination": {"ceap": "C0"}}, False),
        ({"conditions": [{"name": "varicose veins"}]}, False),
        ({"lesions": [{"site": "abdomen", "kind": "plaque"}]}, False),
    ],
)
def test_veins_are_asked_about_where_the_leg_is_affected(parts, asked):
    """A net on the film of a leg may be venous."""
    legs = {"lesions": [{"site": "ankle", "kind": "plaque"}], **parts}

    assert ("examination.venous_disease" in fields_asked(**legs)) is asked


def test_ulcer_that_cannot_count_is_not_asked_about():
    """Without pain neither purpura nor refractoriness would make it count."""
    assert not any(
        field.endswith(("purpura_around", "refractory"))
        for field in fields_asked(lesions=[{"site": "ankle", "kind": "ulcer", "painful": False}])
    )


def test_drug_that_was_stopped_and_is_listed_is_not_asked_about():
    """By any of its names; a listed drug needs no question."""
    stopped = [{"name": "drug stopped", "drug": "Rocaltrol"}]

    assert "treatments.0.drug" in fields_asked(treatments=stopped)
    assert "treatments.0.drug" not in fields_asked(
        treatments=stopped, drugs=[{"name": "calcitriol", "status": "stopped"}]
    )


def test_empty_case_is_assessed():
    """Everything unknown, nothing asked that no lesion calls for."""
    known = assess(Case())

    assert (known.suspicion, known.questions, known.derived) == (None, (), ())
    assert known.criteria["japanese_2012"].met is None


def test_every_site_lies_somewhere():
    """Proximal or distal, but for head, neck and the limbs that are not told further; synonyms are sites."""
    assert not PROXIMAL & DISTAL
    assert set(SITES) - PROXIMAL - DISTAL == {"head", "neck", "arm", "upper arm", "leg"}
    assert not JAPANESE & ACRAL
    assert not LOWER_LIMB & UPPER_LIMB
    assert set(SITE_WORDS.values()) <= set(SITES)


@settings(max_examples=60, deadline=None)
@given(case=st.builds(Case))
def test_no_case_breaks_the_assessment(case):
    """Whatever the model lets through is assessed; questions point at fields that exist."""
    known = assess(case)

    assert all(question.field.split(".")[0] in Case.model_fields for question in known.questions)
