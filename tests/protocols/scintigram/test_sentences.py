"""Sentences about one bone scan."""

import math

import pytest

from calcinet.measure.scintigram.counting import Counting
from calcinet.measure.scintigram.uptake import NORMAL_95, PART_SD
from calcinet.protocols.scintigram.sentences import (
    UNVALIDATED,
    DetectableRise,
    caution_hidden_tissue,
    caution_noise,
    caution_uneven_parts,
    describe_scan,
    describe_scintigram,
    name_segments,
    state_findings,
    state_visibility,
)
from calcinet.record import ImageRecord, LeftOut, ScintigramRecord, UptakeSegment

CALF = UptakeSegment(
    part="lower leg",
    side="L",
    density=1.0,
    other_side=1.62,
    other_side_interval=(1.4, 1.87),
    signs=("increased",),
)
QUIET = UptakeSegment(part="thigh", side="R", density=1.0)


def scan(*segments, grade=None, **facts) -> ScintigramRecord:
    return ScintigramRecord(views=("anterior",), whole_body=True, counts=2.5e6, grade=grade, segments=segments, **facts)


def test_the_rise_that_would_be_found_is_said_of_each_side_and_of_both():
    rise = DetectableRise(part="lower leg", of_one_side=0.21, of_both_sides=0.64)
    one_side, both_sides = state_visibility(scan(), rise)

    assert "2.50 million counts" in one_side
    assert "21 % above the other (lower leg;" in one_side
    assert "64 % above the other parts" in both_sides


def test_pixels_scaled_by_the_camera_are_counted_back():
    """2.5 million units of 2 a count are 1.25 million counts."""
    (statement,) = state_visibility(scan(counts_scale=2.0), None)

    assert "1.25 million counts; no pair" in statement


def test_a_segment_beside_its_other_side_is_told_with_that_ratio():
    told = describe_scan(scan(CALF, QUIET, grade=1))

    assert told[0] == (
        "Soft-tissue uptake: left lower leg: increased (1.62 times the other side, 95 % interval 1.40 to 1.87)."
    )
    assert told[1].startswith("Grade 1 of 2, not validated")


def test_a_rise_that_only_reference_tissue_shows_is_told_with_that():
    """The interval beside the other side holds 1."""
    both = CALF.model_copy(
        update={"other_side_interval": (0.9, 1.2), "reference": 2.5, "reference_interval": (1.9, 3.3)}
    )

    assert "2.50 times reference tissue" in describe_scan(scan(both, grade=1))[0]


def test_without_a_sign_the_measured_parts_are_named_once():
    """A segment measured together with bone does not count."""
    together = UptakeSegment(part="knee", side="R", density=1.0, together=True)
    none, blind, _ = describe_scan(scan(QUIET, QUIET.model_copy(update={"side": "L"}), together, grade=0))

    assert "(2 segments measured)" in none
    assert blind.endswith("would not be seen: thigh.")


def test_soft_tissue_that_was_not_measured_has_no_grade():
    statements = state_findings(scan())

    assert statements == ("Soft tissue could not be measured beside the bones of any limb.",)
    assert state_findings(scan(QUIET, grade=0))[-1] == UNVALIDATED


def test_bright_places_and_what_was_left_out_are_named():
    bright = QUIET.model_copy(update={"focus": (3.0, 4.0), "focus_ratio": 1.4})
    spot = LeftOut(kind="bladder", label="bladder")
    told = describe_scan(scan(bright, grade=0, left_out=(spot,)))

    assert "Places brighter than counting explains: right thigh, 1.4 times its surroundings." in told
    assert told[-1] == "Left out of every measure: bladder."


def test_an_image_that_is_no_bone_scan_has_no_sentences():
    film = ImageRecord(id="img-1", modality="DX", resolvable_mm=0.2)

    assert describe_scintigram(film) == []


def test_segments_are_named_side_first():
    assert name_segments([CALF, QUIET]) == ["left lower leg", "right thigh"]


def test_noise_of_two_views_alike_is_cautioned_once():
    smoothed = Counting(scale=1.0, filter_px=1.5, variance_over_mean=1.0)

    assert len(caution_noise([smoothed, smoothed])) == 1
    assert len(caution_noise([Counting(scale=2.0, filter_px=1.5, variance_over_mean=1.0)])) == 2
    assert caution_noise([Counting(scale=1.0, filter_px=0.0, variance_over_mean=1.0)]) == ()


def test_the_share_that_was_seen_is_said():
    assert "33 % of the area" in caution_hidden_tissue(1 / 3)[0]
    assert caution_hidden_tissue(None) == ()


@pytest.mark.parametrize(("factor", "cautions"), [(0.99, 0), (1.01, 1)])
def test_parts_that_differ_beyond_health_are_cautioned(factor, cautions):
    """The limit is the 97.5 % quantile of a log-normal ratio: exp(1.96 x 0.2) = 1.48."""
    limit = math.exp(NORMAL_95 * PART_SD)

    assert limit == pytest.approx(1.48, abs=0.005)
    assert len(caution_uneven_parts(factor * limit)) == cautions
