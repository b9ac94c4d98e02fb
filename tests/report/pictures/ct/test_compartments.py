"""The compartments that calcium lies in: their order, and where they show in a projection."""

import numpy as np

from calcinet.record import FindingRecord
from calcinet.report.pictures.ct.compartments import (
    COMPARTMENTS,
    map_compartments,
    map_from_the_front,
    number_of_compartment,
    present,
)
from tests.support import handmade_ct

NUMBER = {name: number_of_compartment(name) for name in COMPARTMENTS}


def lying(name: str) -> FindingRecord:
    return FindingRecord(id=name, kind="focus", compartment=name)


def test_present_compartments_are_listed_from_the_inside_outwards():
    assert present([lying("skin"), lying("artery"), lying("skin")]) == ["artery", "skin"]
    assert present([]) == []


def test_compartments_lie_in_the_front_projection_where_their_voxels_are(ct, ct_image):
    """Artery, net, lump and grain, each in its own colour, head up: row 79 - z."""
    made = map_from_the_front(ct.volume.voxels, ct_image)
    expected = np.zeros((80, 200), bool)
    for at in handmade_ct.voxels().values():
        expected[79 - at[:, 0], at[:, 2]] = True

    assert np.array_equal(made > 0, expected)
    assert made[79 - 40, 40] == NUMBER["muscle"]
    assert made[79 - 26, 55] == NUMBER["subcutis"]


def test_the_innermost_compartment_shows_where_two_lie():
    one = (np.array([0]), np.array([1]))
    made = map_compartments((1, 3), [lying("artery"), lying("skin")], {"artery": one, "skin": one})

    assert made.tolist() == [[0, NUMBER["artery"], 0]]


def test_calcium_outside_a_projection_is_left_out():
    finding = FindingRecord(id="f1", kind="focus", compartment="skin")
    made = map_compartments((2, 2), [finding], {"f1": (np.array([0, -1, 5]), np.array([0, 0, 1]))})

    assert made.tolist() == [[NUMBER["skin"], 0], [0, 0]]
