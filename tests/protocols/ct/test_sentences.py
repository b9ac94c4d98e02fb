"""Sentences about a CT."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet.findings.ct.contrast_enhancement import BloodPool
from calcinet.findings.ct.finder import find_calcium_on_ct
from calcinet.protocols.ct.sentences import describe_ct, explain_contrast, list_cautions, state_visibility
from calcinet.record import CtRecord, CtScore, FindingRecord, ImageRecord, NotMeasured

PLAQUE = FindingRecord(id="f1", kind="vessel", compartment="artery", form="nodular")


def score(compartment, mm3):
    return CtScore(side=None, level="thigh", compartment=compartment, lesions=1, volume_mm3=mm3, agatston=None)


def ct(findings=(PLAQUE,), scores=(), **measures) -> ImageRecord:
    missing = [name for name, value in measures.items() if value is None]
    return ImageRecord(
        id="img-1",
        modality="CT",
        resolvable_mm=0.5,
        findings=findings,
        measures={f"ct.{name}": value for name, value in measures.items()},
        not_measured=tuple(NotMeasured(measure=f"ct.{name}", because="a reason") for name in missing),
        ct=CtRecord(shape=(9, 9, 9), spacing_mm=(1, 1, 1), threshold_hu=130, noise_hu=10, scores=scores),
    )


def test_volumes_are_added_by_compartment_and_named_in_a_fixed_order():
    """10 and 5 mm3 in arteries, 2 in muscle; a compartment without calcium is not named."""
    scores = (score("muscle", 2.0), score("artery", 10.0), score("skin", 0.0), score("artery", 5.0))
    amount, agatston = describe_ct(ct(scores=scores, volume_mm3=17.0, agatston=31.4))

    assert amount == "Calcium outside bone: 15 mm³ in arteries, 2 mm³ in muscle."
    assert agatston == "Agatston score of the arteries 31."


def test_intervals_stand_beside_their_numbers():
    scores = (score("artery", 15.0), score("muscle", 2.0))
    image = ct(scores=scores, volume_mm3=17.0, agatston=31.4)
    bounded = image.model_copy(update={"intervals95": {"ct.volume_mm3": (12.2, 23.6), "ct.agatston": (25.0, 39.4)}})
    amount, agatston = describe_ct(bounded)

    assert amount == (
        "Calcium outside bone: 15 mm³ in arteries, 2 mm³ in muscle; in all 17 mm³ (95 % interval 12 to 24 mm³)."
    )
    assert agatston == "Agatston score of the arteries 31 (95 % interval 25 to 39)."


def test_without_a_volume_places_are_counted():
    amount, agatston = describe_ct(ct(volume_mm3=None, agatston=None))

    assert amount == "1 place with calcium outside bone."
    assert agatston == "No Agatston score: the reason stands beside."


def test_nets_come_first_and_their_areas_are_added():
    """250 and 150 mm2 are 4 cm2."""
    nets = tuple(FindingRecord(id=f"f{mm2}", kind="net", area_mm2=mm2) for mm2 in (250.0, 150.0))

    assert "marked over 4.0 cm²" in describe_ct(ct(findings=nets, volume_mm3=9.0))[0]


def test_no_calcium_is_said_with_what_could_have_been_seen():
    (sentence,) = describe_ct(ct(findings=()))

    assert sentence == ("No calcium outside bone was marked; lines finer than 0.50 mm could not have been seen.")


@pytest.mark.parametrize(
    ("mm", "words"),
    [(None, "unknown"), (0.08, "0.08 mm wide."), (0.2, "finer arterioles would be missed"), (0.5, "not assessable")],
)
def test_what_a_ct_could_have_shown_comes_first(mm, words):
    """The same steps as of a film: to 0.1 mm, to 0.3 mm, beyond."""
    assert words in state_visibility(mm, None, 130.0)[0]


@pytest.mark.parametrize(
    ("contrast", "hu", "words"),
    [(True, 300.0, "above the blood"), (True, 130.0, "not scored"), (None, 130.0, "begin at 130 HU")],
)
def test_the_threshold_is_said_after_it(contrast, hu, words):
    assert words in state_visibility(0.5, contrast, hu)[1]


def test_enhanced_blood_that_was_seen_goes_before_the_header():
    """2500 mm3 are 2.5 mL."""
    pool = BloodPool(mean_hu=280.0, spread_hu=20.0, volume_mm3=2500.0)

    assert explain_contrast(False, pool) == "the blood is enhanced: 280 HU in a pool of 2.5 mL"
    assert explain_contrast(False, None) == "the header says that none was given"
    assert explain_contrast(True, None) == "the header names a contrast agent"
    assert "does not say" in explain_contrast(None, None)


def test_numbers_of_the_aorta_are_least_values(scan):
    """A calf has no such caution; the same slices as a trunk have it."""
    found = find_calcium_on_ct(scan[0])
    trunk = replace(found, anatomy=replace(found.anatomy, trunk=np.ones_like(found.anatomy.trunk)))

    assert not any("least values" in caution for caution in list_cautions(None, found))
    assert any("least values" in caution for caution in list_cautions(None, trunk))
