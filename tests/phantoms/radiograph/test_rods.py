"""Rods of drawn limbs: curves, profiles, parts put together."""

import numpy as np
import pytest

from calcinet.phantoms.radiograph.rods import (
    CURVE_POINTS,
    Limb,
    curve,
    draw_flesh,
    draw_short_bone,
    draw_tubular_bone,
    join,
    move,
    sample_profile,
)


def test_a_curve_of_two_points_is_straight():
    """From (0, 0) to (30, 40) in 11 points: steps of 5."""
    points = curve([(0, 0), (30, 40)], 11)

    assert np.hypot(*np.diff(points, axis=0).T) == pytest.approx(5.0)
    assert points[5] == pytest.approx([15, 20])


def test_a_curve_runs_through_the_points_that_are_given():
    """The middle one lies half way along the polyline: 5 of 10."""
    points = curve([(0, 0), (3, 4), (0, 8)], 101)

    assert points[[0, 50, 100]] == pytest.approx(np.array([[0, 0], [3, 4], [0, 8]]), abs=1e-9)


def test_a_profile_is_interpolated_along_the_length():
    """From 10 to 20: 15 half way, between the 30th and the 31st of 60 points."""
    values = sample_profile([(0, 10), (1, 20)])

    assert len(values) == CURVE_POINTS
    assert values[29:31].mean() == pytest.approx(15.0)


def test_a_tubular_bone_is_thin_in_the_middle_and_its_cortex_thick():
    """Radius 4 of the shaft, 7 at the base, 0.85 times 6 at the head; a cortex of 0.36 times 4 in the middle."""
    bone = draw_tubular_bone((0.0, 0.0), (40.0, 0.0), radius=4.0, base=7.0, head=6.0)

    assert bone.radius_mm[[0, 30, -1]] == pytest.approx([7.0, 4.0, 5.1])
    assert bone.cortex_mm[30] == pytest.approx(1.44)
    assert bone.cortex_mm.argmax() == pytest.approx(30, abs=6)


def test_a_short_bone_has_one_radius_and_a_thin_cortex():
    bone = draw_short_bone([(0, 0), (5, 5)], 6.0, 0.9)

    assert set(bone.radius_mm) == {6.0}
    assert bone.cortex_mm.max() < 1


def test_parts_are_joined_in_order():
    flesh = draw_flesh([(0, 0), (9, 0)], [(0, 5), (1, 5)], 1.0)
    bone = draw_short_bone([(0, 0), (5, 5)], 6.0, 0.9)
    course = curve([(0, 0), (9, 9)])

    joined = join([Limb(soft=(flesh,)), Limb(bones=(bone,), arteries=(course,))])

    assert joined.soft == (flesh,)
    assert joined.bones == (bone,)
    assert joined.arteries == (course,)


def test_a_moved_limb_has_thicker_flesh_and_the_same_bones():
    """Twice the girth; everything 100 mm further down."""
    flesh = draw_flesh([(0, 0), (9, 0)], [(0, 5), (1, 5)], 1.0)
    bone = draw_short_bone([(0, 0), (5, 5)], 6.0, 0.9)

    moved = move(Limb((flesh,), (bone,), ()), lambda points: points + np.array([100, 0]), 2.0)

    assert moved.soft[0].radius_mm == pytest.approx(10.0)
    assert moved.bones[0].radius_mm == pytest.approx(6.0)
    assert moved.bones[0].path_mm[0] == pytest.approx([100, 0])
