"""Images of one place laid on the first of them: what is gathered of all places, and how each mark is followed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import cv2
import numpy as np

from calcinet.arrays import Pixels
from calcinet.image import Image
from calcinet.measure.radiograph.repeatability import OF_MARKS
from calcinet.measure.serial import Repeatability
from calcinet.protocols.timeline.compared import Ends, compare_points, list_pairs, may_be_the_detectors
from calcinet.protocols.timeline.imaged import Series
from calcinet.protocols.timeline.matching import MatchedMark
from calcinet.protocols.timeline.visits import SIDES, Place, Visit
from calcinet.record import ImageRecord
from calcinet.record.timeline import LaidOnBaseline, MarkOnFilm, TimedMark, TimedQuantity, TimePoint
from calcinet.text import Text, as_written, say

Images = Mapping[str, Callable[[], Image]]
"""By the SHA-256 of an image what reads it."""

Kind = Literal["film", "CT"]

SHOWN_PX: Final = 900
"""Longest side of a film as it is drawn. Our choice: sharp on paper at a third of its width."""

FOLLOWED: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("film", "vessel"): ("vessel.length_mm", "mm"),
    ("film", "net"): ("net.patch_cm2", "cm2"),
    ("CT", "vessel"): ("vessel.volume_mm3", "mm3"),
    ("CT", "net"): ("net.volume_mm3", "mm3"),
}
"""What is followed of a mark, by the kind of image and its own, and its unit. Of a focus nothing: how far it varies is
not known."""

MM2_A_CM2: Final = 100.0


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ShownFilm:
    """A film that lies on others, or a CT from the front, to be drawn."""

    record: int
    on: str
    image: ImageRecord
    plane: Pixels
    """Made smaller, shape (Y, X)."""
    place: Place


@dataclass(slots=True, kw_only=True)
class LaidPlaces:
    """What images of all places showed when they were laid on one another."""

    films: list[LaidOnBaseline] = field(default_factory=list)
    marks: list[TimedMark] = field(default_factory=list)
    quantities: list[TimedQuantity] = field(default_factory=list)
    reasons: list[Text] = field(default_factory=list)
    unfit: dict[Place, dict[int, Text]] = field(default_factory=dict)
    """By the number of its record why an image does not lie on the first of its place."""
    elsewhere: dict[Place, dict[str, dict[Ends, Text]]] = field(default_factory=dict)
    """By measure and numbers of two records why their sums are not set side by side."""
    shown: list[ShownFilm] = field(default_factory=list)

    def note_elsewhere(self, place: Place, measures: Sequence[str], records: Ends, why: Text) -> None:
        """Note that sums of two records are not set side by side."""
        for measure in measures:
            self.elsewhere.setdefault(place, {}).setdefault(measure, {})[records] = why

    def refuse(self, place: Place, about: LaidOnBaseline, why: Text) -> None:
        """Note that an image does not lie on the first of its place."""
        self.films.append(about.model_copy(update={"refused": why}))
        self.unfit.setdefault(place, {})[about.record] = why
        self.reasons.append(
            say(
                "{place}, record {record} beside {number}: {why}",
                place=name_place(place),
                record=about.record,
                number=about.baseline,
                why=why,
            )
        )

    def follow(
        self, marks: Sequence[MatchedMark], place: Place, images: Series, visits: Sequence[Visit], detectors: Text
    ) -> None:
        """Number marks of images that lie on one another, and say how each changed; `detectors` why none is called
        where the difference may be the detector's.
        """
        for matched in marks:
            mark = _number_mark(len(self.marks) + 1, matched, place, images)
            self.marks.append(mark)
            self.quantities += _follow_mark(mark, visits, detectors)


def name_place(place: Place) -> Text:
    """Part of the body and side."""
    _, anatomy, side = place
    if side is None:
        return as_written(anatomy)
    return say("{part}, {side}", part=as_written(anatomy), side=SIDES[side])


def say_missing(place: Place, records: Sequence[int]) -> Text:
    """That images of some records were not given."""
    return say(
        "{place}: of record {records:, } no image was given, so that its vessels and nets are not matched",
        place=name_place(place),
        records=[as_written(str(record)) for record in records],
    )


def read_reason(refusal: Exception) -> Text:
    """What a refusal says, in words that can be translated where it has them."""
    if refusal.args and isinstance(refusal.args[0], Text):
        return refusal.args[0]
    return as_written(str(refusal))


def show(place: Place, record: int, image: ImageRecord, plane: Pixels, visits: Sequence[Visit]) -> ShownFilm:
    """Make the picture of an image of a record smaller."""
    scale = min(1.0, SHOWN_PX / max(plane.shape))
    size = (max(1, round(plane.shape[1] * scale)), max(1, round(plane.shape[0] * scale)))
    small = cv2.resize(np.asarray(plane, np.float32), size, interpolation=cv2.INTER_AREA)
    day = visits[record - 1].day
    return ShownFilm(place=place, record=record, on=day, image=image, plane=np.asarray(small, np.float32))


def _number_mark(number: int, matched: MatchedMark, place: Place, images: Series) -> TimedMark:
    films, uids = [], []
    for (record, image), findings, size, alike in zip(
        images, matched.findings, matched.sizes, matched.alike, strict=True
    ):
        films.append(MarkOnFilm(record=record, image=image.id, findings=findings, size=size, alike=alike or None))
        uids += [finding.tracking_uid for finding in image.findings if finding.id in findings[:1]]
    group: Kind = "CT" if place[0] == "CT" else "film"
    return TimedMark(
        number=number,
        kind=matched.kind,
        group=group,
        place=place[1],
        side=place[2],
        tracking_uid=next(iter(uids), None),
        films=tuple(films),
    )


def _follow_mark(mark: TimedMark, visits: Sequence[Visit], detectors: Text) -> Iterator[TimedQuantity]:
    """How large a mark was on each day on which it was marked; nothing where that was one day alone."""
    if (mark.group, mark.kind) not in FOLLOWED:
        return
    name, unit = FOLLOWED[mark.group, mark.kind]
    points = []
    for film in mark.films:
        if film.size:
            value = film.size / MM2_A_CM2 if unit == "cm2" else film.size
            points.append(TimePoint(on=visits[film.record - 1].day, record=film.record, value=value))
    if len(points) < 2:
        return
    error = OF_MARKS.get(name)
    sized = [film for film in mark.films if film.size]
    doubtful = {}
    for earlier, later in list_pairs(len(sized)):
        if error is not None and _is_doubtful(sized[earlier], sized[later], error):
            doubtful[sized[earlier].record, sized[later].record] = detectors
    yield TimedQuantity(
        name=name,
        unit=unit,
        side=mark.side,
        place=mark.place,
        group=mark.group,
        label=_label_mark(mark),
        mark=mark.number,
        points=tuple(points),
        changes=compare_points(points, visits, error, doubtful=doubtful),
    )


def _is_doubtful(first: MarkOnFilm, later: MarkOnFilm, error: Repeatability) -> bool:
    return may_be_the_detectors(first.size or 0.0, first.alike or 0.0, later.size or 0.0, later.alike or 0.0, error)


def _label_mark(mark: TimedMark) -> Text:
    if mark.group == "CT" and mark.kind == "net":
        return say("Calcium of net {number}", number=mark.number)
    if mark.group == "CT":
        return say("Calcium of vessel {number}", number=mark.number)
    if mark.kind == "net":
        return say("Area of net {number}", number=mark.number)
    return say("Calcified length of vessel {number}", number=mark.number)
