"""Small weighted problems that can be solved on paper."""

import numpy as np
import pytest

from calcinet.measure.calibre.least_squares import least_squares, predict, solve, trust_residuals


def test_a_line_through_three_points_is_found_in_every_window():
    """Values 1 + 2 x and 4 - x at x = 0, 1, 2."""
    x = np.array([0.0, 1.0, 2.0])
    basis = np.broadcast_to(np.stack([np.ones(3), x], axis=-1), (2, 3, 2))
    value = np.stack([1 + 2 * x, 4 - x])
    found = least_squares(value, np.ones((2, 3)), basis, np.zeros((2, 1)))

    assert found == pytest.approx(np.array([[1, 2], [4, -1]]), abs=1e-6)
    assert predict(basis, found) == pytest.approx(value, abs=1e-6)


def test_stiffness_draws_a_coefficient_towards_nothing():
    """One value of 6 with weight 1 and stiffness 2: 6 / (1 + 2) = 2."""
    found = least_squares(np.array([[6.0]]), np.ones((1, 1)), np.ones((1, 1, 1)), np.full((1, 1), 2.0))

    assert found == pytest.approx(np.array([[2.0]]), rel=1e-6)


def test_equations_have_one_right_side_or_several():
    """Twice the unit matrix: halves."""
    normal = 2 * np.eye(2)[None]
    right = np.array([[2.0, 4.0]])

    assert solve(normal, right) == pytest.approx(np.array([[1.0, 2.0]]), rel=1e-6)
    assert solve(normal, right[..., None]) == pytest.approx(np.array([[[1.0], [2.0]]]), rel=1e-6)


def test_noise_as_large_as_given_keeps_its_weight_and_an_outlier_loses_it():
    """Alternating residuals of 0.5 sd do not lose; one of 30 sd loses nearly all of its weight."""
    residual = 0.5 * np.where(np.arange(40) % 2, 1.0, -1.0)[None]
    weight = np.ones((1, 40))
    calm = trust_residuals(residual, weight)
    residual[0, 7] = 30.0
    disturbed = trust_residuals(residual, weight)

    assert calm == pytest.approx(1.0, abs=0.05)
    assert disturbed[0, 7] < 0.4 * np.median(disturbed)


def test_bins_that_err_together_count_as_fewer():
    """The same residuals in blocks instead of turns: less weight everywhere."""
    turns = np.where(np.arange(40) % 2, 1.0, -1.0)[None]
    blocks = np.where(np.arange(40) % 20 < 10, 1.0, -1.0)[None]
    weight = np.ones((1, 40))

    assert (trust_residuals(blocks, weight) < 0.5 * trust_residuals(turns, weight)).all()
