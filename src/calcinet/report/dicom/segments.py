"""Which segments a film's marks make: one for each kind and side that has pixels."""

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


@dataclass(frozen=True, slots=True, eq=False)
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
    """Part a label map into segments; a film of one side has one for each kind, a film of both legs one for each leg.

    A pixel belongs to the side of the nearest finding of its kind that has one. Pixels of a kind without findings
    belong to the side of the film.

    Parameters
    ----------
    image
        The findings.
    mask
        Label map, shape (Y, X): `calcinet.mask_labels.MASK_LABELS`.
    """
    parts = [
        (kind, *part) for kind in KINDS for part in _sides(kind, image, mask == MASK_LABELS[kind]) if part[1].any()
    ]
    return tuple(
        Segment(number, kind, side, _ids(image, kind, side), pixels)
        for number, (kind, side, pixels) in enumerate(parts, start=1)
    )


def _sides(kind: FindingKind, image: ImageRecord, pixels: Mask) -> list[tuple[Side | None, Mask]]:
    own = [finding for finding in image.findings if finding.kind == kind]
    sides = list(dict.fromkeys(_side(finding, image) for finding in own)) or [_one(image.laterality)]
    if len(sides) == 1:
        return [(sides[0], pixels)]
    distances = np.stack([_distance([f for f in own if _side(f, image) == side], pixels.shape) for side in sides])
    nearest = np.argmin(distances, axis=0)
    return [(side, pixels & (nearest == number)) for number, side in enumerate(sides)]


def _side(finding: FindingRecord, image: ImageRecord) -> Side | None:
    return finding.side or _one(image.laterality)


def _one(laterality: Side | None) -> Side | None:
    """A film of both sides does not tell which of them a mark lies on."""
    return None if laterality == "B" else laterality


def _ids(image: ImageRecord, kind: FindingKind, side: Side | None) -> tuple[str, ...]:
    return tuple(f.id for f in image.findings if f.kind == kind and _side(f, image) == side)


def _distance(findings: list[FindingRecord], shape: tuple[int, ...]) -> Pixels:
    """Pixels to the nearest outline or centre line of the findings."""
    away = np.ones(shape, dtype=np.uint8)
    for finding in findings:
        for points, closed in ((finding.outline, True), (finding.polyline, False)):
            if points:
                cv2.polylines(away, [np.rint(np.array(points)[:, ::-1]).astype(np.int32)], closed, 0)
        if finding.outline:
            cv2.fillPoly(away, [np.rint(np.array(finding.outline)[:, ::-1]).astype(np.int32)], 0)
    return np.asarray(cv2.distanceTransform(away, cv2.DIST_L2, 3), dtype=np.float32)
