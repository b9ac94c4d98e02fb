"""Tubes of calcium side by side: two walls of one artery, or two arteries."""

import numpy as np
import pytest

from calcinet.findings.ct.opposite_walls import find_opposite_walls, is_accompanied
from calcinet.findings.finding import Kind
from tests.support.ct_volumes import block, deposit

UP = np.stack([np.arange(0.0, 40.0), np.zeros(40), np.zeros(40)], axis=1)
"""A line of 39 mm up the body."""


@pytest.mark.parametrize(
    ("beside_mm", "from_mm", "accompanied"),
    [(4.0, 0, True), (4.0, 8, True), (4.0, 20, False), (8.0, 0, False)],
)
def test_most_of_a_line_has_another_within_the_width_of_an_artery(beside_mm, from_mm, accompanied):
    """4 mm away along all, four fifths, or half of it; and 8 mm away: the next artery."""
    other = UP[from_mm:] + np.array([0.0, 0.0, beside_mm])

    assert is_accompanied(UP, other) is accompanied


def test_what_goes_on_in_the_same_line_is_no_second_wall():
    """Plaques that follow one another."""
    assert not is_accompanied(UP, UP + np.array([41.0, 0.0, 0.0]))


def rod(column, kind=Kind.VESSEL, compartment="artery"):
    """A tube of 40 x 2 x 2 voxels of 1 mm, deep in a leg."""
    return deposit(
        block((0, 10, column), (40, 12, column + 2)),
        mm=(1.0, 1.0, 1.0),
        kind=kind,
        compartment=compartment,
        form="tubular",
    )


def test_both_walls_are_found_and_the_artery_far_away_is_not():
    """Columns 10 and 14: 4 mm apart; column 40: another artery."""
    assert find_opposite_walls([rod(10), rod(40), rod(14)], (1.0, 1.0, 1.0)) == {0, 2}


def test_calcium_that_is_no_artery_is_no_wall():
    """A phlebolith beside an artery, and a small vessel of the subcutis."""
    beside = [rod(14, kind=Kind.FOCUS), rod(14, compartment="subcutis")]

    assert find_opposite_walls([rod(10), *beside], (1.0, 1.0, 1.0)) == set()
