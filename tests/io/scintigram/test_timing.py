"""Injection and scan by the header."""

import pytest
from pydicom.dataset import Dataset

from calcinet.io import read
from calcinet.io.dicom.header import quiet
from calcinet.io.scintigram.timing import began_h, timing_of

DATETIME, TIME = "RadiopharmaceuticalStartDateTime", "RadiopharmaceuticalStartTime"


def filled(**tags) -> Dataset:
    dataset = Dataset()
    with quiet():
        for keyword, value in tags.items():
            setattr(dataset, keyword, value)
    return dataset


def timing(injected, scan, **more):
    """Timing of a scan "YYYYMMDD HHMMSS" with elements of the drug and of the file."""
    day, clock = scan.split()
    return timing_of(filled(AcquisitionDate=day, AcquisitionTime=clock, **more), filled(**injected))


@pytest.mark.parametrize(
    ("injected", "scan", "zone"),
    [
        ({DATETIME: "20260301013000+0000"}, "20260301 123000", "+0800"),
        ({DATETIME: "20260301093000+0800"}, "20260301 123000", "+0800"),
        ({DATETIME: "20260301093000"}, "20260301 123000", "+0800"),
        ({DATETIME: "20260301133000+0000"}, "20260301 113000", "-0500"),
        ({DATETIME: "20260302013000+0000"}, "20260301 233000", "-0500"),
        ({DATETIME: "20260301080000+0530"}, "20260301 053000", "+0000"),
        ({DATETIME: "20260301093000.00"}, "20260301 123000.5", None),
        ({DATETIME: "202603010930"}, "20260301 1230", None),
        ({DATETIME: "20260228230000"}, "20260301 020000", None),
        ({DATETIME: "20240229230000"}, "20240301 020000", None),
        ({DATETIME: "20251231230000+0100"}, "20260101 020000", "+0100"),
        ({TIME: "093000"}, "20260301 123000", None),
        ({TIME: "223000"}, "20260301 013000", None),
        ({TIME: "223000"}, "20260301 013000", "+0900"),
        ({DATETIME: "20260301", TIME: "093000"}, "20260301 123000", None),
        ({DATETIME: "20260301013000+0000", TIME: "093000"}, "20260301 123000", "+0800"),
        ({DATETIME: "20260301013000+0000", TIME: "093000"}, "20260301 123000", None),
        ({DATETIME: "20260301013000+2500", TIME: "093000"}, "20260301 123000", None),
        ({DATETIME: "20260301093000", TIME: "093200"}, "20260301 123000", None),
        ({DATETIME: "20260301093000"}, "20260301 123000", "+2500"),
    ],
)
def test_three_hours_are_three_hours(injected, scan, zone):
    """Offsets on either side, none, one for both, midnight and the end of February between, minutes alone."""
    more = {"TimezoneOffsetFromUTC": zone} if zone else {}
    found = timing(injected, scan, **more)

    assert found.wait_h == pytest.approx(3.0)
    assert bool(found.cautions) == ("+2500" in (zone, injected.get(DATETIME, "")[-5:]))


def test_a_view_of_the_day_after_is_told_by_the_day_of_its_injection():
    """The day stands in one element and the clock in another: 24.5 h, not half an hour."""
    assert timing({DATETIME: "20260228", TIME: "100000"}, "20260301 103000").wait_h == 24.5


@pytest.mark.parametrize(
    ("injected", "scan", "more", "words"),
    [
        ({DATETIME: "20260301"}, "20260301 123000", {}, "no time of that day"),
        ({DATETIME: "20260301+0800"}, "20260301 123000", {}, "no time of that day"),
        ({DATETIME: "20260301013000+0000"}, "20260301 123000", {}, "offset from UTC of one alone"),
        (
            {DATETIME: "20260301013000+0000"},
            "20260301 123000",
            {"TimezoneOffsetFromUTC": "+2500"},
            "none that a place on earth has",
        ),
        ({DATETIME: "20260301013000+2500"}, "20260301 123000", {}, "none that a place on earth has"),
        ({DATETIME: "20260301153000"}, "20260301 123000", {}, "cannot both be right"),
        ({DATETIME: "20260301123000"}, "20260301 123000", {}, "cannot both be right"),
        ({DATETIME: "20260222093000"}, "20260301 123000", {}, "cannot both be right"),
        ({DATETIME: "20260301013000"}, "20260301 123000", {}, "put the scan 11.0 h after"),
        ({TIME: "000000"}, "20260301 123000", {}, "put the scan 12.5 h after"),
        ({TIME: "100000"}, "20260301 013000", {}, "put the scan 15.5 h after"),
        ({TIME: "100000"}, "20260301 103000", {"StudyDate": "20260228"}, "without its day"),
        ({DATETIME: "20260301013000", TIME: "093000"}, "20260301 123000", {}, "twice, and not alike"),
        ({DATETIME: "20260301093000"}, "20260301 123000", {"AcquisitionDateTime": "20260301083000"}, "not alike"),
    ],
)
def test_times_that_do_not_tell_the_wait_are_not_used_and_said(injected, scan, more, words):
    """A day alone; one offset of two; impossible; after the scan, at it, a week before; 8 or 12 hours off; at odds."""
    found = timing(injected, scan, **more)

    assert found.wait_h is None
    assert any(words in caution for caution in found.cautions)


def test_nothing_stated_is_nothing_said():
    assert timing({}, "20260301 123000").cautions == ()


def test_acquisition_datetime_tells_the_zone_that_nothing_else_does():
    """Its clock is that of date and time: 12:30 at +08:00 is 3 h after 01:30 UTC."""
    found = timing({DATETIME: "20260301013000+0000"}, "20260301 123000", AcquisitionDateTime="20260301123000.000+0800")

    assert (found.wait_h, found.utc_offset_h, found.cautions) == (3.0, 8.0, ())


def test_acquisition_datetime_alone_is_enough():
    scan = filled(AcquisitionDateTime="20260301123000+0800")
    found = timing_of(scan, filled(**{DATETIME: "20260301013000+0000"}))

    assert (found.wait_h, began_h(scan)) == (3.0, found.scanned_h - 8)


def test_a_series_begun_before_midnight_is_scanned_after_it():
    """Only the series has a date: begun at 23:50, scanned at 00:10, injected at 21:10."""
    scan = filled(SeriesDate="20260228", SeriesTime="235000", AcquisitionTime="001000")

    assert timing_of(scan, filled(**{DATETIME: "20260228211000"})).wait_h == 3.0


def test_scans_begin_by_utc_where_it_is_known():
    """12:30 at +08:00 and 05:30 at +01:00 are one moment."""
    days = {"AcquisitionDate": "20260301"}
    east = filled(**days, AcquisitionTime="123000", TimezoneOffsetFromUTC="+0800")
    west = filled(**days, AcquisitionTime="053000", TimezoneOffsetFromUTC="+0100")

    assert began_h(east) == began_h(west)


@pytest.mark.parametrize("clock", [None, "", "09"])
def test_a_time_of_day_that_is_missing_is_not_midnight(written, clock):
    """Injected 14:00 at the fixed hour 12 + 2; without a clock of the scan the wait is unknown."""
    image = read(written(AcquisitionTime=clock))

    assert (image.emission.hours_after_injection, image.emission.scanned_h) == (None, None)


def test_the_image_knows_its_wait_and_its_zone(written):
    """Scanned 17:00, written without seconds, at +02:00: still 3 h."""
    emission = read(written(AcquisitionTime="1700", TimezoneOffsetFromUTC="+0200")).emission

    assert (emission.hours_after_injection, emission.utc_offset_h) == (3.0, 2.0)
