"""The whole patient on the page, in both languages and on paper."""

import pytest

from calcinet.clinical.case import Case
from calcinet.protocols import assemble
from calcinet.report.content import collect_content
from calcinet.report.html import page
from calcinet.report.language import translator
from calcinet.report.paper import collect_words
from tests.support.reading import Page

CASE = {
    "examined_on": "2026-03-09",
    "patient": {"age_years": 60, "sex": "female"},
    "kidney": {"stage": "5D", "dialysis": [{"kind": "haemodialysis", "start": "2022-03-09"}]},
    "conditions": [{"name": "dm"}, {"name": "ennui"}, {"name": "atrial fibrillation", "present": False}],
    "lesions": [
        {
            "site": "lower leg", "side": "left", "kind": "ulcer", "size_cm": "12 x 8",
            "painful": True, "necrotic": True,
            "photographs": [{"file": "a.jpg", "caption": "Black edges", "on": "2026-03-01"}, {"file": "b.jpg"}],
        }
    ],
    "examination": {"pain_score": 8, "tenderness": True, "peripheral_pulses": "reduced"},
    "treatments": [{"name": "amputation", "status": "refused", "reason": "her wish"}],
    "pathology": [{"status": "declined", "reason": "fear of pain"}],
    "procedures": [{"name": "gadolinium", "on": "2025-06-01"}],
    "clinician_impression": "calciphylaxis <b>or</b> Martorell",
    "outcome": {"state": "worse"},
}  # fmt: skip
JPEG = b"\xff\xd8\xff\xd9"


@pytest.fixture(scope="module")
def record():
    return assemble([], Case.model_validate(CASE))


@pytest.fixture(scope="module")
def shown(record):
    return Page(page(record, {}, photographs={"photo-1": JPEG}))


@pytest.mark.parametrize(
    "words",
    [
        "haemodialysis for 4 years",
        "lower leg, left: ulcer, 12 × 8 cm, painful, necrotic",
        "pain 8 of 10 (numeric scale: 0 none, 10 the worst that can be imagined)",
        "tender on touch",
        "peripheral pulses reduced",
        "dm read as diabetes mellitus",
        "ennui this name is not known here: nothing follows from it",
        "no atrial fibrillation",
        "amputation: refused by the patient, because of her wish",
        "biopsy declined, because of fear of pain",
        "gadolinium, 1 June 2025",
        'The treating clinician\'s words: "calciphylaxis <b>or</b> Martorell"',
        "Outcome: worse",
        "Black edges (1 March 2026)",
        "None predicts the course of one patient.",
        "death from the disease itself",
    ],
)
def test_the_page_says(shown, words):
    assert words in shown.text


def test_the_page_is_well_formed_and_holds_the_photograph(shown):
    assert shown.open == []
    sources = [image["src"] for image in shown.all("img")]
    assert sources == ["data:image/jpeg;base64,/9j/2Q=="]


def test_a_photograph_without_a_caption_is_that_of_its_lesion(shown):
    assert shown.text.count("lower leg, left: ulcer, 12 × 8 cm, painful, necrotic") >= 2


def test_paper_has_the_same_sections(record):
    _ = translator("en")
    words = collect_words(record, collect_content(record, _), _)
    keys = [section["key"] for section in words["sections"]]

    assert keys[:5] == ["questions", "notes", "patient", "course", "prognosis"]


def test_the_dead_have_no_prognosis():
    dead = assemble([], Case.model_validate({**CASE, "outcome": {"state": "died", "cause": "sepsis"}}))
    text = Page(page(dead, {})).text

    assert "Outcome: died of sepsis" in text
    assert "Prognosis in studies" not in text
