"""Numbers of an image as they are gathered."""

import math

from calcinet.protocols.measurements import Measurements
from calcinet.record import NotMeasured


def test_a_number_keeps_its_interval():
    measurements = Measurements()
    measurements.put("width", 2.0, (1.5, 2.5))

    assert measurements.as_fields() == {
        "measures": {"width": 2.0},
        "intervals95": {"width": (1.5, 2.5)},
        "not_measured": (),
    }


def test_an_interval_without_an_end_is_left_out():
    """From 1 to infinity is no 95 % interval that can be written."""
    measurements = Measurements()
    measurements.put("width", 2.0, (1.0, math.inf))

    assert measurements.measures == {"width": 2.0}
    assert measurements.intervals == {}


def test_refused_numbers_are_missing_for_the_same_reason():
    measurements = Measurements()
    measurements.refuse(["length", "width"], "no pixel size")

    assert measurements.as_fields()["measures"] == {"length": None, "width": None}
    assert measurements.as_fields()["not_measured"] == (
        NotMeasured(measure="length", because="no pixel size"),
        NotMeasured(measure="width", because="no pixel size"),
    )


def test_a_number_with_a_field_of_its_own_is_explained_and_is_no_measure():
    measurements = Measurements()
    measurements.explain("resolvable_mm", "no soft tissue")

    assert measurements.measures == {}
    assert measurements.missing == {"resolvable_mm": "no soft tissue"}
