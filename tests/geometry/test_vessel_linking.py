"""Which pieces lie on the course of one artery, by lines drawn by hand."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet.geometry.vessel_linking import BREAST, LIMB, link_courses, measure_calibres

MM = 0.1


def level(row, start, stop):
    column = np.arange(start, stop, 1.0)
    return np.stack([np.full(len(column), float(row)), column], axis=1)


def together(*lines, wide=(10.0, 10.0), limits=BREAST, whole=None):
    return link_courses(list(lines), list(wide), MM, limits, whole=whole)


def test_a_gap_of_two_centimetres_is_one_artery_where_the_ends_aim_at_each_other():
    """Two pieces of 30 mm with 20 mm between them: one line of 80 mm."""
    (one,) = together(level(100, 0, 300), level(100, 500, 800))

    assert np.hypot(*np.diff(one.line, axis=0).T).sum() * MM == pytest.approx(79.9)


def test_over_two_centimetres_ends_that_do_not_aim_at_each_other_are_two_arteries():
    """10 mm aside over 20 mm, less the 1.6 mm of a wall: arctan(8.4 / 20) = 23 degrees."""
    assert len(together(level(100, 0, 300), level(200, 500, 800))) == 2


def test_over_two_centimetres_a_narrow_piece_does_not_go_on_as_a_wide_one():
    """0.8 mm and 2.4 mm: three times as wide."""
    assert len(together(level(100, 0, 300), level(100, 500, 800), wide=(8.0, 24.0))) == 2


def test_short_pieces_are_not_joined_over_more_than_they_are_long():
    """Two pieces of 7 mm with 20 mm between them."""
    assert len(together(level(100, 0, 70), level(100, 270, 340))) == 2


def test_no_gap_is_longer_than_three_centimetres():
    assert len(together(level(100, 0, 400), level(100, 720, 1100))) == 2


def test_a_piece_may_go_on_along_the_other_wall():
    """2.8 mm aside over 2.4 mm is 49 degrees, of which the wall takes more than half; 6 mm aside is another artery."""
    assert len(together(level(100, 0, 300), level(128, 324, 600))) == 1
    assert len(together(level(100, 0, 300), level(160, 324, 600))) == 2


def test_the_order_of_pieces_and_their_directions_do_not_matter():
    a, b, c = level(100, 0, 300), level(102, 400, 700), level(99, 880, 1100)
    (one,) = together(a, b, c, wide=(9.0, 9.0, 9.0))
    (other,) = together(c[::-1], a, b[::-1], wide=(9.0, 9.0, 9.0))

    assert len(one.line) == len(other.line)
    assert {tuple(one.line[0]), tuple(one.line[-1])} == {tuple(other.line[0]), tuple(other.line[-1])}


def test_calibre_is_how_far_apart_the_marks_of_a_line_are():
    """Walls 10 px to either side of the middle line: 2 x 10 + 1; a line without marks is one pixel wide."""
    marked = np.zeros((200, 400), bool)
    marked[[90, 110], 20:380] = True

    assert measure_calibres([level(100, 20, 380), level(20, 20, 380)], marked, MM, 3.2) == [21.0, 1.0]
    assert measure_calibres([], marked, MM, 3.2) == []


def test_a_course_tells_its_pieces_in_order_and_the_gaps_between_them():
    """Columns 0 to 299, 400 to 699 and 800 to 1099: the second piece is given first and the first one backwards."""
    (one,) = together(level(9, 400, 700), level(9, 0, 300)[::-1], level(9, 800, 1100), wide=(9.0, 9.0, 9.0))
    course = one if one.pieces[0] == 1 else one.reverse()

    assert course.pieces == (1, 0, 2)
    assert [gap.tolist() for gap in course.gaps] == [[[9, 299], [9, 400]], [[9, 699], [9, 800]]]
    assert course.line[0].tolist() == [9, 0]
    assert course.line[-1].tolist() == [9, 1099]
    assert course.reverse().gaps[0].tolist() == [[9, 800], [9, 699]]


@pytest.mark.parametrize("limits", [BREAST, LIMB])
def test_every_line_lies_on_one_course(limits):
    """Three in a row and one across; no line, no course."""
    across = level(400, 0, 300)[:, ::-1]
    lines = level(9, 0, 300), across, level(9, 400, 700), level(9, 800, 1100)
    found = together(*lines, wide=(9.0,) * 4, limits=limits)

    assert sorted(piece for course in found for piece in course.pieces) == [0, 1, 2, 3]
    assert sorted(len(course.pieces) for course in found) == [1, 3]
    assert together(wide=(), limits=limits) == []


def test_a_branch_in_line_with_its_trunk_is_not_its_continuation():
    """1.5 mm goes on as 1.0 mm, not as 0.9 mm, which is less than the 1 / 1.6 of the limits."""
    trunk, ahead = level(100, 0, 300), level(100, 350, 600)

    assert len(together(trunk, ahead, wide=(15.0, 10.0), limits=LIMB)) == 1
    assert len(together(trunk, ahead, wide=(15.0, 9.0), limits=LIMB)) == 2


def test_one_wall_alone_may_be_that_of_a_wider_artery():
    """A line of 0.5 mm beside the axis of an artery of 4 mm, by half of that, over a gap of 5 mm; of two that are seen
    whole it would be another one. A line that is wider itself is none of its walls: 4 mm is less than 7 / 1.6."""
    artery, wall = level(100, 0, 300), level(120, 350, 600)

    assert len(together(artery, wall, wide=(40.0, 5.0), limits=LIMB, whole=[True, False])) == 1
    assert len(together(artery, wall, wide=(40.0, 5.0), limits=LIMB, whole=[True, True])) == 2
    assert len(together(artery, wall, wide=(40.0, 70.0), limits=LIMB, whole=[True, False])) == 2


def test_a_wall_between_them_does_not_make_two_calibres_one():
    """2 mm, then one wall, then 4 mm: the wall goes with the nearer of the two."""
    lines = level(100, 0, 300), level(100, 340, 600), level(100, 650, 900)
    found = together(*lines, wide=(20.0, 5.0, 40.0), limits=LIMB, whole=[True, False, True])

    assert sorted(course.pieces for course in found) in ([(0, 1), (2,)], [(1, 0), (2,)])


def test_walls_that_pass_one_another_by_a_little_are_one_artery():
    """Two walls 3 mm apart, the one beginning 1 mm before the other ends; 6 mm apart they are two arteries."""
    assert len(together(level(100, 0, 300), level(130, 290, 600), limits=LIMB)) == 1
    assert len(together(level(100, 0, 300), level(160, 290, 600), limits=LIMB)) == 2


def test_walls_that_run_side_by_side_are_not_one_after_the_other():
    """Ends that look the same way do not face one another."""
    assert len(together(level(100, 0, 300), level(120, 0, 300), limits=LIMB)) == 2


def test_a_course_does_not_lead_back_along_itself():
    """One wall from column 0 to 600 and, 3 mm aside, the other one back to column 300, where a piece from 100 to 280
    begins: it faces that end, but lies beside the first wall all along."""
    angle = np.linspace(-np.pi / 2, np.pi / 2, 48)[1:-1]
    turn = np.stack([115 + 15 * np.sin(angle), 600 + 15 * np.cos(angle)], axis=1)
    hairpin = np.vstack([level(100, 0, 600), turn, level(130, 300, 600)[::-1]])
    beside = level(125, 100, 280)

    assert len(together(hairpin, beside, limits=LIMB)) == 2
    assert len(together(hairpin, beside, limits=replace(LIMB, max_beside=1.0))) == 1


@pytest.mark.parametrize(("degrees", "arteries"), [(35, 1), (45, 2)])
def test_an_artery_of_a_limb_bends_by_no_more_than_forty_degrees_over_a_gap(degrees, arteries):
    """The second piece is turned about a place 2 mm behind the end of the first."""
    angle = np.deg2rad(degrees)
    ahead = np.array([100.0, 319.0]) + np.arange(20.0, 300.0)[:, None] * [np.sin(angle), np.cos(angle)]

    assert len(together(level(100, 0, 300), ahead, limits=LIMB)) == arteries


def test_where_no_gap_is_allowed_nothing_is_joined():
    nothing = replace(LIMB, gap_mm=0.0, far_gap_mm=0.0)

    assert len(together(level(100, 0, 300), level(100, 350, 600), limits=nothing)) == 2


def test_courses_do_not_depend_on_how_fine_the_pixels_are():
    """Half the pixel and twice the points: the same pieces in the same order."""
    rng = np.random.default_rng(5)
    starts = np.cumsum(rng.integers(280, 420, 6))
    rows = 100 + rng.integers(-15, 15, 6)
    coarse = [level(row, start, start + 220) for row, start in zip(rows, starts, strict=True)]
    fine = [level(2 * row, 2 * start, 2 * start + 440) for row, start in zip(rows, starts, strict=True)]
    wide = (10.0,) * 6

    as_found = sorted(course.pieces for course in link_courses(coarse, wide, MM, LIMB))
    assert as_found == sorted(course.pieces for course in link_courses(fine, [20.0] * 6, MM / 2, LIMB))
