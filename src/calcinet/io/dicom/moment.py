"""Days and clocks of DICOM headers, with the offset from UTC that they are told in (PS3.5 6.2, PS3.3 C.12.1.1.8).

A moment that says its offset, or whose file does, is aware of it; every other is told by the clock of an unknown place.
"""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from pydicom.dataset import Dataset

from calcinet.io.dicom.header import text
from calcinet.text import say

OFFSETS: Final = (timedelta(hours=-12), timedelta(hours=14))
"""Least and greatest offset from UTC that a place has (PS3.5 6.2)."""

OFFSET: Final = re.compile(r"([+-])([0-9]{2}):?([0-5][0-9])")

DAY: Final = re.compile(r"([0-9]{4})([-./]?)([0-9]{2})\2([0-9]{2})")
"""A DA, with the separators of older files and of other standards."""

CLOCK: Final = re.compile(r"([0-9]{2}):?([0-9]{2})(?::?([0-9]{2})(?:[.,][0-9]*)?)?\s*([+-].*|Z)?")
"""A TM with hour and minute: without them a time would be made up. Fractions of a second are left out."""

NO_SUCH_OFFSET: Final = say(
    "an offset from UTC in the file is none that a place on earth has (-12:00 to +14:00): it was not used"
)


def zone_of(dataset: Dataset) -> tuple[timezone | None, tuple[str, ...]]:
    """Zone of the days and clocks of a file, Timezone Offset From UTC (0008,0201), with a remark where it is none."""
    stated = text(dataset, "TimezoneOffsetFromUTC")
    if not stated:
        return None, ()
    zone = _read_offset(stated)
    if zone is None:
        return None, (NO_SUCH_OFFSET,)
    return zone, ()


def day_of(value: str) -> date | None:
    """Day of a DA or DT, on its own clock.

    >>> day_of("20260301"), day_of("2026.03.01"), day_of("20260301013000+0000"), day_of("202603")
    (datetime.date(2026, 3, 1), datetime.date(2026, 3, 1), datetime.date(2026, 3, 1), None)
    """
    found = DAY.match(value)
    if found is None:
        return None
    with suppress(ValueError):
        return date(int(found[1]), int(found[3]), int(found[4]))
    return None


def moment_of(day: str, clock: str, zone: timezone | None = None) -> datetime | None:
    """A DA and TM in the zone of its file; None where there is no day, no minute, or no such time.

    An offset that the clock itself bears goes before that of the file; where there is none such, so there is no moment.
    The 60th second of a minute is a leap second.

    >>> moment_of("20260102", "0930"), moment_of("20260102", "09"), moment_of("20260102", "0930+2500")
    (datetime.datetime(2026, 1, 2, 9, 30), None, None)
    """
    read, found = day_of(day), CLOCK.fullmatch(clock)
    if read is None or found is None:
        return None
    if found[4]:
        zone = _read_offset(found[4])
        if zone is None:
            return None
    seconds = int(found[3] or 0)
    if seconds > 60:
        return None
    with suppress(ValueError, OverflowError):
        minute = datetime(read.year, read.month, read.day, int(found[1]), int(found[2]), tzinfo=zone)
        return minute + timedelta(seconds=seconds)
    return None


def moment_of_dt(value: str, zone: timezone | None = None) -> datetime | None:
    """A DT; without an offset of its own it is told in the zone of its file.

    >>> moment_of_dt("20260301013000+0000").isoformat(), moment_of_dt("20260301"), moment_of_dt("20260301+0800")
    ('2026-03-01T01:30:00+00:00', None, None)
    """
    return moment_of(value, _cut_day(value), zone)


def bears_no_such_offset(value: str) -> bool:
    """Whether a DT bears an offset that no place has.

    >>> bears_no_such_offset("20260301013000+2500"), bears_no_such_offset("20260301013000")
    (True, False)
    """
    clock = CLOCK.fullmatch(_cut_day(value))
    return clock is not None and bool(clock[4]) and _read_offset(clock[4]) is None


def hours_between(earlier: datetime, later: datetime) -> float | None:
    """Hours from one moment to another; None where the offset from UTC of only one of them is known."""
    if (earlier.tzinfo is None) != (later.tzinfo is None):
        return None
    return (later - earlier).total_seconds() / 3600


def _cut_day(value: str) -> str:
    """What follows the day in a DT: clock and offset."""
    return DAY.sub("", value, count=1).lstrip("T ")


def _read_offset(stated: str) -> timezone | None:
    """The zone of an offset from UTC; None where there is no such offset.

    >>> [str(_read_offset(stated)) for stated in ("+0800", "-0330", "Z", "+2500", "+1500", "0800")]
    ['UTC+08:00', 'UTC-03:30', 'UTC', 'None', 'None', 'None']
    """
    if stated == "Z":
        return UTC
    found = OFFSET.fullmatch(stated)
    if found is None:
        return None
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
    if found[1] == "-":
        offset = -offset
    if not OFFSETS[0] <= offset <= OFFSETS[1]:
        return None
    return timezone(offset)
