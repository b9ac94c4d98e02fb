"""Lengths of the beam in rods, against sums done on paper."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calcinet.phantoms.path_lengths import find_pixels_near, mean_chord, resample_path


@given(offset=st.floats(0, 1), radius=st.floats(0.05, 4))
def test_no_calcium_is_lost_between_pixels(offset, radius):
    """Pixels across a rod add up to its cross-section, pi r squared, wherever the rod lies and however thin it is."""
    distance = np.arange(-8, 9) + offset
    total = mean_chord(distance, np.full(distance.shape, radius)).sum()

    assert total == pytest.approx(np.pi * radius**2, rel=1e-6)


def test_a_path_is_resampled_at_even_steps():
    """3, 4 and 5 make a right angle: from (0, 0) to (3, 4) is 5, so a step of 1 gives six points."""
    points, position = resample_path(np.array([[0.0, 0.0], [3.0, 4.0]]), 1.0)

    assert points == pytest.approx(np.outer(np.arange(6) / 5, [3, 4]), abs=1e-6)
    assert position == pytest.approx(np.arange(6) / 5, abs=1e-6)


def test_distance_to_a_straight_line_is_signed_and_exact():
    """A level line at row 10.3: pixels of row 12 lie 1.7 on one side, those of row 9 lie 1.3 on the other."""
    near = find_pixels_near((21, 40), np.array([[10.3, 5.0], [10.3, 35.0]]), np.full(2, 4.0))
    middle = (near.columns > 8) & (near.columns < 32)
    below, above = middle & (near.rows == 12), middle & (near.rows == 9)

    assert np.abs(near.across[below]) == pytest.approx(1.7, abs=1e-6)
    assert np.abs(near.across[above]) == pytest.approx(1.3, abs=1e-6)
    assert np.sign(near.across[below]).sum() == -np.sign(near.across[above]).sum() != 0


def test_values_are_interpolated_along_the_curve():
    """Half way between the ends of a straight line a value is half way between those of its ends."""
    near = find_pixels_near((21, 41), np.array([[10.0, 0.0], [10.0, 40.0]]), np.full(2, 3.0))
    at_middle = (near.columns == 20) & (near.rows == 10)

    assert near.at(np.array([1.0, 3.0]))[at_middle] == pytest.approx(2.0, abs=1e-3)


def test_ends_are_round_or_nearly_flat():
    """Three pixels beyond the end the distance is 3; with ends that count four times it is 12, out of a reach of 5."""
    path = np.array([[10.0, 5.0], [10.0, 20.0]])
    rounded = find_pixels_near((21, 40), path, np.full(2, 5.0))
    flat = find_pixels_near((21, 40), path, np.full(2, 5.0), blunt=4.0)

    assert np.abs(rounded.across[(rounded.rows == 10) & (rounded.columns == 23)]) == pytest.approx(3.0, abs=1e-6)
    assert np.abs(flat.across[(flat.rows == 10) & (flat.columns == 23)]) == pytest.approx(12.0, abs=1e-6)


def test_a_curve_outside_of_the_image_is_near_no_pixel():
    near = find_pixels_near((20, 20), np.array([[-90.0, 0.0], [-90.0, 20.0]]), np.full(2, 4.0))

    assert len(near.rows) == len(near.columns) == len(near.across) == len(near.along) == 0
