"""The sums of the contrast-detail bench against answers worked out on paper."""

import numpy as np
import pytest

from benchmarks.contrast_detail import LEVELS, Level, Line, half_found, visibility_tables

STEP = np.geomspace(0.1, 1.0, 21)


def level(false_lines, found_below=0.9):
    """Lines from 0.1 to 1 mm, those of 0.4 mm and more found; 1000 cm2 of blank film."""
    lines = tuple(Line(float(mm), found_below if mm > 0.4 else 0.0) for mm in np.repeat(STEP, 3))
    return Level(5.0, 0.2, lines, np.array(false_lines, dtype=float), area_mm2=100_000.0)


def falling(first_quiet):
    return [20.0 if step < first_quiet else 3.0 for step in range(len(LEVELS))]


def test_half_of_the_lines_are_found_where_the_curve_crosses_one_half():
    """None below 0.4 mm and all above: the middle of the step, between 0.398 and 0.447 mm."""
    one = level(falling(0))

    assert one.threshold(0.5).value == pytest.approx(0.42, abs=0.02)
    assert one.threshold(0.95).value == np.inf


def test_a_curve_shifts_with_its_thicknesses():
    """Lines twice as thick, found alike: twice the threshold."""
    found = np.random.default_rng(0).random(63) < np.repeat(np.linspace(0, 1, 21), 3)
    thickness = np.repeat(STEP, 3)

    assert half_found(2 * thickness, found) == pytest.approx(2 * half_found(thickness, found), rel=1e-3)


def test_the_cut_allows_one_false_line_on_a_hundred_square_centimetres():
    """Ten on 1000 cm2: 20 are too many, 3 are allowed; the lowest such cut counts, and all above it must be quiet."""
    assert level(falling(4)).cut == LEVELS[4]
    assert level([3.0, *falling(4)[1:]]).cut == LEVELS[4]
    assert level([20.0] * len(LEVELS)).cut == 1.0


def test_the_table_sets_both_observers_side_by_side():
    """0.42 mm over 0.2 mm ideal is 2.1."""
    ((noise, ideal, cut, own, ratio, *_),) = visibility_tables([level(falling(0))])[0].rows

    assert (noise, ideal, cut) == (5.0, 0.2, LEVELS[0])
    assert ratio.value == pytest.approx(own.value / 0.2)
