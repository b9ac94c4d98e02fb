"""Boxes of a volume."""

import numpy as np

from calcinet.protocols.ct.boxes import box_between, box_shape, corners, enclose_boxes, first_voxel, shift_box

BOX = (slice(2, 5), slice(3, 4), slice(10, 20))


def test_a_box_is_its_first_voxel_and_the_voxel_after_its_last():
    first, end = corners(BOX)

    assert first.tolist() == first_voxel(BOX).tolist() == [2, 3, 10]
    assert end.tolist() == [5, 4, 20]
    assert box_between(first, end) == BOX


def test_its_shape_is_that_of_what_it_cuts_out():
    assert box_shape(BOX) == np.zeros((9, 9, 30))[BOX].shape == (3, 1, 10)


def test_a_shifted_box_is_seen_from_its_origin():
    assert shift_box(BOX, np.array([2, 0, 5])) == (slice(0, 3), slice(3, 4), slice(5, 15))


def test_the_enclosing_box_holds_both_and_touches_them():
    other = (slice(0, 3), slice(5, 8), slice(12, 13))

    assert enclose_boxes([BOX, other]) == (slice(0, 5), slice(3, 8), slice(10, 20))
    assert enclose_boxes([BOX]) == BOX
