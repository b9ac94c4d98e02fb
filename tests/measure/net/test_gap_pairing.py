"""Tears in lines drawn by hand."""

import numpy as np
import pytest

from calcinet.geometry.skeleton import skeleton_graph
from calcinet.measure.net.gap_pairing import torn_gaps


def gaps_of(*lines: tuple[slice | int, slice | int], reach: float = 12.0) -> list[float]:
    mask = np.zeros((60, 60), dtype=bool)
    for line in lines:
        mask[line] = True
    return torn_gaps(skeleton_graph(mask), np.ones_like(mask), reach).tolist()


def test_a_torn_line_has_one_gap_of_its_length():
    """Pixels to column 20 and from column 28 on: 8 pixels from end to end."""
    assert gaps_of((30, slice(5, 21)), (30, slice(28, 50))) == pytest.approx([8.0])


def test_a_gap_beyond_the_reach_stays_open():
    """The same line and a reach of 5 pixels."""
    assert gaps_of((30, slice(5, 21)), (30, slice(28, 50)), reach=5.0) == []


def test_ends_that_look_past_each_other_are_no_tear():
    """One line along the rows, one along the columns, with ends 6 pixels from each other."""
    assert gaps_of((30, slice(5, 21)), (slice(36, 58), 20)) == []


def test_every_end_belongs_to_one_gap_and_the_nearest_first():
    """Three pieces of one line with gaps of 4 and 9 pixels."""
    assert gaps_of((30, slice(2, 15)), (30, slice(18, 31)), (30, slice(39, 55))) == pytest.approx([4.0, 9.0])


def test_a_whole_line_has_no_gap():
    """Two ends, far from each other."""
    assert gaps_of((30, slice(5, 50))) == []
