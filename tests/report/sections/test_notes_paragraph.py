"""The paragraph for the notes: short, plain, complete."""

import pytest

from calcinet.api import examine
from calcinet.clinical.case import Case
from calcinet.protocols import assemble
from calcinet.report.language import translator
from calcinet.report.sections.notes_paragraph import MOST_WORDS, count_words, notes_paragraph
from tests.support.paths import ROOT

_ = translator("en")
EXAMPLES = sorted((ROOT / "examples").glob("*/*.yaml"))
LONG = {"site": "lower leg", "side": "left", "kind": "ulcer", "painful": True, "necrotic": True, "began_as": "plaque"}


def written(**parts):
    return notes_paragraph(assemble([], Case.model_validate(parts)), _)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_it_is_short_plain_and_one_line(path):
    text = notes_paragraph(examine(case=path, prior=0.3), _)

    assert 60 <= count_words(text) <= MOST_WORDS
    assert "\n" not in text
    assert "<" not in text.replace(" < ", "")
    assert text.endswith("Decision support, not a diagnosis.")
    assert not any(word in text for word in ("unit_confirmed", "imaging.0", "img-", "--"))


def test_it_says_who_what_level_open_and_next():
    text = written(
        patient={"age_years": 60, "sex": "male"},
        kidney={"stage": "5D", "dialysis": [{"kind": "haemodialysis", "years": 3}]},
        lesions=[LONG],
        drugs=[{"name": "warfarin"}],
    )

    assert text.startswith("Man, 60 years, haemodialysis for 3 years, warfarin. Skin: lower leg, left: ulcer, painful")
    assert 'by the Chinese scheme: level "' in text
    assert " of three" in text
    assert "Next: " in text
    assert "Open: " in text


def test_many_lesions_are_counted():
    text = written(patient={"sex": "female"}, lesions=[LONG] * 20)

    assert "more." in text
    assert count_words(text) <= MOST_WORDS


def test_the_dead_have_an_outcome_and_nothing_next():
    text = written(lesions=[LONG], outcome={"state": "died", "cause": "sepsis"})

    assert "Outcome: died of sepsis." in text
    assert "Next:" not in text


def test_nothing_without_a_patient():
    assert written() == "" or written().startswith("Patient")
