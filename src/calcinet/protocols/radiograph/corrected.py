"""Marks of a film as a reader corrects them: what is rejected goes, what is called otherwise is made of its pixels."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from skimage.morphology import convex_hull_image

from calcinet.arrays import Floats
from calcinet.errors import BadInput
from calcinet.findings.finding import Finding, Kind, draw_label_map
from calcinet.findings.projection_calcium import Calcium
from calcinet.geometry.centre_lines import trace_centre_lines
from calcinet.geometry.vessel_linking import Course
from calcinet.protocols.corrections import Corrections
from calcinet.protocols.net_measures import CandidateNet
from calcinet.text import say


@dataclass(frozen=True, slots=True, eq=False)
class CorrectedCalcium:
    """The calcium of a film after its corrections."""

    calcium: Calcium
    ids: Mapping[int, str]
    """Of the findings of the record, by their numbers in `calcium.findings`: those that they had before."""
    named: frozenset[int]
    """Numbers of the findings whose kind is a reader's word."""

    def call_nets(self, nets: Sequence[CandidateNet]) -> list[CandidateNet]:
        """The nets; one that a reader named so is called."""
        named = {id(self.calcium.findings[number]) for number in self.named}
        called = []
        for net in nets:
            if id(net.finding) in named:
                net = replace(net, probability=1.0)
            called.append(net)
        return called


def correct_calcium(calcium: Calcium, ids: Mapping[int, str], corrections: Corrections) -> CorrectedCalcium:
    """Apply what a reader says.

    Parameters
    ----------
    calcium
        As it was found.
    ids
        Of the findings of the record, by their numbers in `calcium.findings`.
    corrections
        By these ids.

    Raises
    ------
    BadInput
        If a mark has no line that a vessel could have.
    """
    findings: list[Finding] = []
    new_ids: dict[int, str] = {}
    named: list[int] = []
    moved: dict[int, int] = {}
    for number, finding in enumerate(calcium.findings):
        finding_id = ids.get(number)
        kind: str | None = finding.kind
        if finding_id is not None:
            kind = corrections.get(finding_id, finding.kind)
        if kind is None:
            continue
        if kind == finding.kind:
            moved[number] = len(findings)
        else:
            finding = call_finding(finding, Kind(kind))
            named.append(len(findings))
        if finding_id is not None:
            new_ids[len(findings)] = finding_id
        findings.append(finding)
    corrected = replace(
        calcium,
        findings=tuple(findings),
        labels=draw_label_map(calcium.labels.shape, [finding.mark for finding in findings]),
        courses=tuple(_list_courses(calcium, moved, findings, named)),
    )
    return CorrectedCalcium(corrected, new_ids, frozenset(named))


def call_finding(finding: Finding, kind: Kind) -> Finding:
    """A mark as another kind; that it is one is a reader's word, and has no probability.

    Raises
    ------
    BadInput
        If it has no line that a vessel could have.
    """
    bare = replace(finding, kind=kind, patch=None, centre_lines=(), half_width_px=(), probability=None)
    if kind is Kind.NET:
        return replace(bare, patch=finding.patch if finding.patch is not None else convex_hull_image(finding.mask))
    if kind is not Kind.VESSEL:
        return bare
    lines = trace_centre_lines(
        np.pad(finding.mask, 1), None, max_gap_px=float(max(finding.mask.shape)), min_length_px=0.0
    )
    if not lines:
        raise BadInput(say("this mark is a spot without a line: it cannot be called a vessel"))
    longest = max(lines, key=lambda line: len(line.points))
    shift = np.asarray(finding.origin, dtype=float) - 1.0
    return replace(bare, centre_lines=(longest.points + shift,), half_width_px=(longest.half_width,))


def _list_courses(
    calcium: Calcium, moved: Mapping[int, int], findings: Sequence[Finding], named: Sequence[int]
) -> Iterator[Course]:
    """The courses by the new numbers, broken where a stretch went; a new vessel is one of its own."""
    for course in calcium.courses:
        yield from _break_course(course, moved, findings)
    for number in named:
        if findings[number].kind is Kind.VESSEL:
            yield Course(findings[number].centre_lines[0], (number,), ())


def _break_course(course: Course, moved: Mapping[int, int], findings: Sequence[Finding]) -> Iterator[Course]:
    pieces: list[int] = []
    gaps: list[Floats] = []
    for place, piece in enumerate(course.pieces):
        if piece in moved:
            if pieces:
                gaps.append(course.gaps[place - 1])
            pieces.append(moved[piece])
            continue
        if pieces:
            yield _join_course(pieces, gaps, findings)
        pieces, gaps = [], []
    if pieces:
        yield _join_course(pieces, gaps, findings)


def _join_course(pieces: Sequence[int], gaps: Sequence[Floats], findings: Sequence[Finding]) -> Course:
    line = np.concatenate([findings[piece].centre_lines[0] for piece in pieces])
    return Course(line, tuple(pieces), tuple(gaps))
