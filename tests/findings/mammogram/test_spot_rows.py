"""Which dots of a mammogram are an artery, and which are none."""

import cv2
import numpy as np
import pytest

from calcinet.findings.mammogram.arteries import find_arteries
from calcinet.findings.mammogram.microcalcifications import are_elongated, are_grains, find_particles
from calcinet.findings.mammogram.spot_rows import find_bead_pairs

MM = 0.1


def drawn(*boxes, shape=(300, 900)):
    """Marks of (row, column, height, width)."""
    canvas = np.zeros(shape, bool)
    for row, column, height, width in boxes:
        canvas[row : row + height, column : column + width] = True
    return canvas


def test_length_over_width_of_a_box_is_that_of_its_sides():
    """A box of 9 x 3 pixels has moments of 9 x 9 / 12 and 3 x 3 / 12; a square has one of each."""
    found = find_particles(np.argwhere(drawn((10, 10, 3, 9), (50, 50, 5, 5))), MM)

    assert sorted(found.elongation) == pytest.approx([1.0, 3.0])
    assert sorted(found.area_mm2) == pytest.approx([0.25, 0.27])


def test_a_row_of_small_round_grains_is_no_artery():
    """Five dots of 0.4 x 0.4 mm, 10 mm apart; of 0.4 x 1.2 mm along the row they are beads of an artery."""
    columns = range(100, 600, 100)
    round_ones = drawn(*((150, column, 4, 4) for column in columns))
    long_ones = drawn(*((150, column, 4, 12) for column in columns))

    assert find_arteries(round_ones, MM) == []
    (found,) = find_arteries(long_ones, MM)
    assert found.pattern == "punctate"


def test_two_beads_are_elongated_towards_one_another_are_an_artery():
    """Two of 0.4 x 1.2 mm, 18 mm apart along their length, each half beside the line from middle to middle; across it,
    or 30 mm apart, they are none."""
    along = drawn((150, 100, 4, 12), (150, 280, 4, 12))
    (found,) = find_arteries(along, MM)

    assert found.pattern == "punctate"
    assert found.calcified_px * MM == pytest.approx(1.1, abs=0.2)
    assert find_arteries(drawn((50, 100, 4, 12), (230, 100, 4, 12)), MM) == []
    assert find_arteries(drawn((150, 100, 4, 12), (150, 400, 4, 12)), MM) == []


def test_two_beads_are_none_where_pixels_are_too_coarse_to_show_that_they_are_long():
    """2 x 6 pixels of 0.2 mm, as large as before; two round dots are none at any pixel."""
    found = find_particles(np.argwhere(drawn((150, 100, 2, 6))), 0.2)

    assert not are_elongated(found, 0.2).any()
    assert find_arteries(drawn((150, 100, 2, 6), (150, 150, 2, 6)), 0.2) == []
    assert find_arteries(drawn((150, 100, 7, 7), (150, 200, 7, 7)), MM) == []


def test_three_beads_make_one_pair_and_one_is_left():
    """10 and 12 mm apart: the nearer two; a crowd of them is a cluster."""
    dots = np.array([[0.0, 0.0], [0.0, 10.0], [0.0, 22.0]])
    ahead = np.array([[0.0, 1.0]] * 3)

    assert find_bead_pairs(dots, ahead, dots) == [[0, 1]]
    crowd = np.vstack([dots, [[1.0, 1.0], [2.0, 1.0], [1.0, 2.0]]])
    assert find_bead_pairs(dots, ahead, crowd) == [[1, 2]]


def test_large_round_dots_in_a_row_may_be_an_arterys():
    """0.8 mm across: 0.5 mm2."""
    canvas = np.zeros((300, 900), np.uint8)
    for column in range(100, 600, 100):
        cv2.circle(canvas, (column, 150), 4, 1, -1)
    (found,) = find_arteries(canvas > 0, MM)

    assert found.pattern == "punctate"


def test_crumbs_beside_a_wall_do_not_make_it_a_row_of_grains():
    """A wall of 20 x 0.4 mm weighs more than seven crumbs of 0.3 mm; the crumbs alone are grains."""
    crumbs = [(140, column, 3, 3) for column in range(100, 310, 30)]

    assert are_grains(np.argwhere(drawn(*crumbs)), MM)
    assert not are_grains(np.argwhere(drawn((150, 100, 4, 200), *crumbs)), MM)
