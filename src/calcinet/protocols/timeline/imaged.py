"""Images of several records -> calcium, nets and uptake over time."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from calcinet.errors import NotMeasurable
from calcinet.measure.ct.repeatability import REPEATABILITY as OF_CTS
from calcinet.measure.radiograph.repeatability import REPEATABILITY as OF_FILMS
from calcinet.measure.serial import Repeatability
from calcinet.protocols.modalities import protocol_of
from calcinet.protocols.scintigram.follow_up import compare
from calcinet.protocols.timeline.compared import Ends, change_of_ratio, change_of_scan, compare_points
from calcinet.protocols.timeline.visits import SIDES, Place, Visit, find_place
from calcinet.record import ImageRecord, ScanComparison
from calcinet.record.timeline import Group, TimeChange, TimedQuantity, TimePoint
from calcinet.text import Text, as_written, say
from calcinet.vocabulary import LimbSide

REPEATABILITY: Final[Mapping[str, Mapping[str, Repeatability]]] = {
    "film": OF_FILMS,
    "CT": OF_CTS,
    "mammogram": {},
}
"""Measures that are followed, by the kind of image, with their repeatability."""

FOLLOWED: Final[Mapping[str, tuple[str, ...]]] = {
    "film": ("net.area_cm2", "calcified_area_mm2", "calcified_length_mm", "net.mesh_mm"),
    "CT": ("ct.volume_mm3", "ct.agatston"),
    "mammogram": ("bac.length_mm", "bac.area_mm2"),
}
"""In the order in which they are shown."""

UPTAKE: Final = "uptake.soft_tissue"

Series = list[tuple[int, ImageRecord]]
"""Number of the record, from 1, and its image."""


def follow_images(
    visits: Sequence[Visit],
    unfit: Mapping[Place, Mapping[int, Text]],
    elsewhere: Mapping[Place, Mapping[str, Mapping[Ends, Text]]],
) -> tuple[list[TimedQuantity], list[Text]]:
    """Every measure that is followed, by place; and why images of one place are not compared.

    `unfit` says of each place, by the number of the record, why its film does not lie on the first one; `elsewhere`
    of each measure of a place, by the numbers of two records, why their sums are not set side by side.
    """
    quantities: list[TimedQuantity] = []
    reasons: list[Text] = []
    for place, series in group_by_place(visits).items():
        reason = explain_not_comparable(place, series)
        if reason is not None:
            reasons.append(reason)
            continue
        quantities += _follow_place(place, series, visits, unfit.get(place, {}), elsewhere.get(place, {}))
    scans, why_not = _follow_scans(visits)
    return [*scans, *quantities], [*reasons, *why_not]


def group_by_place(visits: Sequence[Visit]) -> dict[Place, Series]:
    """The images of each place that are not of the whole body, in the order of time."""
    places: dict[Place, Series] = {}
    for number, visit in enumerate(visits, 1):
        for image in visit.record.examined:
            if image.scintigram is None:
                places.setdefault(find_place(image), []).append((number, image))
    return places


def explain_not_comparable(place: Place, series: Series) -> Text | None:
    """Why the images of a place are not set side by side; None where they are."""
    kind, anatomy, side = place
    where = as_written(anatomy)
    if len({number for number, _ in series}) > 1 and side is None and kind == "film":
        return say("{place}: its side is not stated on every film, so that they are not compared", place=where)
    if side is not None:
        where = say("{part}, {side}", part=as_written(anatomy), side=SIDES[side])
    if len({image.view for _, image in series}) > 1:
        return say("{place}: the views differ, so that the images are not compared", place=where)
    if len({number for number, _ in series}) < len(series):
        return say("{place}: one record has several images of it, so that they are not compared", place=where)
    return None


def _follow_place(
    place: Place,
    series: Series,
    visits: Sequence[Visit],
    unfit: Mapping[int, Text],
    elsewhere: Mapping[str, Mapping[Ends, Text]],
) -> Iterator[TimedQuantity]:
    kind, anatomy, side = place
    meanings = protocol_of(series[0][1]).meanings
    for name in FOLLOWED.get(kind, ()):
        points = [_make_point(name, number, image, visits) for number, image in series]
        measured = tuple(point for point in points if point is not None)
        if measured:
            yield TimedQuantity(
                name=name,
                unit=meanings[name].unit,
                side=side,
                place=anatomy,
                group=_name_group(kind),
                label=meanings[name].label,
                points=measured,
                changes=compare_points(measured, visits, REPEATABILITY[kind].get(name), unfit, elsewhere.get(name)),
            )


def _name_group(kind: str) -> Group:
    groups: Mapping[str, Group] = {"film": "film", "CT": "CT", "mammogram": "mammogram"}
    return groups[kind]


def _make_point(name: str, number: int, image: ImageRecord, visits: Sequence[Visit]) -> TimePoint | None:
    value = image.measures.get(name)
    if value is None:
        return None
    day = visits[number - 1].day
    return TimePoint(on=day, record=number, value=value, interval95=image.intervals95.get(name))


def _follow_scans(visits: Sequence[Visit]) -> tuple[list[TimedQuantity], list[Text]]:
    """Uptake of every later bone scan over the first, as a whole and by segment."""
    scans = _choose_scans(visits)
    if len(scans) < 2:
        return [], []
    first, before = scans[0]
    comparisons: list[tuple[int, ScanComparison]] = []
    reasons: list[Text] = []
    for number, scan in scans[1:]:
        try:
            comparisons.append((number, compare(before, scan, hours=None)))
        except NotMeasurable as refusal:
            why = as_written(str(refusal))
            if isinstance(refusal.args[0], Text):
                why = refusal.args[0]
            reasons.append(say("bone scan of record {number}: {why}", number=number, why=why))
    if not comparisons:
        return [], reasons
    days = {number: (visits[number - 1].on - visits[0].on).days for number, _ in scans}
    quantities = [_follow_overall(first, comparisons, days, visits)]
    for part, side in _list_segments(comparisons):
        quantities.append(_follow_segment(part, side, first, comparisons, visits))
    return quantities, reasons


def _choose_scans(visits: Sequence[Visit]) -> Series:
    """The first whole-body scan of each record that was divided into segments."""
    chosen: Series = []
    for number, visit in enumerate(visits, 1):
        scans = [image for image in visit.record.examined if image.scintigram is not None and image.scintigram.segments]
        if scans:
            chosen.append((number, scans[0]))
    return chosen


def _follow_overall(
    first: int, comparisons: Sequence[tuple[int, ScanComparison]], days: Mapping[int, int], visits: Sequence[Visit]
) -> TimedQuantity:
    points, changes = [TimePoint(on=visits[first - 1].day, record=first, value=1.0)], []
    for number, comparison in comparisons:
        changes.append(change_of_scan(comparison, (days[first], days[number])))
        if comparison.overall is not None:
            points.append(_make_ratio_point(number, comparison.overall, comparison.overall_interval, visits))
    return _make_uptake(say("Soft-tissue uptake over the first scan: all"), points, changes)


def _list_segments(comparisons: Sequence[tuple[int, ScanComparison]]) -> list[tuple[str, LimbSide]]:
    found: dict[tuple[str, LimbSide], None] = {}
    for _, comparison in comparisons:
        for segment in comparison.segments:
            found[(segment.part, segment.side)] = None
    return list(found)


def _follow_segment(
    part: str, side: LimbSide, first: int, comparisons: Sequence[tuple[int, ScanComparison]], visits: Sequence[Visit]
) -> TimedQuantity:
    points, changes = [TimePoint(on=visits[first - 1].day, record=first, value=1.0)], []
    start = (visits[first - 1].on - visits[0].on).days
    for number, comparison in comparisons:
        for segment in comparison.segments:
            if (segment.part, segment.side) == (part, side):
                end = (visits[number - 1].on - visits[0].on).days
                points.append(_make_ratio_point(number, segment.ratio, segment.interval, visits))
                changes.append(change_of_ratio(segment.ratio, segment.interval, segment.call, (start, end)))
    return _make_uptake(say("Soft-tissue uptake over the first scan"), points, changes, part, side)


def _make_ratio_point(
    number: int, ratio: float, interval: tuple[float, float] | None, visits: Sequence[Visit]
) -> TimePoint:
    return TimePoint(on=visits[number - 1].day, record=number, value=ratio, interval95=interval)


def _make_uptake(
    label: Text,
    points: Sequence[TimePoint],
    changes: Sequence[TimeChange],
    place: str = "",
    side: LimbSide | None = None,
) -> TimedQuantity:
    return TimedQuantity(
        name=UPTAKE,
        unit="1",
        side=side,
        place=place,
        group="uptake",
        label=label,
        points=tuple(points),
        changes=tuple(changes),
    )
