"""Plaques, rings and trams of arterial walls have the calcium of their form."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from calcinet.phantoms.ct.limb import make_leg
from calcinet.phantoms.ct.plaques import HU, Plaque, make_lesion, plaques


@pytest.fixture(scope="module")
def artery():
    return make_leg("L", (0.0, 0.0), np.random.default_rng(0)).arteries()[1]


def test_a_ring_has_the_volume_of_a_tube(artery):
    """A wall of 0.8 mm in an artery: pi (R^2 - (R - 0.8)^2) x 10 mm, R its mean radius, less 1 mm of tapered ends."""
    radius = float(artery.radius(np.linspace(440, 450, 11)).mean())

    ring = Plaque(kind="ring", low_mm=440.0, high_mm=450.0, angle=0.0, half_angle=1.0, wall_mm=0.8, hu=900.0)

    lesion = make_lesion(artery, ring)

    tube = np.pi * (radius**2 - (radius - 0.8) ** 2) * 10
    assert 0.9 * tube < lesion.body.cells.volume_mm3 < 1.01 * tube
    assert lesion.calibre_mm == pytest.approx(2 * radius)


RING = Plaque(kind="ring", low_mm=440.0, high_mm=450.0, angle=0.0, half_angle=0.7, wall_mm=0.8, hu=900.0)


def test_a_tram_has_two_walls_that_face_one_another(artery):
    """Calcium within 0.7 rad of either side and none at right angles to them."""
    tram = make_lesion(artery, replace(RING, kind="tram"))
    points = tram.body.cells.points
    off = points[:, 1:] - artery.centre(points[:, 0])
    turn = np.arctan2(off[:, 0], off[:, 1])
    sideways = np.abs(np.cos(turn))

    assert sideways.min() > np.cos(0.75)
    assert np.mean(np.cos(turn) > 0) == pytest.approx(0.5, abs=0.05)


def test_a_plaque_lies_on_one_side(artery):
    plaque = make_lesion(artery, replace(RING, kind="plaque"))
    points = plaque.body.cells.points
    off = points[:, 1:] - artery.centre(points[:, 0])

    assert plaque.form == "plate"
    assert np.abs(np.arctan2(off[:, 0], off[:, 1])).max() < 0.75


def test_a_ring_holds_more_than_a_tram_and_a_tram_more_than_a_plaque(artery):
    volumes = [
        make_lesion(artery, replace(RING, kind=kind)).body.cells.volume_mm3 for kind in ("ring", "tram", "plaque")
    ]

    assert volumes == sorted(volumes, reverse=True)


def test_calcium_lies_within_the_wall(artery):
    """No cell is farther from the middle than the outer radius, none nearer than the wall is thick."""
    points = make_lesion(artery, RING).body.cells.points
    away = np.hypot(*(points[:, 1:] - artery.centre(points[:, 0])).T)
    radius = artery.radius(points[:, 0])

    assert (away <= radius * 1.05).all()
    assert (away >= radius * 0.95 - 0.8).all()


@pytest.mark.parametrize("amount", ["patchy", "heavy"])
def test_plaques_of_an_artery_do_not_overlap(artery, amount):
    """From below, with gaps of 3.5 mm at least, all within the span."""
    span = (405.0, 515.0)
    lesions = list(plaques(artery, amount, span, np.random.default_rng(6)))
    ends = [(lesion.line_mm[0, 0], lesion.line_mm[-1, 0]) for lesion in lesions]

    assert lesions
    assert all(below[1] + 3.5 <= above[0] for below, above in itertools.pairwise(ends))
    assert all(span[0] < low < high < span[1] for low, high in ends)
    assert all(HU[0] <= lesion.body.hu <= HU[1] for lesion in lesions)
