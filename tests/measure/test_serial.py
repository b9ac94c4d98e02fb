"""Differences of two measurements, beside sums on paper and draws from the distributions that they assume."""

import math

import numpy as np
import pytest

from calcinet.errors import BadInput
from calcinet.measure.serial import Z95, difference, repeated


def test_the_interval_is_symmetric_in_the_logarithm():
    """Repeatability of 0.5 / 1.96: half an e-fold each way."""
    found = repeated(10.0, 0.5 / Z95)

    assert found.low == pytest.approx(10 * math.exp(-0.5))
    assert found.high == pytest.approx(10 * math.exp(0.5))


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan])
def test_what_has_no_logarithm_is_refused(value):
    with pytest.raises(BadInput, match="can be compared"):
        repeated(value, 0.1)


@pytest.mark.parametrize("sd", [0.05, 0.2, 0.4])
@pytest.mark.parametrize("factor", [1.0, 0.6, 1.8])
def test_false_change_coverage_and_smallest_change_are_those_of_the_draws(sd, factor):
    """Log-normal errors of known size: 5 % false calls, 95 % of intervals hold the true difference."""
    chance = np.random.default_rng(11)
    truth = 20.0
    called, held, margins, differences = 0, 0, [], []
    draws = 4000
    for error, later_error in chance.normal(0, sd, (draws, 2)):
        found = difference(repeated(truth * math.exp(error), sd), repeated(factor * truth * math.exp(later_error), sd))
        called += found.call != "no change"
        held += found.interval[0] <= (factor - 1) * truth <= found.interval[1]
        margins.append(found.smallest_detectable)
        differences.append(abs(found.value))

    assert 0.93 <= held / draws <= 0.97
    if factor == 1:
        assert called / draws <= 0.06
        assert np.median(margins) == pytest.approx(np.quantile(differences, 0.95), rel=0.2)


def test_a_change_of_unit_changes_nothing_that_is_called():
    one, other = repeated(3.0, 0.2), repeated(9.0, 0.2)
    scaled = difference(repeated(300.0, 0.2), repeated(900.0, 0.2))
    found = difference(one, other)

    assert scaled.call == found.call == "increased"
    assert scaled.smallest_detectable == pytest.approx(100 * found.smallest_detectable)


def test_swapping_the_days_turns_the_sign():
    one, other = repeated(3.0, 0.2), repeated(9.0, 0.2)
    there, back = difference(one, other), difference(other, one)

    assert there.value == -back.value
    assert there.interval == pytest.approx((-back.interval[1], -back.interval[0]))
