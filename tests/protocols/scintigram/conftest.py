"""Bone scans that several tests look at: an ill calf, a healthy person, and two scans of one patient."""

import pytest

from calcinet.phantoms.scintigram.whole_body import WholeBody, follow_up, whole_body
from calcinet.protocols import examine_image
from calcinet.protocols.scintigram.scan import measure_scan
from tests.support.ill_calf import ILL


@pytest.fixture(scope="session")
def ill():
    return examine_image(whole_body(ILL).image, "img-1")[0]


@pytest.fixture(scope="session")
def healthy():
    return examine_image(whole_body(WholeBody(seed=42, person=42, counts=1.5e6)).image, "img-1")[0]


@pytest.fixture(scope="session")
def scan():
    """The ill calf, divided and measured."""
    return measure_scan(whole_body(ILL).image)


PARTS = ("upper arm", "forearm", "thigh", "lower leg")


@pytest.fixture(scope="session")
def pair():
    """The ill calf and its body, and 30 days later: 40 % less in every segment, another dose, another time."""
    down = dict.fromkeys([(part, side) for part in PARTS for side in "LR"], 0.6)
    later = follow_up(ILL, down, seed=41 + 30 * 24, repeat_sd=0.0, hours=2.5, dose_mbq=600.0)
    return whole_body(ILL).image, whole_body(later).image
