"""Which segments a film's marks make: one for each kind and side that has pixels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Mask, Pixels
from calcinet.mask_labels import MASK_LABELS
from calcinet.record import FindingRecord, ImageRecord
from calcinet.vocabulary import FindingKind, Side

KINDS: Final[tuple[FindingKind, ...]] = ("vessel", "net", "focus")
"""Kinds that have pixels in a label map, in the order of its labels."""

LabelMap = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Segment:
    """One segment of the segmentation of one film."""

    number: int
    """Segment Number, from 1."""
    kind: FindingKind
    side: Side | None
    findings: tuple[str, ...]
    """Ids of the findings whose pixels it holds."""
    pixels: Mask
    """Shape (Y, X) of the film."""


def segments_of(image: ImageRecord, mask: LabelMap) -> tuple[Segment, ...]:
    """Divide a label map into segments; a film of one side has one for each kind, a film of both legs one for each leg.

    A pixel belongs to the side of the nearest finding of its kind that has one. Pixels of a kind without findings
    belong to the side of the film.

    Parameters
    ----------
    image
        The findings.
    mask
        Label map, shape (Y, X): `calcinet.mask_labels.MASK_LABELS`.
    """
    segments: list[Segment] = []
    for kind in KINDS:
        for side, pixels in _divide_by_side(kind, image, mask == MASK_LABELS[kind]):
            if pixels.any():
                own = tuple(
                    finding.id for finding in _select_findings(kind, image) if _decide_side(finding, image) == side
                )
                number = len(segments) + 1
                segments.append(Segment(number=number, kind=kind, side=side, findings=own, pixels=pixels))
    return tuple(segments)


def _divide_by_side(kind: FindingKind, image: ImageRecord, pixels: Mask) -> list[tuple[Side | None, Mask]]:
    findings = _select_findings(kind, image)
    if not findings:
        return [(_read_side(image), pixels)]
    by_side: dict[Side | None, list[FindingRecord]] = {}
    for finding in findings:
        by_side.setdefault(_decide_side(finding, image), []).append(finding)
    if len(by_side) == 1:
        (side,) = by_side
        return [(side, pixels)]
    distances = [_measure_distance(own, pixels.shape) for own in by_side.values()]
    nearest = np.argmin(np.stack(distances), axis=0)
    return [(side, pixels & (nearest == number)) for number, side in enumerate(by_side)]


def _select_findings(kind: FindingKind, image: ImageRecord) -> list[FindingRecord]:
    return [finding for finding in image.findings if finding.kind == kind]


def _decide_side(finding: FindingRecord, image: ImageRecord) -> Side | None:
    return finding.side or _read_side(image)


def _read_side(image: ImageRecord) -> Side | None:
    """Side of every mark; a film of both sides does not tell which of them a mark lies on."""
    return None if image.laterality == "B" else image.laterality


def _measure_distance(findings: Sequence[FindingRecord], shape: tuple[int, ...]) -> Pixels:
    """Pixels to the nearest outline or centre line of the findings."""
    away = np.ones(shape, dtype=np.uint8)
    for finding in findings:
        if finding.outline:
            outline = _round_points(finding.outline)
            cv2.polylines(away, [outline], True, 0)
            cv2.fillPoly(away, [outline], 0)
        if finding.polyline:
            cv2.polylines(away, [_round_points(finding.polyline)], False, 0)
    return np.asarray(cv2.distanceTransform(away, cv2.DIST_L2, 3), dtype=np.float32)


def _round_points(points: Sequence[tuple[float, float]]) -> NDArray[np.int32]:
    """Carry (row, column) to whole pixels (x, y)."""
    return np.asarray(np.rint(np.array(points)[:, ::-1]), np.int32)
