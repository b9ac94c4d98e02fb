"""The vessels of a film on page and paper: which findings are stretches of one, how long, how wide."""

from collections.abc import Sequence
from typing import Final

from calcinet.record import FindingRecord, ImageRecord, VesselCourse
from calcinet.report.blocks import Block, Heading, Prose, Table
from calcinet.report.language import Language
from calcinet.report.pictures.annotation import number_of
from calcinet.report.quantities.numbers import FIXED_SPACE, NO_VALUE, number, whole_percent, with_unit
from calcinet.report.quantities.table import vessel_name
from calcinet.report.sections.finding_numbers import list_numbers
from calcinet.report.sections.spacing import heading_with_condition
from calcinet.text import say

MOST_VESSELS: Final = 20
"""Vessels in the table, the longest. Our choice: half a sheet of paper; record.json has all."""


def course_blocks(image: ImageRecord, _: Language) -> list[Block]:
    """A sentence and a table of vessels; nothing where every finding is a vessel of its own."""
    stretches = sum(len(course.findings) for course in image.courses)
    vessels = len(image.courses)
    if stretches == vessels:
        return []
    blocks: list[Block] = [
        Heading(heading_with_condition(say("Calcified vessels"), image, _)),
        Prose(_count_vessels(vessels, stretches, _)),
        _tabulate_vessels(image, _),
    ]
    more = vessels - MOST_VESSELS
    if more > 0:
        text = _.counted(more, "And {count} more in record.json.", "And {count} more in record.json.")
        blocks.append(Prose(text, tone="note"))
    limits = _(
        "A film cannot prove that it is one vessel: where vessels cross or branch, findings of two may be taken for "
        "one. A gap is where no centre line was traced; calcium may be marked there. Where one wall alone is marked, "
        "the calibre may be that of the wall."
    )
    return [*blocks, Prose(limits, tone="note")]


def _count_vessels(vessels: int, stretches: int, _: Language) -> str:
    return _.counted(
        vessels,
        "{count} calcified vessel in {stretches} stretches: findings that go on from one another over a gap are taken "
        "for one vessel. The gaps are dotted on the picture.",
        "{count} calcified vessels in {stretches} stretches: findings that go on from one another over a gap are taken "
        "for one vessel. The gaps are dotted on the picture.",
        stretches=stretches,
    )


def _tabulate_vessels(image: ImageRecord, _: Language) -> Table:
    by_id = {finding.id: finding for finding in image.findings}
    rows = []
    for place, course in enumerate(image.courses[:MOST_VESSELS]):
        findings = [by_id[key] for key in course.findings]
        rows.append(_make_row(vessel_name(place), course, findings, _))
    head = (_("Vessel"), _("Findings along it"), _("Length"), _("Calcified"), _("Share"), _("Calibre"))
    return Table(head, tuple(rows), (1.2, 4, 1.8, 1.8, 1.3, 2.6))


def _make_row(name: str, course: VesselCourse, findings: Sequence[FindingRecord], _: Language) -> tuple[Prose, ...]:
    numbers = [number_of(finding) for finding in findings]
    return (
        Prose("", lead=name),
        Prose(list_numbers(numbers, _)),
        Prose(_write_length(course.length_mm, course.length_px, _)),
        Prose(_write_length(course.calcified_mm, course.calcified_px, _)),
        Prose(whole_percent(course.calcified_percent)),
        Prose(_write_calibres(findings, _)),
    )


def _write_length(in_millimetres: float | None, in_pixels: float, _: Language) -> str:
    if in_millimetres is None:
        return with_unit(in_pixels, _("px"))
    return with_unit(in_millimetres, "mm")


def _write_calibres(findings: Sequence[FindingRecord], _: Language) -> str:
    """Write the narrowest and the widest calibre that was measured."""
    measured = [finding.calibre_mm for finding in findings if finding.calibre_mm is not None]
    if not measured:
        return NO_VALUE
    narrowest, widest = number(min(measured)), number(max(measured))
    if narrowest == widest:
        return f"{narrowest}{FIXED_SPACE}mm"
    return f"{_('{low} to {high}', low=narrowest, high=widest)}{FIXED_SPACE}mm"
