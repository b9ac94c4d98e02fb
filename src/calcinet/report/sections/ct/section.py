"""One CT on the page: how it was taken, how much calcium lies where, in tables."""

from collections.abc import Iterator, Sequence
from typing import Final

from calcinet.record import FindingRecord, ImageRecord
from calcinet.record.ct import CtRecord
from calcinet.report.blocks import Block, Heading, Items, Prose, Table
from calcinet.report.labels import KINDS, SIDES, Translate
from calcinet.report.language import Language
from calcinet.report.pictures.annotation import number_of
from calcinet.report.pictures.ct.compartments import COLOURS, COMPARTMENTS, NAMES
from calcinet.report.quantities.findings import interval, size
from calcinet.report.quantities.numbers import FIXED_SPACE, NO_VALUE, number
from calcinet.report.quantities.table import no_agatston
from calcinet.report.sections.ct.labels import FORMS, LEVELS, circumstances, left_out, taken
from calcinet.report.sections.radiograph.vessels import members
from calcinet.vocabulary import Compartment

MOST_ROWS: Final = 25
"""Findings in the table of a CT, the largest. Our choice: one sheet of paper; record.json has all."""


def ct_blocks(image: ImageRecord, _: Language) -> list[Block]:
    """How it was taken, then calcium part by part, arteries, findings, and what was left out."""
    assert image.ct is not None
    ct = image.ct
    blocks: list[Block] = [Prose(told, tone="note") for told in circumstances(ct, _)]
    blocks += list(_scores(ct, image, _))
    if ct.arteries:
        blocks += [Heading(_("Calcified arteries")), _arteries(ct, image, _)]
    if image.findings:
        blocks += [Heading(_("Largest findings") if len(image.findings) > MOST_ROWS else _("Findings"))]
        blocks += list(_findings(image.findings, _))
    if told := left_out(ct, _):
        blocks += [Heading(_("Dense, but not counted")), Items(tuple(Prose(line) for line in told))]
    return blocks


def facts(image: ImageRecord, _: Language) -> list[str]:
    """Number, modality and how it was taken, in short."""
    assert image.ct is not None
    return [image.id, image.modality, *taken(image.ct, _)]


def largest(findings: Sequence[FindingRecord], most: int = MOST_ROWS) -> list[FindingRecord]:
    """Choose nets and the findings of the largest volume, in that order."""
    return sorted(findings, key=lambda each: (each.kind != "net", -(each.volume_mm3 or 0)))[:most]


def said_of(finding: FindingRecord, _: Translate) -> str:
    """Name a finding below its close-up: on CT by form and compartment, as in the table; on a film by its kind."""
    if finding.form is None:
        return _(KINDS[finding.kind])
    return _("{parts:, }", parts=[_(FORMS[finding.form]), _(NAMES[finding.compartment])])


def _scores(ct: CtRecord, image: ImageRecord, _: Language) -> Iterator[Block]:
    yield Heading(_("Calcium by side, level and compartment"))
    if not ct.scores:
        yield Prose(_("No calcium was found outside bone."))
        return
    head = (_("Compartment"), _("Side"), _("Level"), _("Lesions"), _("Volume"), _("Agatston score of arteries"))
    order = {name: place for place, name in enumerate(COMPARTMENTS)}
    levels = list(LEVELS)
    ordered = sorted(ct.scores, key=lambda s: ("RL".find(s.side or ""), levels.index(s.level), order[s.compartment]))
    rows = tuple(
        (
            Prose("", lead=_(NAMES[score.compartment]), colour=_hex(score.compartment)),
            Prose(_(SIDES[score.side]) if score.side else NO_VALUE),
            Prose(_(LEVELS[score.level])),
            Prose(str(score.lesions)),
            Prose(_with_unit(score.volume_mm3, "mm³")),
            Prose(number(score.agatston)),
        )
        for score in ordered
    )
    yield Table(head, rows, (2.4, 1.2, 1.6, 1.2, 1.8, 1.8))
    if any(score.agatston is None for score in ct.scores if score.compartment == "artery"):
        yield Prose(_("No Agatston score: {because}.", because=_(no_agatston(image))), tone="note")


def _arteries(ct: CtRecord, image: ImageRecord, _: Language) -> Table:
    by_id = {finding.id: finding for finding in image.findings}
    head = (_("Side"), _("Findings, from the feet upwards"), _("Length"), _("Calcified"), _("Share"))
    rows = tuple(
        (
            Prose(_(SIDES[artery.side]) if artery.side else _("side unknown")),
            Prose(members([number_of(by_id[key]) for key in artery.findings if key in by_id], _)),
            Prose(_with_unit(artery.length_mm, "mm")),
            Prose(_with_unit(artery.calcified_mm, "mm")),
            Prose(f"{artery.calcified_percent:.0f}{FIXED_SPACE}%"),
        )
        for artery in ct.arteries
    )
    return Table(head, rows, (1.4, 4, 1.5, 1.5, 1.2))


def _findings(findings: Sequence[FindingRecord], _: Language) -> Iterator[Block]:
    shown = largest(findings)
    head = (_("Finding"), _("Where"), _("Depth"), _("Volume"), _("Calibre"), _("Length"), _("Peak"))
    yield Table(head, tuple(_row(finding, _) for finding in shown), (3, 3.2, 1.6, 2, 2.4, 1.8, 1.8))
    more = len(findings) - len(shown)
    if more:
        yield Prose(
            _.counted(more, "And {count} more in record.json.", "And {count} more in record.json."), tone="note"
        )


def _row(finding: FindingRecord, _: Language) -> tuple[Prose, ...]:
    side = _(SIDES[finding.side]) if finding.side else ""
    level = _(LEVELS[finding.level]) if finding.level and finding.level != "unknown" else ""
    bounds = f"{interval(finding.calibre_interval_mm, _)} mm" if finding.calibre_interval_mm else ""
    calibre_class = _(finding.calibre_class) if finding.calibre_class else ""
    return (
        Prose(
            _(FORMS[finding.form]) if finding.form else "", lead=number_of(finding), colour=_hex(finding.compartment)
        ),
        Prose(_(NAMES[finding.compartment]), small=_("{parts:, }", parts=[p for p in (side, level) if p])),
        Prose(size(finding, "depth", _)),
        Prose(_with_unit(finding.volume_mm3, "mm³")),
        Prose(size(finding, "calibre", _), small=" · ".join(filter(None, (bounds, calibre_class)))),
        Prose(size(finding, "length", _)),
        Prose(_with_unit(finding.peak_hu, "HU")),
    )


def _with_unit(value: float | None, unit: str) -> str:
    return NO_VALUE if value is None else f"{number(value)}{FIXED_SPACE}{unit}"


def _hex(compartment: Compartment) -> str:
    return "#{:02x}{:02x}{:02x}".format(*COLOURS[compartment])
