"""More that must not be missed: each case told in several ways, on the woman of the reviewed cases."""

import pytest

from tests.clinical_review.test_safety import first, said, text_of, vary
from tests.support.reviewed import codes

MAN = {"age_years": 66, "sex": "male"}


def penis(*, patient=MAN, add=None, **lesion):
    """A lesion of the penis of a man on haemodialysis."""
    return vary(patient=patient, lesions=[{"site": "penis", **lesion}], add=add)


def fields(record):
    """Where the questions say that the answers go."""
    return [question.field for question in record.clinical.questions]


def differential_of(record, name):
    """What speaks for and against one of the other diseases."""
    return next(entry for entry in record.differential if entry.name == name)


# The penis


@pytest.mark.parametrize(
    "lesion",
    [
        {"kind": "ulcer", "painful": "yes", "necrotic": "no"},
        {"kind": "ulcer", "painful": "yes"},
        {"kind": "ulcer", "necrotic": "yes"},
        {"kind": "ulcer"},
        {"kind": "plaque", "painful": "yes"},
        {"kind": "nodule", "painful": "no"},
    ],
)
def test_a_penile_lesion_that_is_not_both_painful_and_dead_is_cancer_first(lesion):
    """On dialysis too: biopsy is not discouraged."""
    record = penis(**lesion)

    assert "penile_cancer_first" in codes(record)
    assert "biopsy_penis" not in codes(record)


def test_nicorandil_keeps_biopsy_of_the_penis_from_being_discouraged():
    """Painful and dead, but the drug makes ulcers there."""
    record = penis(kind="ulcer", painful="yes", necrotic="yes", add={"drugs": [{"name": "nicorandil"}]})

    assert "penile_cancer_first" in codes(record)
    assert "biopsy_penis" not in codes(record)
    assert "nicorandil" in codes(record)


@pytest.mark.parametrize("kind", ["gangrene", "eschar", "ulcer"])
def test_a_painful_dead_lesion_of_the_penis_on_dialysis_fits(kind):
    """Biopsy is discouraged, as before."""
    record = penis(kind=kind, painful="yes", necrotic="yes")

    assert "biopsy_penis" in codes(record)
    assert "penile_cancer_first" not in codes(record)


def test_a_boy_hears_nothing_of_older_men():
    """Infection first, with the urologist."""
    record = penis(kind="ulcer", painful="no", necrotic="no", patient={"age_years": 8, "sex": "male"})

    assert "penile_lesion_of_a_child" in codes(record)
    assert "older men" not in said(record)


# Tests that are positive or negative


@pytest.mark.parametrize(
    ("name", "value", "disease", "denied"),
    [
        ("MPO-ANCA", "88 U/mL", "Vasculitis", "ANCA are negative."),
        ("cryoglobulins", "high", "Cryoglobulinaemia", "No cryoglobulins."),
        ("lupus anticoagulant", "high", "Antiphospholipid syndrome", "Lupus anticoagulant is negative."),
    ],
)
def test_a_high_antibody_is_a_positive_one(name, value, disease, denied):
    """Flagged or said in a word; it speaks for the disease."""
    record = vary(add={"labs": [{"name": name, "value": value, "flag": "high"}]})
    entry = differential_of(record, disease)

    assert denied not in entry.against
    assert any("positive" in text or "found" in text for text in entry.for_)


def test_a_number_without_flag_is_neither_positive_nor_negative():
    """Nobody knows the limit of that laboratory."""
    record = vary(add={"labs": [{"name": "MPO-ANCA", "value": "88 U/mL"}]})
    entry = differential_of(record, "Vasculitis")

    assert "ANCA are negative." not in entry.against
    assert "ANCA are positive." not in entry.for_


# Infection


@pytest.mark.parametrize(
    ("name", "value"),
    [("procalcitonin", "12 ng/mL"), ("lactate", "6.1 mmol/L"), ("white cells", "0.4 10^9/L")],
)
def test_a_result_far_out_is_a_suspected_infection(name, value):
    """Though the bedside saw none; the result stands in the line."""
    record = vary(add={"labs": [{"name": name, "value": value}]})

    assert first(record)[:2] == ("infection_suspected", "urgent")
    assert value.split()[0] in record.advice[0].text


def test_low_temperature_is_looked_into():
    """It is a mild line alone, and is not "no fever"."""
    record = vary(add={"examination": {"temperature_c": 35.1}})

    assert "low_temperature" in codes(record)
    assert "No fever." not in differential_of(record, "Cellulitis and wound infection").against


def test_low_temperature_and_raised_lactate_are_read_as_sepsis():
    """Two signs together."""
    record = vary(add={"examination": {"temperature_c": 35.1}, "labs": [{"name": "lactate", "value": "3.1 mmol/L"}]})

    assert first(record)[:2] == ("sepsis", "urgent")
    assert "3.1" in record.advice[0].text
    assert "35.1" in record.advice[0].text


@pytest.mark.parametrize("name", ["cellulitis", "osteomyelitis", "PD peritonitis"])
def test_an_infection_among_the_diseases_counts_and_is_asked_about_where_denied(name):
    """Named, and said not to be suspected: both are shown."""
    add = {"conditions": [{"name": name}], "examination": {"infection_suspected": "no"}}
    record = vary(add=add)
    entry = differential_of(record, "Cellulitis and wound infection")

    assert first(record)[:2] == ("infection_suspected", "urgent")
    assert name.split()[-1] in record.advice[0].text
    assert "Infection was looked for and not found." not in entry.against
    assert "examination.infection_suspected" in fields(record)


# The blood flow of a foot


def foot(examination, **lesion):
    """A lesion of a toe."""
    told = {"site": "toe", "side": "left", "painful": "yes", **lesion}
    return vary(lesions=[told], examination=examination)


def test_gangrene_of_a_toe_with_pulses_not_told():
    """Asked, and the vascular surgeon today."""
    record = foot({}, kind="gangrene", necrotic="yes")
    step = next(step for step in record.advice if step.code == "foot_gangrene_flow")

    assert (step.who, step.how_soon) == ("vascular surgeon", "today")
    assert "toe pressure" in step.text
    assert "examination.peripheral_pulses" in fields(record)


def test_pulses_that_are_felt_on_dialysis_do_not_settle_it():
    """A wound: this week; no question of pulses."""
    record = foot({"peripheral_pulses": "present"}, kind="ulcer", necrotic="no")

    assert "do not exclude poor flow" in text_of(record, "foot_wound_flow")
    assert "examination.peripheral_pulses" not in fields(record)


def test_a_threatened_foot_has_one_line_of_the_vascular_surgeon():
    """Pulses absent: the urgent one."""
    record = foot({"peripheral_pulses": "absent"}, kind="gangrene", necrotic="yes")

    assert first(record)[0] == "limb_ischaemia"
    assert "foot_gangrene_flow" not in codes(record)


# Cancer and infection of groin and vulva, cancer that was named, skin that has healed


@pytest.mark.parametrize("site", ["vulva", "groin", "scrotum"])
def test_a_genital_lesion_that_does_not_fit_is_cancer_or_infection_first(site):
    """Painless, on dialysis."""
    record = vary(lesions=[{"site": site, "kind": "ulcer", "painful": "no", "necrotic": "no"}])

    assert "carcinoma and infection first" in text_of(record, "genital_lesion")


@pytest.mark.parametrize("site", ["vulva", "groin", "perineum"])
def test_gangrene_there_has_a_surgeon_today(site):
    """A necrotising infection looks so too."""
    record = vary(lesions=[{"site": site, "kind": "gangrene", "painful": "yes"}])

    assert "Fournier" in text_of(record, "genital_gangrene")


def test_a_penile_cancer_that_was_named_is_treated_first_and_not_excluded():
    """No film of the pelvis, no bone scan, no word against biopsy."""
    record = vary(
        patient=MAN,
        lesions=[{"site": "penis", "kind": "gangrene", "painful": "yes", "necrotic": "yes"}],
        exclusions=[{"name": "penile carcinoma", "excluded": False}],
    )

    assert "treatment comes before" in text_of(record, "penile_cancer_named")
    assert not {"penile_cancer_first", "penis_image", "bone_scan", "biopsy_penis"} & set(codes(record))


def test_healed_skin_needs_no_biopsy_and_no_palliative_care():
    """Nor the pain team."""
    record = vary(outcome={"state": "healed"})

    assert not {"tissue", "care"} & {step.kind for step in record.advice}


# Heparin, coagulation, drugs that are planned or listed twice


def test_necrosis_by_heparin_that_was_treated_and_heparin_again():
    """No heparin until it is ruled out."""
    record = vary(
        exclusions=[{"name": "heparin-induced necrosis", "status": "treated"}], add={"drugs": [{"name": "heparin"}]}
    )

    assert "heparin_thrombocytopenia" in codes(record)


def test_a_fall_of_platelets_on_heparin_is_seen_within_the_normal_range():
    """From 320 to 200."""
    labs = [
        {"name": "platelets", "value": "320 10^9/L", "on": "2026-10-20"},
        {"name": "platelets", "value": "200 10^9/L", "on": "2026-10-30"},
    ]
    record = vary(add={"drugs": [{"name": "heparin"}], "labs": labs})

    assert "320" in text_of(record, "platelets_fallen_on_heparin")
    against = differential_of(record, "Heparin-induced thrombocytopenia and necrosis").against
    assert not any("Platelets are not low" in text for text in against)


def test_heparin_that_was_stopped_by_a_complete_list_is_history():
    """The circuit goes without it."""
    record = vary(
        drugs=[{"name": "heparin", "status": "stopped"}],
        drugs_complete="yes",
        add={"conditions": [{"name": "heparin-induced thrombocytopenia"}]},
    )

    assert "heparin_history" in codes(record)
    assert "heparin_thrombocytopenia" not in codes(record)


def test_a_very_high_inr_on_its_drug_is_of_today():
    """INR 7.9 on warfarin."""
    labs = [{"name": "INR", "value": "7.9"}]
    record = vary(add={"drugs": [{"name": "warfarin", "start": "2019-01-01"}], "labs": labs})

    assert "inr_dangerous" in codes(record)


@pytest.mark.parametrize("name", ["warfarin", "morphine", "calcium carbonate", "calcitriol"])
def test_a_planned_drug_is_talked_about_before_it_is_begun(name):
    """By its name."""
    record = vary(add={"drugs": [{"name": name, "status": "planned"}]})

    assert name in text_of(record, "risky_drug_planned")


def test_a_drug_that_is_listed_twice_is_named_once():
    """Morphine at night and by day."""
    record = vary(drugs=[{"name": "morphine 5 mg"}, {"name": "codeine"}, {"name": "morphine 10 mg nocte"}])

    assert text_of(record, "opioid").lower().split(":")[0].count("morphine") == 1


def test_low_calcium_that_cannot_wait_hears_nothing_against_vitamin_d():
    """A word that could be read as stop."""
    labs = [{"name": "adjusted calcium", "value": "1.62 mmol/L"}]
    record = vary(labs=labs, add={"drugs": [{"name": "calcitriol"}]})

    assert "critical_calcium_low" in codes(record)
    assert "active_vitamin_d" not in codes(record)


# Results of long ago


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("CRP", "310 mg/L", "infection_suspected"),
        ("blood culture", "positive", "infection_suspected"),
        ("adjusted calcium", "3.4 mmol/L", "critical_calcium_high"),
    ],
)
def test_a_result_of_long_ago_is_repeated_and_raises_no_alarm(name, value, code):
    """Eight months old; of last week it is urgent."""
    record = vary(labs=[{"name": name, "value": value, "on": "2026-03-01"}], examined_on="2026-11-01")
    fresh = vary(labs=[{"name": name, "value": value, "on": "2026-10-28"}], examined_on="2026-11-01")

    assert code not in codes(record)
    assert "8 months old" in text_of(record, "old_result")
    assert code in codes(fresh)
    assert "old_result" not in codes(fresh)
