"""Columns of the figure, and how it lies."""

import itertools

import numpy as np
import pytest

from calcinet.phantoms.scintigram.figure import LEG, LEVELS_MM, Column, random_pose


def test_a_column_is_as_thick_as_its_ellipse():
    """Half-width 30 mm, depth factor 0.5: 30 mm thick in the middle, 0.5 x 2 x sqrt(900 - 324) = 24 mm at 18 mm."""
    column = Column(y=(0.0, 100.0), x=(0.0, 0.0), half_width=(30.0, 30.0), depth=0.5)
    thick = column.across(np.array([50.0]), np.array([0.0, 18.0, 31.0]))

    assert thick[0] == pytest.approx([30.0, 24.0, 0.0])


def test_a_column_widens_between_its_knots():
    """10 and 30 mm: 20 mm half way, where the middle has moved from 0 to 5 mm; 40 mm thick there."""
    column = Column(y=(0.0, 100.0), x=(0.0, 10.0), half_width=(10.0, 30.0))

    assert column.across(np.array([50.0]), np.array([5.0]))[0, 0] == pytest.approx(40.0)


def test_above_and_below_its_ends_a_column_is_not_there():
    column = Column(y=(10.0, 20.0), x=(0.0, 0.0), half_width=(5.0, 5.0))

    assert column.across(np.array([5.0, 15.0, 25.0]), np.array([0.0])).ravel() == pytest.approx([0.0, 10.0, 0.0])


def test_a_column_leans_out_below_its_joint():
    """0.1 mm a mm: 20 mm to the right 200 mm below, 10 mm to the left 100 mm above; a tenth wider."""
    column = Column(y=(100.0, 400.0), x=(50.0, 50.0), half_width=(30.0, 40.0)).move(lean=0.1, about=200.0, wider=1.1)

    assert column.x == pytest.approx((40.0, 70.0))
    assert column.half_width == pytest.approx((33.0, 44.0))


def test_mirrored_twice_a_column_is_the_same():
    """And mirrored once its middle is on the other side."""
    assert LEG.mirror().mirror() == LEG
    assert LEG.mirror().x == tuple(-x for x in LEG.x)


def test_segments_follow_one_another():
    """Thigh, knee, lower leg, foot from above; the arm likewise."""
    for names in (("thigh", "knee", "lower leg", "foot"), ("upper arm", "forearm", "hand")):
        ends = [LEVELS_MM[name] for name in names]
        assert all(above[1] == below[0] for above, below in itertools.pairwise(ends))


def test_a_person_keeps_size_from_scan_to_scan():
    """Height and width of the limbs are the person's; how the limbs lie is the scan's."""
    first, second, other = random_pose(1, 7), random_pose(2, 7), random_pose(1, 8)

    assert (first.height, first.leg_size, first.arm_size) == (second.height, second.leg_size, second.arm_size)
    assert first.legs_apart != second.legs_apart
    assert first.leg_size != other.leg_size


def test_limbs_are_of_possible_size():
    """Within 0.85 to 1.12 of the figure's; heights within 0.93 to 1.06."""
    poses = [random_pose(0, person) for person in range(100)]
    sizes = np.array([[*pose.leg_size, *pose.arm_size] for pose in poses])

    assert sizes.min() >= 0.85
    assert sizes.max() <= 1.12
    assert all(0.93 <= pose.height <= 1.06 for pose in poses)
