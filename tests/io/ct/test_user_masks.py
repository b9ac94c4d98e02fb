"""Masks that another program has drawn, laid on the grid of the CT."""

import os
import shutil
from dataclasses import replace

import nibabel
import numpy as np
import pytest

from calcinet.errors import BadInput
from calcinet.image import Image
from calcinet.io import read_all
from calcinet.io.ct.user_masks import known_on
from tests.support.ctfiles import AFFINE, body, series

SHAPE, SPACING = (12, 16, 20), (2.0, 1.0, 1.0)
RAS = np.diag([-1.0, -1.0, 1.0, 1.0])


@pytest.fixture
def ct():
    """Voxel (Z, Y, X) lies at X - 10 to the left, Y - 8 to the back and 2 Z upwards."""
    affine = np.array([[0, 0, 1, -10], [0, 1, 0, -8], [2, 0, 0, 0], [0, 0, 0, 1]], dtype=float)
    return Image(np.zeros(SHAPE, np.float32), SPACING, "[hnsf'U]", modality="CT", affine=affine)


def _write(folder, name, mask, affine):
    """Write a mask whose voxels the affine takes to (left, posterior, superior)."""
    folder.mkdir(exist_ok=True)
    nibabel.save(nibabel.Nifti1Image(mask.astype(np.uint8), RAS @ affine), folder / name)


def _block():
    mask = np.zeros(SHAPE, bool)
    mask[3:6, 4:7, 10:15] = True
    return mask


@pytest.mark.parametrize(
    ("order", "flips"), [((0, 1, 2), ()), ((2, 1, 0), (0,)), ((1, 2, 0), (0, 2)), ((2, 0, 1), (0, 1, 2))]
)
def test_a_mask_lies_where_it_was_drawn_however_its_axes_run(ct, tmp_path, order, flips):
    """The same block, its axes swapped and turned, with the affine that says so."""
    stored = np.flip(_block().transpose(order), flips)
    to_ours = np.zeros((4, 4))
    to_ours[3, 3] = 1
    for axis, ours in enumerate(order):
        to_ours[ours, axis] = -1 if axis in flips else 1
        to_ours[ours, 3] = SHAPE[ours] - 1 if axis in flips else 0
    _write(tmp_path / "masks", "femur_left.nii.gz", stored, ct.affine @ to_ours)
    known = known_on(ct, tmp_path / "masks")

    assert np.array_equal(known.bones, _block())
    assert known.arteries is None


def test_a_coarser_mask_is_laid_on_the_finer_grid(ct, tmp_path):
    """Voxels of twice the size: each covers two of the CT along every axis, whose middles lie in it."""
    coarse = _block()[::2, ::2, ::2]
    step = np.diag([2.0, 2.0, 2.0, 1.0])
    step[:3, 3] = 0.5
    _write(tmp_path / "masks", "aorta.nii.gz", coarse, ct.affine @ step)

    assert np.array_equal(known_on(ct, tmp_path / "masks").arteries, coarse.repeat(2, 0).repeat(2, 1).repeat(2, 2))


def test_masks_of_bones_and_of_arteries_are_joined_each(ct, tmp_path):
    """Two bones, one artery, and a liver that nobody asked for."""
    one, other = np.zeros(SHAPE, bool), np.zeros(SHAPE, bool)
    one[0], other[-1] = True, True
    for name, mask in {"hip_left": one, "sacrum": other, "iliac_artery_right": _block(), "liver": ~one}.items():
        _write(tmp_path / "masks", f"{name}.nii.gz", mask, ct.affine)
    known = known_on(ct, tmp_path / "masks")

    assert np.array_equal(known.bones, one | other)
    assert np.array_equal(known.arteries, _block())


def test_masks_of_another_body_mark_nothing(ct, tmp_path):
    """They lie a metre away."""
    _write(tmp_path / "masks", "aorta.nii.gz", _block(), ct.affine)
    away = ct.affine.copy()
    away[2, 3] += 1000
    known = known_on(replace(ct, affine=away), tmp_path / "masks")

    assert (known.bones, known.arteries) == (None, None)


def test_of_two_series_the_one_without_masks_is_examined_with_a_sentence(tmp_path):
    """Masks were drawn on the first; the second lies half a metre higher."""
    series(tmp_path / "ct" / "a", body(), SeriesInstanceUID="1.2.3.1")
    series(tmp_path / "ct" / "b", body(), start=(-10, -20, 600), SeriesInstanceUID="1.2.3.2")
    _write(tmp_path / "masks", "femur_left.nii.gz", body() > 300, AFFINE)
    one, other = read_all([tmp_path / "ct"], labels=tmp_path / "masks")

    assert np.array_equal(one.known.bones, body() > 300)
    assert one.cautions == ()
    assert (other.known.bones, other.known.arteries) == (None, None)
    assert other.cautions == ("none of the masks that were given lies in this CT: it was examined without",)


def test_a_ct_that_lies_nowhere_is_examined_without_masks(tmp_path):
    """Where its voxels are is a guess."""
    nibabel.save(nibabel.Nifti1Image(body((18, 22, 26)).T.astype(np.int16), None), tmp_path / "ct.nii")
    _write(tmp_path / "masks", "aorta.nii.gz", _block(), np.eye(4))
    (image,) = read_all([tmp_path / "ct.nii"], modality="CT", labels=tmp_path / "masks")

    assert image.known.arteries is None
    assert any("does not say where" in caution for caution in image.cautions)


def test_what_is_no_folder_of_masks_is_refused(tmp_path):
    """A file, an empty folder, a broken mask: a sentence each."""
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "empty").mkdir()
    for path, told in (("file", "no folder"), ("empty", "no mask of a bone")):
        with pytest.raises(BadInput, match=told):
            read_all([tmp_path], labels=tmp_path / path)


def test_a_broken_mask_is_refused(ct, tmp_path):
    """The name of the structure helps, and is no patient's; what else its name holds may be one."""
    (tmp_path / "masks").mkdir()
    (tmp_path / "masks" / "aorta_CHAN.nii.gz").write_bytes(b"not packed")
    with pytest.raises(BadInput, match="a mask of aorta "):
        known_on(ct, tmp_path / "masks")
    with pytest.raises(BadInput, match="a mask of aorta "):
        read_all([tmp_path], labels=tmp_path / "masks")
    with pytest.raises(BadInput) as caught:
        read_all([tmp_path], labels=tmp_path / "masks")
    assert "CHAN" not in str(caught.value)


def test_a_mask_that_is_a_pipe_is_not_waited_for(ct, tmp_path):
    (tmp_path / "masks").mkdir()
    os.mkfifo(tmp_path / "masks" / "aorta.nii.gz")

    with pytest.raises(BadInput, match="found a pipe"):
        known_on(ct, tmp_path / "masks")


@pytest.mark.parametrize(
    ("mask", "affine"),
    [
        (np.zeros((4, 4, 4, 2), np.uint8), np.eye(4)),
        (np.zeros((4, 4, 4), np.complex64), np.eye(4)),
        (np.zeros((4, 4, 4), np.uint8), np.diag([1.0, 1, 0, 1])),
    ],
    ids=["two volumes", "complex", "flat"],
)
def test_a_mask_that_is_none_is_refused_before_anything_is_examined(tmp_path, mask, affine):
    """Its header tells."""
    image = nibabel.Nifti1Image(mask, None)
    image.set_sform(affine, code=1)
    (tmp_path / "masks").mkdir()
    nibabel.save(image, tmp_path / "masks" / "aorta.nii.gz")
    with pytest.raises(BadInput, match="a mask of aorta "):
        read_all([tmp_path], labels=tmp_path / "masks")


def test_a_real_mask_of_an_aorta_lies_on_its_ct(shared_data, tmp_path):
    """TotalSegmentator drew it on this very scan; blood with contrast agent is bright there."""
    (tmp_path / "masks").mkdir()
    shutil.copy(shared_data / "ct/totalseg_aorta_report_aorta.nii.gz", tmp_path / "masks" / "aorta.nii.gz")
    path = shared_data / "ct/totalseg_aorta_report_ct_cropped.nii.gz"
    image = read_all([path], modality="CT", labels=tmp_path / "masks", mg_per_cm3_per_hu=0.8)[0]

    assert np.median(image.pixels[image.known.arteries]) > 300
    assert image.acquisition.mg_per_cm3_per_hu == 0.8


def test_a_calibration_that_cannot_be_one_is_refused(tmp_path):
    """80 is a percentage, perhaps; no scanner needs 80 mg/cm3 for one HU."""
    with pytest.raises(BadInput, match="calibration"):
        read_all([tmp_path], mg_per_cm3_per_hu=80)
