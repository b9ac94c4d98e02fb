"""Findings of films that lie on one another -> which are the same vessel, the same net, and how large each was."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from calcinet.arrays import Floats, Mask
from calcinet.errors import NotMeasurable
from calcinet.geometry.registration import Registration
from calcinet.protocols.finding_fields import NO_SPACING
from calcinet.record import FindingRecord, ImageRecord
from calcinet.vocabulary import FindingKind

NEAR_MM: Final = 3.0
"""A point lies on another mark where this is its distance or less. Our choice: the residual of two films and half of
the width of a medium artery."""

LEAST_SHARE: Final = 0.5
"""Share of a mark that lies on the other. Our choice: half."""

STEP_MM: Final = 1.0
"""Distance of the points that stand for a line. Our choice: a third of `NEAR_MM`."""

GRID_MM: Final = 2.0
"""The same of an area, which has more of them."""

KINDS: Final[tuple[FindingKind, ...]] = ("vessel", "net", "focus")
"""Each is matched with its own kind alone."""


@dataclass(frozen=True, slots=True, eq=False)
class LaidFilm:
    """A follow-up and how its baseline lies on it."""

    image: ImageRecord
    laid: Registration


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedMark:
    """One vessel, net or focus over several films, the baseline first."""

    kind: FindingKind
    findings: tuple[tuple[str, ...], ...]
    """Ids on each film, the largest first; none where it was not marked there. An artery may be marked in pieces."""
    sizes: tuple[float | None, ...]
    """Length of a vessel in mm, area of a net or a focus in mm2, as far as every film shows the place; None where
    nothing was marked there or nothing of it is in that field."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Mark:
    """A finding as points of the baseline's film."""

    film: int
    finding: FindingRecord
    points: Floats
    """Shape (N, 2), in mm of the baseline, rows and columns."""
    seen: Mask
    """Shape (N,): whether every film shows the place."""

    @property
    def size(self) -> float | None:
        """Length or area within the field that every film shows."""
        whole = self.finding.area_mm2
        if self.finding.kind == "vessel":
            whole = self.finding.length_mm
        share = float(self.seen.mean())
        if whole is None or not share:
            return None
        return whole * share


def match_marks(baseline: ImageRecord, later: Sequence[LaidFilm]) -> list[MatchedMark]:
    """Find each mark of the baseline on the films that it lies on, and what is marked on those alone.

    A mark goes with the one of the other film that most of it lies on; pieces of one vessel (`courses`) go together, so
    that an artery that is marked in two pieces on one day and in one on another is the same. Sorted by kind, then by
    size, those of the baseline first.

    Raises
    ------
    NotMeasurable
        If a pixel of a film has no size.
    """
    images = [baseline, *(film.image for film in later)]
    for image in images:
        _require_size(image)
    marks = list(_list_marks(baseline, later))
    matched: list[MatchedMark] = []
    for kind in KINDS:
        own = [mark for mark in marks if mark.finding.kind == kind]
        groups = _group_marks(own, images)
        matched += sorted((_join_marks(group, 1 + len(later)) for group in groups), key=_rank)
    return matched


def match_findings(baseline: ImageRecord, follow_up: ImageRecord, laid: Registration) -> dict[str, str]:
    """For each mark that both films have: the id of its largest piece on the baseline, and of that on the follow-up.

    Raises
    ------
    NotMeasurable
        If a pixel of a film has no size.
    """
    both = [mark.findings for mark in match_marks(baseline, [LaidFilm(follow_up, laid)]) if all(mark.findings)]
    return {earlier[0]: after[0] for earlier, after in both}


def _rank(mark: MatchedMark) -> tuple[bool, float]:
    """Marks of the baseline first, the largest of them before all others."""
    sizes = [size for size in mark.sizes if size is not None]
    return not mark.findings[0], -max(sizes, default=0.0)


def _list_marks(baseline: ImageRecord, later: Sequence[LaidFilm]) -> Iterator[_Mark]:
    for film, image in enumerate((baseline, *(film.image for film in later))):
        for finding in image.findings:
            points = _fill_points(finding, _require_size(image))
            if not len(points):
                continue
            if film:
                points = later[film - 1].laid.go_back(points / _require_size(image)) * _require_size(baseline)
            yield _Mark(film=film, finding=finding, points=points, seen=_find_seen(points, baseline, later))


def _require_size(image: ImageRecord) -> Floats:
    """Rows and columns of a pixel in mm."""
    if image.spacing_mm is None:
        raise NotMeasurable(NO_SPACING)
    return np.array(image.spacing_mm, np.float64)


def _fill_points(finding: FindingRecord, pixel_mm: Floats) -> Floats:
    """Points (N, 2) in mm along a centre line or over an outlined area."""
    line = np.asarray(finding.polyline or finding.outline, np.float64).reshape(-1, 2) * pixel_mm
    if finding.polyline or len(line) < 3:
        return _walk(line)
    low = line.min(axis=0)
    rows, columns = (np.ceil((line.max(axis=0) - low) / GRID_MM).astype(int) + 1).tolist()
    canvas = np.zeros((rows, columns), np.uint8)
    corners = np.rint((line - low) / GRID_MM).astype(np.int32)[:, ::-1]
    cv2.fillPoly(canvas, [corners.reshape(-1, 1, 2)], color=(1,))
    return np.asarray(np.argwhere(canvas) * GRID_MM + low, np.float64)


def _walk(line: Floats) -> Floats:
    """The points of a line with further ones between them."""
    parts = [line[:1]]
    for start, end in pairwise(line):
        steps = max(1, int(np.ceil(np.linalg.norm(end - start) / STEP_MM)))
        parts.append(start + (end - start) * (np.arange(1, steps + 1) / steps)[:, None])
    return np.asarray(np.concatenate(parts), np.float64)


def _find_seen(points: Floats, baseline: ImageRecord, later: Sequence[LaidFilm]) -> Mask:
    """Whether points in mm of the baseline lie on every film."""
    own = points / _require_size(baseline)
    seen = _is_inside(own, baseline)
    for film in later:
        seen &= _is_inside(film.laid.follow(own), film.image)
    return seen


def _is_inside(points: Floats, image: ImageRecord) -> Mask:
    return np.asarray(((points >= 0) & (points <= np.array(image.shape) - 1)).all(axis=1))


def _group_marks(marks: Sequence[_Mark], images: Sequence[ImageRecord]) -> list[list[_Mark]]:
    """Marks that are one, on whatever film."""
    if not marks:
        return []
    ties = [*_link_pieces(marks, images), *_link_films(marks)]
    rows, columns = [one for one, _ in ties], [other for _, other in ties]
    graph = coo_array((np.ones(len(ties)), (rows, columns)), shape=(len(marks), len(marks)))
    count, labels = connected_components(graph, directed=False)
    groups: list[list[_Mark]] = [[] for _ in range(count)]
    for mark, label in zip(marks, labels, strict=True):
        groups[int(label)].append(mark)
    return groups


def _link_pieces(marks: Sequence[_Mark], images: Sequence[ImageRecord]) -> Iterator[tuple[int, int]]:
    """Pieces that follow one another along one vessel of a film."""
    places = {(mark.film, mark.finding.id): number for number, mark in enumerate(marks)}
    for film, image in enumerate(images):
        for course in image.courses:
            pieces = [places[film, piece] for piece in course.findings if (film, piece) in places]
            yield from pairwise(pieces)


def _link_films(marks: Sequence[_Mark]) -> Iterator[tuple[int, int]]:
    """Each mark of the baseline and the one of each other film that it lies on most, and the other way round."""
    first = [number for number, mark in enumerate(marks) if mark.film == 0]
    for film in sorted({mark.film for mark in marks} - {0}):
        there = [number for number, mark in enumerate(marks) if mark.film == film]
        for ours, theirs in ((first, there), (there, first)):
            for number in ours:
                best = _find_best(marks[number], [marks[other] for other in theirs])
                if best is not None:
                    yield number, theirs[best]


def _find_best(mark: _Mark, others: Sequence[_Mark]) -> int | None:
    """The one that most of a mark lies on; None where none holds enough of it."""
    shares = [_measure_share(mark.points, other.points) for other in others]
    if not shares or max(shares) < LEAST_SHARE:
        return None
    return int(np.argmax(shares))


def _measure_share(points: Floats, others: Floats) -> float:
    distances, _ = cKDTree(others).query(points)
    return float(np.mean(np.asarray(distances) <= NEAR_MM))


def _join_marks(group: Sequence[_Mark], films: int) -> MatchedMark:
    findings: list[tuple[str, ...]] = []
    sizes: list[float | None] = []
    for film in range(films):
        own = sorted((mark for mark in group if mark.film == film), key=lambda mark: -(mark.size or 0.0))
        known = [mark.size for mark in own if mark.size is not None]
        findings.append(tuple(mark.finding.id for mark in own))
        sizes.append(sum(known) if known else None)
    return MatchedMark(kind=group[0].finding.kind, findings=tuple(findings), sizes=tuple(sizes))
