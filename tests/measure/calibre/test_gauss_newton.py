"""Steps of the fit from a wrong start."""

import numpy as np
import pytest

from calcinet.measure.calibre.fit_state import FitState
from calcinet.measure.calibre.gauss_newton import (
    LOG_RADIUS_RANGE,
    UNKNOWN_SD,
    build_equations,
    summarise_fit,
    take_step,
)
from calcinet.measure.calibre.profiles import Common
from tests.support.tubes import profiles_of


def state_near(radius: float) -> FitState:
    state = FitState.from_radius(np.full(3, radius), Common(0.4, 0.0))
    state.fit_linear(profiles_of())
    return state


def test_steps_lower_the_cost_and_settle():
    """From 1.05 to the drawn 1.2 mm."""
    profiles, state = profiles_of(), state_near(1.05)
    before = state.compute_cost(profiles)
    changes = [take_step(state, profiles) for _ in range(12)]

    assert state.compute_cost(profiles) < 0.1 * before
    assert changes[-1] < 1e-3 < changes[0]
    assert np.exp(state.log_radius) == pytest.approx(1.2, rel=0.01)


def test_what_is_common_can_be_held():
    """Lumen share and blur stay; the radius moves."""
    profiles, state = profiles_of(), state_near(1.05)
    common = state.common
    take_step(state, profiles, hold_common=True)

    assert state.common == common
    assert (state.log_radius > np.log(1.05)).all()


def test_equations_are_symmetric_and_positive():
    """Information of three windows with radius, centre, skew, amount, level and slope."""
    block = build_equations(state_near(1.1), profiles_of()).block

    assert block.shape == (3, 6, 6)
    assert block == pytest.approx(block.swapaxes(1, 2), rel=1e-6)
    assert (np.linalg.eigvalsh(block) > 0).all()


def test_a_radius_that_its_limit_held_is_unknown():
    """A tube of 2 mm where 1 mm was expected: at most 1.49 mm, with an sd that says nothing."""
    profiles = profiles_of(2.0)
    state = state_near(1.0)
    for _ in range(8):
        take_step(state, profiles)
    fit = summarise_fit(state, profiles)

    assert fit.log_radius == pytest.approx(LOG_RADIUS_RANGE[1])
    assert (fit.own_sd == UNKNOWN_SD).all()
