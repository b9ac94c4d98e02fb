"""One calibre of many stretches, against sums on paper."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet.errors import NotMeasurable
from calcinet.measure.calibre.pooled_radius import MODEL_SD, STRUCTURE, typical_radius
from calcinet.measure.calibre.profiles import Common, TubeFit
from calcinet.measure.calibre.tube_fit import Alternative

BARE = np.zeros((4, 8, 3))
"""Nothing in the tissue beside: four places, eight windows, three bins."""


def fit_of(log_radius, own_sd, common_effect=0.0) -> TubeFit:
    """Windows with these radii and their own sd; each bin moves the radius by a tenth of its value."""
    one = np.ones(8)
    effect = np.stack([common_effect * one, 0 * one], axis=1)
    log_radius, own_sd = (np.broadcast_to(values, 8).astype(float) for values in (log_radius, own_sd))
    influence = np.full((8, 3), 0.1)
    return TubeFit(
        log_radius=log_radius,
        centre=0 * one,
        skew=0 * one,
        amount=one,
        amount_sd=one,
        common=Common(),
        own_sd=own_sd,
        influence=influence,
        weight=np.ones((8, 3)),
        common_effect=effect,
    )


def test_even_windows_give_their_radius_and_the_sd_of_their_mean():
    """Eight windows of 1.5 mm, each known to 4 %: 4 / sqrt(8) = 1.41 %."""
    radius, sd = typical_radius(fit_of(np.log(1.5), 0.04), BARE, [], 0.3)

    assert radius == pytest.approx(1.5)
    assert sd == pytest.approx(np.hypot(0.04 / np.sqrt(8), MODEL_SD))


def test_a_doubt_that_all_windows_share_does_not_average_out():
    """3 % in each, shared: 3 % in the mean, beside the windows' own 1.41 %."""
    _, sd = typical_radius(fit_of(0.0, 0.04, common_effect=0.03), BARE, [], 0.3)

    assert sd == pytest.approx(np.sqrt(0.04**2 / 8 + 0.03**2 + MODEL_SD**2))


def test_an_alternative_as_likely_as_the_best_lies_half_way():
    """Another lumen makes the radius 20 % larger (0.182 in logarithm): mean half of it, sd half of it."""
    other = Alternative(np.full(8, np.log(1.2)), unlikely=0.0)
    radius, sd = typical_radius(fit_of(0.0, 1e-3), BARE, [other], 0.3)

    assert radius == pytest.approx(np.sqrt(1.2))
    assert sd == pytest.approx(np.log(1.2) / 2, rel=0.01)


def test_what_the_fit_reads_from_bare_tissue_widens_the_interval():
    """Bins of +-1 beside move the radius by 0.3: in all windows alike, the mean moves as much."""
    beside = np.ones((4, 8, 3)) * np.array([1, -1, 1, -1])[:, None, None]
    _, sd = typical_radius(fit_of(0.0, 0.01), beside, [], 0.3)

    assert sd == pytest.approx(np.sqrt(STRUCTURE * 0.3**2 / 0.705), rel=0.01)


@pytest.mark.parametrize("log_radius", [0.3 * (-1.0) ** np.arange(8), np.array([0, 0.4, 0.4, 0, 0, 0.4, 0, 0.4])])
def test_stretches_that_contradict_one_another_give_no_calibre(log_radius):
    """Each known to 2 %, and 35 to 80 % apart from its neighbours."""
    with pytest.raises(NotMeasurable, match="hides its walls"):
        typical_radius(fit_of(log_radius, 0.02), BARE, [], 0.3)


def test_windows_that_tell_nothing_give_no_calibre():
    """Five of eight are known to a half only."""
    own_sd = np.where(np.arange(8) < 5, 0.5, 0.02)

    with pytest.raises(NotMeasurable, match="hides its walls"):
        typical_radius(fit_of(0.0, own_sd), BARE, [], 0.3)


def test_the_order_of_the_windows_does_not_matter():
    """A vessel seen from its other end is as wide."""
    log_radius = np.array([0.02, -0.01, 0.0, 0.03, 0.01, -0.02, 0.0, 0.01])
    forward, backward = (typical_radius(fit_of(x, 0.02), BARE, [], 0.3) for x in (log_radius, log_radius[::-1]))

    assert backward == pytest.approx(forward)


def test_windows_without_any_calcium_give_no_calibre():
    """A thin vessel below what the film resolves, in no window of which the fit finds an amount."""
    fit = fit_of(np.log(0.1), 0.02)
    empty = replace(fit, amount=np.zeros(8))

    with pytest.raises(NotMeasurable, match="hides its walls"):
        typical_radius(empty, BARE, [], 0.3)
