"""Figures of other people: said to be so where they are taken for this patient."""

import pytest

from calcinet.evidence.cautions import about_patient
from calcinet.evidence.priors import prior
from calcinet.evidence.weigh import Observation, weigh
from tests.support.patients import case

NET = Observation("net_like", True, ("img-1",))
SOUND = {"lesions": []}
OFF_DIALYSIS = {"kidney": {"stage": "4"}}


@pytest.mark.parametrize(
    ("given", "parts", "words"),
    [
        ("registry-uk", {}, ["more likely"]),
        ("registry-uk", SOUND, []),
        ("chain-us", SOUND, ["second hand"]),
        ("registry-uk", {**SOUND, **OFF_DIALYSIS}, ["pre-test probability is that of people on dialysis"]),
        ("0.3", OFF_DIALYSIS, []),
    ],
)
def test_a_screening_figure_is_not_taken_for_that_of_a_lesion(given, parts, words):
    """One in 600 on dialysis says little of an ulcer, and nothing of somebody who is not on dialysis."""
    said = about_patient(weigh([], prior=prior(given)), case(**parts))

    assert len(said) == len(words)
    assert all(word in sentence for word, sentence in zip(words, said, strict=True))


@pytest.mark.parametrize(("kidney", "said"), [({"stage": "normal"}, True), ({"stage": "5D"}, False), ({}, False)])
def test_counts_of_people_on_dialysis_are_said_to_be_so(kidney, said):
    """The controls of the net were on dialysis; a patient of whom nothing is told may be."""
    assert bool(about_patient(weigh([NET]), case(kidney=kidney))) is said


@pytest.mark.parametrize(("result", "said"), [("positive", True), ("negative", False), (None, False)])
def test_a_positive_biopsy_is_said_to_be_left_out(result, said):
    """A level of confirmed beside an unmoved prior would read as a contradiction."""
    told = case(pathology=[{"status": "done", "result": result}])

    assert any("leaves it out" in caution for caution in about_patient(weigh([]), told)) is said
