"""Activity of the tracer, when it was given and when the scan began, by the header of a scintigram."""

import re
from datetime import datetime, timedelta
from typing import Final

from pydicom.dataset import Dataset

from calcinet.io.dicom.header import number, text
from calcinet.text import say

BECQUEREL_FROM: Final = 1e5
"""A dose above this is in Bq, not in MBq as PS3.3 C.8.4.10 has it. Our choice: nobody is given 100 GBq."""

LONGEST_WAIT_H: Final = 72.0
"""Longest time from injection to scan. Our choice: twelve half-lives; a longer time is a mistake in the header."""

HOUR_AND_MINUTE: Final = 4
"""Digits of a clock that tells them; with fewer a time would be made up."""

HOUR_MINUTE_AND_SECOND: Final = 6
"""Digits of a whole clock."""

CLOCK_ZERO: Final = datetime(1970, 1, 1)
"""Hour 0 of a scan's own clock."""


def dose_mbq(drug: Dataset) -> tuple[float | None, tuple[str, ...]]:
    """Activity given in MBq."""
    dose = number(drug, "RadionuclideTotalDose")
    if dose is None or dose <= 0:
        return None, ()
    if dose >= BECQUEREL_FROM:
        return dose / 1e6, (say("the dose in the file is too large for MBq and was taken as Bq"),)
    return dose, ()


def wait_h(dataset: Dataset, drug: Dataset) -> tuple[float | None, tuple[str, ...]]:
    """Hours from injection to scan."""
    scanned = _read_moment(text(dataset, "AcquisitionDate"), text(dataset, "AcquisitionTime"))
    if scanned is None:
        return None, ()
    injected = _read_injection(dataset, drug, scanned)
    if injected is None:
        return None, ()
    hours = (scanned - injected).total_seconds() / 3600
    if 0 <= hours <= LONGEST_WAIT_H:
        return hours, ()
    return None, (say("the times of injection and scan in the file cannot both be right: decay was not corrected for"),)


def _read_injection(dataset: Dataset, drug: Dataset, scanned: datetime) -> datetime | None:
    """When the tracer was given: as stated with its day, else by the clock of the day of the scan."""
    stated = text(drug, "RadiopharmaceuticalStartDateTime")
    if stated:
        injected = _read_moment(stated[:8], stated[8:])
        if injected is not None:
            return injected
    clock = text(drug, "RadiopharmaceuticalStartTime")
    if not clock:
        return None
    injected = _read_moment(text(dataset, "AcquisitionDate"), clock)
    if injected is not None and injected > scanned:
        injected -= timedelta(days=1)  # the clock passed midnight
    return injected


def scanned_h(dataset: Dataset) -> float | None:
    """Beginning of the scan in hours on the clock of the file; None where it does not say."""
    day = text(dataset, "AcquisitionDate") or text(dataset, "SeriesDate")
    moment = _read_moment(day, text(dataset, "AcquisitionTime"))
    if moment is None:
        return None
    return (moment - CLOCK_ZERO).total_seconds() / 3600


def _read_moment(day: str, clock: str) -> datetime | None:
    """A DICOM date and time; the seconds may be cut off, and without hour and minute there is no time.

    >>> _read_moment("20260102", ""), _read_moment("20260102", "09"), _read_moment("20260102", "0930-0400")
    (None, None, datetime.datetime(2026, 1, 2, 9, 30))
    """
    digits = re.sub(r"[^0-9]", "", re.split(r"[.+-]", clock)[0])
    if len(digits) < HOUR_AND_MINUTE:
        return None
    if len(digits) < HOUR_MINUTE_AND_SECOND:
        digits = digits[:HOUR_AND_MINUTE] + "00"
    try:
        return datetime.strptime(day + digits[:HOUR_MINUTE_AND_SECOND], "%Y%m%d%H%M%S")
    except ValueError:
        return None
