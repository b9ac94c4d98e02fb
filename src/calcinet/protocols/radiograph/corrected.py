"""Marks of a film as a reader corrects them: what is rejected goes, what is called otherwise is made of its pixels.

A vessel that was changed is a course of its own.
"""

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
from calcinet.image import Image
from calcinet.protocols.corrections import Corrections, FindingEdit
from calcinet.protocols.net_measures import CandidateNet
from calcinet.protocols.radiograph.redrawn import add_mark, erase_part, join_marks, split_mark
from calcinet.text import say


@dataclass(frozen=True, slots=True, eq=False)
class CorrectedCalcium:
    """The calcium of a film after its corrections."""

    calcium: Calcium
    ids: Mapping[int, str]
    """Of the findings of the record, by their numbers in `calcium.findings`: those that they had before."""
    named: frozenset[int]
    """Numbers of the findings that are a reader's word."""

    def call_nets(self, nets: Sequence[CandidateNet]) -> list[CandidateNet]:
        """The nets; one that a reader named so, or drew, is called."""
        named = {id(self.calcium.findings[number]) for number in self.named}
        called = []
        for net in nets:
            if id(net.finding) in named:
                net = replace(net, probability=1.0, part=None if net.finding.probability is None else net.part)
            called.append(net)
        return called


def correct_calcium(
    calcium: Calcium,
    ids: Mapping[int, str],
    corrections: Corrections,
    image: Image,
    noise_sd: float | None = None,
) -> CorrectedCalcium:
    """Apply what a reader says, one thing after the other.

    Parameters
    ----------
    calcium
        As it was found.
    ids
        Of the findings of the record, by their numbers in `calcium.findings`.
    corrections
        By these ids.
    image
        The film.
    noise_sd
        Noise of its grey values, where it is known: the lines of a net that is added are what stands out of it.

    Raises
    ------
    BadInput
        If a mark has no line that a vessel could have, or something cannot be done with a mark.
    """
    marks = {finding_id: calcium.findings[number] for number, finding_id in ids.items()}
    for edit in corrections:
        if edit.action == "add":
            kind = Kind(edit.kind or "focus")
            marks[edit.finding] = add_mark(image, kind, edit.points, width_px=edit.width_px, noise_sd=noise_sd)
            continue
        if edit.finding not in marks:
            raise BadInput(say("this image has no finding {finding}", finding=edit.finding))
        _apply(edit, marks, image)
    return _gather(calcium, ids, marks)


def _apply(edit: FindingEdit, marks: dict[str, Finding], image: Image) -> None:
    """Change the marks by what a reader does with one of them."""
    mark = marks[edit.finding]
    shape = (image.plane.shape[0], image.plane.shape[1])
    if edit.action == "reject":
        del marks[edit.finding]
    elif edit.action == "relabel":
        if edit.kind is not None and Kind(edit.kind) is not mark.kind:
            marks[edit.finding] = call_finding(mark, Kind(edit.kind))
    elif edit.action == "erase":
        _put_parts(edit, marks, erase_part(mark, shape, edit.points))
    elif edit.action == "split":
        _put_parts(edit, marks, split_mark(mark, edit.points))
    elif edit.action == "join":
        if edit.other not in marks:
            raise BadInput(say("this image has no finding {finding}", finding=edit.other))
        marks[edit.finding] = join_marks(mark, marks.pop(edit.other))


def _put_parts(edit: FindingEdit, marks: dict[str, Finding], parts: Sequence[Finding]) -> None:
    """What is left of a mark: nothing, itself, or a second part under the id that waits for it."""
    if len(parts) > 2:
        raise BadInput(say("this would leave more than two pieces: erase one stretch after the other"))
    for finding_id, part in zip((edit.finding, edit.other), parts, strict=False):
        marks[finding_id] = part
    if not parts:
        del marks[edit.finding]


def _gather(calcium: Calcium, ids: Mapping[int, str], marks: Mapping[str, Finding]) -> CorrectedCalcium:
    """The calcium with its marks as they are now: what nobody touched in its old order, what was added behind it."""
    findings: list[Finding] = []
    new_ids: dict[int, str] = {}
    named: list[int] = []
    moved: dict[int, int] = {}
    left = dict(marks)
    for number, finding in enumerate(calcium.findings):
        finding_id = ids.get(number)
        if finding_id is not None:
            mark = left.pop(finding_id, None)
            if mark is None:
                continue
            new_ids[len(findings)] = finding_id
            if mark is not finding:
                named.append(len(findings))
                findings.append(mark)
                continue
        moved[number] = len(findings)
        findings.append(finding)
    for finding_id, mark in left.items():
        new_ids[len(findings)] = finding_id
        named.append(len(findings))
        findings.append(mark)
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
