"""Tubes found again in the profiles that they were drawn with."""

import numpy as np
import pytest

from calcinet.measure.calibre.tube_fit import alternatives, fit_tubes
from tests.support.tubes import profiles_of


@pytest.mark.parametrize("estimate", [0.8, 1.0, 1.3])
def test_a_drawn_tube_is_found_again(estimate):
    """Radius 1.2 mm, a centre 0.1 mm off the line, 50 of calcium."""
    fit = fit_tubes(profiles_of(centre=0.1), np.full(3, 1.2 * estimate))

    assert np.exp(fit.log_radius) == pytest.approx(1.2, rel=0.01)
    assert fit.centre == pytest.approx(0.1, abs=0.01)
    assert fit.amount == pytest.approx(50.0, rel=0.01)


def test_without_a_tube_the_amount_is_nothing():
    """Background alone."""
    fit = fit_tubes(profiles_of(amount=0.0), np.full(3, 1.2))

    assert fit.amount == pytest.approx(0.0, abs=3 * fit.amount_sd.max())


def test_no_alternative_explains_the_profiles_better():
    """The drawn lumen is 0.4 of the area; 0.4 itself is among those that are held."""
    profiles = profiles_of()
    fit = fit_tubes(profiles, np.full(3, 1.2))
    unlikely = [other.unlikely for other in alternatives(profiles, np.full(3, 1.2), fit)]

    assert len(unlikely) == 6
    assert min(unlikely) == pytest.approx(0.0, abs=1.0)
    assert max(unlikely) > 100
