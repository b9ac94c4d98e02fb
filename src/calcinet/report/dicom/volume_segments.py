"""Which segments the marks of a CT make, on the pixels of its own slices."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from calcinet.record import Compartment, ImageRecord, Kind, Side
from calcinet.report.ct.compartments import COMPARTMENTS
from calcinet.report.dicom.segments import KINDS
from calcinet.report.view import ExaminedVolume

SAME_PLACE_MM: Final = 0.1
"""A voxel lies this near to its pixel. Our choice: headers are rounded to a hundredth of a millimetre."""


@dataclass(frozen=True, slots=True)
class VolumeSegment:
    """One segment of the segmentation of one CT."""

    number: int
    """Segment Number, from 1."""
    kind: Kind
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
        rows, columns = _pixels(voxels, volume.affine, parents).T
        made[frames, rows, columns] = number
    return made, used


def slices_match(volume: ExaminedVolume, parents: Sequence[Dataset]) -> bool:
    """Whether voxels lie on pixels of the slices: only then can an object refer to them."""
    if not parents or any(not _placed(parent) for parent in (parents[0], parents[-1])):
        return False
    rows, columns = int(parents[0].Rows), int(parents[0].Columns)
    corners = np.array([[z, y, x] for z in (0, len(parents) - 1) for y in (0, rows - 1) for x in (0, columns - 1)])
    exact = _exact_pixels(corners, volume.affine, parents)
    tolerance = SAME_PLACE_MM / np.array([*(float(mm) for mm in parents[0].PixelSpacing), 1.0])
    inside = (np.rint(exact[:, :2]) >= 0).all() and (np.rint(exact[:, :2]) < (rows, columns)).all()
    return bool(inside and (np.abs(exact - np.rint(exact)) <= tolerance).all() and (np.abs(exact[:, 2]) <= tolerance[2]).all())


def _pixels(voxels: NDArray[np.intp], affine: NDArray[np.float64], parents: Sequence[Dataset]) -> NDArray[np.intp]:
    """Row and column of voxels (Z, Y, X) in their slices, shape (N, 2)."""
    return np.rint(_exact_pixels(voxels, affine, parents)[:, :2]).astype(np.intp)


def _exact_pixels(
    voxels: NDArray[np.intp], affine: NDArray[np.float64], parents: Sequence[Dataset]
) -> NDArray[np.float64]:
    """Row, column and mm out of the plane of voxels in their slices, shape (N, 3) (PS3.3 C.7.6.2.1.1)."""
    places = (np.c_[voxels, np.ones(len(voxels))] @ affine.T)[:, :3]
    corners = np.array([[float(at) for at in parents[z].ImagePositionPatient] for z in np.unique(voxels[:, 0])])
    away = places - corners[np.searchsorted(np.unique(voxels[:, 0]), voxels[:, 0])]
    along = np.array([float(cosine) for cosine in parents[0].ImageOrientationPatient])
    down_mm, across_mm = (float(mm) for mm in parents[0].PixelSpacing)
    normal = np.cross(along[:3], along[3:])
    return np.stack([away @ along[3:] / down_mm, away @ along[:3] / across_mm, away @ normal], axis=1)


def _placed(parent: Dataset) -> bool:
    needed = ("FrameOfReferenceUID", "ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "Rows", "Columns")
    return all(parent.get(keyword) for keyword in needed)
