"""Other diseases that criteria exclude: found, excluded, or open."""

import pytest

from tests.support.cases import DIALYSIS, FULL, ULCER, chinese, japanese


def test_mimic_that_was_found_opens_what_was_met():
    """The group asks for biopsy where another disease cannot be told apart."""
    found = [{"name": "cellulitis", "excluded": False}]

    assert japanese(kidney=DIALYSIS, lesions=[FULL], exclusions=found).met is None


def test_exclusions_without_their_drug_need_no_question():
    """No warfarin on a complete list of drugs, no warfarin necrosis; no such list, no knowledge."""
    complete = chinese(drugs=[{"name": "aspirin"}], drugs_complete=True).items["mimics_excluded"].question
    listed = chinese(drugs=[{"name": "aspirin"}]).items["mimics_excluded"].question
    without = chinese().items["mimics_excluded"].question

    assert "warfarin necrosis" not in complete
    assert "warfarin necrosis" in listed
    assert "warfarin necrosis" in without


@pytest.mark.parametrize(
    ("mimic", "parts", "open_"),
    [
        ("warfarin necrosis", {"drugs": [{"name": "something new"}]}, True),
        ("warfarin necrosis", {"treatments": [{"name": "drug stopped", "drug": "Coumadin"}]}, True),
        ("warfarin necrosis", {}, False),
        ("warfarin necrosis", {"drugs_complete": None}, True),
        (
            "warfarin necrosis",
            {"drugs": [{"name": "warfarin", "stop": "2005-01-01"}], "examined_on": "2026-01-01"},
            False,
        ),
        ("heparin-induced necrosis", {"kidney": DIALYSIS}, True),
        ("heparin-induced necrosis", {"kidney": {"dialysis": [{"kind": "peritoneal"}]}}, False),
        ("nephrogenic systemic fibrosis", {"procedures": [{"name": "surgery"}]}, True),
        ("nephrogenic systemic fibrosis", {"procedures": []}, False),
    ],
)
def test_silence_excludes_nothing(mimic, parts, open_):
    """An unknown drug may be anything, haemodialysis brings heparin, and only a complete list says none."""
    item = chinese(**{"drugs": [], "drugs_complete": True, **parts}).items["mimics_excluded"]

    assert (mimic in item.question) is open_


def test_all_three_antibodies_exclude_the_antiphospholipid_syndrome():
    """Lupus anticoagulant alone does not."""
    names = ("lupus anticoagulant", "anticardiolipin antibodies", "anti-b2GPI")
    labs = [{"name": name, "value": "negative"} for name in names]

    assert "antiphospholipid" not in chinese(labs=labs).items["mimics_excluded"].question
    assert "antiphospholipid" in chinese(labs=labs[:1]).items["mimics_excluded"].question


def test_mimics_of_the_treating_clinician_settle_the_exclusion():
    """Then the scheme is met and not only reached."""
    result = chinese(lesions=[ULCER], kidney=DIALYSIS, all_mimics_excluded=True)

    assert (result.met, result.level) == (True, "clinical")


@pytest.mark.parametrize(
    ("mimic", "parts", "open_"),
    [
        ("diabetic gangrene", {"conditions": [{"name": "diabetes", "present": False}]}, False),
        ("diabetic ulcer", {"conditions": [{"name": "diabetes"}]}, True),
        ("varicose ulcer", {"examination": {"venous_disease": False}}, False),
        ("traumatic ulcer", {"examination": {"trauma": False}}, False),
        ("cellulitis", {"examination": {"infection_suspected": False}}, False),
        ("cellulitis", {"examination": {"infection_suspected": False, "septic_shock": True}}, True),
        (
            "necrotising fasciitis",
            {
                "examination": {"infection_suspected": False},
                "labs": [{"name": "wound culture", "value": "positive"}],
            },
            True,
        ),
        ("low-temperature burn", {"procedures": []}, False),
    ],
)
def test_what_the_case_states_is_not_asked_again(mimic, parts, open_):
    """No diabetes, no diabetic gangrene; an infection that was looked for, unless something grew."""
    assert (mimic in chinese(**parts).items["mimics_excluded"].question) is open_


@pytest.mark.parametrize(
    "name",
    [
        "neuropathic ulcer",
        "traumatic ulcer",
        "diabetic ulcer",
        "thromboangiitis obliterans",
        "pyoderma gangrenosum",
    ],
)
def test_the_chinese_list_is_asked_and_the_japanese_set_does_not_wait_for_it(name):
    """Five diseases that the Chinese scheme names itself."""
    assert name in chinese().items["mimics_excluded"].question
    assert name not in japanese().items["exclusions"].question


@pytest.mark.parametrize("name", ["AL amyloidosis", "breast carcinoma", "nicorandil ulcer", "oxalosis"])
def test_a_found_disease_counts_for_both_schemes(name):
    """Whether or not their lists name it."""
    found = [{"name": name, "status": "found"}]

    assert chinese(exclusions=found).items["mimics_excluded"].met is False
    assert japanese(exclusions=found).items["exclusions"].met is False


@pytest.mark.parametrize("name", ["sepsis", "vascular calcification"])
def test_what_goes_with_the_disease_explains_no_lesion(name):
    """Sepsis follows it as often, and calcified arteries are nearly the rule."""
    assert chinese(exclusions=[{"name": name, "status": "found"}]).items["mimics_excluded"].met is None


def test_a_treated_disease_is_open():
    """The lesion may have gone on."""
    item = chinese(exclusions=[{"name": "cellulitis", "status": "treated"}]).items["mimics_excluded"]

    assert "cellulitis" in item.question
