"""The vessels of a film on page and paper: which findings are stretches of one, how long, how wide."""

from collections.abc import Sequence
from typing import Final

from calcinet.record import ImageRecord, VesselCourse
from calcinet.report.blocks import Block, Heading, Prose, Table
from calcinet.report.language import Language
from calcinet.report.pictures.annotation import number_of
from calcinet.report.quantities.numbers import FIXED_SPACE, NO_VALUE, number
from calcinet.report.quantities.table import vessel_name

MOST_VESSELS: Final = 20
"""Vessels in the table, the longest. Our choice: half a sheet of paper; record.json has all."""

MOST_MEMBERS: Final = 12
"""Findings named of one vessel. Our choice: a line of the table."""


def course_blocks(image: ImageRecord, _: Language) -> list[Block]:
    """A sentence and a table of vessels; nothing where every finding is a vessel of its own."""
    stretches = sum(len(course.findings) for course in image.courses)
    vessels = len(image.courses)
    if stretches == vessels:
        return []
    shown = image.courses[:MOST_VESSELS]
    head = (_("Vessel"), _("Findings along it"), _("Length"), _("Calcified"), _("Share"), _("Calibre"))
    rows = tuple(_row(vessel_name(place), course, image, _) for place, course in enumerate(shown))
    told = _.counted(
        vessels,
        "{count} calcified vessel in {stretches} stretches: findings that go on from one another over a gap are taken "
        "for one vessel. The gaps are dotted on the picture.",
        "{count} calcified vessels in {stretches} stretches: findings that go on from one another over a gap are taken "
        "for one vessel. The gaps are dotted on the picture.",
        stretches=stretches,
    )
    blocks: list[Block] = [
        Heading(_("Calcified vessels")),
        Prose(told),
        Table(head, rows, (1.2, 4, 1.8, 1.8, 1.3, 2.6)),
    ]
    if vessels > MOST_VESSELS:
        more = vessels - MOST_VESSELS
        blocks.append(
            Prose(_.counted(more, "And {count} more in record.json.", "And {count} more in record.json."), tone="note")
        )
    limits = _(
        "A film cannot prove that it is one vessel: where vessels cross or branch, findings of two may be taken for "
        "one. A gap is where no centre line was traced; calcium may be marked there. Where one wall alone is marked, "
        "the calibre may be that of the wall."
    )
    return [*blocks, Prose(limits, tone="note")]


def members(numbers: Sequence[str], _: Language) -> str:
    """Name the findings of a vessel, of many the first."""
    told = ", ".join(numbers[:MOST_MEMBERS]) or NO_VALUE
    more = len(numbers) - MOST_MEMBERS
    return _("{numbers} and {more} more", numbers=told, more=more) if more > 0 else told


def _row(name: str, course: VesselCourse, image: ImageRecord, _: Language) -> tuple[Prose, ...]:
    by_id = {finding.id: finding for finding in image.findings}
    found = [by_id[key] for key in course.findings]
    return (
        Prose("", lead=name),
        Prose(members([number_of(finding) for finding in found], _)),
        Prose(_length(course.length_mm, course.length_px, _)),
        Prose(_length(course.calcified_mm, course.calcified_px, _)),
        Prose(f"{course.calcified_percent:.0f}{FIXED_SPACE}%"),
        Prose(_calibres([finding.calibre_mm for finding in found], _)),
    )


def _length(mm: float | None, px: float, _: Language) -> str:
    return f"{number(px)}{FIXED_SPACE}{_('px')}" if mm is None else f"{number(mm)}{FIXED_SPACE}mm"


def _calibres(mm: Sequence[float | None], _: Language) -> str:
    """The narrowest and the widest that was measured."""
    written = list(dict.fromkeys(number(value) for value in sorted(value for value in mm if value is not None)))
    if not written:
        return NO_VALUE
    told = written[0] if len(written) == 1 else _("{low} to {high}", low=written[0], high=written[-1])
    return f"{told}{FIXED_SPACE}mm"
