"""Nodules and small vessels lie in their compartment, clear of bones and arteries."""

import numpy as np
import pytest

from calcinet.phantoms.ct.foci import (
    CLEAR_MM,
    DIAMETER_MM,
    clear_of_arteries,
    clear_of_bone,
    ellipsoid,
    make_nodule,
    make_small_vessel,
)
from calcinet.phantoms.ct.limb import make_leg

SPAN = (220.0, 300.0)


@pytest.fixture(scope="module")
def leg():
    return make_leg("L", (0.0, 0.0), np.random.default_rng(2))


def test_an_ellipsoid_has_its_volume():
    """4/3 pi 1 x 1.5 x 2 = 12.57 mm3, turned at random; counted in cells of 0.15 mm."""
    cells = ellipsoid(np.array([3.0, 5.0, 7.0]), np.array([1.0, 1.5, 2.0]), np.random.default_rng(1))

    assert cells.volume_mm3 == pytest.approx(12.566, rel=0.01)
    assert cells.centre == pytest.approx([3.0, 5.0, 7.0], abs=0.02)


@pytest.mark.parametrize("place", ["skin", "subcutis", "muscle"])
def test_a_nodule_is_as_deep_as_it_says(leg, place):
    """The distance of its middle to the skin of its slice; the points of the skin are 0.3 mm apart."""
    lesion = make_nodule(leg, SPAN, place, np.random.default_rng(5))

    assert lesion.compartment == place
    assert leg.depth(lesion.line_mm)[0] == pytest.approx(lesion.depth_mm, abs=0.3)


@pytest.mark.parametrize("seed", range(3))
def test_a_nodule_is_of_the_size_of_its_compartment(leg, seed):
    """Half axes are 0.8 to 1.25 of the half diameter: a volume of 0.51 to 1.95 of the ball's."""
    lesion = make_nodule(leg, SPAN, "subcutis", np.random.default_rng(seed))
    smallest, largest = (np.pi / 6 * diameter**3 for diameter in DIAMETER_MM["subcutis"])

    assert 0.5 * smallest < lesion.body.cells.volume_mm3 < 1.96 * largest


def test_a_nodule_of_muscle_keeps_clear(leg):
    lesion = make_nodule(leg, SPAN, "muscle", np.random.default_rng(8))
    middle = lesion.line_mm[0]

    assert clear_of_bone(leg, middle) > CLEAR_MM
    assert clear_of_arteries(leg, middle) > CLEAR_MM


def test_within_a_bone_nothing_is_clear(leg):
    """The middle of the tibia at 250 mm: its table says 8 mm medial, 14 mm in front."""
    inside = np.array([250.0, *leg.place(np.array(-14.0), np.array(-8.0))])

    assert clear_of_bone(leg, inside) < 1.0


def test_the_distance_to_an_artery_ends_at_its_wall(leg):
    """Twice its radius beside its middle is one radius from its wall."""
    artery = leg.arteries()[2]
    z = np.array([250.0])
    radius = float(artery.radius(z)[0])
    beside = np.array([250.0, *(artery.centre(z)[0] + [0.0, 2 * radius])])

    assert clear_of_arteries(leg, beside) <= radius + 1e-9
    assert clear_of_arteries(leg, np.array([250.0, *artery.centre(z)[0]])) == pytest.approx(-radius)


def test_a_small_vessel_has_the_volume_of_its_thread(leg):
    """pi / 4 d^2 times the length of its line; bends and round ends are within a tenth."""
    lesion = make_small_vessel(leg, SPAN, np.random.default_rng(1))
    length = float(np.linalg.norm(np.diff(lesion.line_mm, axis=0), axis=1).sum())

    assert lesion.body.cells.volume_mm3 == pytest.approx(np.pi / 4 * lesion.calibre_mm**2 * length, rel=0.1)
    assert leg.depth(lesion.line_mm[::20]) == pytest.approx(lesion.depth_mm, abs=0.3)


def test_where_the_span_is_too_low_there_is_no_small_vessel(leg):
    """It is 10 mm long at least, and 4 mm are kept free."""
    assert make_small_vessel(leg, (200.0, 212.0), np.random.default_rng(0)) is None
