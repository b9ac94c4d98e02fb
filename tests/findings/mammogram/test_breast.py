"""The parts of a mammogram: breast, air, letters, chest wall and nipple."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet.errors import NotMeasurable
from calcinet.findings.mammogram.breast import assume_pixel, find_breast
from calcinet.image import Image
from calcinet.mask_labels import Tissue
from calcinet.phantoms.mammogram import breast, random_breast
from calcinet.phantoms.truth import SOFT


def made(seed, **changes):
    return breast(replace(random_breast(seed, grade=0, pixel_mm=0.3), **changes))


@pytest.fixture(scope="module")
def oblique():
    return made(7, view="MLO", laterality="R", marks=("letter",))


@pytest.fixture(scope="module")
def oblique_map(oblique):
    return find_breast(oblique.image)


def dice(one, other):
    return 2 * (one & other).sum() / (one.sum() + other.sum())


@pytest.mark.parametrize("seed", range(20, 26))
def test_the_breast_is_parted_from_air_and_letters(seed):
    phantom = made(seed)
    found = find_breast(phantom.image).regions

    assert dice(found[Tissue.SOFT], phantom.truth.regions == SOFT) > 0.96


def test_the_chest_wall_of_a_right_breast_lies_right(oblique_map):
    assert oblique_map.chest_wall == "right"
    assert oblique_map.nipple[1] < oblique_map.pectoral.shape[1] / 2


def test_mirroring_the_film_mirrors_the_map(oblique, oblique_map):
    flipped = find_breast(replace(oblique.image, pixels=oblique.image.pixels[:, :, ::-1].copy()))
    share = (flipped.regions.labels[:, ::-1] == oblique_map.regions.labels).mean()

    assert flipped.chest_wall == "left"
    assert share > 0.995


def test_padding_behind_the_chest_wall_is_no_air():
    """A picture padded with black at the chest wall: the depth there is that of the unpadded one."""
    phantom = made(21, view="CC", laterality="L", marks=())
    plane = phantom.image.plane
    padded = np.pad(plane, ((0, 0), (60, 0)))
    before = find_breast(phantom.image).regions.depth
    after = find_breast(replace(phantom.image, pixels=padded[None])).regions.depth[:, 60:]
    middle = slice(plane.shape[0] // 3, 2 * plane.shape[0] // 3), slice(4, 60)

    assert np.median(np.abs(after - before)[middle]) < 1.0


def test_without_a_spacing_depth_is_in_pixels_and_no_length_is_invented():
    phantom = made(22)
    bare = replace(phantom.image, spacing_mm=None, spacing_basis="none")
    found = find_breast(bare)

    assert found.regions.depth_unit == "{pixel}"
    assert assume_pixel(bare, found.assumed_pixel_mm).pixel_mm == pytest.approx((240 / max(bare.plane.shape),) * 2)
    assert bare.pixel_mm is None


def test_a_picture_without_a_breast_is_refused():
    noise = np.random.default_rng(0).normal(10, 1, (1, 300, 300)).astype(np.float32)
    with pytest.raises(NotMeasurable, match="nothing but air or noise"):
        find_breast(Image(noise, None, "1", modality="MG"))
    with pytest.raises(NotMeasurable, match="only 20 x 20 pixels"):
        find_breast(Image(noise[:, :20, :20], None, "1", modality="MG"))


def test_a_white_frame_is_border():
    """Ten white rows at the top of a film of 0.3 mm pixels are no breast, and no air either."""
    phantom = made(23, view="CC", marks=())
    pixels = phantom.image.pixels.copy()
    pixels[:, :10] = pixels.max() * 1.2
    labels = find_breast(replace(phantom.image, pixels=pixels)).regions.labels

    assert (labels[:9] == Tissue.BORDER).all()
    assert (labels[20:] != Tissue.BORDER).all()
