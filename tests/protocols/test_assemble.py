"""Images and a case become one record."""

import pytest

from calcinet.clinical.case import Case
from calcinet.evidence.priors import prior
from calcinet.measure.calibre.classes import CalibreClasses
from calcinet.protocols import assemble
from calcinet.record import Clinical, ImageRecord

FILM = ImageRecord(id="img-1", modality="DX", anatomy="lower leg", laterality="L", resolvable_mm=0.2)
CASE = Case.model_validate({"lesions": [{"site": "leg", "side": "L", "kind": "ulcer"}]})


def test_without_a_case_there_is_no_patient():
    record = assemble([FILM])

    assert record.clinical == Clinical()
    assert record.summary.suspicion is None
    assert [sentence[:8] for sentence in record.summary.sentences] == ["Image 1 "]


def test_the_patient_comes_before_the_probability_and_that_before_the_images():
    """Three kinds of sentences in this order."""
    sentences = assemble([FILM], CASE, prior=prior("0.2")).summary.sentences
    probability = next(n for n, sentence in enumerate(sentences) if "pre-test probability of 0.2" in sentence)

    assert sentences[-1].startswith("Image 1 ")
    assert 0 < probability < len(sentences) - 1


def test_a_case_alone_is_a_record():
    record = assemble([], CASE)

    assert record.images == ()
    assert len(record.clinical.lesions) == 1
    assert not any("image" in sentence for sentence in record.summary.sentences)


def test_the_cutoffs_are_those_that_the_vessels_were_named_by():
    record = assemble([FILM], classes=CalibreClasses(5.0, 3.0, 1.0))
    cutoffs = record.calibre_cutoffs_mm

    assert (cutoffs.large, cutoffs.medium, cutoffs.small) == (5.0, 3.0, 1.0)


@pytest.mark.parametrize("images", [[], [FILM]])
def test_every_step_of_advice_has_a_sentence(images):
    assert all(step.text for step in assemble(images, CASE).advice)
