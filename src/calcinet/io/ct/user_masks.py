"""Masks of bones and arteries that another program has drawn on a CT, one NIfTI file a structure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from scipy import ndimage

from calcinet.arrays import Floats, Mask
from calcinet.errors import BadInput, Unreadable
from calcinet.given_files import read_given
from calcinet.image import Image, UserMasks
from calcinet.io.ct.nifti_file import NiftiFile, open_nifti
from calcinet.io.ct.orientation import turn_of
from calcinet.io.options import Options
from calcinet.limits import FILE_BYTES
from calcinet.text import say

BONES: Final = (
    *("vertebrae", "rib", "sternum", "sacrum", "hip", "skull", "scapula", "clavicula", "costal_cartilages"),
    *("humerus", "radius", "ulna", "carpal", "metacarpal", "phalanges"),
    *("femur", "patella", "tibia", "fibula", "tarsal", "metatarsal"),
)
ARTERIES: Final = (
    *("aorta", "iliac_artery", "femoral_artery", "popliteal_artery", "tibial_artery", "peroneal_artery"),
    *("brachiocephalic_trunk", "subclavian_artery", "common_carotid_artery"),
)
"""How the names of files begin, as TotalSegmentator writes them; arteries of the leg are named after its manner."""

SUFFIXES: Final = (".nii.gz", ".nii")

SMALLEST_MM3: Final = 1e-9
"""Volume of a voxel below which an affine is flat. Our choice: far below any scan of a body."""

NO_PLACE: Final = say("the masks that were given were left out: the file does not say where the voxels of this CT lie")

ELSEWHERE: Final = say("none of the masks that were given lies in this CT: it was examined without")

FOR_CT_ONLY: Final = say("the masks that were given are for a CT: a film is examined without")

CALIBRATION_FOR_CT_ONLY: Final = say("the calcium calibration that was given is for a CT: a film is examined without")

SAME_WITHIN: Final = 1e-3
"""Millimetres, or parts of a voxel, within which two grids are the same. Our choice: headers hold single precision."""


def check_labels(folder: Path) -> None:
    """Refuse a folder that holds no mask of a bone or an artery, or one whose header cannot be read.

    Raises
    ------
    BadInput
        If it is no folder, or holds none, or one is no volume of NIfTI.
    """
    if not folder.is_dir():
        raise BadInput("what was given is no folder; --labels takes a folder of masks, one NIfTI file a structure")
    masks = [*_list_files(folder, BONES), *_list_files(folder, ARTERIES)]
    if not masks:
        raise BadInput(
            "the folder of --labels holds no mask of a bone or an artery; expected names such as femur_left.nii.gz or "
            "aorta.nii.gz"
        )
    for path in masks:
        _open_mask(path)


def known_on(image: Image, folder: Path) -> UserMasks:
    """Bones and arteries of a folder on the grid of a CT; none where no mask lies in it.

    Parameters
    ----------
    image
        The CT, with an affine.
    folder
        Masks drawn on it, or on another grid in the same place.

    Raises
    ------
    BadInput
        If a mask cannot be read.
    """
    bones = _join_masks(image, list(_list_files(folder, BONES)))
    arteries = _join_masks(image, list(_list_files(folder, ARTERIES)))
    return UserMasks(bones, arteries)


def as_the_user_knows(image: Image, options: Options) -> Image:
    """A CT with its calibration and the structures that the user knows; a sentence where an image has no use for them.

    Raises
    ------
    BadInput
        As `known_on`.
    """
    if image.modality != "CT":
        return _add_caution(image, *_refuse_useless(options))
    if options.mg_per_cm3_per_hu is not None:
        acquisition = replace(image.acquisition, mg_per_cm3_per_hu=options.mg_per_cm3_per_hu)
        image = replace(image, acquisition=acquisition)
    if options.labels is None:
        return image
    return _label_voxels(image, options.labels)


def _refuse_useless(options: Options) -> Iterator[str]:
    """What was given and says nothing of a film."""
    if options.labels is not None:
        yield FOR_CT_ONLY
    if options.mg_per_cm3_per_hu is not None:
        yield CALIBRATION_FOR_CT_ONLY


def _label_voxels(image: Image, folder: Path) -> Image:
    if image.affine is None:
        return _add_caution(image, NO_PLACE)
    known = known_on(image, folder)
    if known.bones is None and known.arteries is None:
        return _add_caution(image, ELSEWHERE)
    return replace(image, known=known)


def _add_caution(image: Image, *said: str) -> Image:
    return replace(image, cautions=(*image.cautions, *said))


def _list_files(folder: Path, names: Sequence[str]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.endswith(SUFFIXES) and path.name.startswith(tuple(names)):
            yield path


def _join_masks(image: Image, paths: Sequence[Path]) -> Mask | None:
    """Union of masks on the grid of the image; None where they mark nothing of it."""
    union = np.zeros(image.pixels.shape, dtype=bool)
    for path in paths:
        _mark(union, image, path)
    if not union.any():
        return None
    return union


def _mark(union: Mask, image: Image, path: Path) -> None:
    """Add a mask, resampled to the nearest voxel where its grid is not that of the image."""
    mask, affine = _load_mask(path)
    assert image.affine is not None
    turn = turn_of(affine)
    upright = turn.ours(mask)
    ours = turn.affine(affine, (mask.shape[0], mask.shape[1], mask.shape[2]))
    if upright.shape == union.shape and np.abs(ours - image.affine).max() < SAME_WITHIN:
        union |= upright
        return
    to_mask = np.linalg.inv(ours) @ image.affine
    moved = ndimage.affine_transform(
        upright.astype(np.uint8), to_mask[:3, :3], to_mask[:3, 3], union.shape, order=0, mode="constant"
    )
    union |= moved > 0


def _load_mask(path: Path) -> tuple[Mask, Floats]:
    """Where a mask is set, and its affine to (left, posterior, superior)."""
    found = _open_mask(path)
    is_set = np.empty(found.shape, dtype=bool, order="F")
    try:
        for number, slab in found.read_slabs():
            is_set[..., number] = slab > 0
    except Unreadable as error:
        raise _refuse_unreadable(path, error) from error
    return is_set, found.affine


def _open_mask(path: Path) -> NiftiFile:
    """A mask whose header is sound; its values are not read yet."""
    try:
        found = open_nifti(read_given(path, FILE_BYTES))
    except Unreadable as error:
        raise _refuse_unreadable(path, error) from error
    if not np.isfinite(found.affine).all() or abs(np.linalg.det(found.affine[:3, :3])) < SMALLEST_MM3:
        flat = Unreadable(say("its affine is flat: draw it again on this CT"), code="ct-geometry")
        raise _refuse_unreadable(path, flat)
    return found


def _refuse_unreadable(path: Path, error: Unreadable) -> BadInput:
    """The refusal of a mask, which is named by its structure alone: the rest of its name may be a patient's."""
    structure = next(name for name in (*BONES, *ARTERIES) if path.name.startswith(name))
    return BadInput(f"a mask of {structure} in the folder of --labels cannot be used: {error}")
