"""Marks of a mammogram that a reader rejects."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from calcinet.findings.finding import Finding, Kind, draw_label_map
from calcinet.findings.mammogram.arteries import Artery
from calcinet.findings.mammogram.finder import BreastCalcium
from calcinet.protocols.corrections import Corrections
from calcinet.protocols.finding_fields import generate_ids
from calcinet.protocols.net_measures import CandidateNet


@dataclass(frozen=True, slots=True, eq=False)
class KeptFindings:
    """What is left on a mammogram."""

    found: BreastCalcium
    nets: list[CandidateNet]
    ids: Sequence[str]
    """Of the nets that are called, then of the arteries: those that they had before."""


def reject_findings(found: BreastCalcium, nets: Sequence[CandidateNet], corrections: Corrections) -> KeptFindings:
    """Leave out what a reader rejects; ids go to the nets that are called, then to the arteries."""
    rejected = {edit.finding for edit in corrections}
    ids = generate_ids()
    kept_nets: list[CandidateNet] = []
    kept_ids: list[str] = []
    gone: set[int] = set()
    for net in nets:
        finding_id = next(ids) if net.is_called else None
        if finding_id in rejected:
            gone.add(id(net.finding))
            continue
        kept_nets.append(net)
        if finding_id is not None:
            kept_ids.append(finding_id)
    vessels = [finding for finding in found.calcium.findings if finding.kind is Kind.VESSEL]
    arteries: list[Artery] = []
    for finding, artery in zip(vessels, found.arteries, strict=True):
        finding_id = next(ids)
        if finding_id in rejected:
            gone.add(id(finding))
            continue
        arteries.append(artery)
        kept_ids.append(finding_id)
    left: list[Finding] = [finding for finding in found.calcium.findings if id(finding) not in gone]
    labels = draw_label_map(found.calcium.labels.shape, [finding.mark for finding in left])
    calcium = replace(found.calcium, findings=tuple(left), labels=labels)
    return KeptFindings(replace(found, calcium=calcium, arteries=tuple(arteries)), kept_nets, kept_ids)
