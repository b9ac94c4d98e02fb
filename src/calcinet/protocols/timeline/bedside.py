"""Cases of several records -> lesions, scores, pain and laboratory over time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from calcinet.protocols.timeline.compared import compare_points
from calcinet.protocols.timeline.visits import Visit
from calcinet.record import Lab, Lesion
from calcinet.record.timeline import Group, TimedQuantity, TimePoint
from calcinet.text import Text, as_written, say
from calcinet.vocabulary import Side

LesionKey = tuple[str, str | None, str | None, str | None, str]
"""Site, side, aspect, digit, and the kind where these do not tell lesions apart."""

AREA: Final = "lesion.area_cm2"
OUTLINED: Final = "lesion.outlined_area_cm2"
WOUND: Final = "lesion.wound_score"
READER_UNIT: Final = "{score}"


@dataclass(frozen=True, slots=True)
class _Seen:
    """A lesion in a record."""

    record: int
    """Number of the record, from 1."""
    place: int
    """In the list of the record's lesions, from 0."""
    lesion: Lesion


def follow_bedside(visits: Sequence[Visit]) -> tuple[list[TimedQuantity], list[Text]]:
    """What the cases say on each day; and which lesions and results are not followed."""
    lesions, reasons = _follow_lesions(visits)
    labs, limits = _follow_labs(visits)
    return [*lesions, *_follow_pain(visits), *labs, *_follow_reader_scores(visits)], [*reasons, *limits]


def _follow_lesions(visits: Sequence[Visit]) -> tuple[list[TimedQuantity], list[Text]]:
    with_kind = _find_crowded(visits)
    found: dict[LesionKey, list[_Seen]] = {}
    for number, visit in enumerate(visits, 1):
        for place, lesion in enumerate(visit.record.clinical.lesions):
            found.setdefault(_make_key(lesion, with_kind), []).append(_Seen(number, place, lesion))
    quantities: list[TimedQuantity] = []
    reasons: list[Text] = []
    for key, series in found.items():
        where = _say_place(key)
        if len({seen.record for seen in series}) < len(series):
            reasons.append(
                say("{place}: several lesions there are told apart by nothing, and are not followed", place=where)
            )
            continue
        quantities += _follow_lesion(key, series, visits)
    return quantities, reasons


def _find_crowded(visits: Sequence[Visit]) -> set[tuple[str, str | None]]:
    """Sites where one record has several lesions: there, the kind tells them apart."""
    crowded: set[tuple[str, str | None]] = set()
    for visit in visits:
        seen: set[LesionKey] = set()
        for lesion in visit.record.clinical.lesions:
            key = _make_key(lesion, set())
            if key in seen:
                crowded.add((lesion.site, lesion.side))
            seen.add(key)
    return crowded


def _make_key(lesion: Lesion, with_kind: set[tuple[str, str | None]]) -> LesionKey:
    kind = lesion.kind if (lesion.site, lesion.side) in with_kind else ""
    return lesion.site, lesion.side, lesion.aspect, lesion.digit, kind


def _say_place(key: LesionKey) -> Text:
    words = [as_written(word) for word in (key[3], key[0], key[2], key[4]) if word]
    return say("{words}", words=words)


def _follow_lesion(key: LesionKey, series: Sequence[_Seen], visits: Sequence[Visit]) -> Iterator[TimedQuantity]:
    measures: tuple[tuple[str, str, Text, Callable[[Lesion], float | None]], ...] = (
        (WOUND, READER_UNIT, say("Wound score, 8 best to 40 worst"), _get_total),
        (AREA, "cm2", say("Area of the lesion by length and width"), lambda lesion: lesion.area_cm2),
    )
    side: Side | None = key[1]  # type: ignore[assignment]
    for name, unit, label, take in measures:
        points = []
        for seen in series:
            value = take(seen.lesion)
            if value is not None:
                points.append(TimePoint(on=visits[seen.record - 1].day, record=seen.record, value=value))
        if points:
            yield _make(name, unit, label, "wound", points, visits, place=_say_place(key), side=side)
    if outlined := _list_outlined(series, visits):
        label = say("Area of the lesion within an outline on a photograph")
        yield _make(OUTLINED, "cm2", label, "wound", outlined, visits, place=_say_place(key), side=side)


def _list_outlined(series: Sequence[_Seen], visits: Sequence[Visit]) -> list[TimePoint]:
    """Areas by outline and ruler, one a day: that of the day's first photograph which has one."""
    points: dict[str, TimePoint] = {}
    for seen in series:
        visit = visits[seen.record - 1]
        for photograph in visit.record.clinical.photographs:
            if photograph.lesion != seen.place or photograph.area_cm2 is None:
                continue
            on = photograph.on or visit.day
            point = TimePoint(
                on=on, record=seen.record, value=photograph.area_cm2, interval95=photograph.area_interval95
            )
            points.setdefault(on, point)
    return [points[on] for on in sorted(points)]


def _get_total(lesion: Lesion) -> float | None:
    if lesion.wound is None:
        return None
    return lesion.wound.total


def _make(
    name: str,
    unit: str,
    label: str,
    group: Group,
    points: Sequence[TimePoint],
    visits: Sequence[Visit],
    *,
    place: str = "",
    side: Side | None = None,
    limits: tuple[float | None, float | None] | None = None,
) -> TimedQuantity:
    return TimedQuantity(
        name=name,
        unit=unit,
        side=side,
        place=place,
        group=group,
        label=label,
        range=limits,
        points=tuple(points),
        changes=compare_points(points, visits, None),
    )


def _follow_pain(visits: Sequence[Visit]) -> Iterator[TimedQuantity]:
    visual, numeric = [], []
    for number, visit in enumerate(visits, 1):
        clinical = visit.record.clinical
        if clinical.pain_vas is not None:
            visual.append(TimePoint(on=visit.day, record=number, value=clinical.pain_vas))
        if clinical.pain_score is not None:
            numeric.append(TimePoint(on=visit.day, record=number, value=clinical.pain_score))
    if visual:
        yield _make("pain.visual", READER_UNIT, say("Pain, 0 to 100"), "pain", visual, visits)
    if numeric:
        yield _make("pain.numeric", READER_UNIT, say("Pain, 0 to 10"), "pain", numeric, visits)


def _follow_labs(visits: Sequence[Visit]) -> tuple[list[TimedQuantity], list[Text]]:
    """Every analyte with a number, by day; a result that several records repeat stands once."""
    series: dict[tuple[str, str], dict[str, tuple[int, Lab]]] = {}
    limits: dict[Text, None] = {}
    for number, visit in enumerate(visits, 1):
        for lab in visit.record.clinical.labs:
            day = lab.on or visit.day
            if lab.analyte is None or lab.value is None:
                continue
            if lab.comparator is not None:
                limits[say("{name} {given}: a limit is no point of a line", name=lab.name, given=lab.as_given)] = None
                continue
            series.setdefault((lab.analyte, lab.unit or "1"), {}).setdefault(day, (number, lab))
    quantities = []
    for (analyte, unit), results in series.items():
        points = []
        for day, (number, lab) in sorted(results.items()):
            points.append(TimePoint(on=day, record=number, value=lab.value or 0.0, flag=lab.flag))
        _number, latest = results[max(results)]
        made = _make(f"lab.{analyte}", unit, latest.name, "laboratory", points, visits, limits=latest.range)
        quantities.append(made)
    return quantities, list(limits)


def _follow_reader_scores(visits: Sequence[Visit]) -> Iterator[TimedQuantity]:
    series: dict[str, list[TimePoint]] = {}
    labels: dict[str, str] = {}
    for number, visit in enumerate(visits, 1):
        for score in visit.record.clinical.reader_scores:
            day = score.on or visit.day
            labels[score.name] = score.label
            points = series.setdefault(score.name, [])
            if all(point.on != day for point in points):
                points.append(TimePoint(on=day, record=number, value=score.value))
    for name, points in series.items():
        yield _make(f"reader.{name}", READER_UNIT, labels[name], "reader", points, visits)
