"""All images at a glance, so that the seventeenth is found: what each is of, its day, and what was found."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from calcinet.clinical.films import UNKNOWN, has_side
from calcinet.record import ImageRecord, Record
from calcinet.report.blocks import Prose, Section, Table
from calcinet.report.labels import SIDES
from calcinet.report.language import Language
from calcinet.report.quantities.numbers import NO_VALUE
from calcinet.report.sections.image_name import name_view
from calcinet.text import Text, counted, say
from calcinet.vocabulary import FindingKind

FEWEST: Final = 2
"""From this many examined images on there is a table. Our choice: one image needs no list."""

KINDS: Final[tuple[FindingKind, ...]] = ("net", "uptake", "vessel", "focus")
"""Kinds of finding in the order in which they are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmRow:
    """One image, in words of the page."""

    id: str
    number: str
    """What people call it by."""
    examined: bool
    """Whether the image has a part of its own on the page."""
    part: str
    side: str
    view: str
    day: str
    found: str


def film_rows(record: Record, _: Language) -> list[FilmRow]:
    """List the images in the order in which they were given, the refused among them; none where only one
    was examined.
    """
    if len(record.examined) < FEWEST:
        return []
    return [_describe(image, _) for image in record.images]


def film_section(record: Record, _: Language) -> Iterator[Section]:
    """Write the same as a table for paper, where there are several."""
    rows = film_rows(record, _)
    if not rows:
        return
    cells = []
    for row in rows:
        words = (row.part, row.side, row.view, row.day, row.found)
        cells.append((Prose(row.number), *(Prose(word) for word in words)))
    yield Section("films", _("Images in the order given"), (Table(film_head(_), tuple(cells), (1.2, 3, 2, 1.6, 2, 4)),))


def film_head(_: Language) -> tuple[str, ...]:
    """Write the titles of the columns."""
    return (_("Image"), _("Body part"), _("Side"), _("View"), _("Day"), _("Found"))


def _describe(image: ImageRecord, _: Language) -> FilmRow:
    part = _("not known") if image.anatomy == UNKNOWN else _(image.anatomy)
    return FilmRow(
        id=image.id,
        number=image.number,
        examined=image.refused is None,
        part=part,
        side=_name_side(image, _),
        view=name_view(image, _) or NO_VALUE,
        day=image.on or NO_VALUE,
        found=_(_count_findings(image)),
    )


def _name_side(image: ImageRecord, _: Language) -> str:
    if image.laterality is not None:
        return _(SIDES[image.laterality])
    if has_side(image.anatomy) and image.ct is None and image.scintigram is None:
        return _("not known")
    return NO_VALUE


def _count_findings(image: ImageRecord) -> Text:
    """Count the marks by kind, or say that nothing was marked or looked for."""
    if image.refused is not None:
        return say("refused")
    counts = [_count(image, kind) for kind in KINDS if image.findings_of(kind)]
    if not counts:
        return say("nothing marked")
    return say("{counts:, }", counts=counts)


def _count(image: ImageRecord, kind: FindingKind) -> Text:
    count = len(image.findings_of(kind))
    if kind == "net":
        return counted(count, "{count} net", "{count} nets")
    if kind == "uptake":
        return counted(count, "{count} place of uptake", "{count} places of uptake")
    if kind == "vessel":
        count = len(image.courses) or count  # as the sentences count them: stretches of one vessel are one
        return counted(count, "{count} calcified vessel", "{count} calcified vessels")
    return counted(count, "{count} other mark", "{count} other marks")
