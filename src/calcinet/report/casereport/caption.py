"""The caption of a marked picture in a case report."""

from typing import Final

from calcinet.record import FindingRecord, ImageRecord
from calcinet.report.labels import KINDS
from calcinet.report.language import Language
from calcinet.report.pictures.annotation import number_of
from calcinet.report.pictures.figures import ranked
from calcinet.report.quantities.findings import write_area, write_calibre
from calcinet.report.quantities.numbers import NO_VALUE, number, percent
from calcinet.report.sections.image_name import image_name

MOST_ARROWS: Final = 8
"""Findings that a caption names. Our choice: a caption is read beside the picture."""


def caption(image: ImageRecord, _: Language) -> str:
    """Say what a marked film shows, what its arrows point at, and what it could not have shown."""
    arrows = [_describe_arrow(finding, _) for finding in ranked(image.findings)[:MOST_ARROWS]]
    shown = _("; ").join(arrows) or _("no calcium is marked")
    if image.findings and image.lengths_hold_if is not None:
        shown = _("{shown} (in mm {condition})", shown=shown, condition=_(image.lengths_hold_if))
    statement = "".join(map(_, image.statements[:1]))
    return f"{image_name(image, _)}: {shown}. {statement}".strip()


def _describe_arrow(finding: FindingRecord, _: Language) -> str:
    """Name a finding with its calibre, if it is a vessel, else its area, and with its probability."""
    facts = [_("{number}, {kind}", number=number_of(finding), kind=_(KINDS[finding.kind]))]
    facts += _measure_finding(finding, _)
    if finding.probability is not None:
        facts.append(_("probability {p}", p=percent(finding.probability)))
    return _("arrow {text}", text=_(", ").join(facts))


def _measure_finding(finding: FindingRecord, _: Language) -> list[str]:
    if finding.kind != "vessel":
        return _leave_out_dash(write_area(finding, _)) + _write_area_interval(finding, _)
    facts = _leave_out_dash(write_calibre(finding, _))
    if finding.calibre_interval_mm is not None and finding.calibre_mm is not None:
        low, high = finding.calibre_interval_mm
        facts.append(_("95 % interval {low} to {high} mm", low=number(low), high=number(high)))
    return facts


def _write_area_interval(finding: FindingRecord, _: Language) -> list[str]:
    if finding.area_interval_mm2 is None or finding.area_mm2 is None:
        return []
    low, high = finding.area_interval_mm2
    return [_("95 % interval {low} to {high} cm²", low=number(low / 100), high=number(high / 100))]


def _leave_out_dash(shown: str) -> list[str]:
    if shown == NO_VALUE:
        return []
    return [shown]
