"""Distributions of shares and of their ratios, against sums on paper and against random numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import betainc

from calcinet.errors import BadInput
from calcinet.evidence.ratio_distributions import EDGES, Between, Counted, LogRatio

SHARES = st.one_of(
    st.builds(Counted, st.integers(0, 40), st.integers(1, 40)),
    st.tuples(st.floats(0.01, 0.4), st.floats(0.5, 0.99)).map(lambda ends: Between(*ends)),
)


def drawn(share, rng, n):
    """Random numbers of a share, by numpy's own generators: nothing in common with the quadrature."""
    if isinstance(share, Between):
        return rng.uniform(share.low, share.high, n)
    return rng.beta(share.with_it + 0.5, share.without + 0.5, n)


@pytest.mark.parametrize(
    ("above", "under"),
    [
        (Between(0.2, 0.9), Counted(6, 52)),
        (Counted(16, 2), Counted(1, 30)),
        (Counted(7, 8), Counted(1, 17)),
        (Counted(2, 16), Counted(30, 1)),
    ],
)
def test_quadrature_agrees_with_random_numbers(above, under):
    """A million draws leave the median and the ends of the interval uncertain by about half a percent."""
    rng = np.random.default_rng(4)
    ratios = drawn(above, rng, 1_000_000) / drawn(under, rng, 1_000_000)

    assert LogRatio.of(above, under).ratio() == pytest.approx(np.quantile(ratios, [0.5, 0.025, 0.975]), rel=0.02)


@pytest.mark.parametrize(("with_it", "without"), [(6, 52), (0, 10), (30, 1), (5, 0), (3000, 700), (0.5, 2.5)])
def test_masses_are_those_of_the_beta_distribution(with_it, without):
    """Differences of the regularised incomplete beta function of scipy, on the cells in use."""
    edges = np.exp(EDGES)
    reached = betainc(with_it + 0.5, without + 0.5, edges)
    reached[0] = 0.0

    assert Counted(with_it, without).masses() == pytest.approx(np.diff(reached), abs=1e-4)


def test_product_agrees_with_random_numbers():
    """Two ratios multiplied: draws multiplied."""
    rng = np.random.default_rng(5)
    pairs = [(Between(0.2, 0.9), Counted(6, 52)), (Counted(16, 2), Counted(3, 30))]
    draws = np.prod([drawn(a, rng, 1_000_000) / drawn(b, rng, 1_000_000) for a, b in pairs], axis=0)
    first, second = (LogRatio.of(a, b) for a, b in pairs)

    assert first.times(second).ratio() == pytest.approx(np.quantile(draws, [0.5, 0.025, 0.975]), rel=0.02)


def test_uniform_over_uniform_on_paper():
    """U / V of two shares uniform from 0 to 1 is below x with probability x / 2 up to 1: a twentieth half at 0.05."""
    middle, low, high = LogRatio.of(Between(0, 1), Between(0, 1)).ratio()

    assert (middle, low, high) == pytest.approx((1.0, 0.05, 20.0), rel=0.01)


def test_large_counts_give_the_plain_ratio():
    """80 % over 10 % is 8."""
    middle, low, high = LogRatio.of(Counted(800_000, 200_000), Counted(100_000, 900_000)).ratio()

    assert middle == pytest.approx(8, rel=0.005)
    assert high / low < 1.03


@given(above=SHARES, under=SHARES)
def test_ratio_turned_over_is_one_over_the_ratio(above, under):
    """Logarithms change their sign: median, low, high become median, high, low."""
    middle, low, high = LogRatio.of(above, under).quantiles()

    assert LogRatio.of(under, above).quantiles() == pytest.approx((-middle, -high, -low), abs=0.01)


@given(above=SHARES, under=SHARES)
def test_low_median_and_high_are_in_order(above, under):
    """And all are numbers."""
    middle, low, high = LogRatio.of(above, under).ratio()

    assert 0 < low < middle < high < np.inf


def test_one_changes_nothing():
    """Times 1."""
    ratio = LogRatio.of(Counted(7, 8), Counted(1, 17))

    assert ratio.times(LogRatio.one()).quantiles() == pytest.approx(ratio.quantiles(), abs=1e-9)
    assert LogRatio.one().ratio() == (1.0, 1.0, 1.0)


@pytest.mark.parametrize("counts", [(-1, 3), (0, 0)])
def test_counts_that_cannot_be_are_refused(counts):
    """Nobody counted minus one, and nothing was counted among nobody."""
    with pytest.raises(BadInput, match="counts cannot be"):
        Counted(*counts)


@pytest.mark.parametrize("ends", [(0.9, 0.2), (-0.1, 0.5), (0.5, 1.1)])
def test_bounds_that_cannot_be_are_refused(ends):
    """A share lies between 0 and 1."""
    with pytest.raises(BadInput, match="from low to high"):
        Between(*ends)
