"""Which segments the marks of a CT make, on the pixels of its own slices."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from calcinet.examined import ExaminedVolume
from calcinet.record import ImageRecord
from calcinet.report.dicom.segments import KINDS
from calcinet.report.dicom.slices import pixels_of
from calcinet.report.pictures.ct.compartments import COMPARTMENTS
from calcinet.vocabulary import Compartment, FindingKind, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeSegment:
    """One segment of the segmentation of one CT."""

    number: int
    """Segment Number, from 1."""
    kind: FindingKind
    compartment: Compartment
    side: Side | None
    findings: tuple[str, ...]
    """Ids of the findings whose voxels it holds."""

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it from the others: they stay while kinds, compartments and sides stay."""
        return (self.kind, self.compartment, self.side or "")


def volume_segments(image: ImageRecord, volume: ExaminedVolume) -> tuple[VolumeSegment, ...]:
    """Make one segment of each kind, compartment and side that has voxels."""
    findings: dict[tuple[FindingKind, Compartment, Side | None], list[str]] = {}
    for finding in image.findings:
        if finding.kind in KINDS and len(volume.voxels.get(finding.id, ())):
            key = (finding.kind, finding.compartment, finding.side)
            findings.setdefault(key, []).append(finding.id)
    segments: list[VolumeSegment] = []
    for kind, compartment, side in sorted(findings, key=_rank_segment):
        own = tuple(findings[kind, compartment, side])
        number = len(segments) + 1
        segments.append(VolumeSegment(number=number, kind=kind, compartment=compartment, side=side, findings=own))
    return tuple(segments)


def _rank_segment(key: tuple[FindingKind, Compartment, Side | None]) -> tuple[int, int, str]:
    kind, compartment, side = key
    return KINDS.index(kind), COMPARTMENTS.index(compartment), side or ""


def lay_on_slices(
    segments: Sequence[VolumeSegment], volume: ExaminedVolume, headers: Sequence[Dataset]
) -> tuple[NDArray[np.uint8], list[int]]:
    """Lay segments on the pixels of the slices: Segment Numbers, shape (slices with marks, Rows, Columns), and which.

    A slice may be stored from right to left or from back to front; its header says it.
    """
    voxels = {}
    for segment in segments:
        voxels[segment.number] = np.concatenate([volume.voxels[key] for key in segment.findings])
    used = np.unique(np.concatenate([own[:, 0] for own in voxels.values()]))
    first = headers[0]
    marked = np.zeros((len(used), int(first.Rows), int(first.Columns)), np.uint8)
    for number, own in voxels.items():
        frames = np.searchsorted(used, own[:, 0])
        rows, columns = pixels_of(own, volume.affine, headers).T
        marked[frames, rows, columns] = number
    return marked, used.tolist()
