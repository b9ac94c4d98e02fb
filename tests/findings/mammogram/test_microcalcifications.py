"""Small marks by their shape: moments of boxes known on paper."""

import numpy as np
import pytest

from calcinet.findings.mammogram.microcalcifications import are_elongated, are_grains, find_particles

MM = 0.1


def draw_boxes(*boxes, shape=(300, 900)):
    """Marks of (row, column, height, width)."""
    canvas = np.zeros(shape, bool)
    for row, column, height, width in boxes:
        canvas[row : row + height, column : column + width] = True
    return canvas


def test_length_over_width_of_a_box_is_that_of_its_sides():
    """A box of 9 x 3 pixels has moments of 9 x 9 / 12 and 3 x 3 / 12; a square has one of each."""
    found = find_particles(np.argwhere(draw_boxes((10, 10, 3, 9), (50, 50, 5, 5))), MM)

    assert sorted(found.elongation) == pytest.approx([1.0, 3.0])
    assert sorted(found.area_mm2) == pytest.approx([0.25, 0.27])


def test_crumbs_beside_a_wall_do_not_make_it_a_row_of_grains():
    """A wall of 20 x 0.4 mm weighs more than seven crumbs of 0.3 mm; the crumbs alone are grains."""
    crumbs = [(140, column, 3, 3) for column in range(100, 310, 30)]

    assert are_grains(np.argwhere(draw_boxes(*crumbs)), MM)
    assert not are_grains(np.argwhere(draw_boxes((150, 100, 4, 200), *crumbs)), MM)


def test_at_coarse_pixels_none_is_elongated():
    """2 x 6 pixels: too small for a bead at 0.1 mm, long enough at 0.15 mm, not judged at 0.2 mm."""
    pixels = np.argwhere(draw_boxes((150, 100, 2, 6)))

    assert [are_elongated(find_particles(pixels, mm), mm).tolist() for mm in (0.1, 0.15, 0.2)] == [
        [False],
        [True],
        [False],
    ]


def test_the_length_of_a_particle_has_a_direction():
    """A box along a row and one along a column: unit vectors (row, column), of either sign."""
    found = find_particles(np.argwhere(draw_boxes((10, 10, 3, 9), (50, 50, 9, 3))), MM)

    assert np.abs(found.along) == pytest.approx(np.array([[0, 1], [1, 0]]), abs=1e-9)
    assert found.middle == pytest.approx(np.array([[11, 14], [54, 51]]))
    assert len(found.pixels_of(np.array([0, 1]))) == 54
