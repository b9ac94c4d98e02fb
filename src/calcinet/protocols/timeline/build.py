"""Several records of one patient -> their time line."""

from collections.abc import Sequence

from calcinet.protocols.modalities import protocol_of
from calcinet.protocols.timeline.bedside import follow_bedside
from calcinet.protocols.timeline.events import list_events
from calcinet.protocols.timeline.imaged import follow_images
from calcinet.protocols.timeline.laid import lay_images
from calcinet.protocols.timeline.laid_places import Images, ShownFilm
from calcinet.protocols.timeline.visits import SIDES, Visit, order_visits
from calcinet.record import ImageRecord, Record
from calcinet.record.timeline import TimedRecord, Timeline
from calcinet.text import Text, as_written, say
from calcinet.version import __version__


def build_timeline(records: Sequence[Record], images: Images | None = None) -> tuple[Timeline, list[ShownFilm]]:
    """Put records on one time line, whatever the order in which they are given; and the films and CTs that were laid on
    one another, to be drawn.

    Parameters
    ----------
    records
        Of one patient.
    images
        By the SHA-256 of an image what reads it; those that are not there are compared by their sums alone.

    Raises
    ------
    BadInput
        If they cannot be of one patient, one limb and several days; the sentence says which and why.
    """
    visits = order_visits(records)
    laid = lay_images(visits, images or {})
    imaged, not_compared = follow_images(visits, laid.unfit, laid.elsewhere)
    bedside, not_followed = follow_bedside(visits)
    timeline = Timeline(
        version=__version__,
        records=tuple(_note_record(number, visit, visits[0]) for number, visit in enumerate(visits, 1)),
        quantities=(*bedside, *imaged, *laid.quantities),
        events=list_events(visits),
        laid=tuple(laid.films),
        marks=tuple(laid.marks),
        not_compared=(*not_compared, *laid.reasons, *not_followed),
    )
    return timeline, laid.shown


def _note_record(number: int, visit: Visit, first: Visit) -> TimedRecord:
    clinical = visit.record.clinical
    lesions = tuple(lesion.label for lesion in clinical.lesions)
    return TimedRecord(
        number=number,
        on=visit.day,
        day=(visit.on - first.on).days,
        images=tuple(_name_image(image) for image in visit.record.examined),
        lesions=lesions or None,
    )


def _name_image(image: ImageRecord) -> Text:
    kind = as_written(protocol_of(image).kind)
    if image.scintigram is not None or image.anatomy == "unknown":
        return kind
    if image.laterality is None:
        return say("{kind}: {part}", kind=kind, part=as_written(image.anatomy))
    return say("{kind}: {part}, {side}", kind=kind, part=as_written(image.anatomy), side=SIDES[image.laterality])
