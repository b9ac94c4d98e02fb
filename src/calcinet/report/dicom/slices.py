"""Whether the voxels of a CT are pixels of its slices, and which: what objects in its study can refer to."""

from collections.abc import Sequence
from itertools import product
from typing import Final

import numpy as np
from pydicom.dataset import Dataset

from calcinet.arrays import Floats, Indices
from calcinet.examined import ExaminedImage, ExaminedVolume
from calcinet.record import ImageRecord

SAME_PLACE_MM: Final = 0.1
"""A voxel lies this near to its pixel. Our choice: headers are rounded to a hundredth of a millimetre."""

NEEDED: Final = (
    *("FrameOfReferenceUID", "ImagePositionPatient", "ImageOrientationPatient"),
    *("PixelSpacing", "Rows", "Columns"),
)
"""Of a slice, to lie in space (PS3.3 C.7.6.2)."""


def matching_slices(image: ImageRecord, pixels: ExaminedImage) -> tuple[Dataset, ...]:
    """Headers of a CT's slices, where its voxels are their pixels; none of a film."""
    if image.ct is None or pixels.volume is None:
        return ()
    headers = tuple(pixels.volume.slice_headers)
    if slices_match(pixels.volume, headers):
        return headers
    return ()


def slices_match(volume: ExaminedVolume, headers: Sequence[Dataset]) -> bool:
    """Whether voxels lie on pixels of the slices: only then can an object refer to them."""
    if not headers or not (_has_place(headers[0]) and _has_place(headers[-1])):
        return False
    rows, columns = int(headers[0].Rows), int(headers[0].Columns)
    corners = np.array(list(product((0, len(headers) - 1), (0, rows - 1), (0, columns - 1))))
    exact = _locate_pixels(corners, volume.affine, headers)
    nearest = np.rint(exact[:, :2])
    inside = (nearest >= 0).all() and (nearest < (rows, columns)).all()
    down_mm, across_mm = _read_pixel_spacing(headers[0])
    tolerance = SAME_PLACE_MM / np.array([down_mm, across_mm, 1.0])
    off = np.c_[exact[:, :2] - nearest, exact[:, 2]]
    return bool(inside and (np.abs(off) <= tolerance).all())


def pixels_of(voxels: Indices, affine: Floats, headers: Sequence[Dataset]) -> Indices:
    """Row and column of voxels (Z, Y, X) in their slices, shape (N, 2); a slice may be stored from right or back."""
    return np.rint(_locate_pixels(voxels, affine, headers)[:, :2]).astype(np.intp)


def _locate_pixels(voxels: Indices, affine: Floats, headers: Sequence[Dataset]) -> Floats:
    """Row, column and mm out of the plane of voxels in their slices, shape (N, 3) (PS3.3 C.7.6.2.1.1).

    With the corner S of a slice, the unit vectors x along a row and y down a column, and the distances dx of columns
    and dy of rows, a point P lies at row (P - S).y / dy, column (P - S).x / dx, and (P - S).(x × y) mm off the plane.
    """
    points = (np.c_[voxels, np.ones(len(voxels))] @ affine.T)[:, :3]
    used = np.unique(voxels[:, 0])
    corners = np.array([_read_numbers(headers[z], "ImagePositionPatient") for z in used])
    away = points - corners[np.searchsorted(used, voxels[:, 0])]
    along = np.array(_read_numbers(headers[0], "ImageOrientationPatient"))
    down_mm, across_mm = _read_pixel_spacing(headers[0])
    normal = np.cross(along[:3], along[3:])
    return np.stack([away @ along[3:] / down_mm, away @ along[:3] / across_mm, away @ normal], axis=1)


def _read_pixel_spacing(header: Dataset) -> tuple[float, float]:
    """Distance of rows and of columns in mm."""
    down_mm, across_mm = _read_numbers(header, "PixelSpacing")
    return down_mm, across_mm


def _read_numbers(header: Dataset, keyword: str) -> list[float]:
    return [float(number) for number in header[keyword].value]


def _has_place(header: Dataset) -> bool:
    return all(header.get(keyword) for keyword in NEEDED)
