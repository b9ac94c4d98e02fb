"""Safety before disease: cases that must not be read without the line that cannot wait, and more of their kinds."""

from typing import Any

import pytest
import yaml

import calcinet
from calcinet.clinical.case import Case
from calcinet.io.case.reader import read_case
from calcinet.record import Record
from tests.support.paths import ROOT
from tests.support.reviewed import codes, examine_reviewed, find_case

Change = dict[str, Any]

STOP_WORDS = ("stop the", "withdraw", "discontinue")


def vary(*, add: Change | None = None, **parts: Any) -> Record:
    """The woman of the reviewed cases, on haemodialysis, two ulcers of a leg, changed by whole blocks or entries."""
    told = yaml.safe_load(find_case("00-base").read_text(encoding="utf-8"))
    told.update(parts)
    for key, entries in (add or {}).items():
        if isinstance(entries, dict):
            told[key] = {**told[key], **entries}
        else:
            told[key] = [*told.get(key, []), *entries]
    return calcinet.examine(case=Case.model_validate(told))


def example(stem: str) -> Record:
    """One of the invented patients of the repository."""
    (path,) = (ROOT / "examples" / "invented").glob(f"{stem}-*.yaml")
    return calcinet.examine(case=read_case(path))


def text_of(record: Record, code: str) -> str:
    """What a step says; it must be there."""
    return next(step.text for step in record.advice if step.code == code)


def said(record: Record) -> str:
    """All steps in one text."""
    return "\n".join(step.text for step in record.advice)


def first(record: Record) -> tuple[str, str, str | None, str | None]:
    """Code, kind, whom to call and how soon of the first step."""
    step = record.advice[0]
    return step.code, step.kind, step.who, step.how_soon


def require_urgent_first(record: Record) -> None:
    """No step on calciphylaxis before one that cannot wait."""
    kinds = [step.kind for step in record.advice]
    assert kinds == sorted(kinds, key=lambda kind: kind != "urgent")


LESION = {"side": "left", "painful": "yes", "necrotic": "yes", "purpura_around": "yes", "refractory": "yes"}


# Infection in three grades


def test_septic_shock_comes_before_everything():
    """Resuscitation, cultures, antibiotics, surgeon now; and no word that it may come from the necrosis alone."""
    record = examine_reviewed("39")

    assert first(record) == ("sepsis", "urgent", "emergency team and surgeon", "now")
    for word in ("resuscitation", "cultures", "antibiotics", "surgeon now", "28 x 10^9/L", "310 mg/L", "39.6", "shock"):
        assert word in text_of(record, "sepsis")
    assert "necrosis alone" not in said(record)
    require_urgent_first(record)


def test_coagulation_in_sepsis_uses_the_values_and_asks_for_none_that_is_given():
    """INR 2.1 and platelets 30."""
    record = examine_reviewed("39")
    step = next(step for step in record.advice if step.code == "coagulation_consumed")

    assert (step.kind, step.who, step.how_soon) == ("urgent", "haematologist", "today")
    assert "INR 2.1" in step.text
    assert "platelets 30" in step.text
    asked = " ".join(
        [*(entry.ask for entry in record.differential), *(item.text for item in record.clinical.questions)]
    )
    assert "Is coagulation being consumed" not in asked
    assert "What is the INR" not in asked
    assert "Is there an infection of the wound or the blood? Look for it" not in asked


def test_a_slight_laboratory_sign_has_mild_words():
    """CRP of 6 mg/L."""
    record = examine_reviewed("83")

    assert "sepsis" not in codes(record)
    assert "infection_suspected" not in codes(record)
    assert "6 mg/L" in text_of(record, "infection_sign")
    assert "may also come from the necrosis alone" in text_of(record, "infection_sign")
    assert "surgeon" not in text_of(record, "infection_sign")


def test_white_cells_and_crp_far_out_are_a_suspected_infection():
    """28.4 and 310, though the bedside saw none: no mild words."""
    labs = [{"name": "WBC", "value": "28.4 10^9/L"}, {"name": "CRP", "value": "310 mg/L"}]
    record = vary(add={"labs": labs})

    assert first(record)[:2] == ("infection_suspected", "urgent")
    assert "cultures" in text_of(record, "infection_suspected")
    assert "necrosis alone" not in said(record)


def test_names_of_british_and_hong_kong_laboratories_are_no_silence():
    """WCC and hs-CRP."""
    record = vary(add={"labs": [{"name": "WCC", "value": "28.4 10^9/L"}, {"name": "hs-CRP", "value": "310 mg/L"}]})

    assert first(record)[:2] == ("infection_suspected", "urgent")
    assert "28.4" in record.advice[0].text
    assert "310" in record.advice[0].text


@pytest.mark.parametrize(
    "change",
    [
        {"exclusions": [{"name": "necrotising fasciitis", "excluded": False}]},
        {"add": {"conditions": [{"name": "Fournier's gangrene"}]}},
        {"add": {"conditions": [{"name": "urosepsis"}]}},
        {"add": {"examination": {"septic_shock": True}}},
        {"add": {"examination": {"temperature_c": 38.9}, "labs": [{"name": "blood culture", "value": "positive"}]}},
    ],
)
def test_sepsis_or_a_necrotising_infection_by_any_way_of_telling(change):
    """A surgeon now, before anything else."""
    record = vary(**change)

    assert first(record) == ("sepsis", "urgent", "emergency team and surgeon", "now")
    assert "necrosis alone" not in said(record)


@pytest.mark.parametrize(
    "change",
    [
        {"add": {"examination": {"temperature_c": 38.4}}},
        {"add": {"examination": {"infection_suspected": True}}},
        {"add": {"labs": [{"name": "wound culture", "value": "positive"}]}},
        {"add": {"labs": [{"name": "CRP", "value": "140 mg/L"}]}},
    ],
)
def test_suspected_infection_is_the_middle_grade(change):
    """Cultures today; neither shock nor the necrosis alone."""
    record = vary(**change)

    assert "sepsis" not in codes(record)
    assert next(step.how_soon for step in record.advice if step.code == "infection_suspected") == "today"
    assert "necrosis alone" not in said(record)


def test_sepsis_of_years_ago_is_past():
    """It is told among the diseases, and it is over."""
    record = vary(add={"conditions": [{"name": "sepsis", "since": "2019-03-01"}, {"name": "history of sepsis"}]})

    assert "sepsis" not in codes(record)


# Cancer first


def test_penile_ulcer_that_does_not_fit_is_not_told_to_go_without_biopsy():
    """A man of 72, normal kidneys, one painless ulcer, on nicorandil."""
    record = examine_reviewed("70")

    assert first(record) == ("penile_cancer_first", "urgent", "urologist", "today")
    assert "carcinoma and infection" in text_of(record, "penile_cancer_first")
    assert "discouraged" not in said(record)
    assert "nicorandil" in codes(record)
    assert not {"biopsy_penis", "bone_scan", "working_kidneys", "palliative_care"} & set(codes(record))


@pytest.mark.parametrize(
    ("kidney", "lesion", "cancer_first"),
    [
        ({"stage": "normal"}, {"painful": "yes", "necrotic": "yes"}, True),
        ({"stage": "3"}, {"painful": "yes"}, True),
        ({}, {"painful": "yes", "necrotic": "yes"}, True),
        ({"stage": "5D"}, {"painful": "no", "necrotic": "no"}, True),
        ({"stage": "5D"}, {}, True),
        ({"stage": "5D"}, {"painful": "yes"}, True),
        ({"stage": "4"}, {"necrotic": "yes"}, True),
        ({"stage": "5D"}, {"painful": "yes", "necrotic": "yes"}, False),
    ],
)
def test_kidneys_and_lesion_decide_what_is_said_of_the_penis(kidney, lesion, cancer_first):
    """Discouraged only where both make calciphylaxis likely."""
    record = vary(kidney=kidney, lesions=[{"site": "penis", "kind": "ulcer", **lesion}])

    assert ("penile_cancer_first" in codes(record)) is cancer_first
    assert ("biopsy_penis" in codes(record)) is not cancer_first


def test_penis_on_dialysis_has_an_image_and_the_urologist():
    """A film of the pelvis or CT without contrast, and a bone scan."""
    record = examine_reviewed("09")
    image = next(step for step in record.advice if step.code == "penis_image")

    assert (image.kind, image.who) == ("image", "urologist")
    assert "film of the pelvis or CT without contrast" in image.text
    assert "bone_scan" in codes(record)
    assert "biopsy_penis" in codes(record)


def test_suspicious_breast_is_a_tissue_diagnosis_first():
    """And no figures of biopsies in calciphylaxis beside it."""
    lesions = [{"site": "breast", "kind": "ulcer", **LESION}]
    picture = {"modality": "mammogram", "site": "breast", "side": "left"}
    suspicious = vary(lesions=lesions, imaging=[{**picture, "malignancy_suspected": True}])
    quiet = vary(lesions=lesions, imaging=[{**picture, "malignancy_suspected": False}])

    assert first(suspicious) == ("breast_cancer_suspected", "urgent", "breast surgeon", "today")
    assert "Tissue diagnosis" in text_of(suspicious, "breast_cancer_suspected")
    assert not {"biopsy_adds", "normal_mammogram"} & set(codes(suspicious))
    assert "52 %" not in said(suspicious)
    assert first(quiet)[0] == "breast_malignancy"
    assert "biopsy_adds" in codes(quiet)


def test_nicorandil_is_a_cause_to_go_through_with_the_prescriber():
    """Ulcers of a leg, so it is asked; nobody is told to stop it."""
    record = examine_reviewed("42")
    step = next(step for step in record.advice if step.code == "nicorandil")

    assert (step.kind, step.who) == ("review", "prescriber")
    assert "whether it can be changed" in step.text


# Heparin


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (
            {
                "conditions": [{"name": "heparin-induced thrombocytopenia"}],
                "drugs": [{"name": "heparin"}],
                "labs": [{"name": "platelets", "value": "38 10^9/L"}],
            },
            "heparin_thrombocytopenia_low",
        ),
        ({"conditions": [{"name": "HIT"}]}, "heparin_thrombocytopenia"),
        (
            {"drugs": [{"name": "enoxaparin"}], "labs": [{"name": "platelets", "value": "61 10^9/L"}]},
            "platelets_low_on_heparin",
        ),
        (
            {"drugs": [{"name": "tinzaparin"}], "labs": [{"name": "platelets", "value": "88", "flag": "low"}]},
            "platelets_low_on_heparin",
        ),
    ],
)
def test_no_heparin_in_circuit_or_locks_until_it_is_ruled_out(change, code):
    """Stated, or low platelets on heparin; the haematologist today."""
    record = vary(add=change)

    assert first(record) == (code, "urgent", "haematologist", "today")
    assert "no heparin in circuit or locks" in text_of(record, code)
    if "labs" in change:
        assert change["labs"][0]["value"].split()[0] in text_of(record, code)


def test_thrombocytopenia_by_heparin_that_was_ruled_out_is_not_feared():
    """Low platelets have another reason."""
    record = vary(
        add={"drugs": [{"name": "heparin"}], "labs": [{"name": "platelets", "value": "61 10^9/L"}]},
        exclusions=[{"name": "heparin-induced necrosis", "excluded": True}],
    )

    assert not {"platelets_low_on_heparin", "heparin_thrombocytopenia"} & set(codes(record))


def test_low_platelets_on_haemodialysis_ask_for_heparin():
    """Nobody has said whether it goes with the circuit."""
    record = vary(add={"labs": [{"name": "platelets", "value": "61 10^9/L"}]})

    assert "platelets 61" in text_of(record, "platelets_low_heparin_unknown")


# Warfarin's first days


def test_skin_lesion_on_day_five_of_warfarin_is_an_emergency():
    """Haematology today; the several-fold risk of calciphylaxis is not the point there."""
    record = examine_reviewed("04-warfarin")

    assert first(record) == ("warfarin_necrosis", "urgent", "haematologist", "today")
    assert "emergency" in text_of(record, "warfarin_necrosis")
    assert "5 days" in text_of(record, "warfarin_necrosis")
    assert "several-fold" not in said(record)


def test_the_invented_patient_of_day_four_reads_the_same_and_her_breast_is_not_forgotten():
    """Warfarin and a breast."""
    record = example("04")

    assert [step.code for step in record.advice if step.kind == "urgent"] == ["warfarin_necrosis", "breast_malignancy"]
    assert "several-fold" not in said(record)


@pytest.mark.parametrize(
    ("start", "emergency"),
    [("2026-09-20", True), ("2026-09-19", True), ("2026-09-10", True), ("2026-09-09", False), ("2026-09-25", False)],
)
def test_ten_days_decide(start, emergency):
    """To a lesion of 20 September: 0, 1, 10 and 11 days, and one that came before the drug."""
    record = vary(add={"drugs": [{"name": "warfarin", "start": start}]})

    assert ("warfarin_necrosis" in codes(record)) is emergency
    assert ("several-fold" in said(record)) is not emergency


def test_warfarin_of_years_stays_with_the_prescriber_and_is_a_stroke_question():
    """As it was."""
    record = vary(add={"drugs": [{"name": "warfarin", "start": "2020-01-01"}], "conditions": [{"name": "AF"}]})

    assert "stroke question" in text_of(record, "vitamin_k_antagonist_stroke")
    assert "warfarin_necrosis" not in codes(record)


def test_a_prescription_as_a_ward_writes_it_starts_the_same_clock():
    """Strength and frequency in the name."""
    record = vary(add={"drugs": [{"name": "warfarin 3 mg od", "start": "2026-09-15"}]})

    assert first(record)[0] == "warfarin_necrosis"


def test_atrial_fibrillation_on_the_fifth_day_is_still_a_stroke_question():
    """Another anticoagulant the same day."""
    record = vary(add={"drugs": [{"name": "warfarin", "start": "2026-09-15"}], "conditions": [{"name": "AF"}]})

    assert codes(record)[:2] == ["warfarin_necrosis", "warfarin_necrosis_stroke"]


# Calcium, parathyroid hormone, dialysate


@pytest.mark.parametrize(
    ("lab", "code"),
    [
        ({"name": "adjusted calcium", "value": "3.4 mmol/L"}, "critical_calcium_high"),
        ({"name": "adjusted calcium", "value": "13.6 mg/dL"}, "critical_calcium_high"),
        ({"name": "ionised calcium", "value": "1.71 mmol/L"}, "critical_calcium_high"),
        ({"name": "adjusted calcium", "value": "1.62 mmol/L"}, "critical_calcium_low"),
    ],
)
def test_critical_calcium_stands_first(lab, code):
    """Now, the nephrologist, with the value."""
    record = vary(labs=[lab])

    assert first(record) == (code, "urgent", "nephrologist", "now")
    assert "mmol/L" in text_of(record, code)


@pytest.mark.parametrize("value", ["2.4 mmol/L", "2.75 mmol/L", "9.8 mg/dL"])
def test_calcium_that_is_not_critical_is_not_urgent(value):
    """Raised, at most a review."""
    record = vary(labs=[{"name": "adjusted calcium", "value": value}])

    assert not any(step.kind == "urgent" for step in record.advice)


def test_calcium_in_question_is_asked_about_and_raises_no_alarm():
    """2.45 mg/dL cannot be right."""
    record = vary(labs=[{"name": "adjusted calcium", "value": "2.45 mg/dL"}])

    assert not any(step.kind == "urgent" for step in record.advice)


def test_very_high_parathyroid_hormone_is_a_step():
    """210 pmol/L, thirty times the limit; KDIGO 2017."""
    step = next(step for step in examine_reviewed("56").advice if step.code == "pth_very_high")

    assert (step.kind, step.who, step.how_soon) == ("review", "nephrologist", "this week")
    assert "30 times" in step.text
    assert step.reference == "kdigo2017"


def test_low_parathyroid_hormone_on_active_vitamin_d_is_a_step():
    """Oversuppressed perhaps; one line on the drug, not two."""
    record = vary(add={"drugs": [{"name": "alfacalcidol"}]}, labs=[{"name": "PTH", "value": "5 pmol/L"}])

    assert "review with the prescriber" in text_of(record, "pth_low_on_vitamin_d")
    assert "active_vitamin_d" not in codes(record)


def test_dialysate_calcium_is_read():
    """1.75 mmol/L against 1.25 to 1.50."""
    step = next(step for step in examine_reviewed("55").advice if step.code == "dialysate_calcium")

    assert (step.kind, step.who, step.reference) == ("review", "nephrologist", "kdigo2017")
    assert "1.75 mmol/L" in step.text
    assert "dialysate_calcium" not in codes(examine_reviewed("00"))


# Limbs


def test_black_toe_without_pulse_is_a_limb_in_danger():
    """Gangrene, pulses absent, index 0.38: the vascular surgeon now."""
    record = example("07")

    assert first(record) == ("limb_ischaemia", "urgent", "vascular surgeon", "now")
    assert "0.38" in text_of(record, "limb_ischaemia")


def test_index_above_the_valid_range_answers_nothing():
    """1.6 with absent pulses: toe pressure, and the question stays open."""
    record = vary(add={"examination": {"ankle_brachial_index": 1.6, "peripheral_pulses": "absent"}})

    assert first(record)[0] == "limb_ischaemia"
    assert "toe pressure" in text_of(record, "index_invalid")
    arterial = next(entry for entry in record.differential if entry.name == "Arterial disease of the limb")
    assert "pressure" in arterial.ask


@pytest.mark.parametrize(
    ("examination", "code"),
    [
        ({"ankle_brachial_index": 0.35}, "limb_ischaemia"),
        ({"ankle_brachial_index": 0.6}, "limb_flow"),
        ({"peripheral_pulses": "reduced"}, "limb_flow"),
        ({"peripheral_pulses": "absent"}, "limb_ischaemia"),
    ],
)
def test_wound_of_a_leg_and_its_blood_flow(examination, code):
    """In danger, or weak."""
    found = codes(vary(add={"examination": examination}))

    assert code in found
    assert len({"limb_ischaemia", "limb_flow"} & set(found)) == 1


def test_dead_finger_without_pulse_is_a_limb_in_danger_too():
    """As behind a dialysis shunt: the arteries of the arm, not those of a foot."""
    record = vary(
        lesions=[{"site": "finger", "kind": "gangrene", "side": "left"}],
        add={"examination": {"peripheral_pulses": "absent"}},
    )

    assert first(record) == ("hand_ischaemia", "urgent", "vascular surgeon", "now")
    assert "pulses of wrist and arm" in record.advice[0].text
    assert "toe" not in said(record)
    assert "wound" not in codes(record)


# Thiosulphate


@pytest.mark.parametrize(("name", "words"), [("41", "planned into the abdomen"), ("74", "given into the abdomen")])
def test_thiosulphate_into_the_abdomen_stops_the_reader(name, words):
    """By a treatment or by the list of drugs; one sentence, not the general one."""
    record = examine_reviewed(name)

    assert first(record)[1:] == ("urgent", "nephrologist", "now")
    assert words in record.advice[0].text
    assert "stop and ask" in record.advice[0].text
    assert "never_into_the_abdomen" not in codes(record)


@pytest.mark.parametrize(
    ("treatments", "general"),
    [
        ([], False),
        ([{"name": "sodium thiosulphate", "status": "refused"}], False),
        ([{"name": "sodium thiosulphate", "status": "refused", "route": "intraperitoneal"}], False),
        ([{"name": "sodium thiosulphate", "status": "planned"}], True),
        ([{"name": "sodium thiosulphate", "route": "intravenous"}], True),
    ],
)
def test_on_peritoneal_dialysis_the_general_line_is_for_those_who_think_of_it(treatments, general):
    """Refused thiosulphate brings no line at all."""
    record = vary(kidney={"stage": "5D", "dialysis": [{"kind": "peritoneal"}]}, treatments=treatments)

    assert ("never_into_the_abdomen" in codes(record)) is general
    assert ("thiosulphate_effect" in codes(record)) is general


# No line that would stop a needed drug


@pytest.mark.parametrize(
    "record", [lambda: examine_reviewed("65"), lambda: example("12")], ids=["reviewed", "invented"]
)
def test_steroid_in_vasculitis_is_needed(record):
    """It is not to be lowered for the sake of the skin."""
    advice = record()

    assert "corticosteroid" not in codes(advice)
    assert "needed there" in text_of(advice, "corticosteroid_needed")


@pytest.mark.parametrize(
    ("change", "needed"),
    [
        ({}, False),
        ({"labs": [{"name": "ANCA", "value": "positive"}]}, True),
        ({"labs": [{"name": "ANCA", "value": "negative"}]}, False),
        ({"conditions": [{"name": "lupus"}]}, True),
        ({"conditions": [{"name": "cryoglobulinaemia"}]}, True),
        ({"kidney": {"transplant": True}}, True),
        ({"exclusions": [{"name": "vasculitis", "excluded": False}]}, True),
        ({"exclusions": [{"name": "vasculitis", "excluded": True}]}, False),
    ],
)
def test_what_a_steroid_is_needed_for(change, needed):
    """Known, found, or by its antibody."""
    record = vary(add={"drugs": [{"name": "prednisolone"}], **change})

    assert ("corticosteroid_needed" in codes(record)) is needed
    assert ("corticosteroid" in codes(record)) is not needed


@pytest.mark.parametrize("drug", ["etelcalcetide", "cinacalcet"])
def test_calcimimetic_has_its_own_name_and_the_trial_beside_the_association(drug):
    """The randomised figures: 6 against 18 of 3,861."""
    text = text_of(vary(add={"drugs": [{"name": drug}]}), "calcimimetic")

    assert drug in text
    for figure in ("6 against 18 of 3,861", "0.31", "0.13 to 0.79"):
        assert figure in text


def test_nobody_who_has_died_has_next_steps():
    """The outcome stands on the record."""
    record = examine_reviewed("50")

    assert record.advice == ()
    assert record.summary.sentences[0] == "The patient has died (sepsis); there are no next steps."
    assert codes(examine_reviewed("00"))


# Transplant, child, pregnancy


def test_transplant_is_read():
    """Drugs against rejection are the transplant team's."""
    record = vary(kidney={"stage": "3", "transplant": True})

    assert "transplant team" in text_of(record, "transplant")


def test_child_is_a_boy_with_no_range_of_adults():
    """Nine years; radiation is thought of, and no CT or bone scan is suggested."""
    record = vary(
        patient={"age_years": 9, "sex": "male"},
        lesions=[{"site": "thigh", "kind": "ulcer", **LESION}],
        pathology=[{"status": "declined"}],
    )

    assert record.clinical.about[0].startswith("boy, 9 years")
    assert "Radiation" in text_of(record, "child")
    assert not {"ct_without_contrast", "bone_scan"} & set(codes(record))
    assert all(lab.range is None for lab in record.clinical.labs)
    assert all(lab.flag is None for lab in record.clinical.labs)


def test_child_s_own_laboratory_range_holds():
    """It was printed for a child."""
    record = vary(
        patient={"age_years": 9},
        labs=[{"name": "phosphate", "value": "1.7 mmol/L", "low": 1.0, "high": 1.8}],
    )

    assert record.clinical.labs[0].flag == "N"


def test_pregnancy_comes_before_radiation_and_drugs():
    """CT, bone scan, thiosulphate, warfarin: the obstetrician first."""
    record = examine_reviewed("33")

    for word in ("CT", "bone scan", "thiosulphate", "vitamin K antagonist"):
        assert word in text_of(record, "pregnancy")
    assert codes(record).index("pregnancy") == 0
    assert not {"ct_without_contrast", "bone_scan"} & set(codes(record))


@pytest.mark.parametrize(("name", "there"), [("pregnant, 22 weeks", True), ("previous pregnancy", False)])
def test_pregnancy_on_warfarin_is_urgent(name, there):
    """As it is written; one of the past is none."""
    record = vary(add={"conditions": [{"name": name}], "drugs": [{"name": "warfarin", "start": "2024-01-01"}]})

    assert ("pregnancy_antagonist" in codes(record)) is there


# Gaps and non-steps


def test_positive_bone_scan_is_not_left_out_in_silence():
    """Its caution stands among the steps."""
    text = text_of(examine_reviewed("18"), "positive_scan")

    assert "leaves it out" in text
    assert "Inflammation" in text


def test_indeterminate_biopsy_excludes_nothing():
    """And the pathologist is asked what else the tissue shows."""
    step = next(step for step in examine_reviewed("17").advice if step.code == "indeterminate_biopsy")

    assert (step.kind, step.who) == ("tissue", "pathologist")
    assert "excludes nothing" in step.text


@pytest.mark.parametrize("drug", ["morphine", "codeine", "morphine sulphate"])
def test_morphine_and_codeine_accumulate_on_dialysis(drug):
    """The pain team; the general line on pain steps back."""
    record = vary(add={"drugs": [{"name": drug}]})
    step = next(step for step in record.advice if step.code == "opioid")

    assert (step.kind, step.who, step.reference) == ("review", "pain team", "coluzzi2020")
    assert "accumulate" in step.text
    assert "pain" not in codes(record)
    assert not any(word in step.text for word in STOP_WORDS)


def test_another_opioid_or_good_kidneys_bring_no_such_line():
    """Fentanyl on dialysis, morphine with normal kidneys."""
    assert "opioid" not in codes(vary(add={"drugs": [{"name": "fentanyl"}]}))
    assert "opioid" not in codes(vary(kidney={"stage": "normal"}, add={"drugs": [{"name": "morphine"}]}))


def test_care_is_among_the_steps():
    """Pain, wound, palliative care; nutrition where albumin is low."""
    assert {"pain", "wound", "palliative_care"} <= set(codes(examine_reviewed("00")))
    assert "nutrition" in codes(vary(labs=[{"name": "albumin", "value": "24 g/L"}]))
    assert "hydroxyurea" in codes(vary(add={"drugs": [{"name": "hydroxyurea"}]}))


@pytest.mark.parametrize(
    "told",
    [lambda: vary(pathology=[{"status": "declined"}]), lambda: examine_reviewed("21")],
    ids=["declined", "no net"],
)
def test_bone_scan_is_suggested_where_it_helps(told):
    """Where tissue is refused, or a film shows no net."""
    record = told()

    assert "bone_scan" in codes(record)
    assert "excludes nothing" in text_of(record, "bone_scan")


def test_contrast_ct_and_an_unlisted_drug_are_no_steps():
    """A caution and a question."""
    record = vary(
        imaging=[{"modality": "CT", "site": "thigh", "contrast": True}],
        treatments=[{"name": "drug stopped", "drug": "calcitriol"}],
    )

    assert "contrast_ct" not in codes(record)
    assert any("CT with contrast" in caution for caution in record.evidence.cautions)
    assert next(step.kind for step in record.advice if step.code == "ask_stopped_drug") == "ask"
    assert text_of(record, "ask_stopped_drug").startswith("Since when")


def test_venous_question_is_one_question():
    """No two sentences that say opposite things."""
    net = {"modality": "film", "site": "lower leg", "side": "left", "net_like": True, "vessels": ["small"]}
    record = vary(imaging=[net], examination={"peripheral_pulses": "present"})
    asked = " ".join(entry.ask for entry in record.differential)

    assert "only where there is none" in text_of(record, "venous_question")
    assert "as if there were none" not in said(record)
    assert "does not speak for calciphylaxis alone" not in asked


def test_cause_that_is_known_is_not_asked_for():
    """Primary hyperparathyroidism with normal kidneys."""
    record = examine_reviewed("60")

    assert "primary hyperparathyroidism" in text_of(record, "working_kidneys_hyperparathyroidism")
    assert "primary hyperparathyroidism" not in text_of(record, "working_kidneys")


def test_a_limited_film_is_answered_with_a_better_one_by_its_name():
    """No internal number."""
    record = vary(imaging=[{"modality": "film", "site": "lower leg", "side": "left", "quality": "limited"}])

    assert "film, lower leg, left" in text_of(record, "better_film")
    assert "imaging." not in said(record)


# No needle while sepsis or coagulation forbids it


def test_in_septic_shock_one_step_says_why_there_is_no_biopsy_now():
    """Platelets of 30, INR of 2.1, shock; what can wait does, and nobody is told to ask about debridement this week."""
    record = examine_reviewed("39")

    assert text_of(record, "no_biopsy_now").startswith("No biopsy now: platelets 30 x 10^9/L, INR 2.1, septic shock.")
    assert not {"biopsy_adds", "biopsy_acral", "bone_scan", "film", "wound"} & set(codes(record))
    assert "wait until the patient is stable" in text_of(record, "images_later")
    assert "who is called now decides on debridement" in text_of(record, "wound_in_sepsis")
    assert "(DIC)" in text_of(record, "coagulation_consumed")
    assert not any(step.who == "surgeon" for step in record.advice)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"labs": [{"name": "platelets", "value": "49 10^9/L"}]}, "platelets 49"),
        ({"labs": [{"name": "INR", "value": "1.6"}]}, "INR 1.6"),
        (
            {"labs": [{"name": "INR", "value": "2.8"}], "drugs": [{"name": "warfarin", "start": "2020-01-01"}]},
            "INR 2.8",
        ),
        ({"conditions": [{"name": "urosepsis"}]}, "No biopsy now: sepsis."),
    ],
)
def test_each_danger_alone_keeps_the_needle_away(change, words):
    """Whatever it comes from; an anticoagulant is not changed without its prescriber."""
    record = vary(add=change)

    assert words in text_of(record, "no_biopsy_now")
    assert "biopsy_adds" not in codes(record)
    assert "without its prescriber" in text_of(record, "no_biopsy_now")


@pytest.mark.parametrize("site", ["toe", "penis", "thigh"])
def test_the_site_does_not_matter_there(site):
    """No step towards tissue of any kind."""
    record = vary(
        add={"labs": [{"name": "platelets", "value": "22 10^9/L"}]}, lesions=[{"site": site, "kind": "ulcer", **LESION}]
    )

    assert "no_biopsy_now" in codes(record)
    assert not {"biopsy_adds", "biopsy_acral", "biopsy_penis"} & set(codes(record))


@pytest.mark.parametrize("labs", [[{"name": "platelets", "value": "50 10^9/L"}], [{"name": "INR", "value": "1.5"}], []])
def test_at_the_limits_a_biopsy_is_a_question(labs):
    """Values that are not told forbid nothing."""
    record = vary(add={"labs": labs})

    assert "no_biopsy_now" not in codes(record)
    assert "biopsy_adds" in codes(record)


# The drug of the first days by its name


def test_the_line_on_the_first_days_names_drug_and_days_and_leaves_the_decision():
    """Warfarin of 15 September, a lesion of the 20th, seen six weeks later."""
    text = text_of(examine_reviewed("04-warfarin"), "warfarin_necrosis")

    for words in ("warfarin on 2026-09-15", "lesion since 2026-09-20", "42 days before"):
        assert words in text
    assert "Whether the next dose is held" in text
    assert "is decided today by haematologist and prescriber" in text


def test_a_fresh_lesion_needs_no_age_and_the_name_is_the_one_that_was_given():
    """Seen a day later; a brand or a strength stays as it was written."""
    record = vary(
        examined_on="2026-09-21",
        patient={},
        labs=[],
        add={"drugs": [{"name": "Coumadin 3 mg od", "start": "2026-09-15"}]},
    )
    text = text_of(record, "warfarin_necrosis")

    assert "Coumadin 3 mg od on 2026-09-15 (lesion since 2026-09-20)" in text
    assert "before this examination" not in text


# Hands


def test_dead_fingers_are_for_the_vascular_surgeon_today_and_not_by_the_foot():
    """Pulses of wrist and arm, finger pressure, and whether a fistula steals."""
    record = examine_reviewed("12-hands")
    asked = " ".join(entry.ask for entry in record.differential)

    assert first(record) == ("hand_necrosis", "urgent", "vascular surgeon", "today")
    for words in ("pulses of wrist and arm", "finger pressure"):
        assert words in record.advice[0].text
    assert "fistula or graft" in text_of(record, "access_asked")
    assert "toe pressure" not in said(record) + asked
    assert "ankle-brachial" not in said(record) + asked
    assert "wound" not in codes(record)


@pytest.mark.parametrize(
    ("name", "steals"),
    [
        ("left AV fistula", True),
        ("arteriovenous fistula", True),
        ("AVF right arm", False),
        ("dialysis access steal", True),
    ],
)
def test_a_fistula_on_the_side_of_the_hand_may_steal(name, steals):
    """On the other side it does not."""
    record = vary(
        lesions=[{"site": "finger", "kind": "gangrene", "side": "left"}], add={"conditions": [{"name": name}]}
    )

    assert ("access_steal" in codes(record)) is steals
    assert "access_asked" not in codes(record)


def test_a_leg_keeps_its_toe_pressure_beside_a_dead_finger():
    """Both are asked for."""
    record = vary(
        lesions=[
            {"site": "finger", "kind": "gangrene", "side": "left"},
            {"site": "lower leg", "kind": "ulcer", **LESION},
        ],
        add={"examination": {"peripheral_pulses": "reduced"}},
    )

    assert "hand_necrosis" in codes(record)
    assert "Toe pressure" in text_of(record, "limb_flow")


# Words of a step


def test_penis_on_dialysis_is_not_called_likely():
    """Nothing is cut by rule, and the urologist is not told of the urologist."""
    record = examine_reviewed("09")

    assert "as here" not in said(record)
    assert "without cutting" in text_of(record, "penis_image")
    assert "Exclude carcinoma and infection" in text_of(record, "biopsy_penis")
    assert "wound" not in codes(record)
    assert "ask the surgeon about debridement" not in said(record)
    assert not any("urologist" in step.text for step in record.advice if step.who == "urologist")


def test_thiosulphate_says_whom_to_ask():
    """And the line on the vein is something to do."""
    record = examine_reviewed("41")

    assert "stop and ask the nephrologist first" in record.advice[0].text
    assert text_of(record, "thiosulphate_effect").startswith("Ask the nephrologist whether")
    assert "19 cohorts" in text_of(record, "thiosulphate_effect")


def test_a_known_cause_without_dialysis_has_somebody_to_act_and_care_is_not_forgotten():
    """Primary hyperparathyroidism with normal kidneys; pain, wound and palliative care as on dialysis."""
    record = examine_reviewed("60")
    step = next(step for step in record.advice if step.code == "working_kidneys_hyperparathyroidism")

    assert (step.who, step.how_soon) == ("endocrine surgeon", "this week")
    assert "working_kidneys_cause" not in codes(record)
    assert {"pain", "wound", "palliative_care"} <= set(codes(record))
    assert "in advanced kidney disease or on dialysis" in text_of(record, "pain")


def test_another_cause_keeps_the_general_line():
    """Alcoholic liver disease."""
    record = vary(kidney={"stage": "normal"}, add={"conditions": [{"name": "alcoholic liver disease"}]})

    assert "alcoholic liver disease" in text_of(record, "working_kidneys_cause")
    assert "working_kidneys_hyperparathyroidism" not in codes(record)


def test_morphine_with_good_kidneys_does_not_silence_the_pain():
    """It is no reason to leave the pain unmeasured."""
    record = vary(kidney={"stage": "normal"}, add={"drugs": [{"name": "morphine"}]})

    assert "pain" in codes(record)


@pytest.mark.parametrize("name", ["00-base", "04-warfarin", "12-hands", "39", "60", "70"])
def test_steps_stand_by_how_soon(name):
    """Urgent lines, then now, today, this week, and what has no time."""
    order = ("now", "today", "this week", None)
    found = [(step.kind != "urgent", order.index(step.how_soon)) for step in examine_reviewed(name).advice]

    assert found == sorted(found)


@pytest.mark.parametrize(
    ("sides", "words"),
    [(["left"], "of the lower leg, not yet seen"), (["both"], "(both sides)"), (["left", "right"], "(both sides)")],
)
def test_film_says_both_sides(sides, words):
    """Together or one by one."""
    record = vary(lesions=[{"site": "lower leg", "kind": "ulcer", **LESION, "side": side} for side in sides])

    assert words in text_of(record, "film")
