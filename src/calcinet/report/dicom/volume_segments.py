"""Which segments the marks of a CT make, on the pixels of its own slices."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from calcinet.record import ImageRecord
from calcinet.report.dicom.segments import KINDS
from calcinet.report.pictures.ct.compartments import COMPARTMENTS
from calcinet.report.pictures.viewport import ExaminedVolume
from calcinet.report.volumes.slices import pixels_of
from calcinet.vocabulary import Compartment, FindingKind, Side


@dataclass(frozen=True, slots=True)
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
    marked = [finding for finding in image.findings if len(volume.voxels.get(finding.id, ()))]
    keys = {(f.kind, f.compartment, f.side) for f in marked if f.kind in KINDS}
    order = sorted(keys, key=lambda key: (KINDS.index(key[0]), COMPARTMENTS.index(key[1]), key[2] or ""))
    return tuple(
        VolumeSegment(n, *key, tuple(f.id for f in marked if (f.kind, f.compartment, f.side) == key))
        for n, key in enumerate(order, start=1)
    )


def on_slices(
    segments: Sequence[VolumeSegment], volume: ExaminedVolume, parents: Sequence[Dataset]
) -> tuple[NDArray[np.uint8], list[int]]:
    """Lay segments on the pixels of the slices: Segment Numbers, shape (slices with marks, Rows, Columns), and which.

    A slice may be stored from right to left or from back to front; its header says it.
    """
    every = {segment.number: np.concatenate([volume.voxels[key] for key in segment.findings]) for segment in segments}
    used = sorted({int(z) for voxels in every.values() for z in voxels[:, 0]})
    place = {z: n for n, z in enumerate(used)}
    first = parents[0]
    made = np.zeros((len(used), int(first.Rows), int(first.Columns)), np.uint8)
    for number, voxels in every.items():
        frames = np.array([place[int(z)] for z in voxels[:, 0]])
        rows, columns = pixels_of(voxels, volume.affine, parents).T
        made[frames, rows, columns] = number
    return made, used
