"""A NIfTI volume to a CT: the file may say where voxels lie but not what they are, so the caller must say CT."""

from typing import Final

import numpy as np
from scipy import ndimage

from calcinet.arrays import Floats, Pixels
from calcinet.errors import Unreadable
from calcinet.image import Acquisition, Image
from calcinet.io.ct.hounsfield_check import AIR_HU, require_hounsfield, without_padding
from calcinet.io.ct.nifti_file import NiftiFile, open_nifti
from calcinet.io.ct.orientation import obliqueness, spacing_of_affine, turn_of
from calcinet.io.ct.slice_header import MIN_SIDE
from calcinet.io.options import Options
from calcinet.io.refusal import fingerprint, source_name
from calcinet.text import say

UNIT_MM: Final = {"unknown": 1.0, "mm": 1.0, "meter": 1000.0, "micron": 0.001}
"""Length unit of the header in mm; what names none is in mm by custom."""

RIGHT_ANGLE_WITHIN: Final = 0.02
"""Cosine between two axes. Our choice: a degree."""

SIDE_MM: Final = (0.01, 50.0)
"""Sides of a voxel. Our choice: from micro-CT to the slices of a coarse survey."""


def needs_modality() -> Unreadable:
    """The refusal of a NIfTI file where the caller does not say what it is."""
    message = say(
        "found a NIfTI volume, which does not say what kind of scan it is: if it is a CT in Hounsfield units, give "
        "--modality CT"
    )
    return Unreadable(message, code="no-modality")


def read_nifti(data: bytes, options: Options, *, suffix: str) -> Image:
    """Make the image of a NIfTI file, packed or not; `data` are its bytes.

    A file that does not say how its volume lies in the patient, or contradicts itself, gives an image without affine.

    Raises
    ------
    Unreadable
        If the caller did not say CT, or it cannot be read, is no single volume, lies nowhere, or holds no HU.
    """
    if options.modality != "CT":
        raise needs_modality()
    hu, ours, file = _load(data)
    about_voids = _fill_voids(hu)
    without_padding(hu, None)
    require_hounsfield(hu)
    sha256 = fingerprint(data)
    placed = None
    if file.lies and not file.contradicts_itself:
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
        cautions=(
            *about_voids,
            *_warn_of_place(file),
            *obliqueness(ours),
            *_warn_of_one_slice(hu),
            *_warn_of_spacing(options),
        ),
        affine=placed,
        acquisition=Acquisition(),
    )


def _fill_voids(hu: Pixels) -> tuple[str, ...]:
    """Turn what holds no number into air, in place, where all of it reaches the edge of the volume, and say so.

    Programs that cut a scan, or turn it, put NaN or minus infinity where nothing was taken. Such voxels within the body
    stay, and the volume is refused for them.
    """
    void = np.isnan(hu) | np.isneginf(hu)
    if not void.any():
        return ()
    parts, count = ndimage.label(void)
    at_edge: set[int] = set()
    for axis in range(hu.ndim):
        for end in (0, -1):
            at_edge.update(np.unique(parts.take(end, axis)).tolist())
    if len(at_edge - {0}) < count:
        return ()
    hu[void] = AIR_HU
    remark = say("{share:.1%} of the volume, at its edge, holds no numbers: taken as air", share=float(void.mean()))
    return (remark,)


def _warn_of_one_slice(hu: Pixels) -> tuple[str, ...]:
    if hu.shape[0] > 1:
        return ()
    return (say("one slice: no volume"),)


def _warn_of_spacing(options: Options) -> tuple[str, ...]:
    if options.spacing_mm is None:
        return ()
    return (say("the pixel spacing that was given is for films: a CT keeps its own"),)


def _load(data: bytes) -> tuple[Pixels, Floats, NiftiFile]:
    """Values in our axes, their affine to (left, posterior, superior) in mm, and the file that was read."""
    file = open_nifti(data)
    _require_sides(file.shape)
    affine = file.affine
    affine[:3] *= UNIT_MM.get(file.unit, 1.0)
    _require_upright(affine)
    turn = turn_of(affine)
    values = turn.blank(file.shape)
    as_stored = turn.theirs(values)
    for number, slab in file.read_slabs():
        as_stored[..., number] = slab
    return values, turn.affine(affine, file.shape), file


def _warn_of_place(file: NiftiFile) -> tuple[str, ...]:
    if file.contradicts_itself:
        remark = say(
            "the file says in two ways that contradict each other (sform, qform) how the volume lies in the patient: "
            "head, back and left are guesses of its axes"
        )
        return (remark,)
    if file.lies:
        return ()
    return (
        say("the file does not say how the volume lies in the patient: head, back and left are guesses of its axes"),
    )


def _require_sides(shape: tuple[int, int, int]) -> None:
    """Refuse slices that are thumbnails."""
    if sorted(shape)[1] < MIN_SIDE:
        message = say(
            "found a volume of {shape: x } voxels; expected slices of at least {least} x {least}",
            shape=shape,
            least=MIN_SIDE,
        )
        raise Unreadable(message, code="too-small")


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
