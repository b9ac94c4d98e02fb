"""Ratios of uptake against sums done on paper, and what their intervals hold."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calcinet.errors import BadInput, NotMeasurable
from calcinet.measure.scintigram.uptake import (
    Counted,
    apart,
    density,
    detectable_rise,
    raised,
    reference,
    uptake_ratio,
)


def counted(counts, air, path_mm, scale=1.0) -> Counted:
    return Counted(counts=counts, air=air, path_mm=path_mm, scale=scale)


def test_density_is_counts_over_tissue():
    """1,100 counts, 100 of them of air, 500 mm of tissue: 2 a mm; relative variance 1100 / 1000² = 0.0011."""
    found = density([counted(1100, 100, 500)])

    assert found.value == pytest.approx(2.0)
    assert found.variance == pytest.approx(0.0011)


def test_two_views_give_the_geometric_mean():
    """2 and 8 a mm: 4; variance (1/1000 + 1/4000) / 4."""
    found = density([counted(1000, 0, 500), counted(4000, 0, 500)])

    assert found.value == pytest.approx(4.0)
    assert found.variance == pytest.approx((1 / 1000 + 1 / 4000) / 4)


def test_scaled_counts_are_less_sure():
    """Two pixel units for one count: 1,000 units are 500 counts."""
    assert density([counted(1000, 0, 500, scale=2.0)]).variance == pytest.approx(1 / 500)


def test_a_ratio_with_its_interval():
    """900 over 600 counts of equal tissue: 1.5, times or over exp(1.96 sqrt(1/900 + 1/600))."""
    ratio = uptake_ratio(density([counted(900, 0, 100)]), density([counted(600, 0, 100)]))
    reach = math.exp(1.959964 * math.sqrt(1 / 900 + 1 / 600))

    assert ratio.value == pytest.approx(1.5)
    assert ratio.counting_interval == pytest.approx((1.5 / reach, 1.5 * reach))
    assert ratio.value_interval == ratio.counting_interval


def test_what_differs_in_health_widens_the_interval():
    """7 % beside 3,000 counts a side."""
    one, other = density([counted(3000, 0, 100)]), density([counted(3000, 0, 100)])
    reach = math.exp(1.959964 * math.sqrt(2 / 3000 + 0.07**2))

    assert uptake_ratio(one, other, natural_sd=0.07).value_interval == pytest.approx((1 / reach, reach))


@given(times=st.floats(0.5, 20), counts=st.integers(100, 100_000))
def test_a_ratio_does_not_depend_on_dose(times, counts):
    """Twice the dose, twice the counts of both: the same ratio."""
    before = uptake_ratio(density([counted(counts, 0, 10)]), density([counted(3 * counts, 0, 20)]))
    more = times * counts + 60
    after = uptake_ratio(density([counted(more, 0, 10)]), density([counted(3 * more, 0, 20)]))

    assert after.value == pytest.approx(before.value)


def test_the_counting_interval_holds_the_truth_19_times_in_20():
    """10,000 pairs of Poisson counts with means 400 and 520, truth 1.3; three standard errors are 0.65 %."""
    chance = np.random.default_rng(5)
    one, other = chance.poisson(520, 10_000), chance.poisson(400, 10_000)
    held = 0
    for a, b in zip(one, other, strict=True):
        low, high = uptake_ratio(density([counted(a, 0, 1)]), density([counted(b, 0, 1)])).counting_interval
        held += low <= 1.3 <= high

    assert held / 10_000 == pytest.approx(0.95, abs=0.0065)


def parts_of(*values):
    return [density([counted(100 * value, 0, 100)]) for value in values]


def test_the_reference_lies_between_the_medians_of_two_kinds():
    """Arms 1.0, 1.1 and a diseased 50: 1.1; legs 1, 1.2, 1.21, 5: 1.205; the geometric mean of these."""
    found = reference(parts_of(1.0, 1.1, 50), parts_of(1, 1.2, 1.21, 5))

    assert found.value == pytest.approx(math.sqrt(1.1 * 1.205))


def test_disease_of_all_legs_is_not_its_own_reference():
    """Arms 1, legs 3: the lower one, times exp(20 % / 2), so that the legs are 2.71 times the reference."""
    found = reference(parts_of(1, 1), parts_of(3, 3, 3, 3))

    assert found.value == pytest.approx(math.exp(0.1))
    assert 3 / found.value == pytest.approx(2.714, abs=0.001)


def test_one_arm_is_no_kind_of_its_own():
    """One arm and three legs: the median of all four."""
    assert reference(parts_of(1), parts_of(2, 3, 4)).value == pytest.approx(2.5)
    assert apart(parts_of(1), parts_of(2, 3, 4)) == 1.0


def test_a_rise_that_would_be_found():
    """No counting error, 7 % between sides: exp((1.96 + 1.645) x 0.07) - 1 = 0.287."""
    assert detectable_rise(0.07, 0.025) == pytest.approx(0.287, abs=0.001)


@pytest.mark.parametrize(("level", "called"), [(0.025, True), (0.001, False)])
def test_a_stricter_level_needs_a_higher_ratio(level, called):
    """1.25 at 10 %: 2.23 standard deviations, above 1.96 and below 3.09."""
    reach = math.exp(1.959964 * 0.1)

    assert raised(1.25, (1.25 / reach, 1.25 * reach), level) is called


def test_too_few_counts_are_refused():
    """59 counts."""
    with pytest.raises(NotMeasurable, match="fewer than 60 counts"):
        density([counted(59, 0, 10)])


def test_two_parts_are_no_reference():
    """A median of two is no protection against one that is diseased."""
    part = density([counted(1000, 0, 10)])

    with pytest.raises(NotMeasurable, match="three parts"):
        reference([part, part], [])


def test_one_view_is_not_compared_with_two():
    """Depth would not cancel."""
    one, two = density([counted(1000, 0, 10)]), density([counted(1000, 0, 10)] * 2)

    with pytest.raises(BadInput, match="same views"):
        uptake_ratio(one, two)
