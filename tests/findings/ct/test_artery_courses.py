"""Which pieces of calcium are one artery."""

import numpy as np
import pytest

from calcinet.findings.ct.artery_courses import find_courses
from tests.support.ct_volumes import block, deposit

MM = (1.0, 1.0, 1.0)
FAT_HU, BLOOD_HU, MUSCLE_HU = -100.0, 45.0, 55.0


def _rod(row, column, low=0, high=40):
    """A wall of 2 x 2 mm."""
    return deposit(block((low, row, column), (high, row + 2, column + 2)), mm=MM)


def _courses(pieces, between_hu=BLOOD_HU):
    hu = np.full((200, 60, 80), between_hu, np.float32)
    return [course.members for course in find_courses(hu, dict(enumerate(pieces)), MM, MUSCLE_HU)]


@pytest.mark.parametrize(
    ("apart", "between_hu", "vessels"),
    [(6, BLOOD_HU, 1), (6, FAT_HU, 2), (2, FAT_HU, 1), (14, BLOOD_HU, 2)],
)
def test_two_walls_are_one_artery_where_blood_is_between_them(apart, between_hu, vessels):
    """6 mm apart with blood or fat between; touching; and farther apart than an artery is wide."""
    assert len(_courses([_rod(20, 20), _rod(20, 20 + apart)], between_hu)) == vessels


def test_plaques_along_the_way_are_the_same_artery():
    """A wall, a plaque 20 mm above its end and 4 mm aside, a wall 15 mm above that: from the feet upwards."""
    pieces = [_rod(20, 20, 60, 90), _rod(20, 20, 0, 22), _rod(20, 24, 42, 45)]

    assert _courses(pieces, FAT_HU) == [(1, 2, 0)]


def test_two_arteries_side_by_side_stay_two():
    """20 mm apart, each in two pieces: an end goes on in what is ahead of it, not in the neighbour."""
    pieces = [_rod(20, 20, 0, 30), _rod(20, 40, 0, 30), _rod(22, 40, 50, 80), _rod(22, 20, 50, 80)]

    assert sorted(_courses(pieces, FAT_HU)) == [(0, 3), (1, 2)]


def test_an_artery_that_divides_goes_on_in_one_branch():
    """Both branches begin at the trunk's end: the straighter one is the same vessel, the other its own."""
    pieces = [_rod(20, 20, 50, 90), _rod(20, 21, 0, 45), _rod(20, 28, 0, 45)]

    assert sorted(_courses(pieces, FAT_HU)) == [(1, 0), (2,)]


def test_a_long_gap_is_bridged_only_straight_ahead():
    """60 mm: in line it is one artery, 15 mm aside it is another."""
    ahead = [_rod(20, 20, 0, 30), _rod(20, 20, 90, 120)]
    aside = [_rod(20, 20, 0, 30), _rod(20, 35, 90, 120)]

    assert len(_courses(ahead, FAT_HU)) == 1
    assert len(_courses(aside, FAT_HU)) == 2


def test_legs_do_not_share_an_artery():
    """The same place, one right and one left."""
    one, other = _rod(20, 20, 0, 30), _rod(20, 20, 40, 70)
    pieces = [deposit(one.part, mm=MM, side="R"), deposit(other.part, mm=MM, side="L")]

    assert len(_courses(pieces, FAT_HU)) == 2


def test_the_middle_of_two_walls_is_the_artery_s():
    """Columns 20 and 21, 26 and 27: the course runs at 23.5."""
    hu = np.full((200, 60, 80), BLOOD_HU, np.float32)
    course = find_courses(hu, {0: _rod(20, 20), 1: _rod(20, 26)}, MM, MUSCLE_HU)[0]

    assert course.line[:, 2] == pytest.approx(23.5)
    assert course.path is not None


def test_nothing_is_no_artery():
    """No calcium of arteries."""
    assert _courses([]) == []
