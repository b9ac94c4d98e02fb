"""Pixels in coordinates along and across a line."""

import numpy as np
import pytest

from calcinet.measure.calibre.straightening import line_through, ribbon


def test_pixels_beside_a_circle_lie_at_their_distance_from_it():
    """Across a circle of 4 mm the coordinate is the distance from the middle less 4 mm, whichever way it counts."""
    turn = np.linspace(0.2, 2.8, 300)
    points = 6 + 4 * np.stack([np.sin(turn), np.cos(turn)], axis=1)
    y, x = np.mgrid[:100, :60].astype(np.float32)
    distance = np.hypot(0.12 * y - 6, 0.2 * x - 6).astype(np.float32)
    beside = ribbon(distance, line_through(points, 0.12, smoothing_mm=0.0), 1.0, (0.12, 0.2))

    assert np.abs(beside.across_mm) == pytest.approx(np.abs(beside.value - 4), abs=0.005)
    assert np.abs(beside.across_mm).max() == pytest.approx(1.0, abs=0.01)


def test_a_line_has_equal_steps_and_its_length():
    """A right angle with legs of 3 and 4 mm, unevenly sampled: 7 mm."""
    points = np.array([[0, 0], [0.1, 0], [3, 0], [3, 0.5], [3, 4]])
    line = line_through(points, 0.1, smoothing_mm=0.0)
    steps = np.hypot(*np.diff(line.points, axis=0).T)

    assert line.length_mm == pytest.approx(7.0, abs=0.1)
    assert steps == pytest.approx(0.1, rel=0.3)
    assert np.hypot(*line.normal.T) == pytest.approx(1.0)


def test_a_shifted_line_runs_beside_the_first():
    """1 mm along the normals of a straight line from left to right, which point to higher rows or lower ones alike."""
    line = line_through(np.array([[5.0, 0.0], [5.0, 10.0]]), 0.5, smoothing_mm=0.0)
    shifted = line.shifted(np.ones(len(line.points)))

    assert np.abs(shifted.points[:, 0] - 5) == pytest.approx(1.0)
    assert shifted.length_mm == pytest.approx(10.0)


def test_a_line_outside_the_image_has_no_pixels():
    """Twenty mm beside a film of 2 mm."""
    line = line_through(np.array([[20.0, 20.0], [22.0, 22.0]]), 0.1, smoothing_mm=0.0)

    assert len(ribbon(np.zeros((20, 20), np.float32), line, 1.0, (0.1, 0.1)).value) == 0
