"""What was done, and how it went."""

import pytest

from calcinet.clinical.course_text import biopsy_in_words, outcome_in_words, procedure_in_words, treatment_in_words
from calcinet.clinical.history import Outcome, Procedure, Treatment
from calcinet.clinical.skin_lesion import Biopsy


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (
            {
                "name": "sodium thiosulphate", "route": "intravenous", "dose": "25 g three times a week",
                "start": "2026-03-02", "stop": "2026-04-01",
            },
            "sodium thiosulphate: given, intravenous, 25 g three times a week, from 2 March 2026, until 1 April 2026",
        ),
        ({"name": "amputation", "status": "refused", "reason": "her own wish"},
         "amputation: refused by the patient, because of her own wish"),
        ({"name": "parathyroidectomy", "status": "planned"}, "parathyroidectomy: planned, not yet given"),
        ({"name": "antibiotics", "status": "stopped", "reason": "rash"},
         "antibiotics: given, then stopped, because of rash"),
        ({"name": "drug stopped", "drug": "calcitriol"}, "calcitriol: stopped"),
        ({"name": "drug changed", "drug": "warfarin"}, "warfarin: changed"),
        ({"name": "pain control", "drug": "fentanyl"}, "pain control (fentanyl): given"),
        ({"name": "debridement"}, "debridement: done"),
    ],
)  # fmt: skip
def test_a_treatment_is_said(told, said):
    assert treatment_in_words(Treatment.model_validate(told)) == said


def test_treatment_does_not_stop_before_it_starts():
    with pytest.raises(ValueError, match="stop lies before start"):
        Treatment(name="antibiotics", start="2026-02-02", stop="2026-02-01")


def test_a_biopsy_says_its_reason():
    assert (
        biopsy_in_words(Biopsy(status="declined", reason="fear of pain")) == "biopsy declined, because of fear of pain"
    )


def test_a_biopsy_says_what_it_showed():
    told = Biopsy(status="done", kind="punch", site="thigh", result="indeterminate", vessels_calcified=False)

    assert biopsy_in_words(told) == (
        "biopsy done, thigh, punch, indeterminate, which excludes nothing, no small vessel calcified"
    )


def test_an_outcome_is_said_with_cause_and_time():
    assert (
        outcome_in_words(Outcome(state="died", cause="sepsis", on="2026-10-31")) == "died of sepsis on 31 October 2026"
    )
    assert outcome_in_words(Outcome(state="died", cause="sepsis", months_after_diagnosis=2)) == (
        "died of sepsis 2 months after the disease was recognised"
    )
    assert outcome_in_words(Outcome(state="healed")) == "healed"


def test_a_procedure_has_its_day():
    assert procedure_in_words(Procedure(name="gadolinium", on="2025-06-01")) == "gadolinium, 1 June 2025"
    assert procedure_in_words(Procedure(name="burn")) == "burn"
