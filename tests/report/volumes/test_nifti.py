"""The label map of a CT, read back by nibabel."""

import gzip

import numpy as np
from nibabel import Nifti1Image
from nibabel.orientations import aff2axcodes

from calcinet.report.volumes.nifti import nifti
from tests.support import handmade_ct


def read_back(volume) -> Nifti1Image:
    return Nifti1Image.from_bytes(gzip.decompress(nifti(volume)))


def test_every_marked_voxel_keeps_its_label(ct):
    """Counted along X, Y, Z: the transpose of the volume."""
    image = read_back(ct.volume)

    assert image.get_data_dtype() == np.uint8
    assert np.array_equal(np.asarray(image.dataobj).T, ct.volume.labels)


def test_first_voxel_lies_where_it_lies_in_the_patient(ct):
    """(-139, -80, -700) mm to the left, back and head is 139 to the right, and 80 to the front."""
    image = read_back(ct.volume)

    assert np.allclose(image.affine @ [0, 0, 0, 1], [139, 80, -700, 1])
    assert aff2axcodes(image.affine) == ("L", "P", "S")


def test_a_grain_of_the_left_leg_is_on_the_left(ct):
    """Grain f4 lies 64 mm to the left of the middle: -64 mm in NIfTI, whose axis runs to the right."""
    image = read_back(ct.volume)
    z, y, x = handmade_ct.voxels()["f4"].mean(axis=0)
    at = image.affine @ [x, y, z, 1]

    assert np.allclose(at, [-64.0, 42.5, -610.0, 1])


def test_both_ways_of_saying_the_place_agree(ct):
    """The header says it as a matrix and as a rotation; programs read one or the other."""
    header = read_back(ct.volume).header

    assert np.allclose(header.get_sform(), header.get_qform(), atol=1e-3)
    assert header.get_xyzt_units()[0] == "mm"
    assert int(header["sform_code"]) == int(header["qform_code"]) == 1


def test_the_same_marks_give_the_same_bytes(ct):
    assert nifti(ct.volume) == nifti(handmade_ct.examined().volume)


def test_a_map_of_an_unknown_place_says_so():
    """Both codes of NIfTI-1 are 0, unknown; with a place they are 1, of the scanner."""
    unplaced, placed = (read_back(handmade_ct.examined(oriented=known).volume) for known in (False, True))

    assert [int(unplaced.header[code]) for code in ("sform_code", "qform_code")] == [0, 0]
    assert [int(placed.header[code]) for code in ("sform_code", "qform_code")] == [1, 1]
    assert np.allclose(unplaced.header.get_zooms(), placed.header.get_zooms())
