"""Days and times of FHIR: how exactly each is known, and which of two comes later on whatever clock it was read."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any, Final

from calcinet.io.case.fhir.types import Resource, block

WRITTEN: Final = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?:[Tt ](?P<hour>\d\d):(?P<minute>\d\d)"
    r"(?::(?P<second>\d\d)(?:\.(?P<fraction>\d+))?)?(?P<offset>[Zz]|[+-]\d\d:?\d\d)?)?)?)?"
)
"""date, dateTime and instant of FHIR; seconds and the offset may be missing, as some servers leave them out."""

LAST_SECOND: Final = 59
"""A leap second, 60, is taken for it."""

DECEMBER: Final = 12

KINDS: Final = ("DateTime", "Instant", "Period", "Timing")
"""Types of `effective[x]`, `performed[x]` and `occurrence[x]` that hold days."""


class BrokenDate(ValueError):
    """A day that no calendar has, or a span that ends before it begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A day or a time, as exactly as it is known."""

    first: date
    """The earliest day that it may be."""
    last: date
    """The latest day that it may be; the same where the day is known."""
    clock: datetime | None = None
    """With its offset where that is known."""

    @property
    def day(self) -> str | None:
        """The day on the clock of the place; None where only a month or a year is known."""
        if self.first != self.last:
            return None
        return self.first.isoformat()

    @property
    def has_offset(self) -> bool:
        """Whether it can be compared with a time of another place."""
        return self.clock is not None and self.clock.tzinfo is not None

    def instant(self, usual: timezone) -> datetime:
        """Where it stands among others; what has no time stands at the beginning of its day."""
        if self.clock is None:
            return datetime.combine(self.first, time(), usual)
        if self.clock.tzinfo is None:
            return self.clock.replace(tzinfo=usual)
        return self.clock


@dataclass(frozen=True, slots=True)
class Span:
    """What began and perhaps ended; of a single time, `end` is None."""

    start: Moment | None = None
    end: Moment | None = None
    single: bool = True
    """It was one time and no period."""

    @property
    def latest(self) -> Moment | None:
        """The end, or the beginning where there is none."""
        return self.end or self.start


def read_moment(written: Any) -> Moment | None:
    """Read a date, dateTime or instant; None where there is none.

    >>> read_moment("2026-03").day, read_moment("2026-03-09T08:30:00+08:00").day
    (None, '2026-03-09')

    Raises
    ------
    BrokenDate
        If it is none that a calendar has.
    """
    if not isinstance(written, str) or not written.strip():
        return None
    found = WRITTEN.fullmatch(written.strip())
    if found is None:
        raise BrokenDate
    try:
        return _build_moment(found)
    except (ValueError, OverflowError):
        raise BrokenDate from None


def read_span(resource: Resource, *names: str) -> Span:
    """Read the first of several elements that is there, for instance "effective": a time, a period, or a timing.

    Raises
    ------
    BrokenDate
        If a day is none, or the end lies before the beginning.
    """
    for name in names:
        for kind in KINDS:
            if f"{name}{kind}" in resource:
                return _read_kind(resource[f"{name}{kind}"], kind)
    return Span()


def read_period(period: Any) -> Span:
    """Read a Period.

    Raises
    ------
    BrokenDate
        If a day is none, or the end lies before the beginning.
    """
    given = block(period)
    start, end = read_moment(given.get("start")), read_moment(given.get("end"))
    if start is not None and end is not None and _is_before(end, start):
        raise BrokenDate
    return Span(start, end, single=False)


def find_usual_offset(moments: Iterable[Moment | None]) -> timezone:
    """The clock that most times were read on; that of Greenwich where none says."""
    offsets = Counter[timedelta]()
    for moment in moments:
        if moment is not None and moment.clock is not None:
            offset = moment.clock.utcoffset()
            if offset is not None:
                offsets[offset] += 1
    if not offsets:
        return UTC
    return timezone(max(offsets, key=lambda offset: (offsets[offset], offset)))


def _read_kind(value: Any, kind: str) -> Span:
    if kind == "Period":
        return read_period(value)
    if kind == "Timing":
        return _read_timing(value)
    return Span(read_moment(value))


def _read_timing(timing: Any) -> Span:
    """From the first event to the last, or the bounds of what is repeated."""
    events = block(timing).get("event")
    moments = []
    if isinstance(events, list):
        moments = [moment for moment in map(read_moment, events) if moment is not None]
    if not moments:
        return read_period(block(block(timing).get("repeat")).get("boundsPeriod"))
    moments.sort(key=lambda moment: moment.instant(UTC))
    if len(moments) == 1:
        return Span(moments[0])
    return Span(moments[0], moments[-1], single=False)


def _is_before(one: Moment, other: Moment) -> bool:
    """Whether one surely lies before another."""
    if one.clock is not None and other.clock is not None:
        if one.has_offset and other.has_offset:
            return one.clock < other.clock
        return one.clock.replace(tzinfo=None) < other.clock.replace(tzinfo=None)
    return one.last < other.first


def _build_moment(found: re.Match[str]) -> Moment:
    year = int(found["year"])
    if found["month"] is None:
        return Moment(first=date(year, 1, 1), last=date(year, DECEMBER, 31))
    month = int(found["month"])
    if found["day"] is None:
        after = date(year + month // DECEMBER, month % DECEMBER + 1, 1)
        return Moment(first=date(year, month, 1), last=after - timedelta(days=1))
    day = date(year, month, int(found["day"]))
    if found["hour"] is None:
        return Moment(first=day, last=day)
    micro = int((found["fraction"] or "0")[:6].ljust(6, "0"))
    second = int(found["second"] or 0)
    if second == LAST_SECOND + 1:
        second = LAST_SECOND
    at = time(int(found["hour"]), int(found["minute"]), second, micro, _read_offset(found["offset"]))
    return Moment(first=day, last=day, clock=datetime.combine(day, at))


def _read_offset(written: str | None) -> timezone | None:
    if written is None:
        return None
    if written in "Zz":
        return UTC
    ahead = timedelta(hours=int(written[1:3]), minutes=int(written[-2:]))
    if written[0] == "-":
        ahead = -ahead
    return timezone(ahead)
