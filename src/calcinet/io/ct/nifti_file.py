"""A NIfTI file, packed or plain, whose values are read slab by slab: no more is held than the volume itself."""

import gzip
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from math import prod
from typing import Any, BinaryIO, Final, cast

import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Floats
from calcinet.errors import Unreadable
from calcinet.io.file_signatures import GZIP
from calcinet.io.inflation import is_bomb, refuse_bomb
from calcinet.limits import MIB, VOXELS
from calcinet.text import say

RAS_TO_LPS: Final = np.diag([-1.0, -1.0, 1.0, 1.0])
"""NIfTI counts to the right, the front and the head; DICOM to the left, the back and the head."""

HEADER_BYTES: Final = 544
"""Of the second version, with what says whether extensions follow; the first has 352 (NIfTI-1, NIfTI-2)."""

SAME_SIZE_WITHIN: Final = 0.01
"""Two sizes of a voxel that differ by less, relatively, are one. Our choice: rounding, and shear of a fitted affine."""

FAR: Final = 64 * MIB
"""Bytes that may stand before the voxels, and after them. Our choice: a thousand times the longest extension."""

DEFLATE_AT_MOST: Final = 1032
"""How many times itself a deflated byte can become (the format's own bound, RFC 1951)."""

DAMAGED: Final = say("found a NIfTI file that is damaged or cut off: copy it again from where it came")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class NiftiFile:
    """A volume whose header is sound, so far; its values are not read yet."""

    shape: tuple[int, int, int]
    affine: Floats
    """From voxels to (left, posterior, superior), in the unit of the file."""
    unit: str
    """Of lengths, as the library names it."""
    lies: bool
    """Whether the file says how the volume lies in the patient."""
    contradicts_itself: bool
    """Whether it says so in two ways, of which no more than one can be right."""
    _image: Any
    _stream: BinaryIO

    def read_slabs(self) -> Iterator[tuple[int, NDArray[Any]]]:
        """Number and values of each plane along the third axis, in order, once.

        Raises
        ------
        Unreadable
            If the file breaks off, or is damaged.
        """
        values = self._image.dataobj
        further = (0,) * (len(self._image.shape) - 3)
        with _explain():
            for number in range(self.shape[2]):
                slab = np.asanyarray(values[(slice(None), slice(None), number, *further)])
                yield number, slab.reshape(self.shape[:2])
            _require_end(self._stream)


def open_nifti(data: bytes) -> NiftiFile:
    """Look at the header of a file; `data` are its bytes.

    Raises
    ------
    Unreadable
        If it is damaged, no single volume of a possible size, of colours, or claims more than its file can hold.
    """
    import nibabel  # takes a tenth of a second, which films need not pay

    kind: Any = nibabel.Nifti1Image
    stream = _open_stream(data)
    with _explain():
        head = stream.read(HEADER_BYTES)
        stream.seek(0)
        if head[4:8] == b"n+2\0":
            kind = nibabel.Nifti2Image
        header = kind.header_class(head[: kind.header_class.sizeof_hdr], check=False)
        _require_volume(tuple(int(side) for side in header.get_data_shape()))
        _require_numbers(header)
        _require_room(header, data)
        image = kind.from_stream(stream)
        _require_one_size(image)
        return NiftiFile(
            shape=(int(image.shape[0]), int(image.shape[1]), int(image.shape[2])),
            affine=RAS_TO_LPS @ np.asarray(image.affine, dtype=np.float64),
            unit=str(image.header.get_xyzt_units()[0]),
            lies=bool(image.header["sform_code"] > 0 or image.header["qform_code"] > 0),
            contradicts_itself=_has_two_ways(image),
            _image=image,
            _stream=stream,
        )


def _open_stream(data: bytes) -> BinaryIO:
    if data.startswith(GZIP):
        return cast("BinaryIO", gzip.GzipFile(fileobj=BytesIO(data)))
    return BytesIO(data)


@contextmanager
def _explain() -> Iterator[None]:
    """Make one sentence of every way to fail, and keep what the library mends in a header from the terminal."""
    import nibabel

    try:
        with warnings.catch_warnings(), _silence(nibabel.imageglobals.logger):
            warnings.simplefilter("ignore")
            yield
    except (Unreadable, MemoryError, GeneratorExit):
        raise
    except Exception as error:  # a damaged file may fail anywhere in the reader
        raise Unreadable(DAMAGED, code="truncated") from error


@contextmanager
def _silence(log: logging.Logger) -> Iterator[None]:
    was_silent, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = was_silent


def _require_volume(shape: tuple[int, ...]) -> None:
    """Refuse what is no single volume of a possible size."""
    if len(shape) < 3 or any(side != 1 for side in shape[3:]):
        message = say("found a NIfTI file of shape {shape: x }; expected one volume: give one of them", shape=shape)
        raise Unreadable(message, code="multi-frame")
    if min(shape) < 1:
        message = say("found a volume of {shape: x } voxels, which is none: copy it again", shape=shape[:3])
        raise Unreadable(message, code="too-small")
    if prod(shape) > VOXELS.value:
        message = say(
            "found a volume of {shape: x } voxels; expected at most {millions} million: give a part of it",
            shape=shape[:3],
            millions=VOXELS.value // 10**6,
        )
        raise Unreadable(message, code="too-many-pixels")


def _require_numbers(header: Any) -> None:
    """Refuse colours and complex numbers."""
    if header.get_data_dtype().kind not in "iufb":
        message = say(
            "found a NIfTI file with values of type {kind}; expected one number a voxel, in Hounsfield units: give the "
            "CT itself",
            kind=str(header.get_value_label("datatype")),
        )
        raise Unreadable(message, code="ct-not-hu")


def _require_room(header: Any, data: bytes) -> None:
    """Refuse a header that claims more than the file can hold, packed or plain."""
    before = int(header.get_data_offset())
    claimed = prod(int(side) for side in header.get_data_shape()) * int(header.get_data_dtype().itemsize)
    if not 0 <= before <= FAR:
        raise Unreadable(DAMAGED, code="truncated")
    most = len(data) - before
    if data.startswith(GZIP):
        most = DEFLATE_AT_MOST * len(data)
    if claimed > most:
        raise Unreadable(DAMAGED, code="truncated")
    if is_bomb(len(data), claimed):
        raise refuse_bomb()


def _require_one_size(image: Any) -> None:
    """Refuse a file whose matrix (sform or qform) and sizes of a voxel (pixdim) contradict each other.

    A scan that was fitted to a template has a matrix that stretches it; a volume in mm3 would then be wrong.
    """
    by_matrix = np.linalg.norm(np.asarray(image.affine, dtype=np.float64)[:3, :3], axis=0)
    by_size = np.abs(np.asarray(image.header.get_zooms()[:3], dtype=np.float64))
    if np.all(np.abs(by_matrix - by_size) <= SAME_SIZE_WITHIN * by_size):
        return
    message = say(
        "the NIfTI file gives its voxels two sizes, {matrix: x } by its matrix and {pixdim: x } by its header: one is "
        "wrong, or the scan was fitted to a template; convert the scan again from DICOM",
        matrix=[f"{side:.4g}" for side in by_matrix],
        pixdim=[f"{side:.4g}" for side in by_size],
    )
    raise Unreadable(message, code="ct-geometry")


def _has_two_ways(image: Any) -> bool:
    """Whether sform and qform are both stated and take an axis of the file for different directions of the body."""
    import nibabel

    header = image.header
    if not (header["sform_code"] > 0 and header["qform_code"] > 0):
        return False
    names = [nibabel.orientations.aff2axcodes(form) for form in (header.get_sform(), header.get_qform())]
    return bool(names[0] != names[1])


def _require_end(stream: BinaryIO) -> None:
    """Read to the end, where a packed file holds its check sum."""
    room = FAR
    while piece := stream.read(MIB):
        room -= len(piece)
        if room < 0:
            raise refuse_bomb()
