"""One film on paper: what it could show, what was found on it, in tables."""

from calcinet.record import FindingRecord, ImageRecord, Record
from calcinet.report.blocks import Block, Heading, Items, Prose, Section, Table
from calcinet.report.labels import KINDS, SPACING_BASIS
from calcinet.report.language import Language
from calcinet.report.pictures.annotation import number_of
from calcinet.report.quantities.findings import image_name, interval, listed, size, spacing, value_with_unit
from calcinet.report.quantities.numbers import NO_VALUE, percent
from calcinet.report.quantities.table import image_rows, meaning_of
from calcinet.report.sections.ct.section import ct_blocks
from calcinet.report.sections.ct.section import facts as facts_of_ct
from calcinet.report.sections.radiograph.vessels import course_blocks
from calcinet.report.sections.scintigram.section import facts as facts_of_scan
from calcinet.report.sections.scintigram.section import scintigram_blocks


def film_section(image: ImageRecord, record: Record, _: Language) -> Section:
    """Statements, findings, measures, cautions and what was not measured."""
    blocks: list[Block] = [Prose(_facts(image, _), tone="note"), *(Prose(_(told)) for told in image.statements)]
    if image.ct is not None:
        blocks += ct_blocks(image, _)
    elif image.scintigram is not None:
        blocks += scintigram_blocks(image, _)
    elif image.findings:
        blocks += [*course_blocks(image, _), Heading(_("Findings")), _findings(image, _)]
    rows = [row for row in image_rows(image, record) if row.value is not None]
    if rows and image.scintigram is None:  # its numbers stand in the table of segments
        head = (_("Measure"), _("Value"), _("95 % interval"))
        cells = tuple(
            (Prose(_(row.label)), Prose(value_with_unit(row, _)), Prose(interval((row.low95, row.high95), _)))
            for row in rows
        )
        blocks += [Heading(_("Measures")), Table(head, cells, (5, 2, 2))]
    if image.cautions:
        blocks += [Heading(_("Cautions")), Items(tuple(Prose(_(caution)) for caution in image.cautions))]
    if image.not_measured:
        missing = tuple(Prose(because, lead=f"{what}:") for what, because in unmeasured(image, record, _))
        blocks += [Heading(_("Not measured, and why")), Items(missing)]
    return Section(image.id, image_name(image, _), tuple(blocks))


def unmeasured(image: ImageRecord, record: Record, _: Language) -> list[tuple[str, str]]:
    """What was not measured, and why: quantities that share a reason stand together, in the order of the record."""
    grouped: dict[str, list[str]] = {}
    for entry in image.not_measured:
        grouped.setdefault(_(entry.because), []).append(_(meaning_of(entry.measure, record).label))
    return [("; ".join(dict.fromkeys(labels)), because) for because, labels in grouped.items()]


def _facts(image: ImageRecord, _: Language) -> str:
    """Number, modality, size and pixel size, in a line."""
    if image.ct is not None:
        return " · ".join(facts_of_ct(image, _))
    if image.scintigram is not None:
        return " · ".join(facts_of_scan(image, _))
    rows, columns = image.shape or (0, 0)
    facts = [image.id, image.modality]
    facts.append(_("{rows} × {columns} pixels", rows=rows, columns=columns) if image.shape else "")
    facts.append(f"{spacing(image.spacing_mm)} {_('mm per pixel')}" if image.spacing_mm else "")
    return " · ".join(filter(None, (*facts, _(SPACING_BASIS[image.spacing_basis][0]))))


def _findings(image: ImageRecord, _: Language) -> Table:
    head = (_("Finding"), _("Calibre"), _("Length"), _("Area"), _("Depth"), _("Where"), _("Probability"))
    rows = tuple(_finding_row(finding, _) for finding in listed(image.findings))
    return Table(head, rows, (4, 3, 2, 2, 2, 2.4, 2))


def _finding_row(finding: FindingRecord, _: Language) -> tuple[Prose, ...]:
    where = _(finding.compartment) if finding.compartment != "unknown" else NO_VALUE
    bounds = f"{interval(finding.calibre_interval_mm, _)} mm" if finding.calibre_interval_mm else ""
    calibre_class = _(finding.calibre_class) if finding.calibre_class else ""
    return (
        Prose(_(KINDS[finding.kind]), lead=number_of(finding)),
        Prose(size(finding, "calibre", _), small=" · ".join(filter(None, (bounds, calibre_class)))),
        *(Prose(size(finding, what, _)) for what in ("length", "area", "depth")),
        Prose(where),
        Prose(percent(finding.probability)),
    )
