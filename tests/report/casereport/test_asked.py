"""The author is asked what the record does not tell, and nothing else."""

import pytest

from calcinet.clinical.case import Case
from calcinet.protocols import assemble
from calcinet.report.casereport import Examination, draft
from calcinet.report.casereport.asked import ASKED

LESION = {"site": "leg", "side": "left", "kind": "ulcer", "painful": True, "necrotic": True}


def record(**parts):
    return assemble([], Case.model_validate({"patient": {"sex": "female", "age_years": 55}, **parts}))


def asked(key, **parts):
    return " ".join(ASKED[key].ask(record(**parts)))


@pytest.mark.parametrize(
    ("key", "parts", "words"),
    [
        ("abstract", {"outcome": {"state": "died"}}, "What was the outcome"),
        (
            "findings",
            {"lesions": [LESION], "examination": {"peripheral_pulses": "present"}},
            "pulses and pain included",
        ),
        ("timeline", {"lesions": [{**LESION, "since": "2026-01-01"}]}, "first lesion"),
        ("assessment", {"clinician_impression": "calciphylaxis"}, "Which diagnosis was made in the end"),
        ("intervention", {"treatments": [{"name": "wound care"}]}, "Which treatments were given"),
        (
            "intervention",
            {"treatments": [{"name": "sodium thiosulphate", "dose": "25 g three times a week"}]},
            "Which dose and duration",
        ),
    ],
)
def test_what_is_told_is_not_asked(key, parts, words):
    assert words in asked(key)
    assert words not in asked(key, **parts)


def test_a_missing_dose_is_asked():
    assert "Which dose and duration" in asked("intervention", treatments=[{"name": "sodium thiosulphate"}])


def test_a_case_without_any_image_is_not_supported_by_imaging():
    without = draft([Examination(record(lesions=[LESION]))]).title
    with_one = draft([Examination(record(lesions=[LESION], imaging=[{"modality": "film", "net_like": True}]))]).title

    assert without == "Suspicion of calciphylaxis (woman, 55 years): a case report"
    assert with_one == "Suspicion of calciphylaxis supported by imaging (woman, 55 years): a case report"


def test_treatment_outcome_and_photographs_stand_in_their_items():
    told = record(
        lesions=[{**LESION, "since": "2026-01-20", "photographs": [{"file": "a.jpg", "caption": "Black edges"}]}],
        treatments=[{"name": "amputation", "status": "refused", "start": "2026-02-20"}],
        outcome={"state": "died", "cause": "sepsis", "on": "2026-03-20"},
    )
    made = draft([Examination(told, photographs={"photo-1": b"jpeg"})])
    sections = {section.key: str(section.blocks) for section in made.sections}

    assert "amputation: refused by the patient" in sections["intervention"]
    assert "died of sepsis" in sections["outcome"]
    assert "first seen: leg, ulcer" in sections["timeline"]
    assert "day 59" in sections["timeline"]
    assert [(photo.name, photo.caption) for photo in made.photos["findings"]] == [("photo-1.jpg", "Black edges")]
