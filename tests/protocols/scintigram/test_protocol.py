"""A bone scan from file to record: signs, grade, and what is not said."""

import re
from dataclasses import replace

import numpy as np
import pytest

from calcinet.clinical.case import Case
from calcinet.io import read
from calcinet.measure.calibre.classes import DEFAULT_CLASSES
from calcinet.phantoms.scintigram.whole_body import WholeBody, whole_body
from calcinet.protocols import assemble, examine_image
from tests.support.ill_calf import CALF, segment

REAL = "nm/wg04_NM1_whole_body_bone_GE_16bit_2.26mm.dcm"


def test_a_raised_and_patchy_calf_is_increased_and_heterogeneous(ill):
    """1.6 times the other with 35 % variation: both signs, grade 2, one finding on the left."""
    calf = segment(ill, *CALF)

    assert calf.signs == ("increased", "heterogeneous")
    assert calf.other_side == pytest.approx(1.6, rel=0.15)
    assert ill.scintigram.grade == 2
    assert [(one.kind, one.side, one.level) for one in ill.findings] == [("uptake", "L", "lower leg")]
    assert "left lower leg: increased" in " ".join(ill.statements)


def test_every_grade_says_that_it_is_not_validated(ill, healthy):
    """EVIDENCE: no validated grade exists."""
    for record in (ill, healthy):
        told = " ".join(record.statements)

        assert "not validated" in told
        assert "no grade of soft-tissue uptake has been validated" in told


def test_a_healthy_scan_has_no_sign(healthy):
    """Grade 0; what could have been seen is said first."""
    assert healthy.scintigram.grade == 0
    assert healthy.findings == ()
    assert "19 times in 20" in healthy.statements[0]


def test_how_little_of_a_calf_is_seen_is_said(ill):
    """Between a tenth and two thirds of the area lies beside the bones."""
    (told,) = (caution for caution in ill.cautions if "in front of or behind bone" in caution)
    share = int(re.search(r"(\d+) % of the area", told)[1])

    assert 10 < share < 67


def test_trunk_and_head_are_measured_side_by_side(ill, healthy):
    """The figure is the same on both sides: within 10 % of 1, bone and soft tissue together, and without signs."""
    for record in (ill, healthy):
        for part in ("trunk", "head"):
            assert record.measures[f"uptake.left_over_right.{part}"] == pytest.approx(1.0, abs=0.1)
            assert segment(record, part, "L").together
            assert segment(record, part, "L").signs == ()


def test_left_over_right_is_the_inverse_of_right_over_left(ill):
    """The two segments of a pair tell one thing."""
    left, right = segment(ill, "lower leg", "L"), segment(ill, "lower leg", "R")

    assert left.other_side * right.other_side == pytest.approx(1.0)
    assert ill.measures["uptake.left_over_right.lower_leg"] == pytest.approx(left.other_side)


def test_a_spot_view_is_counted_and_not_divided():
    """The legs alone: counts, no ratios, and why."""
    image = whole_body(WholeBody(seed=43, person=43)).image
    spot = replace(image, pixels=image.pixels[:, 560:], emission=replace(image.emission, whole_body=False))
    record, _ = examine_image(spot, "img-1")

    assert record.refused is None
    assert record.measures == {"uptake.counts": spot.pixels.sum(dtype=np.float64)}
    assert "not a view of the whole body" in record.statements[0]


def test_a_scan_on_which_nothing_could_be_measured_is_refused_in_one_sentence():
    """A whole body cut off at the top: no page of reasons, no measure."""
    image = whole_body(WholeBody(seed=43, person=43)).image
    record, _ = examine_image(replace(image, pixels=image.pixels[:, 200:]), "img-1")

    assert record.refused.code == "nothing-measured"
    assert "the body goes on past the end of the picture" in record.refused.reason
    assert "give one of the whole body" in record.refused.reason
    assert (record.measures, record.not_measured, record.scintigram) == ({}, (), None)


def test_the_brightest_place_is_told_and_lies_in_its_segment(ill, healthy):
    """A calf with 35 % variation has a place beyond counting, on the left of its view; a healthy scan has none."""
    calf = segment(ill, *CALF)
    outline = np.array([point for loop in calf.outlines for point in loop])

    assert outline[:, 0].min() <= calf.focus[0] <= outline[:, 0].max()
    assert outline[:, 1].min() <= calf.focus[1] <= outline[:, 1].max()
    assert ill.measures["uptake.focus.lower_leg_L"] == calf.focus_ratio > 1
    assert "Places brighter than counting explains: left lower leg" in " ".join(ill.statements)
    assert all(one.focus is None for one in healthy.scintigram.segments)


def test_the_programs_grade_is_never_weighed(ill):
    """Grade 2, all figures asked for: the bone scan's term stays unused, and the reason is given."""
    case = Case.model_validate({"lesions": [{"site": "leg", "side": "L", "kind": "ulcer"}]})
    (term,) = (
        one for one in assemble([ill], case, include_secondary=True).evidence.terms if one.finding == "bone_scan"
    )

    assert term.present is None
    assert not term.used
    assert "not been validated" in term.why_not


def test_a_readers_word_is_weighed(ill):
    """The same scan, and a reader who states uptake in the case file."""
    case = Case.model_validate({"imaging": [{"modality": "bone scan", "uptake": True}]})
    (term,) = (
        one for one in assemble([ill], case, include_secondary=True).evidence.terms if one.finding == "bone_scan"
    )

    assert term.present
    assert term.used


def test_the_real_scan_raises_no_alarm(shared_data):
    """Grade 0; the hot left wrist is named; the sum of its pixels is a measure."""
    record, _ = examine_image(read(shared_data / REAL), "img-1", DEFAULT_CLASSES)

    assert record.scintigram.grade == 0
    assert record.findings == ()
    assert all(one.focus is None for one in record.scintigram.segments)
    assert record.measures["uptake.counts"] == 3_596_452
    assert any("likely injection site (left hand or wrist)" in statement for statement in record.statements)


@pytest.mark.parametrize("share", [0.5, 0.28, 0.14])
def test_the_real_scan_stays_silent_with_fewer_counts(shared_data, share):
    """Thinned by chance, as if it had been shorter, to half a million counts at last: grade 0, the wrist named."""
    image = read(shared_data / REAL)
    fewer = np.random.default_rng(1).binomial(image.pixels.astype(int), share).astype(np.float32)
    record, _ = examine_image(replace(image, pixels=fewer), "img-1")

    assert record.scintigram.grade == 0
    assert any("left hand or wrist" in statement for statement in record.statements)


LEGS = [(part, side) for part in ("thigh", "lower leg") for side in "LR"]


def test_disease_of_both_legs_is_called_and_cautioned():
    """Both thighs and calves at 3 times: increased on either side, and the legs differ from the arms."""
    record, _ = examine_image(whole_body(WholeBody(seed=3, person=3, uptake=dict.fromkeys(LEGS, 3.0))).image, "img-1")
    called = {(one.part, one.side) for one in record.scintigram.segments if "increased" in one.signs}

    assert called >= set(LEGS)
    assert any("fold in uptake" in caution for caution in record.cautions)


def test_what_no_negative_excludes_is_said(healthy):
    """What would be found on one side and on both, and that a rise of all parts alike is not seen."""
    told = " ".join(healthy.statements)

    assert "A rise on both sides is called 19 times in 20 from" in told
    assert "A rise that is alike in all of these parts would not be seen" in told
