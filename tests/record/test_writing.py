"""JSON that people can read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calcinet.record import (
    FindingRecord,
)
from tests.support.records import image, record


@given(st.floats(min_value=1e-3, max_value=1e6))
def test_numbers_keep_six_digits(value):
    """Half a unit of the sixth digit is at most 5e-6 of the number."""
    written = json.loads(record(image(measures={"a": value})).to_json())

    assert written["images"][0]["measures"]["a"] == pytest.approx(value, rel=5.1e-6)


def test_points_are_written_on_one_line():
    """Two points of a line: [[1.5, 2.0], [3.0, 4.0]]."""
    found = FindingRecord(id="f1", kind="vessel", polyline=((1.5, 2), (3, 4)))

    assert '"polyline": [[1.5, 2.0], [3.0, 4.0]]' in record(image(findings=(found,))).to_json()
