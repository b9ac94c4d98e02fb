"""What a person states of a film beside what its file says: the gaps are filled, and neither silently wins."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from calcinet.clinical.films import UNKNOWN, Film, has_side, join_sites, join_views, write_day
from calcinet.image import Image
from calcinet.protocols.summary import SIDES
from calcinet.record import ImageRecord, Question
from calcinet.text import Text, say

FILMS: Final = ("CR", "DX", "MG")
"""DICOM modalities of a film; a CT and a bone scan show their sides themselves."""

PARTS: Final[Mapping[str, Text]] = {
    "anatomy": say("the body part"),
    "laterality": say("the side"),
    "view": say("the view"),
}
"""What a film is named by, by the field of the image."""

ASKED: Final[Mapping[str, Text]] = {
    "anatomy": say("which body part"),
    "laterality": say("which side"),
    "view": say("which view"),
}
"""How it is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenFilm:
    """How an image was given."""

    number: int
    """Place of its first file, from 1."""
    files: int
    """How many files the call has."""
    entry: int | None = None
    """Number of its entry in `films` of the case, from 0; None where it has none."""


def state_subject(image: Image, film: Film) -> Image:
    """An image with what a person states of it.

    What the file leaves out is taken as stated. What it contradicts is left open, with a caution, until a person has
    looked at the film again (`checked`): a wrong side or a wrong body part is worse than one that is not known.
    """
    changes: dict[str, Any] = {}
    cautions: list[str] = []
    for name, stated, joined in _list_stated(image, film):
        if joined is not None:
            changes[name] = joined
            continue
        changes[name] = stated if film.checked else _leave_open(name)
        cautions.append(_explain_conflict(name, getattr(image, name), stated, checked=bool(film.checked)))
    if changes.get("anatomy") == "breast" and image.modality == "DX" and image.anatomy == UNKNOWN:
        changes["modality"] = "MG"  # a film of a breast is a mammogram, as where --anatomy says so
    return replace(image, **changes, cautions=(*image.cautions, *cautions))


def note_statement(record: ImageRecord, image: Image, film: Film) -> ImageRecord:
    """The record of an image with its day, and which of its fields are a person's word and not the file's.

    Parameters
    ----------
    record
        Of the image as it was examined.
    image
        As its file describes it.
    film
        What is stated of it.
    """
    stated = []
    for name, word in (("anatomy", film.site), ("laterality", film.side), ("view", film.view)):
        examined = getattr(record, name)
        if word is not None and examined not in (None, UNKNOWN) and examined != getattr(image, name):
            stated.append(name)
    return record.model_copy(update={"on": write_day(film.on), "from_case": tuple(stated)})


def ask_about_films(
    images: Sequence[ImageRecord], given: Mapping[str, GivenFilm], films: Sequence[Film]
) -> Iterator[Question]:
    """One question for each film whose body part or side is not known; films without an entry go after the last."""
    free = len(films)
    for image in images:
        if image.refused is not None or image.modality not in FILMS:
            continue
        place = given.get(image.id)
        missing = _list_missing(image)
        if place is None or not missing:
            continue
        number = place.entry
        if number is None:
            number = free
            free += 1
        yield _ask(image, place, missing, number)


def _list_missing(image: ImageRecord) -> list[str]:
    """Fields to ask for; a view alone is not worth a question."""
    missing = []
    if image.anatomy == UNKNOWN:
        missing.append("anatomy")
    if image.laterality is None and has_side(image.anatomy):
        missing.append("laterality")
    if missing and image.view is None:
        missing.append("view")
    return missing


def _ask(image: ImageRecord, place: GivenFilm, missing: Sequence[str], number: int) -> Question:
    asked = [ASKED[name] for name in missing]
    text = say(
        "{image} (file {number} of {files} as given): {asked:, }? The answer goes into films of the case file.",
        image=image.id,
        number=place.number,
        files=place.files,
        asked=asked,
    )
    return Question(field=f"films.{number}", as_given="not stated", text=text)


def _list_stated(image: Image, film: Film) -> Iterator[tuple[str, str, str | None]]:
    """Field, a person's word, and what file and person say together; None where they contradict one another."""
    if film.site is not None:
        yield "anatomy", film.site, join_sites(image.anatomy, film.site)
    if film.side is not None:
        agreed = image.laterality in (None, film.side)
        yield "laterality", film.side, film.side if agreed else None
    if film.view is not None:
        yield "view", film.view, join_views(image.view, film.view)


def _leave_open(name: str) -> str | None:
    if name == "anatomy":
        return UNKNOWN
    return None


def _explain_conflict(name: str, filed: str, stated: str, *, checked: bool) -> Text:
    words = {"what": PARTS[name], "filed": SIDES.get(filed, filed), "stated": SIDES.get(stated, stated)}
    if checked:
        return say(
            "{what} is {filed} by the file and {stated} by the case file, whose writer has checked it on the film: "
            "examined as the case file says",
            **words,
        )
    return say(
        "{what} is {filed} by the file and {stated} by the case file: taken as not known. Look at the film and its "
        "marker; if the case file is right, add checked: yes to its entry, else correct it",
        **words,
    )
