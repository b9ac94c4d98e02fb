"""Change between two scans against sums done on paper."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calcinet.errors import BadInput, NotMeasurable
from calcinet.measure.scintigram.change import (
    DOSE_SD,
    PLACING_SD,
    REPEAT_SD,
    Dosing,
    by_bone,
    by_dose,
    overall_change,
    uptake_change,
)
from calcinet.measure.scintigram.uptake import Density


def dosing(dose_mbq, hours, half_life_h, seconds, **options) -> Dosing:
    return Dosing(dose_mbq=dose_mbq, hours_after_injection=hours, half_life_h=half_life_h, seconds=seconds, **options)


def test_half_the_counts_after_half_the_decays_are_no_change():
    """Six hours later, one half-life: half the counts are expected."""
    scaling, sd = by_dose(dosing(700, 3, 6, 1200), dosing(700, 9, 6, 1200))

    assert scaling == pytest.approx(0.5)
    assert sd == pytest.approx(math.sqrt(2) * DOSE_SD)
    assert uptake_change(Density(4, 1e-4, 2), Density(2, 1e-4, 2), scaling).ratio == pytest.approx(1.0)


def test_dose_and_duration_scale_the_counts():
    """Twice the dose for half as long, decay corrected already: as many."""
    one, two = dosing(400, 2, 6, 1200, decay_corrected=True), dosing(800, 5, 6, 600, decay_corrected=True)

    assert by_dose(one, two)[0] == pytest.approx(1.0)


def test_the_interval_is_of_counting_repeatability_placing_and_dose():
    """Two scans of 0.01² each, twice 5 % and the placing, and the scaling's 4 %, in squares."""
    change = uptake_change(Density(1, 1e-4, 1), Density(0.8, 1e-4, 1), 1.0, scaling_sd=0.04)
    sd = math.sqrt(2e-4 + 2 * (REPEAT_SD**2 + PLACING_SD**2) + 0.04**2)

    assert change.ratio == pytest.approx(0.8)
    assert change.ratio_interval == pytest.approx((0.8 * math.exp(-1.959964 * sd), 0.8 * math.exp(1.959964 * sd)))


@pytest.mark.parametrize(
    ("ratio", "call"), [(0.6, "decreased"), (0.95, "no change"), (1.05, "no change"), (1.6, "increased")]
)
def test_change_is_called_beyond_its_interval_alone(ratio, call):
    """5 % lies within repeatability, 40 and 60 % do not."""
    assert uptake_change(Density(1, 1e-4, 1), Density(ratio, 1e-4, 1), 1.0).call == call


@given(factor=st.floats(0.1, 10))
def test_a_scale_common_to_both_cancels(factor):
    """A camera twice as sensitive changes nothing."""
    before = uptake_change(Density(1, 1e-4, 1), Density(0.7, 1e-4, 1), 1.0)
    after = uptake_change(Density(factor, 1e-4, 1), Density(0.7 * factor, 1e-4, 1), 1.0)

    assert after.ratio == pytest.approx(before.ratio)


def test_the_overall_change_is_a_geometric_mean():
    """Ratios 0.5, 0.5, 2, 2 cancel; 0.7 of all is 0.7 and surer than one."""
    mixed = [(Density(1, 1e-4, 1), Density(ratio, 1e-4, 1)) for ratio in (0.5, 0.5, 2, 2)]
    fallen = [(Density(1, 1e-4, 1), Density(0.7, 1e-4, 1))] * 8
    one = uptake_change(*fallen[0], 1.0)
    overall = overall_change(fallen, 1.0)

    assert overall_change(mixed, 1.0).ratio == pytest.approx(1.0)
    assert overall.ratio == pytest.approx(0.7)
    assert overall.call == "decreased"
    assert overall.ratio_interval[1] < one.ratio_interval[1]


def test_an_overall_change_is_called_beyond_two_and_a_quarter_deviations():
    """Of the dose alone, 3 % twice: 2.228 x 0.0424 = 0.0945 in the logarithm; a tenth more is called, 9 % is not."""
    _, dose_sd = by_dose(dosing(700, 3, 6, 1200), dosing(700, 3, 6, 1200))
    many = 10_000

    assert overall_change([(Density(1, 0, 1), Density(1.10, 0, 1))] * many, 1.0, scaling_sd=dose_sd).call == "increased"
    assert overall_change([(Density(1, 0, 1), Density(1.09, 0, 1))] * many, 1.0, scaling_sd=dose_sd).call == "no change"


def test_bone_takes_the_place_of_a_dose():
    """Bone counts 1.5 times as much on the later scan: so should soft tissue."""
    assert by_bone(Density(10, 1e-4, 1), Density(15, 1e-4, 1))[0] == pytest.approx(1.5)


def test_three_segments_are_no_whole():
    """Four at least."""
    with pytest.raises(NotMeasurable, match="fewer than 4 segments"):
        overall_change([(Density(1, 0, 1), Density(1, 0, 1))] * 3, 1.0)


def test_other_views_are_refused():
    """One view beside two."""
    with pytest.raises(BadInput, match="same views"):
        uptake_change(Density(1, 0, 1), Density(1, 0, 2), 1.0)
