"""Marks of a mammogram that a reader rejects, or calls something else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from calcinet.findings.finding import Finding, Kind, draw_label_map
from calcinet.findings.mammogram.arteries import Artery
from calcinet.findings.mammogram.finder import BreastCalcium
from calcinet.protocols.corrections import Corrections, FindingEdit
from calcinet.protocols.finding_fields import generate_ids
from calcinet.protocols.net_measures import CandidateNet
from calcinet.vocabulary import ArteryPattern


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class KeptFindings:
    """What is left on a mammogram, and what it is called."""

    found: BreastCalcium
    nets: Sequence[CandidateNet]
    foci: Mapping[str, Finding]
    """What a reader calls other calcium, by its id."""
    ids: Sequence[str]
    """Of the nets that are called, then of the arteries: those that they had before."""


def correct_findings(found: BreastCalcium, nets: Sequence[CandidateNet], corrections: Corrections) -> KeptFindings:
    """Leave out what a reader rejects and change what they relabel; ids go to the called nets, then to the arteries."""
    edits = {edit.finding: edit for edit in corrections}
    ids = generate_ids()
    kept_nets: list[CandidateNet] = []
    kept_ids: list[str] = []
    changed: dict[int, Finding | None] = {}
    foci: dict[str, Finding] = {}
    for net in nets:
        finding_id = next(ids) if net.is_called else ""
        edit = edits.get(finding_id)
        if edit is not None and edit.kind != "net":
            changed[id(net.finding)] = _call_focus(net.finding, edit, foci)
            continue
        kept_nets.append(net)
        if net.is_called:
            kept_ids.append(finding_id)
    arteries: list[Artery] = []
    vessels = [finding for finding in found.calcium.findings if finding.kind is Kind.VESSEL]
    for finding, artery in zip(vessels, found.arteries, strict=True):
        finding_id = next(ids)
        edit = edits.get(finding_id)
        if edit is not None and (edit.action == "reject" or edit.kind == "focus"):
            changed[id(finding)] = _call_focus(finding, edit, foci)
            continue
        if edit is not None and edit.detail:
            artery = replace(artery, pattern=cast(ArteryPattern, edit.detail))
        arteries.append(artery)
        kept_ids.append(finding_id)
    left = [changed.get(id(finding), finding) for finding in found.calcium.findings]
    findings = tuple(finding for finding in left if finding is not None)
    labels = draw_label_map(found.calcium.labels.shape, [finding.mark for finding in findings])
    calcium = replace(found.calcium, findings=findings, labels=labels)
    return KeptFindings(
        found=replace(found, calcium=calcium, arteries=tuple(arteries)), nets=kept_nets, foci=foci, ids=kept_ids
    )


def _call_focus(finding: Finding, edit: FindingEdit, foci: dict[str, Finding]) -> Finding | None:
    """A finding as other calcium, which has no probability; None where it is rejected."""
    if edit.action == "reject":
        return None
    focus = replace(finding, kind=Kind.FOCUS, patch=None, probability=None)
    foci[edit.finding] = focus
    return focus
