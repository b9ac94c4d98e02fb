"""One CT on the page: how it was made, how much calcium is where, in tables."""

from collections.abc import Iterator, Sequence
from typing import Final

from calcinet.record import CtArtery, CtRecord, CtScore, FindingRecord, ImageRecord
from calcinet.report.blocks import Block, Heading, Items, Prose, Table, hexadecimal
from calcinet.report.labels import SIDES
from calcinet.report.language import Language
from calcinet.report.pictures.annotation import number_of
from calcinet.report.pictures.ct.compartments import COLOURS, COMPARTMENTS, NAMES
from calcinet.report.quantities.findings import (
    write_bounds,
    write_calibre,
    write_calibre_details,
    write_depth,
    write_length,
)
from calcinet.report.quantities.numbers import NO_VALUE, number, whole_percent, with_unit
from calcinet.report.quantities.table import no_agatston
from calcinet.report.sections.ct.labels import FORMS, LEVELS, circumstances, count_left_out, require_ct
from calcinet.report.sections.finding_numbers import list_numbers

MOST_ROWS: Final = 25
"""Findings in the table of a CT, the largest. Our choice: one sheet of paper; record.json has all."""


def ct_blocks(image: ImageRecord, _: Language) -> list[Block]:
    """How it was made, then calcium part by part, arteries, findings, and what was left out."""
    ct = require_ct(image)
    blocks: list[Block] = [*circumstances(ct, _)]
    blocks += _list_scores(ct, image, _)
    if ct.arteries:
        blocks += [Heading(_("Calcified arteries")), _tabulate_arteries(ct, image, _)]
    blocks += _list_findings(image.findings, _)
    left_out = tuple(count_left_out(ct, _))
    if left_out:
        blocks += [Heading(_("Dense, but not counted")), Items(left_out)]
    return blocks


def largest(findings: Sequence[FindingRecord], most: int = MOST_ROWS) -> list[FindingRecord]:
    """Choose nets and the findings of the largest volume, in that order."""
    return sorted(findings, key=lambda each: (each.kind != "net", -(each.volume_mm3 or 0)))[:most]


def _list_scores(ct: CtRecord, image: ImageRecord, _: Language) -> Iterator[Block]:
    yield Heading(_("Calcium by side, level and compartment"))
    if not ct.scores:
        yield Prose(_("No calcium was found outside bone."))
        return
    head = (_("Compartment"), _("Side"), _("Level"), _("Lesions"), _("Volume"), _("Agatston score of arteries"))
    yield Table(head, tuple(_list_score_rows(ct, _)), (2.4, 1.2, 1.6, 1.2, 1.8, 1.8))
    if any(score.compartment == "artery" and score.agatston is None for score in ct.scores):
        yield Prose(_("No Agatston score: {because}.", because=_(no_agatston(image))), tone="note")


def _rank_score(score: CtScore) -> tuple[int, int, int]:
    """Rank by side, the left last; then from the head down, then from the inside outwards."""
    side = "RL".find(score.side or "")
    return side, list(LEVELS).index(score.level), COMPARTMENTS.index(score.compartment)


def _list_score_rows(ct: CtRecord, _: Language) -> Iterator[tuple[Prose, ...]]:
    for score in sorted(ct.scores, key=_rank_score):
        side = NO_VALUE
        if score.side is not None:
            side = _(SIDES[score.side])
        yield (
            Prose("", lead=_(NAMES[score.compartment]), colour=hexadecimal(COLOURS[score.compartment])),
            Prose(side),
            Prose(_(LEVELS[score.level])),
            Prose(str(score.lesions)),
            Prose(with_unit(score.volume_mm3, "mm³"), small=write_bounds(score.volume_interval_mm3, "mm³", _)),
            Prose(number(score.agatston), small=write_bounds(score.agatston_interval, "", _)),
        )


def _tabulate_arteries(ct: CtRecord, image: ImageRecord, _: Language) -> Table:
    numbers = {finding.id: number_of(finding) for finding in image.findings}
    head = (_("Side"), _("Findings, from the feet upwards"), _("Length"), _("Calcified"), _("Share"))
    rows = []
    for artery in ct.arteries:
        found = [numbers[key] for key in artery.findings if key in numbers]
        rows.append(_make_artery_row(artery, found, _))
    return Table(head, tuple(rows), (1.4, 4, 1.5, 1.5, 1.2))


def _make_artery_row(artery: CtArtery, numbers: Sequence[str], _: Language) -> tuple[Prose, ...]:
    side = _("side unknown")
    if artery.side is not None:
        side = _(SIDES[artery.side])
    return (
        Prose(side),
        Prose(list_numbers(numbers, _)),
        Prose(with_unit(artery.length_mm, "mm")),
        Prose(with_unit(artery.calcified_mm, "mm"), small=write_bounds(artery.calcified_interval_mm, "mm", _)),
        Prose(whole_percent(artery.calcified_percent)),
    )


def _list_findings(findings: Sequence[FindingRecord], _: Language) -> Iterator[Block]:
    if not findings:
        return
    more = len(findings) - MOST_ROWS
    if more > 0:
        yield Heading(_("Largest findings"))
    else:
        yield Heading(_("Findings"))
    head = (_("Finding"), _("Where"), _("Depth"), _("Volume"), _("Calibre"), _("Length"), _("Peak"))
    yield Table(head, tuple(_list_finding_rows(findings, _)), (3, 3.2, 1.6, 2, 2.4, 1.8, 1.8))
    if more > 0:
        text = _.counted(more, "And {count} more in record.json.", "And {count} more in record.json.")
        yield Prose(text, tone="note")


def _list_finding_rows(findings: Sequence[FindingRecord], _: Language) -> Iterator[tuple[Prose, ...]]:
    for finding in largest(findings):
        form = _(FORMS.get(finding.form or "", ""))
        colour = hexadecimal(COLOURS[finding.compartment])
        yield (
            Prose(form, lead=number_of(finding), colour=colour),
            Prose(_(NAMES[finding.compartment]), small=_say_where(finding, _)),
            Prose(write_depth(finding, _)),
            Prose(with_unit(finding.volume_mm3, "mm³"), small=write_bounds(finding.volume_interval_mm3, "mm³", _)),
            Prose(write_calibre(finding, _), small=write_calibre_details(finding, _)),
            Prose(write_length(finding, _)),
            Prose(with_unit(finding.peak_hu, "HU")),
        )


def _say_where(finding: FindingRecord, _: Language) -> str:
    """Name side and level, as far as they are known."""
    parts = []
    if finding.side is not None:
        parts.append(_(SIDES[finding.side]))
    if finding.level is not None and finding.level != "unknown":
        parts.append(_(LEVELS[finding.level]))
    return _("{parts:, }", parts=parts)
