"""Rows and pairs of dots, at places known on paper."""

import numpy as np

from calcinet.findings.mammogram.spot_rows import find_bead_pairs, find_bead_rows


def test_dots_in_a_row_are_one_row_and_a_cluster_is_none():
    """Five dots 10 mm apart along a line; nine dots within 4 mm are a cluster."""
    row = np.array([[50.0, 0.0], [51.0, 10.0], [50.0, 20.0], [49.0, 30.0], [50.0, 40.0]])
    cluster = np.array([[80.0 + 1.5 * a, 20.0 + 1.5 * b] for a in range(3) for b in range(3)])
    dots = np.vstack([cluster, row])

    (found,) = find_bead_rows(dots, dots)
    assert sorted(found) == [9, 10, 11, 12, 13]


def test_two_dots_or_a_corner_are_no_row():
    """A right angle turns by 90 degrees."""
    corner = np.array([[0.0, 0.0], [0.0, 10.0], [10.0, 10.0]])

    assert find_bead_rows(corner[:2], corner) == []
    assert find_bead_rows(corner, corner) == []


def test_three_beads_make_one_pair_and_one_is_left():
    """10 and 12 mm apart: the nearer two; a crowd of them is a cluster."""
    dots = np.array([[0.0, 0.0], [0.0, 10.0], [0.0, 22.0]])
    ahead = np.array([[0.0, 1.0]] * 3)

    assert find_bead_pairs(dots, ahead, dots) == [[0, 1]]
    crowd = np.vstack([dots, [[1.0, 1.0], [2.0, 1.0], [1.0, 2.0]]])
    assert find_bead_pairs(dots, ahead, crowd) == [[1, 2]]


def test_two_rows_are_found_the_longer_one_first():
    """Four dots in row 0 and three in row 60, all 10 mm apart."""
    dots = np.array([[60.0, 10.0 * k] for k in range(3)] + [[0.0, 10.0 * k] for k in range(4)])

    assert [sorted(row) for row in find_bead_rows(dots, dots)] == [[3, 4, 5, 6], [0, 1, 2]]
