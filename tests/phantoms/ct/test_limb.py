"""A leg in space: its sides are mirrored, its depths are distances."""

import numpy as np
import pytest

from calcinet.phantoms.ct.limb import ANGLES, make_leg, ring


@pytest.fixture(scope="module")
def leg():
    return make_leg("L", (0.0, 0.0), np.random.default_rng(2))


def test_a_right_leg_is_a_mirrored_left_one():
    """Of the same chance: x changes its sign, y stays."""
    left, right = (make_leg(side, (0.0, 0.0), np.random.default_rng(4)) for side in ("L", "R"))

    assert right.outline(250.0) * [1, -1] == pytest.approx(left.outline(250.0))


def test_a_place_is_scaled_by_the_girth(leg):
    """10 mm to the back and 20 mm lateral; lateral of a left leg is the patient's left, high x."""
    assert leg.place(np.array(10.0), np.array(20.0)) == pytest.approx([10 * leg.girth, 20 * leg.girth])


def test_the_outline_has_the_area_of_its_ellipse(leg):
    """At 250 mm: half axes 52 and 55 mm, pi x 52 x 55 = 8,985 mm2 times girth squared; waves of 1.2 % change little."""
    y, x = leg.outline(250.0).T
    area = abs(np.dot(y, np.roll(x, 1)) - np.dot(x, np.roll(y, 1))) / 2

    assert area == pytest.approx(8985 * leg.girth**2, rel=0.02)


@pytest.mark.parametrize("angle", [0.1, 1.7, 3.4, 5.9])
def test_a_point_under_the_skin_is_as_deep_as_asked_for(leg, angle):
    """Skin points are 0.3 mm apart: within 0.1 mm."""
    point = np.array([[250.0, *leg.under_skin(250.0, angle, 6.0)]])

    assert leg.depth(point) == pytest.approx([6.0], abs=0.1)


def test_a_ring_runs_at_its_depth(leg):
    turns = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    points = np.column_stack([np.full(12, 250.0), ring(leg, 250.0, turns, 4.0)])

    assert leg.depth(points) == pytest.approx(4.0, abs=0.1)


def test_fat_of_one_direction_is_that_of_the_ring(leg):
    """A quarter turn is direction 360 of 1,440."""
    assert leg.fat_towards(250.0, np.pi / 2 + 1e-6) == leg.fat_at(250.0)[ANGLES // 4]
    assert leg.fat_at(250.0).mean() == pytest.approx(leg.fat_mm * 0.9, rel=0.15)


def test_the_femoral_artery_goes_on_as_the_popliteal(leg):
    """At 520 mm, where one ends and the other begins, both have one middle and one radius."""
    femoral, popliteal = leg.arteries()[:2]
    z = np.array([520.0])

    assert femoral.centre(z) == pytest.approx(popliteal.centre(z))
    assert femoral.radius(z) == pytest.approx(popliteal.radius(z))


def test_the_slope_of_an_artery_is_the_change_of_its_middle(leg):
    """Of 1 mm, about the height."""
    artery = leg.arteries()[2]
    z = np.array([200.0])

    assert artery.slope(z) == pytest.approx(artery.centre(z + 0.5) - artery.centre(z - 0.5))
