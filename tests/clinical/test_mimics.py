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
