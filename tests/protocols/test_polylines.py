"""Lines and outlines as the record holds them."""

import numpy as np
import pytest

from calcinet.protocols.polylines import as_points, spread_indices, thin_outline, trace_outlines


def test_the_outline_of_a_rectangle_goes_round_it_once():
    """3 rows by 4 columns have 2 x (3 + 4) - 4 = 10 pixels at the edge, each once."""
    mask = np.zeros((8, 9), bool)
    mask[2:5, 3:7] = True
    (outline,) = trace_outlines(mask)

    assert len({tuple(point) for point in outline}) == len(outline) == 10
    assert outline.min(axis=0).tolist() == [2, 3]
    assert outline.max(axis=0).tolist() == [4, 6]


def test_every_part_has_an_outline():
    mask = np.zeros((8, 9), np.uint8)
    mask[1, 1] = mask[6, 7] = 1

    assert sorted(outline.tolist() for outline in trace_outlines(mask)) == [[[1, 1]], [[6, 7]]]


def test_a_thinned_outline_is_moved_by_its_offset():
    """Seven points, three wanted: every second one, of which there are four."""
    outline = np.stack([np.arange(7), np.zeros(7, int)], axis=1)

    assert thin_outline(outline, 3, (100, 10)) == ((100, 10), (102, 10), (104, 10), (106, 10))


@pytest.mark.parametrize(("length", "most", "kept"), [(3, 10, [0, 1, 2]), (11, 3, [0, 5, 10]), (1, 5, [0])])
def test_points_are_spread_evenly_from_end_to_end(length, most, kept):
    assert spread_indices(length, most).tolist() == kept


def test_points_are_rows_and_columns_as_plain_numbers():
    points = as_points(np.array([[1, 2], [3, 4]], np.int32))

    assert points == ((1.0, 2.0), (3.0, 4.0))
    assert all(type(number) is float for point in points for number in point)
