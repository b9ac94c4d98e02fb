"""Levels in their population, and other diseases in their order: reviewed cases and more of the same kinds."""

import pytest
import yaml

import calcinet
from calcinet.clinical.case import Case
from tests.support.reviewed import codes, examine_reviewed, find_case

SCALE = "suspected < clinical < confirmed"


def vary(name, prior=0.3, **parts):
    """The record of a reviewed case of which some blocks are told otherwise."""
    told = yaml.safe_load(find_case(name).read_text(encoding="utf-8"))
    return calcinet.examine(case=Case.model_validate({**told, **parts}), prior=prior)


def names(record):
    return [entry.name for entry in record.differential]


def find(record, word):
    return next(entry for entry in record.differential if word in entry.name)


BIOPSY = {
    "status": "done",
    "result": "positive",
    "necrosis_or_ulcer": True,
    "vessels_calcified": True,
    "intima_narrowed": True,
}
HANDS = {"site": "finger", "side": "both", "count": 2, "painful": True, "necrotic": True, "since": "2026-09-20"}


# Levels in their population


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("60", {}),
        ("70", {}),
        ("00", {"kidney": {"stage": "4", "egfr_ml_min": 22}}),
        ("00", {"kidney": {"stage": "5", "egfr_ml_min": 11}}),
        ("00", {"kidney": {"stage": "3", "transplant": True}}),
        ("00", {"kidney": {"transplant": True, "dialysis": [{"kind": "haemodialysis", "stop": "2024-05-01"}]}}),
        ("00", {"kidney": {"stage": "normal"}, "pathology": [BIOPSY]}),
    ],
)
def test_no_level_outside_dialysis_and_a_sentence_why(name, parts):
    """Normal kidneys, stage 4 and 5, a transplant; not even a positive biopsy gives one."""
    record = vary(name, **parts)
    suspicion = record.summary.suspicion

    assert suspicion.level is None
    assert "on dialysis" in suspicion.headline
    assert "does not exclude calciphylaxis" in suspicion.rule
    assert record.clinical.criteria["chinese_three_level"].level is None
    assert record.clinical.criteria["chinese_three_level"].why_not


def test_no_adult_scheme_for_a_child():
    """Nine years, on dialysis, the whole picture."""
    record = vary("00", patient={"age_years": 9, "sex": "male"})

    assert record.clinical.criteria == {}
    assert record.summary.suspicion.level is None
    assert "adults" in record.summary.suspicion.headline


def test_the_headline_says_where_on_the_scale_it_stands_and_what_it_waits_for():
    """Two of three, and only if other diseases are excluded; the word is the scheme's."""
    suspicion = examine_reviewed("00").summary.suspicion

    assert (suspicion.level, suspicion.position, suspicion.provisional) == ("clinical", 2, True)
    assert suspicion.headline == (
        'Calciphylaxis suspected by the Chinese scheme: level "clinical", second of three, if '
        f"{len(suspicion.open)} other diseases are excluded."
    )
    assert {"pyoderma gangrenosum", "thromboangiitis obliterans", "neuropathic ulcer"} <= set(suspicion.open)
    assert "diabetic gangrene" not in suspicion.open, "she has no diabetes, as the case says"
    assert "varicose ulcer" not in suspicion.open, "venous disease was looked for and not found"


def test_with_all_excluded_nothing_is_provisional():
    """And both sets are met."""
    record = vary("00", all_mimics_excluded=True)

    assert not record.summary.suspicion.provisional
    assert [criterion.met for criterion in record.clinical.criteria.values()] == [True, True]


def test_confirmed_is_the_word_of_the_scheme():
    """Never a verdict of the program."""
    suspicion = vary("00", pathology=[BIOPSY]).summary.suspicion

    assert suspicion.level == "confirmed"
    assert suspicion.headline.startswith(
        'Positive biopsy beside a skin lesion, by the Chinese scheme: level "confirmed", third of three'
    )


def test_neither_scheme_is_met_while_exclusions_are_open():
    """The same rule for both."""
    criteria = examine_reviewed("00").clinical.criteria

    assert criteria["japanese_2012"].met is None
    assert criteria["chinese_three_level"].met is None


# Two words for one dead tissue


@pytest.mark.parametrize("name", ["12", "13"])
def test_painful_gangrene_of_fingers_on_dialysis_is_a_level(name):
    """As a black eschar is; the caution for hands stays."""
    record = examine_reviewed(name)

    assert record.summary.suspicion.level == "clinical"
    assert record.summary.suspicion.provisional
    assert "hands or feet" in record.summary.suspicion.rule
    assert "biopsy_acral" in codes(record)


@pytest.mark.parametrize("site", ["finger", "toe", "foot", "lower leg"])
def test_one_answer_for_gangrene_and_eschar(site):
    """Level, both schemes, item by item."""
    gangrene, eschar = (
        vary("12", lesions=[{**HANDS, "site": site, "kind": kind}]) for kind in ("gangrene", "black eschar")
    )

    assert gangrene.summary.suspicion == eschar.summary.suspicion
    for name, criterion in gangrene.clinical.criteria.items():
        assert criterion.met == eschar.clinical.criteria[name].met
        assert criterion.items == eschar.clinical.criteria[name].items


@pytest.mark.parametrize(
    "kind", ["rash", "papule", "cellulitis-like erythema", "subcutaneous induration", "haemorrhagic plaque", "purpura"]
)
def test_early_lesions_of_the_scheme_can_be_entered(kind):
    """And bring a level within reach: suspected or more, or not known, never a silent none."""
    lesion = {"site": "thigh", "side": "L", "kind": kind, "painful": True}
    factors = {
        "kidney": {"stage": "5D", "dialysis": [{"kind": "peritoneal", "years": 7}]},
        "labs": [{"name": "PTH", "value": "1300 pg/mL"}],
    }
    record = vary("00", lesions=[lesion], **factors)

    assert record.clinical.criteria["chinese_three_level"].items["early_skin_change"] is True
    assert record.summary.suspicion.level in ("suspected", "clinical")


# Level and probability


@pytest.mark.parametrize(
    ("name", "prior", "parts", "words"),
    [
        ("51", 0.68, {}, "68 %"),
        ("A5", 0.3, {}, "30 %"),
        ("00", 0.03, {}, "3 %"),
        ("00", 0.02, {"pathology": [BIOPSY]}, "2 %"),
        ("60", 0.7, {}, "70 %"),
    ],
)
def test_level_and_probability_do_not_contradict_in_silence(name, prior, parts, words):
    """None beside 68 %, clinical beside 3 %: a caution, and a sentence of the summary."""
    record = vary(name, prior=prior, **parts)

    assert any(words in caution and "yet the probability" in caution for caution in record.evidence.cautions)
    assert any("yet the probability" in sentence for sentence in record.summary.sentences)


def test_level_and_probability_that_agree_need_no_sentence():
    """Clinical beside 30 %."""
    assert not any("yet the probability" in caution for caution in examine_reviewed("00").evidence.cautions)


@pytest.mark.parametrize("name", ["51", "A5"])
def test_a_found_disease_never_reads_as_an_all_clear(name):
    """The headline names it, and the rule says what it does not exclude."""
    suspicion = examine_reviewed(name).summary.suspicion

    assert suspicion.level == "none"
    assert "was found and explains the lesion" in suspicion.headline
    assert suspicion.rule.count("not exclude calciphylaxis") == 1


# A disease that was found


@pytest.mark.parametrize(
    ("name", "parts", "first"),
    [
        ("51", {}, "Cellulitis"),
        ("A5", {}, "Pyoderma"),
        ("00", {"exclusions": [{"name": "arterial disease", "excluded": False}]}, "Arterial disease"),
        ("00", {"exclusions": [{"name": "necrotising fasciitis", "excluded": False}]}, "Necrotising fasciitis"),
        ("00", {"exclusions": [{"name": "necrotizing fasciitis", "status": "found"}]}, "Necrotising fasciitis"),
        ("00", {"exclusions": [{"name": "cryoglobulinaemia", "status": "found"}]}, "Cryoglobulinaemia"),
        ("00", {"exclusions": [{"name": "vasculitis", "status": "found"}]}, "Vasculitis"),
        ("00", {"exclusions": [{"name": "Martorell ulcer", "status": "found"}]}, "Hypertensive ischaemic ulcer"),
        ("09", {"exclusions": [{"name": "penile cancer", "status": "found"}]}, "penis"),
    ],
)
def test_the_disease_that_the_clinician_named_stands_first(name, parts, first):
    """Whatever else speaks for others."""
    record = vary(name, **parts)

    assert first in record.differential[0].name
    assert record.differential[0].for_[0] == "Named by the treating clinician as the explanation."


def test_a_positive_biopsy_beside_arterial_disease_is_a_question():
    """All three features: neither none nor confirmed."""
    record = vary("00", pathology=[BIOPSY], exclusions=[{"name": "arterial disease", "excluded": "no"}])

    assert record.summary.suspicion.level is None
    assert "contradicts itself" in record.summary.suspicion.headline
    assert any(q.field == "exclusions" and "pathologist" in q.text for q in record.clinical.questions)
    assert "Arterial disease" in record.differential[0].name


def test_a_treated_disease_is_asked_about_and_stands_near_the_top():
    """It neither excludes nor explains by itself."""
    record = vary("00", exclusions=[{"name": "cellulitis", "status": "treated"}])

    assert "Cellulitis" in record.differential[0].name
    assert record.summary.suspicion.level == "clinical"
    assert "cellulitis" in record.summary.suspicion.open


# Order


def suspicious_breast(**mammogram):
    lesion = {"site": "breast", "side": "left", "kind": "plaque", "painful": True, "necrotic": True}
    image = {"modality": "mammogram", "site": "breast", "side": "left", "vessels": ["small"], **mammogram}
    return {"lesions": [lesion], "imaging": [image]}


def test_carcinoma_first_where_the_mammogram_is_suspicious():
    """Before everything else."""
    record = vary("00", **suspicious_breast(malignancy_suspected=True))

    assert "Carcinoma of the breast" in names(record)[0]


def test_carcinoma_is_listed_for_every_breast():
    """Calciphylaxis imitates it."""
    record = vary("00", **suspicious_breast())

    assert "Carcinoma of the breast" in names(record)
    assert find(record, "Carcinoma of the breast").for_


def test_carcinoma_and_infection_first_for_a_penile_ulcer_that_does_not_fit():
    """Normal kidneys, one painless ulcer, on nicorandil."""
    found = names(examine_reviewed("70"))

    assert found[:2] == ["Carcinoma of the penis", "Infection of the penis"]
    assert "Nicorandil ulcer" in found[:4]


def test_nicorandil_and_amyloid_are_lines_of_their_own():
    """Each where it is stated, with its source; neither where it is not."""
    assert find(examine_reviewed("42"), "Nicorandil").for_
    assert "amyloid" in names(examine_reviewed("35"))[0]
    assert not any("Nicorandil" in name or "amyloid" in name for name in names(examine_reviewed("00")))


@pytest.mark.parametrize("name", ["12", "13"])
def test_common_diseases_of_fingers_stand_before_oxalate(name):
    """Arterial disease and diabetic gangrene are everyday; oxalate vasculopathy is rare."""
    found = names(examine_reviewed(name))

    for common in ("Arterial disease of the limb", "Diabetic gangrene"):
        assert found.index(common) < found.index("Oxalate vasculopathy")


def test_signs_of_infection_argue_for_infection():
    """Culture, shock and the bedside, in case 39."""
    record = examine_reviewed("39")
    reasons = " ".join(find(record, "Cellulitis").for_)

    assert "fasciitis and sepsis" in names(record)[0]
    assert all(word in reasons for word in ("culture", "Septic shock", "bedside"))


def test_martorell_never_leads_on_dialysis():
    """Hypertension is common there, and dialysis speaks against it."""
    for name in ("00", "51", "35"):
        assert "Martorell" not in names(examine_reviewed(name))[0]


def test_a_diabetic_with_marked_vessels_has_arguments_for_arterial_disease():
    """Though all pulses are felt; and a net speaks for venous disease too."""
    film = {"modality": "film", "site": "lower leg", "side": "left", "net_like": True, "vessels": ["medium", "small"]}
    record = vary(
        "00", conditions=[{"name": "diabetes mellitus"}], imaging=[film], examination={"peripheral_pulses": "present"}
    )

    assert find(record, "Arterial disease").for_
    assert find(record, "venous disease").for_


def test_a_stated_cause_is_counted_and_not_asked():
    """Primary hyperparathyroidism with normal kidneys."""
    said = {step.code: step.text for step in examine_reviewed("60").advice}

    assert "primary hyperparathyroidism" in said["working_kidneys_hyperparathyroidism"]
    assert "primary hyperparathyroidism" not in said.get("working_kidneys", "")
