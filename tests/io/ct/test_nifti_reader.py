"""NIfTI volumes: only as CT, turned to our axes by their affine."""

import gzip
from itertools import permutations, product

import nibabel
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calcinet.errors import BadInput
from calcinet.image import Image
from calcinet.io import Refusal, read, read_all
from tests.support.ctfiles import AFFINE, SPACING_MM, body

LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])

TURNS = [(order, flips) for order in permutations(range(3)) for flips in product((False, True), repeat=3)]

SIDES = (18, 22, 26)


def nifti(path, order=(2, 1, 0), flips=(True, True, False), hu=None, kind=nibabel.Nifti1Image, dtype=np.int16):
    """Write the body with its axes in any order and sense; as usual: X, Y, Z to the right, the front and the head."""
    hu = body(SIDES) if hu is None else hu
    source = np.flip(hu.transpose(order), [axis for axis in range(3) if flips[axis]])
    steps = np.zeros((4, 4))
    steps[3, 3] = 1
    for place, axis in enumerate(order):
        steps[axis, place] = -1 if flips[place] else 1
        steps[axis, 3] = hu.shape[axis] - 1 if flips[place] else 0
    image = kind(source.astype(dtype), LPS_TO_RAS @ AFFINE @ steps)
    image.header.set_xyzt_units("mm")
    nibabel.save(image, path)
    return path


def refusal(path, **options):
    (item,) = read_all([path], **options)
    assert isinstance(item, Refusal)
    assert path.name.split(".")[0] not in item.reason + item.source
    return item


@settings(max_examples=48, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(turn=st.sampled_from(TURNS))
def test_any_order_and_sense_of_axes_give_the_same_image(tmp_path, turn):
    """48 ways to store a volume, the same voxels at the same places."""
    image = read(nifti(tmp_path / "smith.nii", *turn), modality="CT")

    assert np.array_equal(image.pixels, body(SIDES))
    assert np.allclose(image.affine, AFFINE, atol=1e-4)
    assert image.spacing_mm == pytest.approx(SPACING_MM)


@pytest.mark.parametrize("name", ["smith.nii", "smith.nii.gz"])
@pytest.mark.parametrize("kind", [nibabel.Nifti1Image, nibabel.Nifti2Image])
def test_both_versions_packed_and_plain_are_read(tmp_path, name, kind):
    """Told from the bytes; named by the hash."""
    image = read(nifti(tmp_path / name, kind=kind), modality="CT")

    assert np.array_equal(image.pixels, body(SIDES))
    assert image.source == image.sha256[:12] + name.removeprefix("smith")
    assert (image.unit, image.modality, image.spacing_basis) == ("[hnsf'U]", "CT", "calibrated")
    assert image.acquisition.contrast is None


def test_slope_and_intercept_count(tmp_path):
    """Stored as unsigned from 0; air is -1024 all the same."""
    image = nibabel.Nifti1Image((body(SIDES).T + 1024).astype(np.uint16), np.eye(4))
    image.header.set_slope_inter(1, -1024)
    nibabel.save(image, tmp_path / "smith.nii")
    raw = bytearray((tmp_path / "smith.nii").read_bytes())
    raw[112:120] = np.array([1, -1024], "<f4").tobytes()
    (tmp_path / "smith.nii").write_bytes(raw)

    assert read(tmp_path / "smith.nii", modality="CT").pixels.min() == body(SIDES).min()


def test_without_the_word_ct_it_is_refused(tmp_path):
    """NIfTI does not say what it holds; alone, and found in a folder."""
    path = nifti(tmp_path / "smith.nii.gz")

    assert refusal(path).code == "no-modality"
    assert "--modality CT" in refusal(path).reason
    assert [item.code for item in read_all([tmp_path])] == ["no-modality"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (lambda hu: (hu > 200).astype(float), "ct-not-hu"),
        (lambda hu: hu + 1024, "ct-not-hu"),
        (lambda hu: hu[:, :8, :8], "too-small"),
        (lambda hu: np.stack([hu, hu]).transpose(1, 2, 3, 0), "multi-frame"),
    ],
)
def test_what_is_no_ct_volume_is_refused(tmp_path, values, code):
    """A mask, values without their shift, a thumbnail, several volumes."""
    nibabel.save(
        nibabel.Nifti1Image(
            values(body(SIDES)).T.astype(np.int16) if code != "multi-frame" else values(body(SIDES)).astype(np.int16),
            np.eye(4),
        ),
        tmp_path / "smith.nii",
    )

    assert refusal(tmp_path / "smith.nii", modality="CT").code == code


@pytest.mark.parametrize("keep", [0.5, 0.99])
@pytest.mark.parametrize("name", ["smith.nii", "smith.nii.gz"])
def test_cut_off_files_are_refused(tmp_path, name, keep):
    """Packed or not."""
    path = nifti(tmp_path / name)
    data = path.read_bytes()
    path.write_bytes(data[: int(keep * len(data))])

    assert refusal(path, modality="CT").code == "truncated"


def test_hostile_sizes_are_refused_before_anything_is_decoded(tmp_path):
    """32767 voxels on each side, and nothing behind the header."""
    path = nifti(tmp_path / "smith.nii")
    data = bytearray(path.read_bytes())
    data[42:48] = np.array([32767] * 3, "<i2").tobytes()
    path.write_bytes(data)

    assert refusal(path, modality="CT").code == "too-many-pixels"


@pytest.mark.parametrize(
    "matrix", [np.diag([0.0, 1, 1, 1]), np.array([[1, 0.5, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1.0]])]
)
def test_affines_without_right_angles_are_refused(tmp_path, matrix):
    """A flat one and a sheared one."""
    image = nibabel.Nifti1Image(body(SIDES).T.astype(np.int16), None)
    image.set_sform(matrix, code=1)
    nibabel.save(image, tmp_path / "smith.nii")

    assert refusal(tmp_path / "smith.nii", modality="CT").code == "ct-geometry"


def test_a_file_that_lies_nowhere_is_remarked(tmp_path):
    """Neither sform nor qform: which side is left is a guess."""
    nibabel.save(nibabel.Nifti1Image(body(SIDES).T.astype(np.int16), None), tmp_path / "smith.nii")

    image = read(tmp_path / "smith.nii", modality="CT")

    assert any("guesses" in caution for caution in image.cautions)
    assert image.affine is None
    assert image.spacing_mm == (1, 1, 1)


def write_with_two_forms(path, sform, qform, codes):
    """The body with both ways in which NIfTI says where voxels are."""
    image = nibabel.Nifti1Image(body(SIDES).T.astype(np.int16), np.diag(qform))
    image.set_sform(np.diag(sform), code=codes[0])
    image.set_qform(np.diag(qform), code=codes[1])
    nibabel.save(image, path)
    return path


@pytest.mark.parametrize("codes", [(1, 1), (2, 1), (1, 0)])
def test_two_sizes_of_a_voxel_are_refused(tmp_path, codes):
    """2 mm by the header, 3 mm by the matrix that a fit to a template leaves: a volume would be half too large."""
    refused = refusal(write_with_two_forms(tmp_path / "smith.nii", (1, 1, 3, 1), (1, 1, 2, 1), codes), modality="CT")

    assert refused.code == "ct-geometry"
    assert "1 x 1 x 3 by its matrix and 1 x 1 x 2 by its header" in refused.reason


@pytest.mark.parametrize(
    ("sform", "codes", "known"),
    [((-1, 1, 2, 1), (1, 1), False), ((1, 1, 2, 1), (1, 1), True), ((-1, 1, 2, 1), (1, 0), True)],
)
def test_two_ways_to_lie_are_no_way(tmp_path, sform, codes, known):
    """Left is right in one of sform and qform: neither is believed. One that is not stated (code 0) says nothing."""
    image = read(write_with_two_forms(tmp_path / "smith.nii", sform, (1, 1, 2, 1), codes), modality="CT")

    assert (image.affine is not None) is known
    assert any("contradict each other" in caution for caution in image.cautions) is not known
    assert image.spacing_mm == (2, 1, 1)


RGB = np.dtype([("R", np.uint8), ("G", np.uint8), ("B", np.uint8)])


@pytest.mark.parametrize(("dtype", "named"), [(RGB, "RGB"), (np.complex64, "complex64")])
def test_colours_and_complex_numbers_are_named(tmp_path, dtype, named):
    """Not damaged: whole, but no CT."""
    nibabel.save(nibabel.Nifti1Image(np.zeros(SIDES, dtype), np.eye(4)), tmp_path / "smith.nii")
    refused = refusal(tmp_path / "smith.nii", modality="CT")

    assert refused.code == "ct-not-hu"
    assert f"values of type {named}; expected one number a voxel, in Hounsfield units" in refused.reason


def test_a_gzip_of_something_else_is_no_nifti(tmp_path):
    """Told from the bytes inside."""
    (tmp_path / "smith.nii.gz").write_bytes(gzip.compress(b"notes" * 200))

    assert refusal(tmp_path / "smith.nii.gz", modality="CT").code == "unsupported-format"


def test_modality_is_one_that_is_read(tmp_path):
    """MR is not."""
    with pytest.raises(BadInput, match="CR, DX, MG, CT"):
        read_all([nifti(tmp_path / "smith.nii")], modality="MR")


def test_real_ct_stands_head_up_back_behind(shared_data):
    """Abdomen and pelvis with a screw in one hip: metal at the foot end, bone nearer to the back than the body."""
    image = read(shared_data / "ct" / "totalseg_example_ct.nii.gz", modality="CT")
    metal, bone, body_ = (np.argwhere(image.pixels > hu).mean(axis=0) for hu in (1500, 300, -200))

    assert image.spacing_mm == pytest.approx((3, 3, 3))
    assert image.pixels.shape == (112, 101, 122)
    assert metal[0] < 112 / 4
    assert bone[1] > body_[1] + 5


def test_real_scans_are_ct_and_their_mask_is_not(shared_data):
    """Two scans, one mask of the aorta."""
    items = read_all([shared_data / "ct"], modality="CT")

    assert sum(isinstance(item, Image) for item in items) == 2
    assert [item.code for item in items if isinstance(item, Refusal)] == ["ct-not-hu"]


@pytest.mark.parametrize("void", [np.nan, -np.inf])
def test_what_holds_no_number_at_the_edge_is_air_and_said(tmp_path, void):
    """A scan turned by another program, its corners empty."""
    hu = body(SIDES)
    hu[:, :4, :4] = void
    image = read(nifti(tmp_path / "smith.nii", hu=hu, dtype=np.float32), modality="CT")

    assert (image.pixels[:, :4, :4] == -1024).all()
    assert np.array_equal(image.pixels[:, 4:], body(SIDES)[:, 4:])
    assert any("holds no numbers" in caution for caution in image.cautions)


def test_a_body_with_holes_of_no_numbers_is_refused(tmp_path):
    hu = body(SIDES)
    hu[8:10, 10:12, 12:14] = np.nan

    assert refusal(nifti(tmp_path / "smith.nii", hu=hu, dtype=np.float32), modality="CT").code == "ct-not-hu"
