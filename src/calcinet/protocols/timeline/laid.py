"""Images of one place laid on the first of them: which marks are the same, and how large each was on each day."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from calcinet.arrays import Pixels
from calcinet.errors import BadInput, NotMeasurable
from calcinet.image import Image
from calcinet.protocols.timeline.film_places import LOOKS_ALIKE, NO_SIZE, lay_film, note_other_marks, place_film
from calcinet.protocols.timeline.imaged import Series, explain_not_comparable, group_by_place
from calcinet.protocols.timeline.laid_places import Images, LaidPlaces, name_place, read_reason, say_missing, show
from calcinet.protocols.timeline.matching import MatchedMark, Placed, match, name_same
from calcinet.protocols.timeline.visits import Place, Visit, find_place
from calcinet.protocols.timeline.volume_places import lay_volume, note_other_stretches, place_volume, project_front
from calcinet.protocols.tracking import take_over
from calcinet.record import ImageRecord, Record
from calcinet.record.timeline import LaidOnBaseline
from calcinet.text import Text, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How images of one kind are laid on one another."""

    begin: Callable[[ImageRecord, Image], Any]
    """The place of the first image."""
    lay: Callable[[Any, Image, ImageRecord, Image], Any]
    """The place of a later image, from that of the first, its pixels, what was found on the later and its pixels."""
    draw: Callable[[Image], Pixels]
    """The picture that is shown."""
    note: Callable[[LaidPlaces, Place, Series, Sequence[MatchedMark], Sequence[Any], Sequence[Visit]], None]
    """Says which sums are not to be set side by side, and what is, instead."""


WAYS: Final[Mapping[str, Way]] = {
    "film": Way(begin=place_film, lay=lay_film, draw=lambda image: image.plane, note=note_other_marks),
    "CT": Way(begin=place_volume, lay=lay_volume, draw=project_front, note=note_other_stretches),
}


def lay_images(visits: Sequence[Visit], images: Images) -> LaidPlaces:
    """Lay every later film and CT on the first of its place, as far as their pixels are there."""
    found = LaidPlaces()
    if not images:
        return found
    for place, series in group_by_place(visits).items():
        if place[0] in WAYS and len(series) > 1 and explain_not_comparable(place, series) is None:
            _lay_place(found, place, series, visits, images)
    return found


def _lay_place(found: LaidPlaces, place: Place, series: Series, visits: Sequence[Visit], images: Images) -> None:
    way = WAYS[place[0]]
    number, baseline = series[0]
    missing = [record for record, image in series if image.sha256 not in images]
    if number in missing or len(missing) == len(series) - 1:
        found.reasons.append(say_missing(place, missing))
        return
    try:
        first = images[baseline.sha256]()
        placed: list[Placed] = [way.begin(baseline, first)]
    except (NotMeasurable, BadInput) as refusal:
        why = read_reason(refusal)
        found.reasons.append(say("{place}: not laid on one another: {why}", place=name_place(place), why=why))
        return
    laid: Series = [(number, baseline)]
    shown = [show(place, number, baseline, way.draw(first), visits)]
    for record, image in series[1:]:
        if record in missing:
            found.reasons.append(say_missing(place, [record]))
            continue
        about = LaidOnBaseline(
            group="CT" if place[0] == "CT" else "film",
            place=place[1],
            side=place[2],
            baseline=number,
            record=record,
            image=image.id,
        )
        try:
            later = images[image.sha256]()
            there = way.lay(placed[0], first, image, later)
        except (NotMeasurable, BadInput) as refusal:
            found.refuse(place, about, read_reason(refusal))
            continue
        found.films.append(about.model_copy(update=there.describe_fit()))
        placed.append(there)
        laid.append((record, image))
        shown.append(show(place, record, image, way.draw(later), visits))
    if len(laid) > 1:
        found.shown += shown
        marks = match(placed)
        way.note(found, place, laid, marks, placed, visits)
        found.follow(marks, place, laid, visits, LOOKS_ALIKE)


def keep_identifiers(
    record: Record, images: Images, baseline: Record, images_before: Images
) -> tuple[Record, Mapping[str, Text]]:
    """A record whose findings have the identifiers of the same vessels, nets and foci of a baseline.

    Parameters
    ----------
    record
        Of the follow-up.
    images, images_before
        By the SHA-256 of an image of the follow-up and of the baseline what reads it.
    baseline
        The earlier record.

    Returns
    -------
    The record, and by the id of each image that lies on none of the baseline why.
    """
    kept, apart = list(record.images), {}
    for number, image in enumerate(kept):
        if image.refused is None:
            marked = _keep_image(image, images, baseline, images_before)
            if isinstance(marked, ImageRecord):
                kept[number] = marked
            else:
                apart[image.id] = marked
    return record.model_copy(update={"images": tuple(kept)}), apart


def _keep_image(image: ImageRecord, images: Images, baseline: Record, images_before: Images) -> ImageRecord | Text:
    """An image with the identifiers of the one of the baseline that shows the same; else why there is none."""
    place = find_place(image)
    if place[0] not in WAYS:
        return say("films and CTs alone are laid on a baseline")
    if image.sha256 not in images or not image.size_known:
        return NO_SIZE
    way = WAYS[place[0]]
    alike = [one for one in baseline.examined if find_place(one) == place and one.view == image.view]
    why = say("no image of the baseline shows this part of the body from this side")
    for earlier in alike:
        if earlier.sha256 not in images_before:
            why = say("the image of the baseline is none of those given")
            continue
        try:
            before = images_before[earlier.sha256]()
            first = way.begin(earlier, before)
            later = way.lay(first, before, image, images[image.sha256]())
        except (NotMeasurable, BadInput) as refusal:
            why = read_reason(refusal)
            continue
        return take_over(image, earlier, name_same(match([first, later])))
    return why
