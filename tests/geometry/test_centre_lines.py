"""Long lines out of short branches, on masks whose lines are known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcinet.geometry.centre_lines import CentreLine, trace_centre_lines


def draw_lines(*pieces, shape=(200, 300)):
    """Level lines three pixels wide: (row, first column, past-the-last column)."""
    mask = np.zeros(shape, bool)
    for row, first, stop in pieces:
        mask[row - 1 : row + 2, first:stop] = True
    return mask


def trace(mask, strength=None, gap=20.0, shortest=40.0):
    return trace_centre_lines(mask, strength, max_gap_px=gap, min_length_px=shortest)


def test_a_level_line_is_traced_in_its_middle_point_by_point():
    """Row 100, three pixels wide: half-width 1.5; one point a pixel; thinning bends its ends."""
    (line,) = trace(draw_lines((100, 50, 250)))

    assert line.points[15:-15, 0] == pytest.approx(100, abs=0.01)
    assert line.half_width[15:-15] == pytest.approx(1.5, abs=0.05)
    assert np.hypot(*np.diff(line.points, axis=0).T) == pytest.approx(1, abs=0.02)
    assert len(line.points) == pytest.approx(200, abs=5)


def test_a_gap_is_bridged_up_to_the_longest_and_half_of_a_line():
    """15 of 20 pixels are, 25 are not; nor are 15 between lines of 25 and 20 pixels."""
    assert len(trace(draw_lines((100, 20, 120), (100, 135, 280)))) == 1
    assert len(trace(draw_lines((100, 20, 120), (100, 145, 280)))) == 2
    assert len(trace(draw_lines((100, 100, 125), (100, 140, 160)), shortest=10.0)) == 2


def test_lines_that_cross_go_straight_on():
    """A cross of two lines is two lines, not four."""
    mask = draw_lines((100, 50, 250))
    mask[20:180, 149:152] = True

    assert sorted(len(line.points) for line in trace(mask)) == pytest.approx([160, 200], abs=5)


def test_the_short_edges_of_a_net_are_not_joined():
    """Of two branches neither of which is half of the least length, each stays a line of its own."""
    mask = draw_lines((100, 100, 140))
    mask[85:116, 119:122] = True

    assert len(trace(mask, shortest=200.0)) == 4


def test_strength_moves_a_line_to_its_ridge():
    """A Gaussian ridge at row 100.4, of which the parabola of logarithms finds the peak exactly."""
    rows = np.arange(200.0)[:, None]
    strength = np.exp(-((rows - 100.4) ** 2) / 8) * np.ones((1, 300))
    (line,) = trace(draw_lines((100, 50, 250)), strength.astype(np.float32))

    assert line.points[10:-10, 0] == pytest.approx(100.4, abs=0.05)


def test_normals_are_unit_vectors_across():
    """Along the columns the normal is that of the rows."""
    level = CentreLine(np.stack([np.zeros(9), np.arange(9.0)], axis=1), np.ones(9))

    assert np.abs(level.normal) == pytest.approx(np.tile([1.0, 0.0], (9, 1)))


def test_an_empty_mask_has_no_line():
    assert trace(np.zeros((50, 50), bool)) == []


@settings(max_examples=10, deadline=None)
@given(rows=st.integers(0, 40), columns=st.integers(0, 30))
def test_a_shifted_mask_gives_shifted_lines(rows, columns):
    """By whole pixels: tracing does not know where the picture begins."""
    mask = draw_lines((80, 50, 250), (120, 100, 200))
    shifted = trace(np.roll(mask, (rows, columns), (0, 1)))
    lines = trace(mask)

    assert len(shifted) == len(lines)
    for one, other in zip(lines, shifted, strict=True):
        assert other.points - np.array([rows, columns]) == pytest.approx(one.points, abs=1e-6)
