"""Connected components whose boxes are known on paper."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calcinet.findings.components import collect_pixels, find_components

SPOTS = np.zeros((20, 30), bool)
SPOTS[2:5, 3:7] = True
SPOTS[10, 10] = SPOTS[11, 11] = True


def test_pixels_that_touch_by_a_corner_are_one_component():
    """A box of 3 x 4 pixels and two pixels aslant."""
    box, slant = find_components(SPOTS, min_px=1)

    assert box.box == (slice(2, 5), slice(3, 7))
    assert box.mask.all()
    assert slant.mask.tolist() == [[True, False], [False, True]]


def test_a_smaller_component_is_left_out():
    assert [found.mask.sum() for found in find_components(SPOTS, min_px=3)] == [12]
    assert list(find_components(np.zeros((5, 5), bool), min_px=1)) == []


def test_the_middle_of_a_component_is_in_pixels_of_the_map():
    """Rows 2, 3, 4 and columns 3, 4, 5, 6."""
    box, _ = find_components(SPOTS, min_px=1)

    assert box.middle == pytest.approx((3, 4.5))


@given(pixels=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=12, unique=True))
def test_pixels_come_back_from_their_component(pixels):
    """Whether or not they touch."""
    component = collect_pixels(np.array(pixels))
    rows, columns = component.box
    back = np.argwhere(component.mask) + np.array([rows.start, columns.start])

    assert sorted(map(tuple, back.tolist())) == sorted(pixels)
    assert component.mask.shape == (rows.stop - rows.start, columns.stop - columns.start)
