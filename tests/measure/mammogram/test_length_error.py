"""The interval of the calcified length of a breast."""

import pytest

from calcinet.measure.mammogram.length_error import bound_length


def test_the_interval_is_a_step_of_the_root():
    """sqrt(100) = 10, and a tenth: from 8.5 squared to 11.7 squared."""
    assert bound_length(100.0, 0.1) == (pytest.approx(8.5**2), pytest.approx(11.7**2))


def test_where_nothing_was_marked_a_little_may_be_overlooked():
    """From 0 to (0.1 + 1.6) squared."""
    assert bound_length(0.0, 0.1) == (0.0, pytest.approx(2.89))


def test_coarse_pixels_have_no_interval():
    assert bound_length(100.0, 0.25) is None
