"""When the tracer was given and when the scan began, by the header of a scintigram."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Final

from pydicom.dataset import Dataset

from calcinet.io.dicom.header import text
from calcinet.io.dicom.moment import (
    NO_SUCH_OFFSET,
    bears_no_such_offset,
    day_of,
    hours_between,
    moment_of,
    moment_of_dt,
    zone_of,
)
from calcinet.text import say

PLAUSIBLE_WAITS_H: Final = ((1 / 60, 8.0), (18.0, 30.0))
"""Times from injection to scan that bone scans have: blood pool and delayed views of the same day, and views a day
later. Our choice about the 2 to 6 and up to 24 h of practice guidelines: what lies between is a clock of another zone
or noon taken for midnight, and less than a minute one clock written into both elements."""

SAME_TIME: Final = timedelta(minutes=5)
"""Two elements that tell one moment may differ by this much. Our choice: one of them is typed in, and rounded."""

CLOCK_ZERO: Final = datetime(1970, 1, 1)
"""Hour 0 of a scan's own clock."""

NOT_BOTH: Final = say("the times of injection and scan in the file cannot both be right: decay was not corrected for")

TOLD_TWICE: Final = say(
    "the file tells a time of injection or scan twice, and not alike: neither was used, and decay was not corrected for"
)

ZONE_UNKNOWN: Final = say(
    "of the times of injection and scan, the file tells the offset from UTC of one alone: how long the scan came after "
    "the injection is not known, and decay was not corrected for"
)

NO_CLOCK: Final = say("the file tells the day of the injection, but no time of that day: decay was not corrected for")

NO_DAY: Final = say(
    "the file tells the time of the injection without its day, and the study began on a day before that of the scan: "
    "decay was not corrected for"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When a scan was made, as far as its file says rightly."""

    wait_h: float | None = None
    """Hours from injection to scan."""
    scanned_h: float | None = None
    """Beginning of the scan in hours on the clock of the file."""
    utc_offset_h: float | None = None
    """Offset of that clock from UTC."""
    cautions: tuple[str, ...] = ()


def timing_of(dataset: Dataset, drug: Dataset) -> Timing:
    """Beginning of the scan, and hours from the injection to it.

    Parameters
    ----------
    dataset
        Header of the scan.
    drug
        Its item of Radiopharmaceutical Information Sequence (0054,0016); empty where there is none.
    """
    zone, remarks = _find_zone(dataset)
    scanned, about_scan = _read_scan(dataset, zone)
    if scanned is None:
        return Timing(cautions=remarks + about_scan)
    wait_h, about_wait = _measure_wait(dataset, drug, scanned, zone)
    return Timing(
        wait_h=wait_h,
        scanned_h=_count_hours(scanned),
        utc_offset_h=_read_offset_h(scanned),
        cautions=tuple(dict.fromkeys((*remarks, *about_wait))),
    )


def began_h(dataset: Dataset) -> float | None:
    """Beginning of the scan in hours: on UTC where the file tells its offset, else on its own clock."""
    zone, _ = _find_zone(dataset)
    scanned, _ = _read_scan(dataset, zone)
    if scanned is None:
        return None
    return _count_hours(scanned) - (_read_offset_h(scanned) or 0.0)


def _count_hours(scanned: datetime) -> float:
    return (scanned.replace(tzinfo=None) - CLOCK_ZERO).total_seconds() / 3600


def _read_offset_h(scanned: datetime) -> float | None:
    offset = scanned.utcoffset()
    if offset is None:
        return None
    return offset.total_seconds() / 3600


def _find_zone(dataset: Dataset) -> tuple[timezone | None, tuple[str, ...]]:
    """Zone of the file's clocks as it is stated, else that of Acquisition DateTime where that tells the same clock."""
    zone, remarks = zone_of(dataset)
    stated = moment_of_dt(text(dataset, "AcquisitionDateTime"))
    if zone is not None or stated is None or not isinstance(stated.tzinfo, timezone):
        return zone, remarks
    told = moment_of(text(dataset, "AcquisitionDate"), text(dataset, "AcquisitionTime"))
    if told is None or abs(stated.replace(tzinfo=None) - told) <= SAME_TIME:
        return stated.tzinfo, remarks
    return None, remarks


def _read_scan(dataset: Dataset, zone: timezone | None) -> tuple[datetime | None, tuple[str, ...]]:
    """When the scan began; nothing where the elements that tell it contradict one another."""
    told = _read_acquisition(dataset, zone)
    stated = moment_of_dt(text(dataset, "AcquisitionDateTime"), zone)
    if told is None or stated is None:
        return told or stated, ()
    apart = hours_between(told, stated)
    if apart is None:  # its own offset stands with one of them alone
        return stated, ()
    if abs(apart) * timedelta(hours=1) > SAME_TIME:
        return None, (TOLD_TWICE,)
    return told, ()


def _read_acquisition(dataset: Dataset, zone: timezone | None) -> datetime | None:
    """Acquisition Date and Time; without the date on the day of the series, or the next where midnight passed."""
    clock = text(dataset, "AcquisitionTime")
    stated = moment_of(text(dataset, "AcquisitionDate"), clock, zone)
    if stated is not None:
        return stated
    day = text(dataset, "SeriesDate")
    begun, series = moment_of(day, clock, zone), moment_of(day, text(dataset, "SeriesTime"), zone)
    if begun is None or series is None or series - begun < timedelta(hours=12):
        return begun
    return begun + timedelta(days=1)


def _measure_wait(
    dataset: Dataset, drug: Dataset, scanned: datetime, zone: timezone | None
) -> tuple[float | None, tuple[str, ...]]:
    """Hours from injection to scan by Start DateTime (0018,1078) and Start Time (0018,1072), where plausible."""
    stated = text(drug, "RadiopharmaceuticalStartDateTime")
    remarks: tuple[str, ...] = ()
    if bears_no_such_offset(stated):
        remarks = (NO_SUCH_OFFSET,)
    by_day = moment_of_dt(stated, zone)
    by_clock, about_clock = _read_clock(dataset, drug, scanned, zone)
    found = [each for each in (by_day, by_clock) if each is not None]
    waits = [wait for each in found if (wait := hours_between(each, scanned)) is not None]
    if len(waits) == 2 and _is_another_time(waits[0] - waits[1]):
        return None, (*remarks, TOLD_TWICE)
    if waits:
        wait, about_wait = _check_wait(waits[0])
        return wait, (*remarks, *about_wait)
    if found:
        return None, (*remarks, ZONE_UNKNOWN)
    if day_of(stated) is not None and not remarks:
        return None, (NO_CLOCK,)
    return None, (*remarks, *about_clock)


def _is_another_time(hours: float) -> bool:
    """Whether two times of day differ; a clock alone may be a day off.

    >>> _is_another_time(24.01), _is_another_time(-23.95), _is_another_time(8.0)
    (False, False, True)
    """
    within_a_day = (hours + 12) % 24 - 12
    return abs(within_a_day) * timedelta(hours=1) > SAME_TIME


def _check_wait(hours: float) -> tuple[float | None, tuple[str, ...]]:
    if any(low <= hours <= high for low, high in PLAUSIBLE_WAITS_H):
        return hours, ()
    (_, same_day), (_, longest) = PLAUSIBLE_WAITS_H
    if not same_day < hours <= longest:
        return None, (NOT_BOTH,)
    remark = say(
        "the times in the file put the scan {hours:.1f} h after the injection; bone scans are taken up to "
        "{usual:.0f} h or about a day after it: the times were not used, and decay was not corrected for",
        hours=hours,
        usual=same_day,
    )
    return None, (remark,)


def _read_clock(
    dataset: Dataset, drug: Dataset, scanned: datetime, zone: timezone | None
) -> tuple[datetime | None, tuple[str, ...]]:
    """Start Time on the day that Start DateTime names, else on the last day on which it came before the scan."""
    clock = text(drug, "RadiopharmaceuticalStartTime")
    day = text(drug, "RadiopharmaceuticalStartDateTime")
    if day_of(day) is not None:
        return moment_of(day, clock, zone), ()
    injected = moment_of(f"{scanned:%Y%m%d}", clock, zone)
    if injected is None:
        return None, ()
    apart = hours_between(injected, scanned)
    if apart is not None and apart < 0:
        injected -= timedelta(days=1)  # the clock passed midnight
    began = day_of(text(dataset, "StudyDate"))
    if began is not None and began < injected.date():
        return None, (NO_DAY,)
    return injected, ()
