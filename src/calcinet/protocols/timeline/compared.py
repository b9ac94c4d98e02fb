"""Points of one quantity -> what changed between them, and what could not have been seen."""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from calcinet.measure.serial import Repeatability, difference, repeated
from calcinet.protocols.timeline.visits import Visit
from calcinet.record import ScanComparison
from calcinet.record.timeline import Called, TimeChange, TimePoint
from calcinet.text import Text, say
from calcinet.vocabulary import ChangeCall

Ends = tuple[int, int]
"""Numbers of an earlier and a later record."""

CALLED: Final[dict[ChangeCall, Called]] = {"increased": "up", "decreased": "down", "no change": "none"}

BEYOND: Final = say("beyond the error of measurement")
WITHIN: Final = say("no change beyond the error of measurement")
NO_REPEATABILITY: Final = say("how far it varies without change is not known here")


def compare_points(
    points: Sequence[TimePoint],
    visits: Sequence[Visit],
    error: Repeatability | None,
    unfit: Mapping[int, Text] | None = None,
    doubtful: Mapping[Ends, Text] | None = None,
) -> tuple[TimeChange, ...]:
    """Each later point beside the first, and beside the one before it.

    `error` is the repeatability of the quantity; None where it is not known. `unfit` says by the number of its record
    why an image cannot be set beside any, `doubtful` by those of two records why their images cannot.
    """
    changes = []
    for earlier, later in list_pairs(len(points)):
        ends = points[earlier], points[later]
        reasons = [(unfit or {})[point.record] for point in ends if point.record in (unfit or {})]
        pair = ends[0].record, ends[1].record
        if pair in (doubtful or {}):
            reasons.append((doubtful or {})[pair])
        if reasons:
            days = (count_days(ends[0], visits), count_days(ends[1], visits))
            changes.append(_make_unknown(days, ends[1].value - ends[0].value, reasons[0]))
            continue
        changes.append(_compare(*ends, visits, error))
    return tuple(changes)


def may_be_the_detectors(
    earlier: float, alike_earlier: float, later: float, alike_later: float, error: Repeatability
) -> bool:
    """Whether a size changed beyond error as it is marked, and not once what looks the same on both counts for both.

    Parameters
    ----------
    earlier, later
        What is marked on either day.
    alike_earlier, alike_later
        What is marked on the other day alone and looks the same on this one.
    error
        Repeatability of the size.
    """
    if not (earlier > 0 and later > 0):
        return False
    marked = _call(earlier, later, error)
    return marked not in (_call(earlier + alike_earlier, later + alike_later, error), "no change")


def _call(earlier: float, later: float, error: Repeatability) -> ChangeCall:
    return difference(repeated(earlier, error.at(earlier)), repeated(later, error.at(later))).call


def list_pairs(count: int) -> Iterator[tuple[int, int]]:
    """Places of the earlier and the later point of every comparison.

    >>> list(list_pairs(4))
    [(0, 1), (1, 2), (0, 2), (2, 3), (0, 3)]
    """
    for later in range(1, count):
        yield later - 1, later
        if later > 1:
            yield 0, later


def _compare(earlier: TimePoint, later: TimePoint, visits: Sequence[Visit], error: Repeatability | None) -> TimeChange:
    because = _explain_unknown(earlier, later, error)
    ends = (count_days(earlier, visits), count_days(later, visits))
    if because is not None or error is None:
        return _make_unknown(ends, later.value - earlier.value, because or NO_REPEATABILITY)
    found = difference(*(repeated(point.value, error.at(point.value)) for point in (earlier, later)))
    called = CALLED[found.call]
    return TimeChange(
        from_=ends[0],
        to=ends[1],
        difference=found.value,
        interval95=found.interval,
        smallest_detectable=found.smallest_detectable,
        called=called,
        because=WITHIN if called == "none" else BEYOND,
    )


def _explain_unknown(earlier: TimePoint, later: TimePoint, error: Repeatability | None) -> Text | None:
    if error is None:
        return NO_REPEATABILITY
    if earlier.value <= 0 and later.value <= 0:
        return say("nothing was marked on both days: what changes below the limit of the images is not seen")
    if earlier.value <= 0 or later.value <= 0:
        return say("nothing was marked on one of the days, and nothing has no interval: look at both images")
    return None


def _make_unknown(ends: tuple[int, int], value: float, because: str) -> TimeChange:
    return TimeChange(from_=ends[0], to=ends[1], difference=value, called="unknown", because=because)


def count_days(point: TimePoint, visits: Sequence[Visit]) -> int:
    """Days of a point after the first record; of a result from before it they are negative."""
    return (date.fromisoformat(point.on) - visits[0].on).days


def change_of_ratio(ratio: float, interval: tuple[float, float], call: ChangeCall, ends: tuple[int, int]) -> TimeChange:
    """A ratio of later over earlier uptake as a change of the earlier one, which is 1."""
    margin = math.log(interval[1] / ratio)
    smallest = math.expm1(margin) if ratio >= 1 else -math.expm1(-margin)
    called = CALLED[call]
    return TimeChange(
        from_=ends[0],
        to=ends[1],
        difference=ratio - 1,
        interval95=(interval[0] - 1, interval[1] - 1),
        smallest_detectable=smallest,
        called=called,
        because=WITHIN if called == "none" else BEYOND,
    )


def change_of_scan(comparison: ScanComparison, ends: tuple[int, int]) -> TimeChange:
    """The overall change of a bone scan."""
    if comparison.overall is None or comparison.overall_interval is None or comparison.call is None:
        return TimeChange(from_=ends[0], to=ends[1], called="unknown", because=say("too few segments on both scans"))
    return change_of_ratio(comparison.overall, comparison.overall_interval, comparison.call, ends)
