"""Which picture stands on the first page: that of the affected side before any other, however much the other shows."""

from collections.abc import Sequence
from typing import Final

from calcinet.evidence.readings import SHOWS
from calcinet.record import FindingRecord, ImageRecord, Lesion
from calcinet.report.pictures.figures import ranked
from calcinet.vocabulary import Side

AFFECTED_NET: Final = 0
AFFECTED: Final = 1
SIDE_NOT_KNOWN: Final = 2
ELSEWHERE: Final = 3
"""Ranks of an image by what it shows of the lesions. Our choice: a picture of the other leg is not looked at first,
though it shows a net; nor is one whose side nobody has stated before one that is known to be of the affected side."""

UNFOUND: Final = 4
"""Rank of an image on which nothing was found: after every kind of finding."""

KINDS: Final = {"net": 0, "uptake": 1, "vessel": 2, "focus": 3}
"""Rank of a kind of finding."""


def choose_cover(images: Sequence[ImageRecord], lesions: Sequence[Lesion]) -> ImageRecord | None:
    """Choose the image that says most of the lesions.

    First comes the affected part and side with a net, then the affected part and side, then the affected part of a side
    that is not known, then all others; among equals the one with the best-ranked finding, then the first.
    """
    return min(images, key=lambda image: (_rank_place(image, lesions), *_rank_findings(image.findings)), default=None)


def _rank_place(image: ImageRecord, lesions: Sequence[Lesion]) -> int:
    """Rank by the lesion that the image shows best."""
    ranks = [_rank_lesion(image, lesion) for lesion in lesions]
    place = min(ranks, default=ELSEWHERE)
    if place == AFFECTED and image.findings_of("net"):
        return AFFECTED_NET
    return place


def _rank_lesion(image: ImageRecord, lesion: Lesion) -> int:
    """Rank by one lesion; with lesions on both sides each side is affected."""
    if lesion.site not in SHOWS.get(image.anatomy, ()):
        return ELSEWHERE
    sides = {_find_side(image), lesion.side}
    if "B" in sides:
        return AFFECTED
    if None in sides:
        return SIDE_NOT_KNOWN
    if len(sides) == 1:
        return AFFECTED
    return ELSEWHERE


def _find_side(image: ImageRecord) -> Side | None:
    """The side of a film; a CT and a bone scan that are not of one show both."""
    if image.ct is not None or image.scintigram is not None:
        return image.laterality or "B"
    return image.laterality


def _rank_findings(findings: Sequence[FindingRecord]) -> tuple[int, float]:
    """Rank by the kind of the first finding, then by its area, the largest first."""
    first = next(iter(ranked(findings)), None)
    if first is None:
        return UNFOUND, 0.0
    return KINDS[first.kind], -(first.area_px or 0)
