"""An examined image keeps its marks and reads the rest when it is asked for."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet.examined import ExaminedImage, ExaminedVolume, LoadedImage, hours_on_one_clock
from calcinet.image import Image


def film(value: float) -> Image:
    return Image(np.full((1, 4, 6), value, np.float32), None, "1")


@pytest.fixture
def volume() -> Image:
    """Slices 3 mm, rows 1 mm, columns 2 mm apart."""
    return Image(np.zeros((4, 5, 6), np.float32), (3.0, 1.0, 2.0), "[hnsf'U]", modality="CT")


def test_the_mask_comes_back_as_it_was_marked():
    """Two pixels of 24, labels 1 and 3."""
    mask = np.zeros((4, 6), np.uint8)
    mask[1, 2], mask[3, 5] = 1, 3
    examined = ExaminedImage.of(film(0), mask)

    assert examined.marked.tolist() == [8, 23]
    assert np.array_equal(examined.mask, mask)


def test_pixels_come_from_the_source_and_a_picture_goes_before_them():
    nothing = np.zeros((4, 6), np.uint8)
    examined = ExaminedImage.of(film(1), nothing).read_from(LoadedImage(film(2), header="header"))
    pictured = replace(examined, picture=np.full((4, 6), 3, np.float32))

    assert examined.plane[0, 0] == 2
    assert pictured.plane[0, 0] == 3
    assert examined.source_header == "header"


def test_the_volume_is_read_from_the_same_source(volume):
    """Both move together, so that the first image can be forgotten."""
    behind = ExaminedVolume.of(volume, {}, {})
    other = LoadedImage(replace(volume, pixels=volume.pixels + 7), slice_headers=("a", "b"))
    examined = ExaminedImage.of(volume, np.zeros((4, 6), np.uint8), volume=behind).read_from(other)

    assert examined.volume.hu.min() == 7
    assert examined.volume.slice_headers == ("a", "b")


def test_labels_of_a_volume_are_those_of_its_findings(volume):
    voxels = {"f1": np.array([[0, 1, 2], [3, 4, 5]]), "f2": np.array([[1, 1, 1]])}
    labels = ExaminedVolume.of(volume, voxels, {"f1": 1, "f2": 2}).labels

    assert np.argwhere(labels == 1).tolist() == [[0, 1, 2], [3, 4, 5]]
    assert np.argwhere(labels == 2).tolist() == [[1, 1, 1]]
    assert (labels > 0).sum() == 3


def test_a_ct_without_an_affine_is_not_oriented(volume):
    """The affine then holds the distances, and says that it holds no more: one step each is 2, 1 and 3 mm."""
    placed = replace(volume, affine=np.eye(4)[[2, 1, 0, 3]])
    without, with_affine = ExaminedVolume.of(volume, {}, {}), ExaminedVolume.of(placed, {}, {})

    assert not without.oriented
    assert (without.affine @ [1, 1, 1, 1]).tolist() == [2, 1, 3, 1]
    assert with_affine.oriented


def scanned(hour, offset):
    return replace(ExaminedImage.of(film(0), np.zeros((4, 6), np.uint8)), scanned_h=hour, utc_offset_h=offset)


def test_scans_are_put_on_one_clock():
    """12:30 at +08:00 comes before 5:30 at +00:00; where one tells no offset, clocks are taken as they are."""
    known = {"img-1": scanned(12.5, 8.0), "img-2": scanned(5.5, 0.0), "img-3": scanned(None, None)}
    mixed = {"img-1": scanned(12.5, 8.0), "img-2": scanned(5.5, None)}

    assert hours_on_one_clock(known) == {"img-1": 4.5, "img-2": 5.5}
    assert hours_on_one_clock(mixed) == {"img-1": 12.5, "img-2": 5.5}
