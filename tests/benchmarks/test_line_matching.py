"""Marks along lines that were put in, with shares worked out on paper."""

import numpy as np
import pytest

from benchmarks.agreement import Overlap
from benchmarks.line_matching import (
    PutLine,
    calcified_runs,
    draw_calcified,
    draw_lines,
    overlap_of_lines,
    share_along,
    step_lengths,
)

SHAPE = (40, 60)


def straight(calcified=None, outer_px=3.0):
    """A horizontal artery in row 20 from column 10 to 50, a point a pixel."""
    columns = np.arange(10.0, 51.0)
    path = np.stack([np.full_like(columns, 20.0), columns], axis=1)
    there = np.ones(41, dtype=bool) if calcified is None else calcified
    return PutLine(path_px=path, outer_px=np.full(41, outer_px), calcified=there)


def marked(row, first, last):
    mask = np.zeros(SHAPE, dtype=bool)
    mask[row, first:last] = True
    return mask


@pytest.mark.parametrize(("row", "share"), [(20, 24.5 / 40), (25, 19.5 / 40), (15, 19.5 / 40), (26, 0.0), (14, 0.0)])
def test_a_mark_within_the_radius_and_two_pixels_lies_along(row, share):
    """Radius 3 and 2 px reach rows 15 to 25. A mark from column 10 to 29 of 40 steps: at 5 px off it is near to its
    own 20 points (19.5 steps, the first being an end), in the middle to the five points after it as well."""
    assert share_along(straight(), marked(row, 10, 30)) == pytest.approx(share)


def test_only_calcified_length_counts():
    """Calcium from column 30 on, 21 points (20.5 steps); a mark from 46 to 50 reaches back to 41: 9.5 steps."""
    calcified = np.arange(10, 51) >= 30

    assert share_along(straight(calcified), marked(20, 46, 51)) == pytest.approx(9.5 / 20.5)


def test_no_mark_is_no_share_and_no_calcium_is_no_number():
    assert share_along(straight(), np.zeros(SHAPE, dtype=bool)) == 0
    assert np.isnan(share_along(straight(np.zeros(41, dtype=bool)), marked(20, 10, 30)))


def test_points_stand_for_half_of_the_steps_beside_them():
    """Steps 1 and 3: the ends stand for 0.5 and 1.5, the middle for 2."""
    assert step_lengths(np.array([[0.0, 0.0], [0.0, 1.0], [0.0, 4.0]])) == pytest.approx([0.5, 2.0, 1.5])


def test_a_film_of_half_the_rows_and_columns_has_the_line_at_half():
    """The middle of pixel 20 lies 20.5 px from the edge: 10.25 px at half, the middle of pixel 9.75."""
    half = straight().scaled((0.5, 0.5))

    assert half.path_px[0] == pytest.approx([9.75, 4.75])
    assert half.outer_px == pytest.approx(np.full(41, 1.5))


def test_a_mark_resampled_with_its_line_has_the_same_share():
    """Film, line and mark at twice the size: the same share, within a pixel's length and the two pixels that are not
    scaled."""
    twice = straight(outer_px=1.0).scaled((2.0, 2.0))
    small = share_along(straight(outer_px=1.0), marked(20, 10, 30))
    large = share_along(twice, np.kron(marked(20, 10, 30), np.ones((2, 2), dtype=bool)))

    assert large == pytest.approx(small, abs=0.05)


def test_runs_are_unbroken_and_no_single_points():
    """Calcium at columns 12 to 14, 20, and 48 to 50: two runs of three points."""
    columns = np.arange(10, 51)
    calcified = np.isin(columns, (12, 13, 14, 20, 48, 49, 50))
    runs = calcified_runs(straight(calcified))

    assert [run[:, 1].tolist() for run in runs] == [[12, 13, 14], [48, 49, 50]]
    assert draw_calcified([straight(calcified)], SHAPE).sum() == 6


def test_lines_are_one_pixel_wide():
    drawn = draw_lines([np.array([[20.0, 10.0], [20.0, 50.0]])], SHAPE)

    assert drawn.sum() == 41
    assert drawn[20, 10:51].all()
    assert not draw_lines([], SHAPE).any()


def test_overlap_within_a_rectangle_is_that_of_the_film():
    """One line in row 20, one beside it in row 22 and one far off: as counted on the whole film."""
    true = marked(20, 10, 50)
    found = marked(22, 10, 50) | marked(5, 10, 30)

    assert overlap_of_lines(found, true) == Overlap.of_lines(found, true)
    assert overlap_of_lines(found & False, true & False) == Overlap(0, 0, 0, 0)
