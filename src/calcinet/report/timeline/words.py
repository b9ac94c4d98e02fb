"""What a time line says in a minute: what changed, what did not, what cannot be told, what was done."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from calcinet.record import TimeChange, TimedEvent, TimedQuantity, Timeline
from calcinet.report.labels import SIDES, UNITS
from calcinet.report.quantities.numbers import FIXED_SPACE, dose, number
from calcinet.report.quantities.numbers import unit as write_ucum
from calcinet.text import Text, as_written, say

CALLS: Final = {"up": say("up"), "down": say("down"), "none": say("no change"), "unknown": say("cannot tell")}

MARKS: Final = {
    "vessel.length_mm": say("vessel"),
    "vessel.volume_mm3": say("vessel"),
    "net.patch_cm2": say("net"),
    "net.volume_mm3": say("net"),
}
"""What a mark is called, by the quantity that is followed of it."""

MOST_NAMED: Final = 3
"""Quantities named in one sentence, results of the laboratory apart. Our choice: more is not read in a minute."""

ARROW: Final = " → "

LEAST_TURN: Final = 0.05
"""A value that lies beyond both ends by more than this part of the greater is told. Our choice."""


def one_minute(timeline: Timeline) -> Iterator[Text]:
    """Say what is on the time line, the course first."""
    first, last = timeline.records[0], timeline.records[-1]
    yield say(
        "{count} records from {first} to {last}: {days} days.",
        count=len(timeline.records),
        first=date.fromisoformat(first.on),
        last=date.fromisoformat(last.on),
        days=last.day,
    )
    yield from _say_outcome(timeline.events)
    sums = [quantity for quantity in timeline.quantities if quantity.mark is None]
    judged = [(quantity, change) for quantity in sums if (change := since_first(quantity)) is not None]
    moved = [_say_move(quantity, change) for quantity, change in judged if change.called in ("up", "down")]
    if moved:
        yield say("Changed since the first beyond the error of measurement: {moves:; }.", moves=_shorten(moved))
    still = [_say_still(quantity, change) for quantity, change in judged if _is_kept(quantity, change)]
    if still:
        yield say("No change beyond the error of measurement: {kept:; }.", kept=_shorten(still))
    yield from _say_marks(timeline)
    start = date.fromisoformat(first.on)
    noted = [_say_noted(quantity, start) for quantity, _ in judged if quantity.group in ("wound", "pain")]
    if noted:
        yield say(
            "As entered, not judged, for how far they vary is not known here: {noted:; }.",
            noted=_shorten(noted),
        )
    labs = [_say_noted(quantity, start) for quantity in timeline.quantities if _is_told(quantity)]
    if labs:
        yield say("Laboratory: {labs:; }.", labs=labs)
    blind = [_say_blind(quantity, change) for quantity, change in judged if is_blind(quantity, change)]
    if blind:
        yield say("Cannot be told: {blind:; }.", blind=_shorten(blind))
    yield from _say_courses(timeline.events)


def _say_marks(timeline: Timeline) -> Iterator[Text]:
    """Films that lie on one another, and what became of the same vessels and nets."""
    if not timeline.marks:
        return
    again = gone = new = 0
    for mark in timeline.marks:
        first, *later = (bool(film.findings) for film in mark.films)
        again += first and any(later)
        gone += first and not any(later)
        new += not first
    yield say(
        "Images laid on one another: {again} of the same vessels, nets and foci found again; {gone} marked on the "
        "first image alone and {new} on a later one alone, which are not known to be gone or new.",
        again=again,
        gone=gone,
        new=new,
    )
    followed = [quantity for quantity in timeline.quantities if quantity.mark is not None]
    judged = [(quantity, change) for quantity in followed if (change := since_first(quantity)) is not None]
    moved = [_say_move(quantity, change) for quantity, change in judged if change.called in ("up", "down")]
    if moved:
        yield say("Of these changed beyond the error of measurement: {moves:; }.", moves=_shorten(moved))


def _shorten(items: Sequence[Text]) -> list[Text]:
    """The first of them, and how many more there are."""
    if len(items) <= MOST_NAMED:
        return list(items)
    return [*items[:MOST_NAMED], say("and {count} more", count=len(items) - MOST_NAMED)]


def _is_kept(quantity: TimedQuantity, change: TimeChange) -> bool:
    """Whether a measure has not changed; of a bone scan the whole is told, not every segment."""
    return change.called == "none" and not (quantity.group == "uptake" and quantity.place)


def is_blind(quantity: TimedQuantity, change: TimeChange) -> bool:
    """Whether an image was measured twice and its change cannot be told."""
    return change.called == "unknown" and quantity.group in ("film", "CT", "mammogram", "uptake")


def since_first(quantity: TimedQuantity) -> TimeChange | None:
    """The last point beside the first; None where there is one point."""
    if not quantity.changes:
        return None
    start = min(change.from_ for change in quantity.changes)
    end = max(change.to for change in quantity.changes)
    return next((change for change in quantity.changes if (change.from_, change.to) == (start, end)), None)


def name_quantity(quantity: TimedQuantity) -> Text:
    """Its label with place and side."""
    where = [as_written(word) for word in (quantity.place, SIDES.get(quantity.side or "", "")) if word]
    if not where:
        return as_written(quantity.label)
    return say("{label} ({where})", label=quantity.label, where=where)


def write_unit(unit: str) -> Text:
    """A unit as people read it; none of a score."""
    if unit.startswith("{"):
        return as_written("")
    return as_written(UNITS.get(unit, write_ucum(unit)))


def write_value(value: float, unit: str) -> Text:
    """A number with its unit; scores are whole."""
    shown = f"{value:g}" if unit == "{score}" else number(value)
    if not write_unit(unit):
        return as_written(shown)
    return say("{value}{space}{unit}", value=shown, space=FIXED_SPACE, unit=write_unit(unit))


def write_ends(quantity: TimedQuantity) -> Text:
    """First and last value, and between them the one at which it turned; of one point its value."""
    values = [point.value for point in quantity.points]
    first, last = values[0], values[-1]
    if len(values) == 1:
        return write_value(last, quantity.unit)
    shown = [first]
    turn = find_turn(values)
    if turn is not None:
        shown.append(turn)
    write = "{:g}".format if quantity.unit == "{score}" else number
    return say(
        "{first}{arrow}{last}",
        first=ARROW.join(write(value) for value in shown),
        arrow=ARROW,
        last=write_value(last, quantity.unit),
    )


def find_turn(values: Sequence[float]) -> float | None:
    """The value that lies farthest beyond both ends of a course; None where none does by `LEAST_TURN`.

    >>> find_turn([63, 48, 31, 142]), find_turn([88, 70, 52, 60]), find_turn([10, 11.4, 11])
    (31, 52, None)
    """
    low, high = min(values[0], values[-1]), max(values[0], values[-1])
    beyond = [max(value - high, low - value) for value in values]
    farthest = max(range(len(values)), key=lambda number: beyond[number])
    if beyond[farthest] <= LEAST_TURN * high:
        return None
    return values[farthest]


def _say_move(quantity: TimedQuantity, change: TimeChange) -> Text:
    low, high = change.interval95 or (0.0, 0.0)
    return say(
        "{name} {call}, {ends} ({difference}; 95 % {low} to {high})",
        name=name_quantity(quantity),
        call=CALLS[change.called],
        ends=write_ends(quantity),
        difference=sign(change.difference or 0.0),
        low=sign(low),
        high=sign(high),
    )


def sign(value: float) -> str:
    """A number that says its direction.

    >>> sign(-5.25), sign(3.0)
    ('−5.25', '+3.00')
    """
    if value < 0:
        return f"−{number(-value)}"
    return f"+{number(value)}"


def _say_still(quantity: TimedQuantity, change: TimeChange) -> Text:
    return say(
        "{name}, {ends} ({smallest} would have been seen)",
        name=name_quantity(quantity),
        ends=write_ends(quantity),
        smallest=write_value(change.smallest_detectable or 0.0, quantity.unit),
    )


def _is_told(quantity: TimedQuantity) -> bool:
    """Whether a result of the laboratory is told: repeated, and outside its range on some day."""
    repeated = quantity.group == "laboratory" and len(quantity.points) > 1
    return repeated and any(point.flag in ("H", "L") for point in quantity.points)


def _say_noted(quantity: TimedQuantity, first: date) -> Text:
    began = date.fromisoformat(quantity.points[0].on)
    if began > first:
        return say("{name}: {ends} since {day}", name=name_quantity(quantity), ends=write_ends(quantity), day=began)
    return say("{name}: {ends}", name=name_quantity(quantity), ends=write_ends(quantity))


def _say_blind(quantity: TimedQuantity, change: TimeChange) -> Text:
    return say("{name}: {because}", name=name_quantity(quantity), because=change.because)


def _say_courses(events: Sequence[TimedEvent]) -> Iterator[Text]:
    given = [event for event in events if event.kind == "treatment" and event.status == "given" and event.seen]
    if given:
        yield say("Given: {given:; }.", given=[say_course(event) for event in given])
    ended = [event for event in events if event.kind == "drug" and event.acts and (event.stop or event.ended_by)]
    if ended:
        yield say("Stopped: {ended:; }.", ended=[_say_end(event) for event in ended])
    yield from _say_refused(events)


def _say_refused(events: Sequence[TimedEvent]) -> Iterator[Text]:
    refused = [event for event in events if event.status in ("refused", "declined")]
    if refused:
        yield say("Refused: {refused:; }.", refused=[_name_refused(event) for event in refused])


def _name_refused(event: TimedEvent) -> Text:
    if event.kind == "biopsy":
        return say("biopsy")
    return as_written(event.label)


def say_course(event: TimedEvent) -> Text:
    """A course with its dose and sessions."""
    if not event.detail:
        return as_written(event.label)
    if event.kind == "drug":
        return say("{label}, {detail}", label=event.label, detail=as_written(dose(event.detail)))
    return say("{label}, {detail}", label=event.label, detail=event.detail)


def _say_end(event: TimedEvent) -> Text:
    if event.stop is not None:
        return say("{label} on {day}", label=event.label, day=date.fromisoformat(event.stop))
    return say("{label} before {day}", label=event.label, day=date.fromisoformat(event.ended_by or event.seen[-1]))


def _say_outcome(events: Sequence[TimedEvent]) -> Iterator[Text]:
    for event in events:
        if event.kind == "outcome":
            yield say("Outcome: {outcome}.", outcome=event.label)
