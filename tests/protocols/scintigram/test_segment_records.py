"""Signs of a segment, and the levels at which they are called."""

from dataclasses import replace

import pytest

from calcinet.protocols.scintigram.segment_records import (
    add_signs,
    has_bright_place,
    is_heterogeneous,
    is_increased,
    measure_segment,
    opposite_side,
    other_level,
    reference_parts,
    side_level,
)
from calcinet.record import UptakeSegment
from tests.support.ill_calf import CALF


def test_the_level_is_shared_by_all_ratios():
    """Eight segments beside a reference, six beside another side that are no lower leg: 2 % over 14; 3 % over 2."""
    segments = [
        UptakeSegment(part=part, side=side, other_side=1.0, reference=1.0)
        for part in ("upper arm", "forearm", "thigh", "lower leg")
        for side in "LR"
    ]

    assert other_level(segments) == pytest.approx(0.02 / 14)
    assert side_level("lower leg", 0.001) == pytest.approx(0.015)


def calf(**measures) -> UptakeSegment:
    return UptakeSegment(part="lower leg", side="L", **measures)


def test_a_ratio_whose_interval_is_far_above_one_is_increased():
    """ln 2 over a sd of ln(2.2 / 1.82) / 3.92 = 0.048 is more than 14 standard deviations."""
    assert is_increased(calf(other_side=2.0, other_side_interval=(1.82, 2.2)), 0.01)
    assert is_increased(calf(reference=2.0, reference_interval=(1.82, 2.2)), 0.01)
    assert not is_increased(calf(other_side=1.02, other_side_interval=(0.93, 1.12)), 0.01)
    assert not is_increased(calf(), 0.01)


@pytest.mark.parametrize(
    ("p", "low", "heterogeneous"), [(0.001, 0.2, True), (0.001, 0.08, False), (0.2, 0.2, False), (None, 0.2, False)]
)
def test_variation_counts_beyond_chance_and_beyond_health(p, low, heterogeneous):
    """Both: a probability below the level and a lower limit above 0.1."""
    segment = calf(variation=0.3, variation_interval=(low, 0.5), variation_p=p)

    assert is_heterogeneous(segment, 0.01) is heterogeneous


@pytest.mark.parametrize(("p", "ratio", "bright"), [(0.001, 1.3, True), (0.001, 1.1, False), (0.2, 1.3, False)])
def test_a_bright_place_counts_beyond_chance_and_beyond_health(p, ratio, bright):
    assert has_bright_place(calf(focus_p=p, focus_ratio=ratio), 0.01) is bright


def test_signs_are_added_and_places_that_chance_explains_are_dropped():
    """Two tests of variation share 5 %: 0.02 is below 0.025, 0.03 is not."""
    variable = {"variation": 0.3, "variation_interval": (0.2, 0.4), "focus": (1.0, 2.0), "focus_ratio": 1.5}
    first, second = add_signs(
        [calf(variation_p=0.02, focus_p=0.02, **variable), calf(variation_p=0.03, focus_p=0.03, **variable)]
    )

    assert (first.signs, first.focus) == (("heterogeneous",), (1.0, 2.0))
    assert (second.signs, second.focus) == ((), None)


def test_each_side_has_the_other():
    assert (opposite_side("L"), opposite_side("R")) == ("R", "L")


def test_a_measured_segment_says_all_and_a_missing_one_says_why(scan):
    measured = measure_segment(scan, CALF)
    missing = measure_segment(replace(scan, missing={CALF: "cut off"}), CALF)

    assert measured.density == scan.soft[CALF].value
    assert measured.outlines == missing.outlines
    assert (missing.density, missing.because) == (None, "cut off")


def test_arms_and_legs_are_the_two_kinds_of_reference(scan):
    """Two arms of two parts, two legs of two parts; without legs the nearer and farther parts of the arms."""
    arms, legs = reference_parts(scan)
    no_legs = {place: density for place, density in scan.soft.items() if place[0] not in ("thigh", "lower leg")}
    nearer, farther = reference_parts(replace(scan, soft=no_legs))

    assert (len(arms), len(legs)) == (4, 4)
    assert (len(nearer), len(farther)) == (2, 2)
