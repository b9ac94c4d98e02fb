"""Figures of studies: each for the group it was found in, none for the dead."""

import re

import pytest

from calcinet.evidence.prognosis import load, prognosis, prognosis_rules
from tests.support.patients import FINGER, LEGS, situation

PENIS = {"site": "penis", "kind": "ulcer", "painful": True, "necrotic": True}
THIGH = {"site": "thigh", "kind": "plaque", "painful": True}
HAEMODIALYSIS = {"stage": "5D", "dialysis": [{"kind": "haemodialysis"}]}


def figures(**parts):
    return {figure.text: figure for figure in prognosis(situation(**parts))}


def found(words, **parts):
    return [figure for text, figure in figures(**parts).items() if words in text]


@pytest.mark.parametrize(
    ("words", "there", "not_there"),
    [
        ("67 % a year", {"kidney": HAEMODIALYSIS}, {}),
        ("Penile lesions: hazard ratio of death 11.9", {"lesions": [PENIS]}, {}),
        ("50 % had died at three months and 62.5 % at six", {"lesions": [PENIS]}, {}),
        ("Distal lesions alone: hazard ratio of death 0.34", {}, {"lesions": [LEGS, THIGH]}),
        ("Proximal lesions", {"lesions": [THIGH]}, {"lesions": [PENIS]}),
        ("Plaques alone: 33 %", {"lesions": [THIGH]}, {}),
        ("Once ulcerated: over 80 %", {}, {"lesions": [{**THIGH, "necrotic": False}]}),
        ("Atrial fibrillation", {"conditions": [{"name": "atrial fibrillation"}]}, {}),
        (
            "no significant effect on skin or survival",
            {"treatments": [{"name": "sodium thiosulphate", "route": "intravenous"}]},
            {"treatments": [{"name": "sodium thiosulphate", "status": "refused"}]},
        ),
        ("61.6 % alive at one year", {"treatments": [{"name": "debridement"}]}, {}),
    ],
)
def test_a_figure_stands_for_its_group_alone(words, there, not_there):
    there.setdefault("lesions", [LEGS])
    not_there.setdefault("lesions", [LEGS])
    if words.startswith("Plaques"):
        there["lesions"] = [{**THIGH, "necrotic": False}]

    assert found(words, **there)
    assert not found(words, **not_there)


def test_any_cause_and_the_disease_itself_are_kept_apart():
    """28.9 % is of the disease, 67 % is the matched part on haemodialysis."""
    shown = figures(kidney=HAEMODIALYSIS)
    kinds = {figure.kind: text for text, figure in shown.items() if "28.9 %" in text or "67 %" in text}

    assert set(kinds) == {"disease-specific", "all-cause"}
    assert "matched" in kinds["all-cause"]
    assert "89 patients" not in kinds["all-cause"]


def test_nothing_of_it_for_the_dead():
    assert figures(outcome={"state": "died"}) == {}


def test_nothing_where_the_skin_is_sound_or_not_described():
    assert figures(lesions=[]) == {}
    assert figures(lesions=None) == {}


def test_nothing_for_a_painless_sore_with_normal_kidneys():
    """Another disease is likelier there."""
    sore = {"site": "penis", "kind": "ulcer", "painful": False, "necrotic": False}

    assert figures(lesions=[sore], kidney={"stage": "normal"}) == {}


def test_no_figure_speaks_to_the_patient():
    """Groups of studies, never a probability of this patient's death."""
    texts = [rule.text for rule in prognosis_rules().values()]

    assert not any(re.search(r"\b(you|your|this patient|will die|risk of this)\b", text) for text in texts)
    assert all(re.search(r"\d", text) for text in texts)


def test_a_figure_without_a_known_source_does_not_load():
    entry = '[a]\nwhen = ["painful"]\ntext = "5 %."\nkind = "healing"\nreferences = ["nobody1999"]'

    with pytest.raises(KeyError, match="nobody1999"):
        load(entry)
    with pytest.raises(ValueError, match="a figure needs a reference"):
        load(entry.replace('["nobody1999"]', "[]"))


def test_fingers_are_distal():
    assert found("Distal lesions alone", lesions=[{**FINGER, "kind": "ulcer", "painful": True, "necrotic": True}])
