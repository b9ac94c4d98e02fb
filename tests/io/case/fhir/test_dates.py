"""Days and times of a bundle, as exactly as they are known."""

from datetime import UTC, timedelta, timezone

import pytest

from calcinet.io.case.fhir.dates import BrokenDate, find_usual_offset, read_moment, read_span


@pytest.mark.parametrize(
    ("written", "day"),
    [
        *(("2026-03-09", "2026-03-09"), ("2026-03-09T23:30:00-05:00", "2026-03-09"), ("2026-03", None), ("2026", None)),
        *(("2026-03-09T08:30Z", "2026-03-09"), ("2026-03-09T08:30:60Z", "2026-03-09"), ("2024-02-29", "2024-02-29")),
        ("2026-03-09T08:30:00.123456789+08:00", "2026-03-09"),
    ],
)
def test_day_is_that_of_the_clock_of_the_place(written, day):
    """A month is no day; a leap second and a time without seconds are times."""
    assert read_moment(written).day == day


@pytest.mark.parametrize("written", [None, "", " ", 2026, {}, True])
def test_what_is_no_text_is_no_time(written):
    assert read_moment(written) is None


@pytest.mark.parametrize(
    "written",
    [
        *("2023-02-30", "2023-13-01", "2023-02-29", "0000-01-01", "2023-00-01", "2023-2-1", "yesterday", "20230201"),
        *("2026-03-09T25:00:00Z", "2026-03-09T08:61:00Z", "2026-03-09T08:30:75Z", "2026-03-09T08:30:00+99:00"),
    ],
)
def test_date_that_no_calendar_has_is_broken(written):
    with pytest.raises(BrokenDate):
        read_moment(written)


@pytest.mark.parametrize(
    ("told", "start", "latest"),
    [
        ({"effectiveDateTime": "2026-03-01"}, "2026-03-01", "2026-03-01"),
        ({"effectiveInstant": "2026-03-02T08:00:00.5+08:00"}, "2026-03-02", "2026-03-02"),
        ({"effectivePeriod": {"start": "2026-03-01", "end": "2026-03-03"}}, "2026-03-01", "2026-03-03"),
        ({"effectivePeriod": {"start": "2026-03-01"}}, "2026-03-01", "2026-03-01"),
        ({"effectiveTiming": {"event": ["2026-03-05", "2026-03-04"]}}, "2026-03-04", "2026-03-05"),
        ({"effectiveTiming": {"repeat": {"boundsPeriod": {"start": "2026-03-01"}}}}, "2026-03-01", "2026-03-01"),
    ],
)
def test_four_types_of_effective(told, start, latest):
    span = read_span(told, "effective")

    assert (span.start.day, span.latest.day) == (start, latest)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        *(("2026-03-02", "2026-03-01"), ("2026", "2025-12-31"), ("2026-03", "2026-02")),
        ("2026-03-01T08:00:00+08:00", "2026-03-01T08:00:00+09:00"),
    ],
)
def test_period_that_ends_before_it_begins_is_broken(start, end):
    """8 o'clock further east was an hour ago."""
    with pytest.raises(BrokenDate):
        read_span({"performedPeriod": {"start": start, "end": end}}, "performed")


@pytest.mark.parametrize(("start", "end"), [("2026-03-15", "2026-03"), ("2026", "2026-01-01"), ("2026-03-01",) * 2])
def test_period_that_may_be_right_stands(start, end):
    assert read_span({"performedPeriod": {"start": start, "end": end}}, "performed").end is not None


def test_usual_clock_is_that_of_most_times():
    times = ["2026-03-01T08:00:00+08:00", "2026-03-02T08:00:00+08:00", "2026-03-02T08:00:00Z", "2026-03-02", None]

    assert find_usual_offset(map(read_moment, times)) == timezone(timedelta(hours=8))
    assert find_usual_offset([]) == UTC
