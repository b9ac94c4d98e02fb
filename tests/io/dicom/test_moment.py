"""Days and clocks with and without an offset from UTC; sums done on paper."""

from datetime import datetime

import pytest
from pydicom.dataset import Dataset

from calcinet.io.dicom.moment import bears_no_such_offset, hours_between, moment_of, moment_of_dt, zone_of


def zone(stated):
    dataset = Dataset()
    dataset.TimezoneOffsetFromUTC = stated
    return zone_of(dataset)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("20260301013000", "2026-03-01T01:30:00"),
        ("202603010130", "2026-03-01T01:30:00"),
        ("20260301013015.250000", "2026-03-01T01:30:15"),
        ("20260301013000+0530", "2026-03-01T01:30:00+05:30"),
        ("202603010130-0330", "2026-03-01T01:30:00-03:30"),
        ("2026-03-01T01:30:00Z", "2026-03-01T01:30:00+00:00"),
        ("2026-03-01 01:30:00+05:45", "2026-03-01T01:30:00+05:45"),
        ("20161231235960", "2017-01-01T00:00:00"),
        ("20240229120000", "2024-02-29T12:00:00"),
    ],
)
def test_a_dt_is_its_day_its_clock_and_its_offset(value, told):
    """Offsets of whole hours and not; the leap second at the end of 2016 is the first of 2017."""
    assert moment_of_dt(value).isoformat() == told


@pytest.mark.parametrize(
    "value",
    [
        *("", "2026", "202603", "20260301", "20260301+0800", "20260301-0500", "2026030109", "2026030109+0800"),
        *("20260229120000", "20260301240000", "20260301126000", "20260301120061", "20260301120000+2500"),
        *("20260301120000+1415", "20260301120000-1230", "20260301120000+0860", "20260301120000+8", "yesterday"),
    ],
)
def test_what_tells_no_time_is_none(value):
    """A day alone, an hour alone, no such day or time, no such offset."""
    assert moment_of_dt(value) is None


def test_a_clock_is_told_in_the_zone_of_its_file():
    """12:30 at +08:00 is 04:30 UTC; a DT with an offset of its own keeps it."""
    china, _ = zone("+0800")

    assert moment_of("20260301", "123000", china) == moment_of_dt("20260301043000Z")
    assert moment_of_dt("20260301013000+0000", china) == moment_of_dt("20260301093000+0800")


@pytest.mark.parametrize("stated", ["+2500", "-1300", "+0875", "0800", "CET", "+1400x"])
def test_an_offset_that_no_place_has_is_not_used_and_said(stated):
    read, remarks = zone(stated)

    assert read is None
    assert "none that a place on earth has" in remarks[0]
    assert stated not in remarks[0]


def test_the_first_and_the_last_zone_of_the_earth_are_26_hours_apart():
    west, east = moment_of_dt("20260301120000-1200"), moment_of_dt("20260301120000+1400")

    assert hours_between(east, west) == 26


def test_no_hours_are_between_a_known_zone_and_an_unknown_one():
    known, unknown = moment_of_dt("20260301120000+0100"), moment_of_dt("20260301150000")

    assert hours_between(known, unknown) is None
    assert hours_between(datetime(2026, 2, 28, 23), datetime(2026, 3, 1, 2)) == 3


@pytest.mark.parametrize(("value", "wrong"), [("20260301013000+2500", True), ("20260301013000", False), ("x", False)])
def test_an_impossible_offset_is_told_from_none(value, wrong):
    assert bears_no_such_offset(value) is wrong
