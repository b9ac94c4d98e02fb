"""Calcified length of arteries, freed of what slices add at the ends of calcium."""

import pytest

from calcinet.measure.ct.calcified_length import add_lengths, calcified_length, count_runs


def test_each_run_loses_what_its_end_slices_add():
    """Two runs in slices of 5 mm: each 0.7 x 5 - 0.6 = 2.9 mm too long."""
    assert calcified_length(40.0, 2, 5.0).mm == pytest.approx(40 - 5.8)


def test_the_variance_is_that_of_the_ends_and_of_the_way():
    """Four runs in slices of 1 mm, 0.1 mm too long each: 4 (0.5 + 0.5)^2 and (0.05 x 39.6)^2."""
    assert calcified_length(40.0, 4, 1.0).variance_mm2 == pytest.approx(4 + 1.98**2)


def test_thick_slices_and_many_runs_make_the_interval_wide():
    low, high = calcified_length(40.0, 1, 1.0).interval_mm
    thick = calcified_length(40.0, 1, 5.0).interval_mm
    many = calcified_length(40.0, 9, 1.0).interval_mm

    assert thick[1] - thick[0] > high - low
    assert many[1] - many[0] > high - low


def test_lengths_of_arteries_are_added_with_their_variances():
    """Equal errors of four arteries: twice that of one."""
    one = calcified_length(40.0, 1, 3.0)
    total = add_lengths([one] * 4)

    assert total.mm == pytest.approx(4 * one.mm)
    assert total.variance_mm2 == pytest.approx(4 * one.variance_mm2)


def test_no_length_is_below_nothing():
    short = calcified_length(1.0, 1, 5.0)

    assert short.mm == 0
    assert short.interval_mm[0] == 0


def test_runs_are_parted_by_a_slice_without_calcium():
    assert count_runs([(5, 9), (0, 4), (11, 12)]) == 2
    assert count_runs([]) == 0
