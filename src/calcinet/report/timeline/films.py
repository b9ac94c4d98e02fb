"""Films that lie on one another, side by side: the same mark has the same number and colour on each."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Final, Protocol

import cv2
import numpy as np

from calcinet.arrays import Pixels
from calcinet.record import FindingRecord, ImageRecord, LaidOnBaseline, TimedMark, TimedQuantity, Timeline
from calcinet.report.labels import SIDES, Translate
from calcinet.report.pictures.charts import split
from calcinet.report.pictures.svg import INK, SOFT, WARM, Drawing, Place
from calcinet.report.pictures.viewport import tissue_window
from calcinet.report.timeline.words import CALLS, MARKS, sign, since_first, write_ends, write_value
from calcinet.text import Text, as_written, say
from calcinet.vocabulary import Side

WIDTH: Final = 700.0
GAP: Final = 8.0
HIGHEST: Final = 420.0
"""Of a film. Our choice: two films and what is said of them fit on half a sheet."""

MOST_FILMS: Final = 3
"""Side by side: the first and the last ones. Our choice: the marks are still told apart."""

MOST_LINES: Final = 12
"""Marks that are told in words; the rest stands in timeline.json."""

COLOURS: Final = ("#e69f00", "#56b4e9", "#2fc79a", "#f0e442", "#5aa0ff", "#ff7a33", "#e58fc4")
"""Of the marks, in turn; told apart by who does not see red and green, and on a dark film."""

ALONE: Final = "#f4f4f4"
"""Of a mark that one film alone shows."""

LETTERS_A_LINE: Final = 118
JPEG_QUALITY: Final = 82


class ShownFilm(Protocol):
    """A film that lies on others."""

    @property
    def record(self) -> int:
        """Number of its record."""

    @property
    def on(self) -> str:
        """YYYY-MM-DD."""

    @property
    def image(self) -> ImageRecord:
        """What was found on it."""

    @property
    def place(self) -> tuple[str, str, Side | None]:
        """Kind of image, part of the body and side, as they are followed."""

    @property
    def plane(self) -> Pixels:
        """Its pixels, made smaller, shape (Y, X)."""


def draw_films(timeline: Timeline, films: Sequence[ShownFilm], _: Translate) -> list[Drawing]:
    """Draw the films of each place."""
    drawings = []
    ordered = sorted(films, key=lambda film: (*_find_place(film), film.record))
    for place, own in groupby(ordered, key=_find_place):
        marks = [mark for mark in timeline.marks if (mark.group, mark.place, mark.side or "") == place]
        laid = list(own)
        left_out = laid[1 : max(1, len(laid) - MOST_FILMS + 1)]
        shown = [laid[0], *laid[1 + len(left_out) :]]
        drawings.append(_draw_place(timeline, shown, [film.record for film in left_out], marks, _))
    return drawings


def _find_place(film: ShownFilm) -> tuple[str, str, str]:
    """Kind of image, part of the body and side."""
    kind, anatomy, side = film.place
    return kind, anatomy, side or ""


def _draw_place(
    timeline: Timeline,
    films: Sequence[ShownFilm],
    left_out: Sequence[int],
    marks: Sequence[TimedMark],
    _: Translate,
) -> Drawing:
    where = [as_written(word) for word in (films[0].image.anatomy, SIDES.get(films[0].place[2] or "", ""))]
    title = _(say("The same vessels and nets: {where}", where=[word for word in where if word]))
    lines: list[tuple[str, str]] = []
    for text, colour in _list_lines(timeline, films, left_out, marks):
        told = _(text)
        lines += [(part, colour) for part in split(told[:1].upper() + told[1:], LETTERS_A_LINE)]
    boxes = _place_films(films)
    top = 38.0
    foot = top + max(height for _x, _width, height in boxes) + 18
    drawing = Drawing(WIDTH, foot + 14 * len(lines) + 4, title)
    drawing.letters((4, 14), title[:1].upper() + title[1:], size=12.5, bold=True)
    for film, (x, width, height) in zip(films, boxes, strict=True):
        drawing.letters((x, 32), _(_name_film(film)), size=11, colour=SOFT)
        drawing.picture(_encode_film(film.plane), (x, top), (width, height))
        _draw_marks(drawing, film, marks, (x, top, width))
    for row, (line, ink) in enumerate(lines):
        drawing.letters((4, foot + 14 * row), line, size=11, colour=ink)
    return drawing


def _name_film(film: ShownFilm) -> Text:
    return say("record {number}, {day}", number=film.record, day=date.fromisoformat(film.on))


def _place_films(films: Sequence[ShownFilm]) -> list[tuple[float, float, float]]:
    """Left edge, width and height of each film, a millimetre alike on all."""
    sizes = [_measure_film(film) for film in films]
    wide = (WIDTH - 8 - GAP * (len(films) - 1)) / sum(width for width, _ in sizes)
    scale = min(wide, HIGHEST / max(height for _, height in sizes))
    boxes, left = [], 4.0
    for width, height in sizes:
        boxes.append((left, width * scale, height * scale))
        left += width * scale + GAP
    return boxes


def _measure_film(film: ShownFilm) -> tuple[float, float]:
    """Width and height in mm."""
    rows, columns = film.image.shape or film.plane.shape
    down, across = film.image.spacing_mm or (1.0, 1.0)
    return columns * across, rows * down


def _encode_film(plane: Pixels) -> bytes:
    grey = tissue_window(plane).grey(plane)
    _, coded = cv2.imencode(".jpg", np.ascontiguousarray(grey), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return coded.tobytes()


def _draw_marks(
    drawing: Drawing, film: ShownFilm, marks: Sequence[TimedMark], corner: tuple[float, float, float]
) -> None:
    """Draw what is marked on a film; numbers stand where it has a counterpart."""
    left, top, width = corner
    scale = width / (film.image.shape or film.plane.shape)[1]
    findings = {finding.id: finding for finding in film.image.findings}
    for mark in marks:
        own = [findings[name] for name in _list_findings(mark, film.record) if name in findings]
        colour = _choose_colour(mark)
        for finding in own:
            _draw_finding(drawing, finding, (left, top, scale), colour)
        if own and _is_again(mark):
            at = _find_label(own[0], (left, top, scale))
            drawing.dot((at[0], at[1] - 3.5), colour="#101216", radius=7)
            drawing.letters(at, str(mark.number), anchor="middle", size=10, colour=colour, bold=True)


def _list_findings(mark: TimedMark, record: int) -> tuple[str, ...]:
    """Ids of a mark on the film of a record."""
    return next((film.findings for film in mark.films if film.record == record), ())


def _is_again(mark: TimedMark) -> bool:
    return sum(bool(film.findings) for film in mark.films) > 1


def _choose_colour(mark: TimedMark) -> str:
    if not _is_again(mark):
        return ALONE
    return COLOURS[(mark.number - 1) % len(COLOURS)]


def _draw_finding(drawing: Drawing, finding: FindingRecord, place: tuple[float, float, float], colour: str) -> None:
    points = list(_scale_points(finding.polyline or finding.outline, place))
    if finding.polyline:
        drawing.path(points, colour=colour, width=1.5)
    elif points:
        drawing.shape(points, fill="none", edge=colour, width=1.2)


def _scale_points(points: Sequence[tuple[float, float]], place: tuple[float, float, float]) -> Iterator[Place]:
    left, top, scale = place
    for row, column in points:
        yield left + (column + 0.5) * scale, top + (row + 0.5) * scale


def _find_label(finding: FindingRecord, place: tuple[float, float, float]) -> Place:
    """Beside the middle of a line, at the upper left of an outline."""
    points = list(_scale_points(finding.polyline or finding.outline, place))
    x, y = points[len(points) // 2]
    if not finding.polyline:
        x, y = min(points, key=sum)
    return x + 9, y + 3.5


def _list_lines(
    timeline: Timeline, films: Sequence[ShownFilm], left_out: Sequence[int], marks: Sequence[TimedMark]
) -> Iterator[tuple[Text, str]]:
    """What is said under the films, and in which colour."""
    if left_out:
        yield say("Laid on them, too, and not shown for want of room: record {numbers}.", numbers=left_out), SOFT
    records = {film.record for film in films}
    for laid in timeline.laid:
        if laid.record in records and laid.refused is None and _is_of(laid, films[0]):
            yield _say_fit(laid), SOFT
    numbers = {mark.number for mark in marks}
    followed = [quantity for quantity in timeline.quantities if quantity.mark in numbers]
    for quantity in followed[:MOST_LINES]:
        yield _say_mark(quantity, films)
    if len(followed) > MOST_LINES:
        yield say("and {count} more", count=len(followed) - MOST_LINES), SOFT
    if any(not _is_again(mark) for mark in marks):
        yield say("White, without a number: marked on one film alone; look there on the other."), SOFT


def _is_of(laid: LaidOnBaseline, film: ShownFilm) -> bool:
    return (laid.group, laid.place, laid.side or "") == _find_place(film)


def _say_fit(laid: LaidOnBaseline) -> Text:
    return say(
        "Record {record} laid on record {baseline}: correlation {correlation:.3f}, {overlap:.0f} % of the limb on both,"
        " turned by {angle:.1f} degrees.",
        record=laid.record,
        baseline=laid.baseline,
        correlation=laid.correlation or 0.0,
        overlap=100 * (laid.overlap or 0.0),
        angle=abs(laid.angle_deg or 0.0),
    )


def _say_mark(quantity: TimedQuantity, films: Sequence[ShownFilm]) -> tuple[Text, str]:
    change = since_first(quantity)
    name = say("{mark} {number}", mark=MARKS[quantity.name], number=quantity.mark or 0)
    ends = quantity.points[0].record, quantity.points[-1].record
    if ends != (films[0].record, films[-1].record):
        first, last = ends
        name = say("{mark} (record {first} to {last})", mark=name, first=first, last=last)
    if change is None or change.called == "unknown":
        return say("{name}: {ends}, {call}", name=name, ends=write_ends(quantity), call=CALLS["unknown"]), INK
    if change.called == "none":
        smallest = write_value(change.smallest_detectable or 0.0, quantity.unit)
        told = say(
            "{name}: {ends}, {call} ({smallest} would have been seen)",
            name=name,
            ends=write_ends(quantity),
            call=CALLS["none"],
            smallest=smallest,
        )
        return told, INK
    low, high = change.interval95 or (0.0, 0.0)
    told = say(
        "{name}: {ends}, {call} ({difference}; 95 % {low} to {high})",
        name=name,
        ends=write_ends(quantity),
        call=CALLS[change.called],
        difference=sign(change.difference or 0.0),
        low=sign(low),
        high=sign(high),
    )
    return told, WARM
