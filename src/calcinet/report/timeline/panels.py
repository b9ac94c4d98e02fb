"""Small pictures on one axis of time: a quantity each, and the courses of drugs and treatments as bars."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from calcinet.clinical.derived import PTH_BAND
from calcinet.record import TimedEvent, TimedQuantity, Timeline
from calcinet.report.labels import Translate
from calcinet.report.pictures.charts import split
from calcinet.report.pictures.svg import ACCENT, BAND, GRID, INK, SOFT, WARM, Drawing
from calcinet.report.quantities.numbers import number
from calcinet.report.timeline.words import CALLS, name_quantity, say_course, since_first, write_ends
from calcinet.text import say

WIDTH: Final = 340.0
LEFT, RIGHT = 40.0, 322.0
"""Of the axis of time, alike in every picture."""

EDGE: Final = 4.0
"""Where bars begin that began before the axis."""

ARROW_SIZE: Final = 6.0
"""Of the arrow behind a bar whose end is not stated, half its height and its length, in points of the drawing."""

PLOT_HEIGHT: Final = 44.0
ROW_HEIGHT: Final = 25.0
BEFORE_DAYS: Final = 30
"""Results from so long before the first record are drawn. Our choice: a month."""

MOST_PANELS: Final = 10
"""Quantities on the page. Our choice: they fit on a sheet beside the bars; the rest stands in timeline.json."""

SCALES: Final = {"lesion.wound_score": (8.0, 40.0), "pain.visual": (0.0, 100.0), "pain.numeric": (0.0, 10.0)}
"""Ends of scales that a person enters."""

LABORATORY: Final = ("lab.adjusted_calcium", "lab.calcium", "lab.phosphate", "lab.pth", "lab.crp", "lab.albumin")
"""The results that are drawn first."""

FIRST: Final = (
    "lesion.wound_score",
    "pain.visual",
    "pain.numeric",
    "lesion.area_cm2",
    "lesion.outlined_area_cm2",
    "uptake.soft_tissue",
    "net.area_cm2",
    "calcified_area_mm2",
    "ct.volume_mm3",
    *LABORATORY,
)
"""In the order in which they are drawn; the rest comes after them."""

LETTERS_A_TITLE: Final = 44
LETTERS_A_ROW: Final = 56
LINE_HEIGHT: Final = 12.0
"""Chinese characters count twice."""


@dataclass(frozen=True, slots=True)
class Axis:
    """The axis of time."""

    start: date
    end: date
    ticks: tuple[date, ...]

    @classmethod
    def of(cls, timeline: Timeline) -> "Axis":
        """From the first record, or results shortly before it, to the last record or the outcome."""
        visits = [date.fromisoformat(record.on) for record in timeline.records]
        days = list(visits)
        for quantity in timeline.quantities:
            days += [date.fromisoformat(point.on) for point in quantity.points]
        ends = [date.fromisoformat(event.start) for event in timeline.events if event.kind == "outcome" and event.start]
        near = [day for day in days if (visits[0] - day).days <= BEFORE_DAYS]
        return cls(min(near), max([*near, *ends]), tuple(visits))

    def place(self, day: date) -> float:
        """Where a day is drawn; one outside stands at the end."""
        share = (day - self.start).days / max(1, (self.end - self.start).days)
        return LEFT + (RIGHT - LEFT) * min(max(share, 0.0), 1.0)

    def holds(self, day: str) -> bool:
        """Whether a day lies on the axis."""
        return self.start <= date.fromisoformat(day) <= self.end


def choose_quantities(timeline: Timeline) -> list[TimedQuantity]:
    """The quantities that are drawn, the skin first; of segments those that changed."""
    shown = [quantity for quantity in timeline.quantities if _is_shown(quantity)]
    shown.sort(key=_rank)
    return shown[:MOST_PANELS]


def _is_shown(quantity: TimedQuantity) -> bool:
    if quantity.mark is not None:
        return False
    if quantity.name.startswith("lab.") and quantity.name not in LABORATORY:
        return len(quantity.points) > 1
    if quantity.group == "uptake" and quantity.place:
        change = since_first(quantity)
        return change is not None and change.called in ("up", "down")
    return True


def _rank(quantity: TimedQuantity) -> int:
    """Place in the order of drawing; segments of a bone scan come after its whole and what is measured else."""
    if quantity.name not in FIRST or (quantity.group == "uptake" and quantity.place):
        return len(FIRST)
    return FIRST.index(quantity.name)


def draw_quantity(quantity: TimedQuantity, axis: Axis, _: Translate) -> Drawing:
    """Draw a quantity with its intervals, its reference range and what is called of it."""
    title = _(name_quantity(quantity))
    lines = split(title[:1].upper() + title[1:], LETTERS_A_TITLE)
    top = 14.0 * len(lines) + 19
    foot = top + PLOT_HEIGHT
    drawing = Drawing(WIDTH, foot + 18, _say_described(quantity, _))
    for row, line in enumerate(lines):
        drawing.letters((4, 12 + 13 * row), line, size=11.5, bold=True)
    _write_call(drawing, quantity, 12 + 13 * len(lines), _)
    scale = _choose_scale(quantity)
    _draw_frame(drawing, axis, (top, foot), scale, _)
    if quantity.range is not None:
        _draw_range(drawing, quantity.range, (top, foot), scale)
    _draw_points(drawing, quantity, axis, (top, foot), scale)
    return drawing


def _say_described(quantity: TimedQuantity, _: Translate) -> str:
    return _(say("{name}: {ends}", name=name_quantity(quantity), ends=write_ends(quantity)))


def _write_call(drawing: Drawing, quantity: TimedQuantity, y: float, _: Translate) -> None:
    """Write unit, first and last value, and the call, in words."""
    text = _(write_ends(quantity))
    change = since_first(quantity)
    judged = quantity.group not in ("wound", "pain", "laboratory", "reader")
    colour = SOFT
    if change is not None and judged:
        text = _(say("{ends}: {call}", ends=write_ends(quantity), call=CALLS[change.called]))
        colour = WARM if change.called in ("up", "down") else SOFT
        if change.called == "none" and change.smallest_detectable is not None:
            smallest = say("± {value} would be seen", value=number(change.smallest_detectable))
            text = f"{text} ({_(smallest)})"
    elif len(quantity.points) == 1:
        text = _(say("{value}, once", value=write_ends(quantity)))
    drawing.letters((4, y), text, size=10.5, colour=colour)


def _choose_scale(quantity: TimedQuantity) -> tuple[float, float]:
    if quantity.name in SCALES:
        return SCALES[quantity.name]
    ends: list[float] = []
    for point in quantity.points:
        ends += [point.value, *(point.interval95 or ())]
    ends += [limit for limit in quantity.range or () if limit is not None]
    low, high = min(ends), max(ends)
    if quantity.group != "laboratory":
        low = min(0.0, low)
    pad = 0.06 * (high - low or abs(high) or 1.0)
    if low >= 0:
        return max(0.0, low - pad), high + pad
    return low - pad, high + pad


def _place_value(value: float, frame: tuple[float, float], scale: tuple[float, float]) -> float:
    top, foot = frame
    share = (value - scale[0]) / (scale[1] - scale[0])
    return foot - (foot - top) * min(max(share, 0.0), 1.0)


def _draw_frame(
    drawing: Drawing, axis: Axis, frame: tuple[float, float], scale: tuple[float, float], _: Translate
) -> None:
    top, foot = frame
    for value in scale:
        y = _place_value(value, frame, scale)
        drawing.line((LEFT, y), (RIGHT, y), colour=GRID, width=0.7)
        drawing.letters((LEFT - 4, y + 3.5), _write_tick(value), anchor="end", size=9, colour=SOFT)
    for tick in axis.ticks:
        drawing.line((axis.place(tick), top), (axis.place(tick), foot), colour=GRID, width=0.7)
    _write_ticks(drawing, axis, foot + 12, _)


def _write_tick(value: float) -> str:
    """Write the end of a scale; one that is whole without decimals."""
    if value == round(value):
        return f"{value:.0f}"
    return number(value)


def _write_ticks(drawing: Drawing, axis: Axis, y: float, _: Translate) -> None:
    """Days of the records after the first, as far as they do not touch."""
    last = -1e9
    for tick in axis.ticks:
        x = axis.place(tick)
        if x - last < 34:
            continue
        days = (tick - axis.ticks[0]).days
        drawing.letters((x, y), _(say("day {number}", number=days)), anchor="middle", size=9, colour=SOFT)
        last = x


def _draw_range(
    drawing: Drawing,
    limits: tuple[float | None, float | None],
    frame: tuple[float, float],
    scale: tuple[float, float],
) -> None:
    """Draw the reference range as a band; an open end goes to the edge."""
    low = scale[0] if limits[0] is None else limits[0]
    high = scale[1] if limits[1] is None else limits[1]
    bottom, top = _place_value(low, frame, scale), _place_value(high, frame, scale)
    drawing.band([(LEFT, bottom), (RIGHT, bottom), (RIGHT, top), (LEFT, top)], colour=BAND)


def _draw_points(
    drawing: Drawing, quantity: TimedQuantity, axis: Axis, frame: tuple[float, float], scale: tuple[float, float]
) -> None:
    points = [point for point in quantity.points if axis.holds(point.on)]
    places = [(axis.place(date.fromisoformat(point.on)), _place_value(point.value, frame, scale)) for point in points]
    if len(places) > 1:
        drawing.path(places, colour=ACCENT, width=1.6)
    for point, place in zip(points, places, strict=True):
        if point.interval95 is not None:
            low, high = (_place_value(end, frame, scale) for end in point.interval95)
            drawing.line((place[0], low), (place[0], high), colour=ACCENT, width=1.2)
        drawing.dot(place, colour=WARM if point.flag in ("H", "L") else ACCENT, radius=3.2)


def draw_courses(timeline: Timeline, axis: Axis, _: Translate) -> Drawing:
    """Draw drugs, treatments, dialysis and what happened, one row each; what has no day is dotted."""
    rows = [(event, _split_course(event, _)) for event in timeline.events if event.acts and _has_place(event, axis)]
    foot = 22 + sum(_measure_row(lines) for _event, lines in rows)
    title = _("Drugs, treatments and what happened")
    drawing = Drawing(WIDTH, foot + 16, title)
    drawing.letters((4, 12), title, size=11.5, bold=True)
    for tick in axis.ticks:
        drawing.line((axis.place(tick), 20), (axis.place(tick), foot), colour=GRID, width=0.7)
    top = 22.0
    for event, lines in rows:
        for number_of_line, line in enumerate(lines):
            drawing.letters((4, top + 11 + LINE_HEIGHT * number_of_line), line, size=10, colour=INK)
        top += _measure_row(lines)
        _draw_event(drawing, event, axis, top - 9)
    _write_ticks(drawing, axis, foot + 11, _)
    return drawing


def _split_course(event: TimedEvent, _: Translate) -> list[str]:
    text = _(say_course(event))
    return split(text[:1].upper() + text[1:], LETTERS_A_ROW)


def _measure_row(lines: Sequence[str]) -> float:
    return ROW_HEIGHT + LINE_HEIGHT * (len(lines) - 1)


def _has_place(event: TimedEvent, axis: Axis) -> bool:
    """Whether anything of it lies on the axis."""
    if event.kind in ("drug", "treatment", "dialysis"):
        return bool(event.seen or event.start or event.ended_by)
    return event.start is not None and axis.holds(event.start)


def _draw_event(drawing: Drawing, event: TimedEvent, axis: Axis, y: float) -> None:
    """Draw the bar of a course, or the mark of a day."""
    if event.start is not None and event.start == event.stop:
        x = axis.place(date.fromisoformat(event.start))
        drawing.shape([(x - 5, y), (x, y - 5), (x + 5, y), (x, y + 5)], fill=WARM)
        return
    begin, end = _find_ends(event, axis)
    edges = [(begin, y - 3.5), (end, y - 3.5), (end, y + 3.5), (begin, y + 3.5)]
    colour = ACCENT if event.kind == "treatment" else SOFT
    drawing.band(edges, colour=colour)
    if _is_going_on(event, axis):
        drawing.band([(end, y - ARROW_SIZE), (end + ARROW_SIZE, y), (end, y + ARROW_SIZE)], colour=colour)
    if event.start is None:
        drawing.line((EDGE, y), (begin, y), colour=SOFT, dash="2 3")
    if event.stop is None and event.ended_by is not None:
        drawing.line((end, y), (axis.place(date.fromisoformat(event.ended_by)), y), colour=SOFT, dash="2 3")


def _is_going_on(event: TimedEvent, axis: Axis) -> bool:
    """Whether the last record states a course, and no end of it."""
    return event.stop is None and axis.ticks[-1].isoformat() in event.seen


def _find_ends(event: TimedEvent, axis: Axis) -> tuple[float, float]:
    """Where a bar is surely there: from its first stated day to its last."""
    known = [date.fromisoformat(day) for day in event.seen]
    if event.start is not None and date.fromisoformat(event.start) < axis.start:
        stop = date.fromisoformat(event.stop) if event.stop is not None else max(known, default=axis.start)
        return EDGE, axis.place(stop)
    start = date.fromisoformat(event.start) if event.start is not None else min(known, default=axis.ticks[0])
    stop = date.fromisoformat(event.stop) if event.stop is not None else max(known, default=start)
    return axis.place(start), max(axis.place(stop), axis.place(start) + 2)


def draw_all(timeline: Timeline, _: Translate) -> list[Drawing]:
    """Every picture of the page, the courses first."""
    axis = Axis.of(timeline)
    drawings = []
    if timeline.events:
        drawings.append(draw_courses(timeline, axis, _))
    return [*drawings, *(draw_quantity(quantity, axis, _) for quantity in choose_quantities(timeline))]


def say_left_out(timeline: Timeline) -> Iterator[str]:
    """What must be known of what is drawn, and how many quantities are not."""
    if any(quantity.name == "lesion.wound_score" for quantity in timeline.quantities):
        yield say("The grades of items 7 and 8 of the wound score were not verified at their source.")
    if _shows_range(timeline, "lab.pth") and any(event.kind == "dialysis" for event in timeline.events):
        yield say(
            "The band of parathyroid hormone is that of health. On dialysis KDIGO names {low:g} to {high:g} times its"
            " upper limit.",
            low=PTH_BAND[0],
            high=PTH_BAND[1],
        )
    sums = [quantity for quantity in timeline.quantities if quantity.mark is None]
    left_out = len(sums) - len(choose_quantities(timeline))
    if left_out:
        yield say("{count} more quantities stand in timeline.json.", count=left_out)


def _shows_range(timeline: Timeline, name: str) -> bool:
    """Whether a quantity is drawn, with its reference range."""
    return any(quantity.name == name and quantity.range is not None for quantity in choose_quantities(timeline))


def balance(drawings: Sequence[Drawing]) -> tuple[list[Drawing], list[Drawing]]:
    """Two columns of about the same height, in the order of reading."""
    half = sum(drawing.height for drawing in drawings) / 2
    left: list[Drawing] = []
    height = 0.0
    for drawing in drawings:
        if height + drawing.height / 2 > half:
            break
        left.append(drawing)
        height += drawing.height
    return left, list(drawings[len(left) :])
