"""A part of a generated lower leg, and what is found on it."""

import pytest

from calcinet.phantoms.ct.leg import Build, leg
from calcinet.protocols import examine_image


@pytest.fixture(scope="session")
def scan():
    """A part of a lower leg of 90 mm without contrast."""
    image, truth = leg(5, (1.0, 0.7, 0.7), build=Build(span_mm=(150.0, 240.0)))
    return image, truth


@pytest.fixture(scope="session")
def examined(scan):
    return examine_image(scan[0], "img-1")
