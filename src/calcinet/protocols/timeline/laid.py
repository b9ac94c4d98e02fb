"""Films of one place laid on the first of them: which marks are the same, and how large each was on each day."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np

from calcinet.arrays import Pixels
from calcinet.errors import BadInput, NotMeasurable
from calcinet.geometry.registration import register
from calcinet.measure.radiograph.repeatability import MARK_REPEAT_SD
from calcinet.protocols.timeline.compared import compare_points
from calcinet.protocols.timeline.imaged import Series, explain_not_comparable, group_by_place
from calcinet.protocols.timeline.matching import LaidFilm, MatchedMark, match_findings, match_marks
from calcinet.protocols.timeline.visits import SIDES, Place, Visit, find_place
from calcinet.protocols.tracking import take_over
from calcinet.record import ImageRecord, Record
from calcinet.record.timeline import LaidOnBaseline, MarkOnFilm, TimedMark, TimedQuantity, TimePoint
from calcinet.text import Text, as_written, say

Planes = Mapping[str, Callable[[], Pixels]]
"""By the SHA-256 of a film what reads its pixels, shape (Y, X), bone bright."""

SHOWN_PX: Final = 900
"""Longest side of a film as it is drawn. Our choice: sharp on paper at a third of its width."""

FOLLOWED: Final[Mapping[str, tuple[str, str]]] = {"vessel": ("vessel.length_mm", "mm"), "net": ("net.patch_cm2", "cm2")}
"""What is followed of a mark, by its kind, and its unit. Of a focus nothing: how far its area varies is not known."""

SUMMED: Final[Mapping[str, tuple[str, ...]]] = {
    "vessel": ("calcified_area_mm2", "calcified_length_mm"),
    "net": ("net.area_cm2", "net.mesh_mm"),
}
"""Measures of a whole film that the marks of a kind make up."""

LEAST_AGAIN: Final = 0.5
"""Share of what one of two films shows of a kind that is marked on the other, too, where sums are compared. Our choice:
growth leaves what was there, and loss leaves less of it; where neither film has half of its marks on the other, the
detector marked other stretches."""

ELSEWHERE: Final = say(
    "less than half of what is marked on either film is marked on the other, so that the difference may be the "
    "detector's: look at both films"
)

MM2_A_CM2: Final = 100.0

NO_SIZE: Final = say("the size of a pixel is not known on both; give the original DICOM files")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ShownFilm:
    """A film that lies on others, to be drawn."""

    record: int
    on: str
    image: ImageRecord
    plane: Pixels
    """Made smaller, shape (Y, X)."""


@dataclass(slots=True, kw_only=True)
class LaidPlaces:
    """What films of all places showed when they were laid on one another."""

    films: list[LaidOnBaseline] = field(default_factory=list)
    marks: list[TimedMark] = field(default_factory=list)
    quantities: list[TimedQuantity] = field(default_factory=list)
    reasons: list[Text] = field(default_factory=list)
    unfit: dict[Place, dict[int, Text]] = field(default_factory=dict)
    """By the number of its record why a film does not lie on the first of its place."""
    elsewhere: dict[Place, dict[str, dict[int, Text]]] = field(default_factory=dict)
    """By measure and number of the record why a sum is not set beside that of the first film."""
    shown: list[ShownFilm] = field(default_factory=list)


def lay_films(visits: Sequence[Visit], planes: Planes) -> LaidPlaces:
    """Lay every later film on the first of its place, as far as their pixels are there."""
    found = LaidPlaces()
    if not planes:
        return found
    for place, series in group_by_place(visits).items():
        if place[0] == "film" and len(series) > 1 and explain_not_comparable(place, series) is None:
            _lay_place(found, place, series, visits, planes)
    return found


def _lay_place(found: LaidPlaces, place: Place, series: Series, visits: Sequence[Visit], planes: Planes) -> None:
    number, baseline = series[0]
    missing = [record for record, image in series if image.sha256 not in planes]
    if number in missing or len(missing) == len(series) - 1:
        found.reasons.append(_say_missing(place, missing))
        return
    if not all(image.size_known for _, image in series):
        found.reasons.append(say("{place}: films not laid on one another: {why}", place=_name(place), why=NO_SIZE))
        return
    first = planes[baseline.sha256]()
    films, shown = [], [_show(number, baseline, first, visits)]
    numbers = [number]
    for record, image in series[1:]:
        if record in missing:
            found.reasons.append(_say_missing(place, [record]))
            continue
        plane = planes[image.sha256]()
        laid = _lay_film(found, place, (number, baseline, first), (record, image, plane))
        if laid is not None:
            films.append(laid)
            numbers.append(record)
            shown.append(_show(record, image, plane, visits))
    if films:
        found.shown += shown
        _follow_marks(found, place, numbers, baseline, films, visits)


def keep_identifiers(
    record: Record, pixels: Planes, baseline: Record, planes: Planes
) -> tuple[Record, Mapping[str, Text]]:
    """A record whose findings have the identifiers of the same vessels, nets and foci of a baseline.

    Parameters
    ----------
    record
        Of the follow-up.
    pixels, planes
        By the SHA-256 of a film of the follow-up and of the baseline what reads its pixels.
    baseline
        The earlier record.

    Returns
    -------
    The record, and by the id of each image that lies on no film of the baseline why.
    """
    images, apart = list(record.images), {}
    for number, image in enumerate(images):
        if image.refused is None:
            kept = _keep_image(image, pixels, baseline, planes)
            if isinstance(kept, ImageRecord):
                images[number] = kept
            else:
                apart[image.id] = kept
    return record.model_copy(update={"images": tuple(images)}), apart


def _keep_image(image: ImageRecord, pixels: Planes, baseline: Record, planes: Planes) -> ImageRecord | Text:
    """An image with the identifiers of the one film of the baseline that shows the same; else why there is none."""
    if find_place(image)[0] != "film":
        return say("films alone are laid on a baseline")
    if not image.size_known or image.sha256 not in pixels:
        return NO_SIZE
    alike = [one for one in baseline.examined if find_place(one) == find_place(image) and one.view == image.view]
    why = say("no film of the baseline shows this part of the body from this side")
    for earlier in alike:
        if not earlier.size_known:
            why = NO_SIZE
        elif earlier.sha256 not in planes:
            why = say("the film of the baseline is none of those given")
        else:
            try:
                laid = register(
                    planes[earlier.sha256](), pixels[image.sha256](), _require_size(earlier), _require_size(image)
                )
            except (NotMeasurable, BadInput) as refusal:
                why = _read_reason(refusal)
                continue
            return take_over(image, earlier, match_findings(earlier, image, laid))
    return why


def _read_reason(refusal: Exception) -> Text:
    """What a refusal says, in words that can be translated where it has them."""
    if refusal.args and isinstance(refusal.args[0], Text):
        return refusal.args[0]
    return as_written(str(refusal))


FilmOfRecord = tuple[int, ImageRecord, Pixels]


def _lay_film(found: LaidPlaces, place: Place, first: FilmOfRecord, later: FilmOfRecord) -> LaidFilm | None:
    """A later film on the first one; None where they do not fit, which is noted."""
    _, anatomy, side = place
    number, baseline, plane = first
    record, image, follow_up = later
    about = LaidOnBaseline(place=anatomy, side=side, baseline=number, record=record, image=image.id)
    try:
        laid = register(plane, follow_up, _require_size(baseline), _require_size(image))
    except (NotMeasurable, BadInput) as refusal:
        why = _read_reason(refusal)
        found.films.append(about.model_copy(update={"refused": why}))
        found.unfit.setdefault(place, {})[record] = why
        found.reasons.append(
            say(
                "{place}, record {record} beside {number}: {why}",
                place=_name(place),
                record=record,
                number=number,
                why=why,
            )
        )
        return None
    fit = {
        "correlation": laid.correlation,
        "overlap": laid.overlap,
        "angle_deg": laid.angle_deg,
        "shift_mm": laid.shift_mm,
    }
    found.films.append(about.model_copy(update=fit))
    return LaidFilm(image, laid)


def _require_size(image: ImageRecord) -> tuple[float, float]:
    assert image.spacing_mm is not None
    return image.spacing_mm


def _name(place: Place) -> Text:
    """Part of the body and side."""
    _, anatomy, side = place
    if side is None:
        return as_written(anatomy)
    return say("{part}, {side}", part=as_written(anatomy), side=SIDES[side])


def _say_missing(place: Place, records: Sequence[int]) -> Text:
    return say(
        "{place}: of record {records:, } no film was given, so that its vessels and nets are not matched",
        place=_name(place),
        records=[as_written(str(record)) for record in records],
    )


def _show(record: int, image: ImageRecord, plane: Pixels, visits: Sequence[Visit]) -> ShownFilm:
    scale = min(1.0, SHOWN_PX / max(plane.shape))
    size = (max(1, round(plane.shape[1] * scale)), max(1, round(plane.shape[0] * scale)))
    small = cv2.resize(np.asarray(plane, np.float32), size, interpolation=cv2.INTER_AREA)
    return ShownFilm(record=record, on=visits[record - 1].day, image=image, plane=np.asarray(small, np.float32))


def _follow_marks(
    found: LaidPlaces,
    place: Place,
    numbers: Sequence[int],
    baseline: ImageRecord,
    films: Sequence[LaidFilm],
    visits: Sequence[Visit],
) -> None:
    """Number the marks of films that lie on one another, and say how each changed."""
    images = [baseline, *(film.image for film in films)]
    marks = match_marks(baseline, films)
    _note_elsewhere(found, place, numbers, marks)
    for matched in marks:
        mark = _number_mark(len(found.marks) + 1, matched, place, list(zip(numbers, images, strict=True)))
        found.marks.append(mark)
        found.quantities += _follow_mark(mark, visits)


def _note_elsewhere(found: LaidPlaces, place: Place, numbers: Sequence[int], marks: Sequence[MatchedMark]) -> None:
    """Note the sums of later films that are of other marks than those of the first."""
    for film, record in enumerate(numbers[1:], 1):
        for kind, measures in SUMMED.items():
            if _is_elsewhere([mark for mark in marks if mark.kind == kind], film):
                for measure in measures:
                    found.elsewhere.setdefault(place, {}).setdefault(measure, {})[record] = ELSEWHERE


def _is_elsewhere(marks: Sequence[MatchedMark], film: int) -> bool:
    """Whether neither the first film nor this one has `LEAST_AGAIN` of its marks on the other."""
    sizes = np.array([(mark.sizes[0] or 0.0, mark.sizes[film] or 0.0) for mark in marks]).reshape(-1, 2)
    whole = sizes.sum(axis=0)
    again = sizes[(sizes > 0).all(axis=1)].sum(axis=0)
    return bool((whole > 0).all() and (again < LEAST_AGAIN * whole).all())


def _number_mark(number: int, matched: MatchedMark, place: Place, images: Series) -> TimedMark:
    films, uids = [], []
    for (record, image), findings, size in zip(images, matched.findings, matched.sizes, strict=True):
        films.append(MarkOnFilm(record=record, image=image.id, findings=findings, size=size))
        uids += [finding.tracking_uid for finding in image.findings if finding.id in findings[:1]]
    return TimedMark(
        number=number,
        kind=matched.kind,
        place=place[1],
        side=place[2],
        tracking_uid=next(iter(uids), None),
        films=tuple(films),
    )


def _follow_mark(mark: TimedMark, visits: Sequence[Visit]) -> Iterator[TimedQuantity]:
    """How large a mark was on each day on which it was marked; nothing where that was one day alone."""
    if mark.kind not in FOLLOWED:
        return
    name, unit = FOLLOWED[mark.kind]
    points = []
    for film in mark.films:
        if film.size:
            value = film.size / MM2_A_CM2 if unit == "cm2" else film.size
            points.append(TimePoint(on=visits[film.record - 1].day, record=film.record, value=value))
    if len(points) < 2:
        return
    yield TimedQuantity(
        name=name,
        unit=unit,
        side=mark.side,
        place=mark.place,
        group="film",
        label=_label_mark(mark),
        mark=mark.number,
        points=tuple(points),
        changes=compare_points(points, visits, MARK_REPEAT_SD.get(name)),
    )


def _label_mark(mark: TimedMark) -> Text:
    if mark.kind == "net":
        return say("Area of net {number}", number=mark.number)
    return say("Calcified length of vessel {number}", number=mark.number)
