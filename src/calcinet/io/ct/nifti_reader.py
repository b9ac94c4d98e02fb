"""A NIfTI volume to a CT: the file may say where voxels lie but not what they are, so the caller must say CT."""

import logging
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import numpy as np

from calcinet.arrays import Floats, Pixels
from calcinet.errors import Unreadable
from calcinet.image import Acquisition, Image
from calcinet.io.ct.hounsfield_check import require_hounsfield, without_padding
from calcinet.io.ct.orientation import obliqueness, spacing_of_affine, turn_of
from calcinet.io.ct.slice_header import MIN_SIDE
from calcinet.io.options import Options
from calcinet.io.refusal import fingerprint, source_name
from calcinet.limits import VOXELS
from calcinet.text import say

MAX_BYTES: Final = 5 * 2**30
"""A packed file may unpack to this much. Our choice: the most voxels that are read, of 8 bytes."""

UNIT_MM: Final = {"unknown": 1.0, "mm": 1.0, "meter": 1000.0, "micron": 0.001}
"""Length unit of the header in mm; what names none is in mm by custom."""

RIGHT_ANGLE_WITHIN: Final = 0.02
"""Cosine between two axes. Our choice: a degree."""

SIDE_MM: Final = (0.01, 50.0)
"""Sides of a voxel. Our choice: from micro-CT to the slices of a coarse survey."""

RAS_TO_LPS: Final = np.diag([-1.0, -1.0, 1.0, 1.0])
"""NIfTI counts to the right, the front and the head; DICOM to the left, the back and the head."""

DAMAGED: Final = say("found a NIfTI file that is damaged or cut off: copy it again from where it came")


def needs_modality() -> Unreadable:
    """The refusal of a NIfTI file where the caller does not say what it is."""
    message = say(
        "found a NIfTI volume, which does not say what kind of scan it is: if it is a CT in Hounsfield units, give "
        "--modality CT"
    )
    return Unreadable(message, code="no-modality")


def read_nifti(data: bytes, options: Options, *, suffix: str) -> Image:
    """Make the image of a NIfTI file, packed or not; `data` are its bytes.

    A file that does not say how its volume lies in the patient gives an image without affine.

    Raises
    ------
    Unreadable
        If the caller did not say CT, or it cannot be read, is no single volume, lies nowhere, or holds no HU.
    """
    if options.modality != "CT":
        raise needs_modality()
    volume, affine, lies = _load(_unpack(data))
    turn, shape = turn_of(affine), (volume.shape[0], volume.shape[1], volume.shape[2])
    hu, ours = turn.ours(volume), turn.affine(affine, shape)
    without_padding(hu, None)
    require_hounsfield(hu)
    sha256 = fingerprint(data)
    placed = None
    if lies:
        placed = ours
    return Image(
        hu,
        spacing_of_affine(ours),
        "[hnsf'U]",
        modality="CT",
        spacing_basis="calibrated",
        anatomy=" ".join((options.anatomy or "unknown").lower().split()),
        source=source_name(sha256, suffix),
        sha256=sha256,
        linear=True,
        cautions=(*_warn_of_place(lies), *obliqueness(ours), *_warn_of_one_slice(hu), *_warn_of_spacing(options)),
        affine=placed,
        acquisition=Acquisition(),
    )


def _warn_of_one_slice(hu: Pixels) -> tuple[str, ...]:
    if hu.shape[0] > 1:
        return ()
    return (say("one slice: no volume"),)


def _warn_of_spacing(options: Options) -> tuple[str, ...]:
    if options.spacing_mm is None:
        return ()
    return (say("the pixel spacing that was given is for films: a CT keeps its own"),)


def _unpack(data: bytes) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data
    packed = zlib.decompressobj(31)
    try:
        plain = packed.decompress(data, MAX_BYTES)
    except zlib.error as error:
        raise Unreadable(DAMAGED, code="truncated") from error
    if packed.unconsumed_tail:
        raise Unreadable(say("the NIfTI file unpacks to more than any CT: not opened"), code="too-large")
    if not packed.eof:
        raise Unreadable(DAMAGED, code="truncated")
    return plain


def _load(data: bytes) -> tuple[Pixels, Floats, bool]:
    """Values, shape (i, j, k), their affine to (left, posterior, superior) in mm, and whether the file states it."""
    import nibabel  # takes a tenth of a second, which films need not pay

    try:
        with warnings.catch_warnings(), _silence(nibabel.imageglobals.logger):
            warnings.simplefilter("ignore")
            kind: Any = nibabel.Nifti1Image
            if data[4:8] == b"n+2\0":
                kind = nibabel.Nifti2Image
            image = kind.from_bytes(data)
            shape = tuple(int(side) for side in image.shape)
            _require_volume(shape)
            _require_numbers(image)
            values = image.get_fdata(caching="unchanged", dtype=np.float32).reshape(shape[:3])
            affine = RAS_TO_LPS @ np.asarray(image.affine, dtype=np.float64)
            unit = UNIT_MM.get(str(image.header.get_xyzt_units()[0]), 1.0)
            lies = bool(image.header["sform_code"] > 0 or image.header["qform_code"] > 0)
    except Unreadable:
        raise
    except Exception as error:  # a damaged file may fail anywhere in the reader
        raise Unreadable(DAMAGED, code="truncated") from error
    affine[:3] *= unit
    _require_upright(affine)
    return values, affine, lies


@contextmanager
def _silence(log: logging.Logger) -> Iterator[None]:
    """Keep what the reader mends in a header to itself: it would go to the terminal."""
    was_silent, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = was_silent


def _warn_of_place(lies: bool) -> tuple[str, ...]:
    if lies:
        return ()
    return (
        say("the file does not say how the volume lies in the patient: head, back and left are guesses of its axes"),
    )


def _require_numbers(image: Any) -> None:
    """Refuse colours and complex numbers."""
    if image.get_data_dtype().kind not in "iufb":
        message = say(
            "found a NIfTI file with values of type {kind}; expected one number a voxel, in Hounsfield units: give the "
            "CT itself",
            kind=str(image.header.get_value_label("datatype")),
        )
        raise Unreadable(message, code="ct-not-hu")


def _require_volume(shape: tuple[int, ...]) -> None:
    """Refuse, before anything is decoded, what is no single volume of a possible size."""
    if len(shape) < 3 or any(side != 1 for side in shape[3:]):
        message = say("found a NIfTI file of shape {shape: x }; expected one volume: give one of them", shape=shape)
        raise Unreadable(message, code="multi-frame")
    if sorted(shape[:3])[1] < MIN_SIDE or min(shape[:3]) < 1:
        message = say(
            "found a volume of {shape: x } voxels; expected slices of at least {least} x {least}",
            shape=shape[:3],
            least=MIN_SIDE,
        )
        raise Unreadable(message, code="too-small")
    if shape[0] * shape[1] * shape[2] > VOXELS.value:
        message = say(
            "found a volume of {shape: x } voxels; expected at most {millions} million: give a part of it",
            shape=shape[:3],
            millions=VOXELS.value // 10**6,
        )
        raise Unreadable(message, code="too-many-pixels")


def _require_upright(affine: Floats) -> None:
    if not _has_right_angles(affine):
        message = say(
            "the affine of the NIfTI file is not one of right angles and millimetres: convert the scan again from DICOM"
        )
        raise Unreadable(message, code="ct-geometry")


def _has_right_angles(affine: Floats) -> bool:
    """Whether the axes stand at right angles and voxels have sides of a body's scan."""
    lengths = np.linalg.norm(affine[:3, :3], axis=0)
    if not np.isfinite(affine).all() or lengths.min() <= SIDE_MM[0] or lengths.max() >= SIDE_MM[1]:
        return False
    cosines = (affine[:3, :3] / lengths).T @ (affine[:3, :3] / lengths) - np.eye(3)
    return bool(np.abs(cosines).max() <= RIGHT_ANGLE_WITHIN)
