"""Whether the voxels of a CT are pixels of its slices, and which: what objects in its study can refer to."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from pydicom.dataset import Dataset

from calcinet.arrays import Floats, Indices
from calcinet.record import ImageRecord
from calcinet.report.pictures.viewport import ExaminedPixels, ExaminedVolume

SAME_PLACE_MM: Final = 0.1
"""A voxel lies this near to its pixel. Our choice: headers are rounded to a hundredth of a millimetre."""

NEEDED: Final = (
    *("FrameOfReferenceUID", "ImagePositionPatient", "ImageOrientationPatient"),
    *("PixelSpacing", "Rows", "Columns"),
)
"""Of a slice, to lie in space (PS3.3 C.7.6.2)."""


def slices_of(image: ImageRecord, pixels: ExaminedPixels) -> tuple[Dataset, ...]:
    """Headers of a CT's slices, where its voxels are their pixels; none of a film."""
    volume = pixels.volume if image.ct is not None else None
    if volume is None:
        return ()
    parents = tuple(volume.parents)
    return parents if slices_match(volume, parents) else ()


def slices_match(volume: ExaminedVolume, parents: Sequence[Dataset]) -> bool:
    """Whether voxels lie on pixels of the slices: only then can an object refer to them."""
    if not parents or any(not _placed(parent) for parent in (parents[0], parents[-1])):
        return False
    rows, columns = int(parents[0].Rows), int(parents[0].Columns)
    corners = np.array([[z, y, x] for z in (0, len(parents) - 1) for y in (0, rows - 1) for x in (0, columns - 1)])
    exact = _exact_pixels(corners, volume.affine, parents)
    tolerance = SAME_PLACE_MM / np.array([*(float(mm) for mm in parents[0].PixelSpacing), 1.0])
    inside = (np.rint(exact[:, :2]) >= 0).all() and (np.rint(exact[:, :2]) < (rows, columns)).all()
    off = np.c_[exact[:, :2] - np.rint(exact[:, :2]), exact[:, 2]]
    return bool(inside and (np.abs(off) <= tolerance).all())


def pixels_of(voxels: Indices, affine: Floats, parents: Sequence[Dataset]) -> Indices:
    """Row and column of voxels (Z, Y, X) in their slices, shape (N, 2); a slice may be stored from right or back."""
    return np.rint(_exact_pixels(voxels, affine, parents)[:, :2]).astype(np.intp)


def _exact_pixels(voxels: Indices, affine: Floats, parents: Sequence[Dataset]) -> Floats:
    """Row, column and mm out of the plane of voxels in their slices, shape (N, 3) (PS3.3 C.7.6.2.1.1)."""
    places = (np.c_[voxels, np.ones(len(voxels))] @ affine.T)[:, :3]
    corners = np.array([[float(at) for at in parents[z].ImagePositionPatient] for z in np.unique(voxels[:, 0])])
    away = places - corners[np.searchsorted(np.unique(voxels[:, 0]), voxels[:, 0])]
    along = np.array([float(cosine) for cosine in parents[0].ImageOrientationPatient])
    down_mm, across_mm = (float(mm) for mm in parents[0].PixelSpacing)
    normal = np.cross(along[:3], along[3:])
    return np.stack([away @ along[3:] / down_mm, away @ along[:3] / across_mm, away @ normal], axis=1)


def _placed(parent: Dataset) -> bool:
    return all(parent.get(keyword) for keyword in NEEDED)
