"""Whether voxels are pixels of their slices, and which."""

import numpy as np
import pytest

from calcinet.report.dicom.slices import matching_slices, pixels_of, slices_match
from tests.support import handmade, handmade_ct


@pytest.fixture(scope="module")
def volume():
    return handmade_ct.examined().volume


@pytest.mark.parametrize("flipped", [False, True])
def test_voxels_match_slices_stored_either_way(volume, flipped):
    assert slices_match(volume, handmade_ct.slices(flipped=flipped))


@pytest.mark.parametrize(("mm", "match"), [(0.05, True), (0.2, False)])
def test_slices_that_are_moved_by_more_than_a_tenth_of_a_millimetre_do_not_match(volume, mm, match):
    headers = handmade_ct.slices()
    for header in headers:
        left, *rest = (float(number) for number in header.ImagePositionPatient)
        header.ImagePositionPatient = [left + mm, *rest]

    assert slices_match(volume, headers) is match


def test_slices_in_the_wrong_order_do_not_match(volume):
    assert not slices_match(volume, handmade_ct.slices()[::-1])


@pytest.mark.parametrize("keyword", ["FrameOfReferenceUID", "ImageOrientationPatient", "PixelSpacing"])
def test_a_slice_without_a_place_in_space_matches_nothing(volume, keyword):
    headers = handmade_ct.slices()
    del headers[0][keyword]

    assert not slices_match(volume, headers)


def test_no_slices_match_nothing(volume):
    assert not slices_match(volume, ())


def test_pixels_are_rows_and_columns_of_the_file():
    """Voxel (z, y, x): row y, column x; stored from back to front, row 99 - y."""
    voxels = np.array([[0, 3, 7], [79, 50, 199]])
    affine = handmade_ct.affine()

    assert pixels_of(voxels, affine, handmade_ct.slices()).tolist() == [[3, 7], [50, 199]]
    assert pixels_of(voxels, affine, handmade_ct.slices(flipped=True)).tolist() == [[96, 7], [49, 199]]


def test_only_a_ct_has_slices(pixels):
    headers = handmade_ct.slices()

    assert matching_slices(handmade.examined_image(), pixels) == ()
    assert matching_slices(handmade_ct.examined_image(), pixels) == ()
    assert len(matching_slices(handmade_ct.examined_image(), handmade_ct.examined(headers))) == 80
