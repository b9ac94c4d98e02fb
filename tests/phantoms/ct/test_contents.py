"""What a leg holds is what was asked for, kept apart."""

import itertools

import numpy as np
import pytest
from scipy.spatial import cKDTree

from calcinet.phantoms.ct.contents import APART_MM, place_contents
from calcinet.phantoms.ct.limb import make_leg
from calcinet.phantoms.ct.spec import Calcium

SPAN = (240.0, 300.0)
NOTHING = Calcium("none", small_vessels=0, nets=0, in_skin=0, in_subcutis=0, in_muscle=0)
SOME = Calcium("patchy", small_vessels=1, nets=0, in_skin=2, in_subcutis=2, in_muscle=2)
ARTERIES = Calcium("patchy", small_vessels=0, nets=0, in_skin=0, in_subcutis=0, in_muscle=0)


@pytest.fixture(scope="module")
def leg():
    return make_leg("L", (0.0, 0.0), np.random.default_rng(2))


def test_a_leg_of_which_nothing_is_asked_holds_nothing(leg):
    assert place_contents(leg, SPAN, NOTHING, (), np.random.default_rng(0)) == ([], [])


@pytest.fixture(scope="module")
def contents(leg):
    """With a phlebolith."""
    return place_contents(leg, SPAN, SOME, ("phlebolith",), np.random.default_rng(0))


def test_there_are_no_more_lesions_than_asked_for(contents):
    """Two nodules of each compartment, one small vessel, arteries as they come."""
    lesions, _ = contents
    nodules = [lesion.compartment for lesion in lesions if lesion.form == "nodular"]

    assert any(lesion.compartment == "artery" for lesion in lesions)
    assert nodules
    assert all(nodules.count(place) <= 2 for place in ("skin", "subcutis", "muscle"))
    assert sum(lesion.form == "net-like" for lesion in lesions) == 0


def test_lesions_and_confounders_keep_apart(contents):
    """3.5 mm, between every fifth cell of a lesion and every fiftieth of a confounder."""
    lesions, pieces = contents
    clouds = [lesion.body.cells.points[::5] for lesion in lesions]
    clouds += [np.concatenate([body.cells.points[::50] for body in piece.bodies]) for piece in pieces]

    assert len(pieces) == 1
    for cloud, other in itertools.combinations(clouds, 2):
        distance, _ = cKDTree(cloud).query(other, distance_upper_bound=APART_MM)
        assert np.isinf(distance).all()


def test_confounders_do_not_change_what_arteries_hold(leg, contents):
    """They have a random stream of their own: the first plaque is the same with them and without."""
    bare, _ = place_contents(leg, SPAN, ARTERIES, (), np.random.default_rng(0))

    assert bare[0].line_mm == pytest.approx(contents[0][0].line_mm)
