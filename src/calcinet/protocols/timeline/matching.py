"""Marks of images that lie on one another -> which are the same vessel, the same net, and how large each was."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, Protocol

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from calcinet.arrays import Floats, Mask
from calcinet.record import FindingRecord, ImageRecord
from calcinet.vocabulary import FindingKind

NEAR_MM: Final = 3.0
"""A point lies on another mark where this is its distance or less. Our choice: the residual of two films and half of
the width of a medium artery."""

LEAST_SHARE: Final = 0.5
"""Share of a mark that lies on the other. Our choice: half."""

KINDS: Final[tuple[FindingKind, ...]] = ("vessel", "net", "focus")
"""Each is matched with its own kind alone."""


class Placed(Protocol):
    """An image whose places are known on the first image of its part of the body."""

    @property
    def image(self) -> ImageRecord:
        """What was found on it."""

    def place(self, finding: FindingRecord) -> Floats:
        """Points (N, D) that stand for a finding, in mm of the first image; none where it has no place."""

    def shows(self, points: Floats) -> Mask:
        """Whether such points lie in its field, shape (N,)."""

    def measure(self, finding: FindingRecord) -> float | None:
        """How large a finding is; None where that is not known."""

    def find_alike(self, points: Floats, marked_on: Any) -> Mask:
        """Whether points (N, D) along a line that is marked on another image look the same on this one, shape (N,)."""

    def describe_fit(self) -> dict[str, float]:
        """How well it lies on the first image, by the fields of `LaidOnBaseline`; empty of that one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedMark:
    """One vessel, net or focus over several images, the baseline first."""

    kind: FindingKind
    findings: tuple[tuple[str, ...], ...]
    """Ids on each image, the largest first; none where it was not marked there. An artery may be marked in pieces."""
    sizes: tuple[float | None, ...]
    """On films length of a vessel in mm, area of a net or a focus in mm2; on CT volume in mm3; as far as every image
    shows the place; None where nothing was marked there or nothing of it is in that field."""
    alike: tuple[float, ...]
    """Of a vessel of films: length in mm that is marked on another film, not on this one, and looks the same here."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Mark:
    """A finding as points of the baseline."""

    film: int
    finding: FindingRecord
    points: Floats
    """Shape (N, D), in mm of the baseline."""
    seen: Mask
    """Shape (N,): whether every image shows the place."""
    whole: float | None
    """How large it is, whatever the others show."""

    @property
    def size(self) -> float | None:
        """How large it is within the field that every image shows."""
        share = float(self.seen.mean())
        if self.whole is None or not share:
            return None
        return self.whole * share


def match(placed: Sequence[Placed]) -> list[MatchedMark]:
    """Find each mark of the first image on the others that it lies on, and what is marked on those alone.

    A mark goes with the one of the other image that most of it lies on; pieces of one vessel (`courses`) go together,
    so that an artery that is marked in two pieces on one day and in one on another is the same. Sorted by kind, then by
    size, those of the first image first.
    """
    marks = list(_list_marks(placed))
    matched: list[MatchedMark] = []
    for kind in KINDS:
        own = [mark for mark in marks if mark.finding.kind == kind]
        groups = _group_marks(own, [one.image for one in placed])
        matched += sorted((_join_marks(group, placed) for group in groups), key=_rank)
    return matched


def name_same(marks: Sequence[MatchedMark]) -> dict[str, str]:
    """For each mark that both of two images have: the id of its largest piece on the first, and on the second."""
    both = [mark.findings for mark in marks if all(mark.findings)]
    return {earlier[0]: after[0] for earlier, after in both}


def _rank(mark: MatchedMark) -> tuple[bool, float]:
    """Marks of the baseline first, the largest of them before all others."""
    sizes = [size for size in mark.sizes if size is not None]
    return not mark.findings[0], -max(sizes, default=0.0)


def _list_marks(placed: Sequence[Placed]) -> Iterator[_Mark]:
    for film, one in enumerate(placed):
        for finding in one.image.findings:
            points = one.place(finding)
            if len(points):
                seen = np.all([other.shows(points) for other in placed], axis=0)
                yield _Mark(film=film, finding=finding, points=points, seen=seen, whole=one.measure(finding))


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


def _join_marks(group: Sequence[_Mark], placed: Sequence[Placed]) -> MatchedMark:
    findings: list[tuple[str, ...]] = []
    sizes: list[float | None] = []
    for film in range(len(placed)):
        own = sorted((mark for mark in group if mark.film == film), key=lambda mark: -(mark.size or 0.0))
        known = [mark.size for mark in own if mark.size is not None]
        findings.append(tuple(mark.finding.id for mark in own))
        sizes.append(sum(known) if known else None)
    alike = tuple(_measure_alike(group, film, placed) for film in range(len(placed)))
    return MatchedMark(kind=group[0].finding.kind, findings=tuple(findings), sizes=tuple(sizes), alike=alike)


def _measure_alike(group: Sequence[_Mark], film: int, placed: Sequence[Placed]) -> float:
    """Length that another image marks and this one does not, and that looks the same on both; of several the most."""
    if group[0].finding.kind != "vessel":
        return 0.0
    own = [mark.points for mark in group if mark.film == film]
    found = dict.fromkeys(range(len(placed)), 0.0)
    for mark in group:
        if mark.film == film or mark.whole is None:
            continue
        missed = mark.seen.copy()
        if own:
            missed &= np.asarray(cKDTree(np.concatenate(own)).query(mark.points)[0]) > NEAR_MM
        alike = np.zeros(len(missed), bool)
        for run in _list_runs(missed):
            alike[run] = placed[film].find_alike(mark.points[run], placed[mark.film])
        found[mark.film] += mark.whole * float(alike.mean())
    return max(found.values())


def _list_runs(chosen: Mask) -> Iterator[slice]:
    """Stretches of points that are chosen."""
    ends = np.flatnonzero(np.diff(np.concatenate([[False], chosen, [False]]).astype(int)))
    for first, end in zip(ends[::2].tolist(), ends[1::2].tolist(), strict=True):
        yield slice(first, end)
