"""Records put in the order of time; those that cannot be of one course are refused in a sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Final

from calcinet.errors import BadInput
from calcinet.protocols.modalities import protocol_of
from calcinet.record import ImageRecord, Record
from calcinet.text import Text, as_written, say
from calcinet.vocabulary import Side

DAYS_A_YEAR: Final = 365.25
"""Mean of the calendar."""

AGE_SLACK_YEARS: Final = 1.0
"""Completed years and days of the calendar may differ by less than one year."""

SIDES: Final = {"L": say("left"), "R": say("right"), "B": say("both sides")}

LIMB_KINDS: Final = ("film", "CT", "mammogram")
"""Images that show one part of the body; a bone scan shows all of it."""

Place = tuple[str, str, Side | None]
"""Kind of image, body part, side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A record with its day."""

    given: int
    """Its number among those that were given, from 1."""
    on: date
    record: Record

    @property
    def day(self) -> str:
        """Its day as YYYY-MM-DD."""
        return self.on.isoformat()


def order_visits(records: Sequence[Record]) -> tuple[Visit, ...]:
    """Put records in the order of time.

    Raises
    ------
    BadInput
        If there are fewer than two, one has no day, two have the same, or they cannot be of one patient and one limb.
    """
    if len(records) < 2:
        raise BadInput(say("a time line needs two records or more, got {count}", count=len(records)))
    visits = [
        Visit(given=number, on=find_day(record, number), record=record) for number, record in enumerate(records, 1)
    ]
    visits.sort(key=lambda visit: visit.on)
    for earlier, later in combinations(visits, 2):
        _refuse_same_day(earlier, later)
        _refuse_same_image(earlier, later)
        _refuse_two_patients(earlier, later)
    for number, visit in enumerate(visits[1:], 1):
        _refuse_other_limb(visits[:number], visit)
        _refuse_without_size(visits[:number], visit)
    return tuple(visits)


def find_day(record: Record, number: int) -> date:
    """Day of a record: that of the case, else of its latest image."""
    if record.clinical.examined_on is not None:
        return date.fromisoformat(record.clinical.examined_on)
    days = [image.on for image in record.images if image.on is not None]
    if not days:
        raise BadInput(
            say(
                "record {number} has no day: write examined_on in its case file, or on beside its film, and examine "
                "again",
                number=number,
            )
        )
    return date.fromisoformat(max(days))


def _refuse_same_day(earlier: Visit, later: Visit) -> None:
    if earlier.on == later.on:
        raise BadInput(
            say(
                "records {one} and {other} are both of {day}: give one record a day, or examine its images together",
                one=earlier.given,
                other=later.given,
                day=later.on,
            )
        )


def _refuse_same_image(earlier: Visit, later: Visit) -> None:
    known = {image.sha256 for image in earlier.record.images if image.sha256}
    if any(image.sha256 in known for image in later.record.images):
        raise BadInput(
            say(
                "records {one} and {other} hold the same image: an image belongs to the day on which it was taken",
                one=earlier.given,
                other=later.given,
            )
        )


def _refuse_two_patients(earlier: Visit, later: Visit) -> None:
    """Refuse what cannot be true of one patient; records name nobody, so that more cannot be checked."""
    contradiction = next(_list_contradictions(earlier, later), None)
    if contradiction is not None:
        raise BadInput(
            say(
                "records {one} and {other} are of two patients: {contradiction}; give the records of one",
                one=earlier.given,
                other=later.given,
                contradiction=contradiction,
            )
        )


def _list_contradictions(earlier: Visit, later: Visit) -> Iterator[Text]:
    one, other = earlier.record.clinical, later.record.clinical
    if one.sex is not None and other.sex is not None and one.sex != other.sex:
        yield say("one is {one}, the other {other}", one=as_written(one.sex), other=as_written(other.sex))
    if one.age_years is not None and other.age_years is not None:
        years = (later.on - earlier.on).days / DAYS_A_YEAR
        if abs(other.age_years - one.age_years - years) > AGE_SLACK_YEARS:
            yield say(
                "{one} years old on {day} and {other} on {later}",
                one=one.age_years,
                day=earlier.on,
                other=other.age_years,
                later=later.on,
            )
    ended = one.outcome
    if one.died and ended is not None and ended.on is not None and date.fromisoformat(ended.on) < later.on:
        yield say("one died before the day of the other")


def find_place(image: ImageRecord) -> Place:
    """Kind, body part and side of an image; a CT of both sides and one that states none show the same place."""
    kind, side = protocol_of(image).kind, image.laterality
    if kind == "CT" and side == "B":
        side = None
    return kind, image.anatomy, side


def _list_places(visit: Visit) -> set[Place]:
    return {
        place for place in map(find_place, visit.record.examined) if place[0] in LIMB_KINDS and place[2] is not None
    }


def _refuse_other_limb(before: Sequence[Visit], visit: Visit) -> None:
    """Refuse a record whose images show the other limb alone."""
    for kind, anatomy, side in sorted(_list_places(visit), key=str):
        for earlier in before:
            same = {place for place in _list_places(earlier) if place[:2] == (kind, anatomy)}
            here = {place for place in _list_places(visit) if place[:2] == (kind, anatomy)}
            if same and not same & here:
                raise BadInput(
                    say(
                        "record {other} shows {part}, {side}, record {one} the other limb: a follow-up shows the same "
                        "one",
                        other=visit.given,
                        part=as_written(anatomy),
                        side=SIDES[side or "B"],
                        one=earlier.given,
                    )
                )


def _refuse_without_size(before: Sequence[Visit], visit: Visit) -> None:
    """Refuse an image without a pixel size where an earlier one of its place has one."""
    for image in visit.record.examined:
        if image.size_known:
            continue
        for earlier in before:
            sized = {find_place(other) for other in earlier.record.examined if other.size_known}
            if find_place(image) in sized:
                raise BadInput(
                    say(
                        "{image} of record {other} has no pixel size, so that nothing of it in mm can be compared with "
                        "record {one}: examine the original DICOM file, or leave this image out",
                        image=image.id,
                        other=visit.given,
                        one=earlier.given,
                    )
                )
