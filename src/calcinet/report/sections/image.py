"""One image on paper: what it could show, what was found on it, in tables."""

from collections.abc import Iterator

from calcinet.record import ImageRecord, Record
from calcinet.report.blocks import Block, Heading, Items, Prose, Section, Table, itemise, say_each
from calcinet.report.labels import KINDS
from calcinet.report.language import Language
from calcinet.report.pictures.annotation import number_of
from calcinet.report.quantities.findings import (
    choose_listed,
    interval,
    value_with_unit,
    write_area,
    write_area_details,
    write_calibre,
    write_calibre_details,
    write_depth,
    write_length,
)
from calcinet.report.quantities.meanings import missing_labels
from calcinet.report.quantities.numbers import NO_VALUE, percent
from calcinet.report.quantities.table import image_rows
from calcinet.report.sections.image_name import image_name
from calcinet.report.sections.modalities import modality_text
from calcinet.report.sections.spacing import heading_with_condition, spacing_facts
from calcinet.text import say


def image_section(image: ImageRecord, record: Record, _: Language) -> Section:
    """Statements, findings, measures, cautions and what was not measured."""
    modality = modality_text(image)
    blocks: list[Block] = [Prose(_join_facts(image, _), tone="note"), *say_each(image.statements, _)]
    blocks += modality.blocks(image, _)
    if modality.lists_findings and image.findings:
        blocks += [Heading(heading_with_condition(say("Findings"), image, _)), _tabulate_findings(image, _)]
    if modality.lists_measures:
        blocks += _tabulate_measures(image, record, _)
    if image.all_cautions:
        blocks += [Heading(_("Cautions")), itemise(image.all_cautions, _)]
    if image.not_measured:
        missing = tuple(_list_missing(image, record, _))
        blocks += [Heading(_("Not measured, and why")), Items(missing)]
    return Section(image.id, image_name(image, _), tuple(blocks))


def unmeasured(image: ImageRecord, record: Record, _: Language) -> list[tuple[str, str]]:
    """List what was not measured, and why: quantities that share a reason together, in the order of the record."""
    labels = missing_labels(image, record)
    grouped: dict[str, dict[str, None]] = {}
    for entry in image.not_measured:
        group = grouped.setdefault(_(entry.because), {})
        group[_(labels[entry.measure])] = None
    return [("; ".join(group), because) for because, group in grouped.items()]


def _list_missing(image: ImageRecord, record: Record, _: Language) -> Iterator[Prose]:
    for what, because in unmeasured(image, record, _):
        yield Prose(because, lead=f"{what}:")


def _join_facts(image: ImageRecord, _: Language) -> str:
    """Write number, modality, how the image was made and its pixel size in a line."""
    modality = modality_text(image)
    facts = [image.id, image.modality, *modality.facts(image, _)]
    if modality.lists_spacing:
        facts += spacing_facts(image, _)
    return " · ".join(filter(None, facts))


def _tabulate_measures(image: ImageRecord, record: Record, _: Language) -> list[Block]:
    cells = []
    for row in image_rows(image, record):
        if row.value is not None:
            bounds = interval((row.low95, row.high95), _)
            cells.append((Prose(_(row.label)), Prose(value_with_unit(row, _)), Prose(bounds)))
    if not cells:
        return []
    head = (_("Measure"), _("Value"), _("95 % interval"))
    return [Heading(_("Measures")), Table(head, tuple(cells), (5, 2, 2))]


def _tabulate_findings(image: ImageRecord, _: Language) -> Table:
    head = (_("Finding"), _("Calibre"), _("Length"), _("Area"), _("Depth"), _("Where"), _("Probability"))
    return Table(head, tuple(_list_rows(image, _)), (4, 3, 2, 2, 2, 2.4, 2))


def _list_rows(image: ImageRecord, _: Language) -> Iterator[tuple[Prose, ...]]:
    for finding in choose_listed(image.findings):
        where = NO_VALUE
        if finding.compartment != "unknown":
            where = _(finding.compartment)
        yield (
            Prose(_(KINDS[finding.kind]), lead=number_of(finding)),
            Prose(write_calibre(finding, _), small=write_calibre_details(finding, _)),
            Prose(write_length(finding, _)),
            Prose(write_area(finding, _), small=write_area_details(finding, _)),
            Prose(write_depth(finding, _)),
            Prose(where),
            Prose(percent(finding.probability)),
        )
