"""Other diseases: changing one field of a case changes what speaks for and against them, and what is asked."""

from typing import get_args

import pytest

from calcinet.clinical.body_sites import SITES
from calcinet.clinical.history import Mimic as MimicName
from calcinet.evidence.context import PatientContext
from calcinet.evidence.differential import differential, load, mimics
from calcinet.references import references
from tests.support.patients import FILM, FINGER, LEGS, situation

MIMIC = """
[another]
name = "Another disease"
mimics = ["pyoderma gangrenosum"]
frequency = 3
reference = "hafner2010"
when = ["lesions"]
for = [["painful", "It hurts."]]
against = []
ask = "Does it hurt?"
"""


BREAST = {"site": "breast", "side": "L", "kind": "plaque"}
PENIS = {"site": "penis", "kind": "ulcer", "painful": False, "necrotic": False}
STUBBORN = {"site": "lower leg", "side": "L", "kind": "ulcer", "refractory": True}
SUSPICIOUS = {"modality": "mammogram", "site": "breast", "side": "L", "malignancy_suspected": True}


def keys(**parts):
    return [one.key for one in differential(situation(**parts))]


def entry(key, **parts):
    return next((one for one in differential(situation(**parts)) if one.key == key), None)


CHANGES = [
    ("venous_disease", "speaks_for", {"examination": {"venous_disease": True}}, "venous disease is known"),
    ("venous_disease", "against", {"examination": {"venous_disease": False}}, "not found"),
    ("venous_disease", "speaks_for", {"examination": {"periosteal_reaction": True}}, "Wavy new bone"),
    ("venous_disease", "speaks_for", {"examination": {"ceap": "C5"}}, "CEAP"),
    ("arterial_disease", "against", {"examination": {"peripheral_pulses": "present"}}, "pulses are present"),
    ("arterial_disease", "speaks_for", {"examination": {"peripheral_pulses": "absent"}}, "weak or absent"),
    ("arterial_disease", "speaks_for", {"examination": {"ankle_brachial_index": 0.5}}, "index is low"),
    ("arterial_disease", "speaks_for", {"conditions": [{"name": "PAD"}]}, "limbs is known"),
    ("cholesterol_emboli", "speaks_for", {"procedures": [{"name": "vascular procedure"}]}, "went before"),
    ("cholesterol_emboli", "against", {"procedures": [], "lesions": [FINGER]}, "No vascular procedure"),
    ("nephrogenic_systemic_fibrosis", "speaks_for", {"procedures": [{"name": "gadolinium"}]}, "was given"),
    ("purpura_fulminans", "speaks_for", {"examination": {"septic_shock": True}}, "Septic shock"),
    ("vasculitis", "speaks_for", {"labs": [{"name": "ANCA", "value": "positive"}]}, "ANCA are positive"),
    ("vasculitis", "against", {"labs": [{"name": "ANCA", "value": "negative"}]}, "ANCA are negative"),
    (
        "antiphospholipid_syndrome",
        "speaks_for",
        {"labs": [{"name": "lupus anticoagulant", "value": "positive"}]},
        "does not exclude calciphylaxis",
    ),
    ("martorell", "speaks_for", {"conditions": [{"name": "hypertension"}]}, "Hypertension"),
    ("martorell", "against", {"lesions": [LEGS, {"site": "abdomen", "kind": "plaque"}]}, "trunk or thigh"),
    ("vasculitis", "speaks_for", {"conditions": [{"name": "vasculitis"}]}, "is known"),
    ("antiphospholipid_syndrome", "speaks_for", {"conditions": [{"name": "APS"}]}, "is known"),
    ("vasculitis", "against", {"all_mimics_excluded": True}, "Excluded by the treating clinician"),
    ("pyoderma", "speaks_for", {"examination": {"violaceous_border": True}}, "violet border"),
    ("infection", "speaks_for", {"labs": [{"name": "CRP", "value": "63 mg/L"}]}, "C-reactive protein is high"),
    ("infection", "speaks_for", {"examination": {"temperature_c": 38.6}}, "Fever"),
    ("heparin_necrosis", "speaks_for", {"drugs": [{"name": "heparin"}]}, "Heparin is given"),
    ("hydroxyurea_ulcer", "speaks_for", {"drugs": [{"name": "hydroxyurea"}]}, "is taken"),
    ("burn", "speaks_for", {"procedures": [{"name": "burn"}]}, "burn"),
    ("livedoid", "speaks_for", {"examination": {"atrophie_blanche": True}}, "star-shaped"),
    ("diabetic_gangrene", "speaks_for", {"conditions": [{"name": "diabetes"}], "lesions": [FINGER]}, "Diabetes"),
    ("systemic_sclerosis", "speaks_for", {"examination": {"raynaud": True}}, "blanch"),
    ("calcinosis_dermatomyositis", "speaks_for", {"examination": {"muscle_weakness": True}}, "weak"),
    ("oxalate", "speaks_for", {"conditions": [{"name": "oxalosis"}]}, "are known"),
    ("tumoral_calcinosis", "speaks_for", {"lesions": [], "imaging": [FILM]}, "skin is sound"),
    ("ordinary_vascular_calcification", "against", {"imaging": [FILM]}, "net-like"),
    ("venous_disease", "speaks_for", {"imaging": [FILM]}, "net-like pattern: venous disease makes one too"),
    ("arterial_disease", "speaks_for", {"conditions": [{"name": "diabetes"}]}, "Diabetes"),
    ("arterial_disease", "speaks_for", {"imaging": [FILM]}, "arteries are calcified"),
    ("cryoglobulinaemia", "speaks_for", {"labs": [{"name": "cryoglobulins", "value": "positive"}]}, "were found"),
    ("heparin_necrosis", "speaks_for", {"conditions": [{"name": "HIT"}]}, "thrombocytopenia is known"),
    ("infection", "speaks_for", {"labs": [{"name": "blood culture", "value": "positive"}]}, "grew in a culture"),
    ("infection", "speaks_for", {"examination": {"infection_suspected": True}}, "at the bedside"),
    ("necrotising_fasciitis", "speaks_for", {"examination": {"septic_shock": True}}, "Septic shock"),
    ("breast_carcinoma", "speaks_for", {"lesions": [BREAST], "imaging": [SUSPICIOUS]}, "suspicious for cancer"),
    ("penile_carcinoma", "speaks_for", {"lesions": [PENIS], "kidney": {"stage": "normal"}}, "normal kidneys"),
    ("penile_infection", "speaks_for", {"lesions": [PENIS], "kidney": {"stage": "normal"}}, "cancer or infection"),
    ("neuropathic_ulcer", "speaks_for", {"lesions": [{"site": "foot", "kind": "ulcer"}]}, "Lesions of the foot"),
    ("traumatic_ulcer", "speaks_for", {"examination": {"trauma": True}}, "An injury went before"),
    ("skin_carcinoma", "speaks_for", {"lesions": [STUBBORN], "kidney": {"stage": "3"}}, "does not heal"),
    ("al_amyloidosis", "speaks_for", {"conditions": [{"name": "AL amyloidosis"}]}, "is known"),
    ("nicorandil_ulcer", "speaks_for", {"drugs": [{"name": "nicorandil"}]}, "known cause of ulcers"),
    (
        "thromboangiitis",
        "against",
        {"lesions": [FINGER, LEGS]},
        "Lesions beyond fingers and toes",
    ),
]


@pytest.mark.parametrize(("key", "side", "told", "words"), CHANGES)
def test_one_field_changes_what_is_said(key, side, told, words):
    """The sentence is there with the field, and not without it."""
    before = entry(key)

    assert any(words in sentence for sentence in getattr(entry(key, **told), side))
    assert before is None or not any(words in sentence for sentence in getattr(before, side))


def test_every_mimic_is_moved_by_some_field():
    """None stands there without its test."""
    assert {change[0] for change in CHANGES} | {"warfarin_necrosis"} == set(mimics())


@pytest.mark.parametrize(
    ("start", "side", "words"),
    [("2026-03-04", "speaks_for", "5 days before"), ("2024-03-09", "against", "for months")],
)
def test_warfarin_necrosis_goes_by_days_since_the_start(start, side, words):
    """On 9 March: 5 days lie within 3 to 10; two years speak for calciphylaxis."""
    found = entry("warfarin_necrosis", examined_on="2026-03-09", drugs=[{"name": "warfarin", "start": start}])

    assert any(words in sentence for sentence in getattr(found, side))
    assert found.ask == ""


def test_an_antagonist_that_was_stopped_at_the_first_necrosis_still_speaks():
    """Warfarin from 4 to 12 May, plaque of the thigh on 9 May: five days."""
    warfarin = {"name": "warfarin", "status": "stopped", "start": "2026-05-04", "stop": "2026-05-12"}
    plaque = {"site": "thigh", "kind": "plaque", "since": "2026-05-09"}
    found = entry("warfarin_necrosis", examined_on="2026-05-20", drugs=[warfarin], lesions=[plaque])

    assert [sentence.split(" ")[0] for sentence in found.speaks_for] == ["A", "Lesions"]
    assert not any("No vitamin K antagonist" in sentence for sentence in found.against)


def test_a_start_that_is_not_known_is_asked_for():
    """Warfarin without a day."""
    assert "On which day" in entry("warfarin_necrosis", drugs=[{"name": "warfarin"}]).ask


def test_what_is_answered_is_not_asked_again():
    """Either way."""
    assert entry("venous_disease").ask
    for answer in (True, False):
        assert entry("venous_disease", examination={"venous_disease": answer}).ask == ""


def test_the_treating_clinician_comes_first():
    """Excluded, or named as the explanation."""
    excluded, named = (
        entry("vasculitis", exclusions=[{"name": "vasculitis", "excluded": answer}]) for answer in (True, False)
    )

    assert excluded.against[0] == "Excluded by the treating clinician."
    assert named.speaks_for[0] == "Named by the treating clinician as the explanation."
    assert excluded.ask == named.ask == ""


def test_what_speaks_most_for_itself_stands_first():
    """Those for which nothing speaks stand last."""
    found = differential(situation(conditions=[{"name": "hypertension"}, {"name": "diabetes"}], imaging=[FILM]))
    silent = [not one.speaks_for for one in found]

    assert silent == sorted(silent)


def test_without_a_patient_only_images_bring_diseases_up():
    """No case, no film: nothing to tell apart."""
    assert differential(PatientContext.of(None)) == ()


@pytest.mark.parametrize("site", SITES)
def test_every_site_has_a_differential(site):
    """Wherever the lesion is, and none repeats itself."""
    found = differential(situation(lesions=[{"site": site, "kind": "ulcer"}]))

    assert found
    assert len({one.key for one in found}) == len(found)


def test_every_reference_is_known():
    """Followed to its source."""
    assert {mimic.reference for mimic in mimics().values()} <= set(references())


@pytest.mark.parametrize(
    ("old", "new", "error", "words"),
    [
        ("hafner2010", "nobody1999", KeyError, "nobody1999"),
        ("frequency = 3", "frequency = 4", ValueError, "frequency is 1, 2 or 3"),
        ('"It hurts."]', '"It hurts.", "very"]', ValueError, "an argument is strong"),
        ("painful", "sore", ValueError, "no fact is called sore"),
        ("It hurts.", "It hurts {often}.", ValueError, "no value is called often"),
        ('["lesions"]', '["lesions or painful"]', ValueError, "joined by and"),
        ('ask = "Does it hurt?"', "", TypeError, "ask"),
    ],
)
def test_mimic_that_cannot_be_right_does_not_load(old, new, error, words):
    """Unknown reference, fact or value; a condition that is none; a missing field."""
    with pytest.raises(error, match=words):
        load(MIMIC.replace(old, new))


def test_mimic_that_the_case_file_cannot_exclude_does_not_load():
    """A misspelt name would never match."""
    with pytest.raises(ValueError, match="no exclusion 'vasculitides'"):
        load(MIMIC.replace("pyoderma gangrenosum", "vasculitides"))


def test_one_strong_argument_outweighs_many_weak_ones():
    """Three weak ones speak for Martorell's ulcer, one strong one for AL amyloidosis."""
    hypertension, diabetes = {"name": "hypertension"}, {"name": "diabetes"}
    found = keys(conditions=[hypertension, diabetes, {"name": "AL amyloidosis"}], kidney={"stage": "4"})

    assert found.index("al_amyloidosis") < found.index("martorell")


def test_common_diseases_stand_before_rare_ones_of_equal_strength():
    """A black finger on dialysis: artery and diabetes before oxalate."""
    for conditions in ([], [{"name": "diabetes"}], None):
        found = keys(lesions=[FINGER], conditions=conditions)

        assert found.index("arterial_disease") < found.index("oxalate")
        assert found.index("diabetic_gangrene") < found.index("oxalate")


@pytest.mark.parametrize(
    ("parts", "first"),
    [
        ({"lesions": [BREAST], "imaging": [SUSPICIOUS]}, "breast_carcinoma"),
        ({"lesions": [{**BREAST, "painful": True}], "imaging": [SUSPICIOUS]}, "breast_carcinoma"),
        ({"lesions": [PENIS], "kidney": {"stage": "normal"}, "drugs": [{"name": "nicorandil"}]}, "penile_carcinoma"),
        ({"lesions": [PENIS]}, "penile_carcinoma"),
        ({"examination": {"septic_shock": True, "infection_suspected": True}}, "necrotising_fasciitis"),
        ({"conditions": [{"name": "heparin-induced thrombocytopenia"}]}, "heparin_necrosis"),
    ],
)
def test_what_must_not_be_missed_stands_first(parts, first):
    """Cancer of a suspicious breast and of a penile ulcer that does not fit, infection in shock, heparin."""
    assert keys(**parts)[0] == first


def test_a_painful_necrotic_penis_on_dialysis_is_not_first_a_cancer():
    """That lesion fits calciphylaxis: something speaks against cancer, and nothing for it."""
    found = entry("penile_carcinoma", lesions=[{**PENIS, "painful": True, "necrotic": True}])

    assert (found.speaks_for, len(found.against)) == ((), 1)


EVERY_NAME = [(key, name) for key, mimic in mimics().items() for name in mimic.mimics]


@pytest.mark.parametrize(("key", "name"), EVERY_NAME)
def test_every_disease_can_be_found_treated_or_excluded(key, name):
    """Found, it stands first; treated, it is asked whether the lesion went on; excluded alone, it stands last."""
    found = differential(situation(exclusions=[{"name": name, "status": "found"}]))
    treated = entry(key, exclusions=[{"name": name, "status": "treated"}])

    assert found[0].key == key
    assert found[0].speaks_for[0] == "Named by the treating clinician as the explanation."
    assert treated.speaks_for[0] == "Found and treated, as the treating clinician says."
    assert "Did the lesion heal" in treated.ask


def test_the_case_file_knows_no_disease_that_the_differential_lacks():
    """A disease that is named must mark a line."""
    assert {name for _, name in EVERY_NAME} == set(get_args(MimicName))


def test_what_was_excluded_stands_last():
    """Though much speaks for it."""
    told = {"examination": {"peripheral_pulses": "absent"}, "exclusions": [{"name": "PAD", "excluded": True}]}

    assert keys(**told)[-1] == "arterial_disease"


def test_one_of_two_diseases_of_a_line_may_be_excluded():
    """Sepsis excluded leaves necrotising fasciitis open, and asked."""
    exclusions = [{"name": "sepsis", "status": "excluded"}]
    found = entry("necrotising_fasciitis", examination={"infection_suspected": True}, exclusions=exclusions)

    assert found.against[0] == "Excluded by the treating clinician: sepsis."
    assert found.ask


def test_nothing_is_said_to_speak_for_nothing_where_something_does():
    """A net speaks for venous disease too; diabetes and calcified arteries speak for arterial disease."""
    told = {
        "examination": {"peripheral_pulses": "present"},
        "conditions": [{"name": "diabetes"}],
        "imaging": [FILM],
    }

    assert entry("venous_disease", **told).speaks_for
    assert entry("arterial_disease", **told).speaks_for
