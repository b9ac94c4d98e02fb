"""The state of a fit before its first step."""

import numpy as np
import pytest

from calcinet.measure.calibre.fit_state import LEAST_LOG_BLUR_SD, FitState, log_blur_sd
from calcinet.measure.calibre.profiles import Common
from tests.support.tubes import profiles_of


def state_at(radius: float, share: float = 0.4) -> FitState:
    return FitState.from_radius(np.full(3, radius), Common(share, 0.0))


def test_amount_and_background_follow_from_the_right_radius():
    """Drawn with 50 of calcium on 3 + 0.5 u."""
    state = state_at(1.2)
    state.fit_linear(profiles_of())

    assert state.linear == pytest.approx(np.broadcast_to([50.0, 3.0, 0.5], (3, 3)), rel=1e-4)
    assert state.compute_cost(profiles_of()) == pytest.approx(0.0, abs=1e-3)


def test_a_wrong_radius_costs_more():
    """1.0 and 1.4 mm instead of 1.2."""
    costs = []
    for radius in (1.0, 1.2, 1.4):
        state = state_at(radius)
        state.fit_linear(profiles_of())
        costs.append(state.compute_cost(profiles_of()))

    assert costs[1] < 0.01 * min(costs[0], costs[2])


def test_a_dark_line_is_no_tube():
    """Its amount would be negative, and is set to nothing."""
    state = state_at(1.2)
    state.fit_linear(profiles_of(amount=-50.0))

    assert (state.linear[:, 0] == 0).all()


def test_even_walls_have_no_skew():
    """Drawn without skew, in the middle."""
    state = state_at(1.2)
    misfit = state.fit_skew(profiles_of(), np.zeros(3))

    assert state.skew == pytest.approx(0.0, abs=1e-4)
    assert misfit == pytest.approx(0.0, abs=1e-3)


def test_a_blur_is_never_known_exactly():
    """The profiles say an sd of 0."""
    assert log_blur_sd(profiles_of()) == LEAST_LOG_BLUR_SD
