"""Where the breast is on a mammogram, and which marks are arteries."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from calcinet.errors import NotMeasurable
from calcinet.findings.mammogram.arteries import find_arteries
from calcinet.findings.mammogram.breast import assume_pixel, find_breast
from calcinet.findings.mammogram.spot_rows import find_bead_rows
from calcinet.image import Image
from calcinet.mask_labels import Tissue
from calcinet.phantoms.mammogram import breast, random_breast
from calcinet.phantoms.truth import SOFT

MM = 0.1


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


def test_the_pectoral_muscle_lies_in_the_corner_of_an_oblique_view(oblique, oblique_map):
    """The upper corner at the chest wall; a view from above shows none."""
    rows, columns = np.nonzero(oblique_map.pectoral)
    breast_px = oblique_map.regions[Tissue.SOFT].sum()

    assert 0.05 < oblique_map.pectoral.sum() / breast_px < 0.5
    assert rows.mean() < oblique.image.plane.shape[0] / 2
    assert columns.mean() > oblique.image.plane.shape[1] / 2
    assert not find_breast(replace(oblique.image, view="CC")).pectoral.any()


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


def drawn(*lines, width=3, shape=(600, 900)):
    canvas = np.zeros(shape, np.uint8)
    for line in lines:
        cv2.polylines(canvas, [np.round(line[:, ::-1]).astype(np.int32)], False, 1, width)
    return canvas > 0


def wave(row, start=50, stop=850, swing=25.0, length=300.0):
    column = np.arange(start, stop, 2.0)
    return np.stack([row + swing * np.sin(2 * np.pi * column / length), column], axis=1)


def test_two_walls_are_one_artery_as_wide_as_they_are_apart():
    """Walls 20 px apart and 3 px wide: an outer half-width of 11.5 px, a length of 80 mm and the waves."""
    (found,) = find_arteries(drawn(wave(300), wave(320)), MM)

    assert found.two_walls
    assert found.pattern == "coarse"
    assert np.median(found.half_width_px) == pytest.approx(11.5, abs=1.5)
    assert found.calcified_px * MM == pytest.approx(np.hypot(*np.diff(wave(310), axis=0).T).sum() * MM, rel=0.06)


def test_calcium_that_breaks_off_for_a_centimetre_is_still_one_artery():
    """Its length leaves the gap of 10 mm out."""
    left, right = wave(300, 50, 400), wave(300, 500, 850)
    (found,) = find_arteries(drawn(left, right), MM)
    whole = sum(np.hypot(*np.diff(line, axis=0).T).sum() for line in (left, right)) * MM

    assert found.calcified_px * MM == pytest.approx(whole, rel=0.05)


def test_two_arteries_are_two():
    """40 mm apart, of 80 and 60 mm: the longer one comes first."""
    found = find_arteries(drawn(wave(100), wave(500, 50, 650)), MM)

    assert len(found) == 2
    assert found[0].calcified_px > found[1].calcified_px


def test_a_few_beads_in_a_row_are_punctate():
    """Five dots of 0.8 mm, 10 mm apart."""
    line = wave(300, 100, 560, swing=10)
    beads = [line[k : k + 4] for k in range(0, 230, 50)]
    (found,) = find_arteries(drawn(*beads), MM)

    assert found.pattern == "punctate"
    assert found.calcified_px * MM < 8


def test_a_scratch_is_no_artery():
    """Straight over 70 mm and nowhere broken; the same line when it winds is one."""
    straight = np.stack([np.linspace(100, 160, 400), np.linspace(50, 750, 400)], axis=1)

    assert find_arteries(drawn(straight), MM) == []
    assert len(find_arteries(drawn(wave(300, 50, 750)), MM)) == 1


def test_a_speck_is_no_artery():
    """A spot of 2 mm."""
    spot = np.zeros((300, 300), np.uint8)
    cv2.circle(spot, (150, 150), 10, 1, -1)

    assert find_arteries(spot > 0, MM) == []
    assert find_arteries(np.zeros((300, 300), bool), MM) == []


def test_dots_in_a_row_are_one_row_and_a_cluster_is_none():
    """Five dots 10 mm apart along a line; nine dots within 4 mm are a cluster."""
    row = np.array([[50.0, 0.0], [51.0, 10.0], [50.0, 20.0], [49.0, 30.0], [50.0, 40.0]])
    cluster = np.array([[80.0 + 1.5 * a, 20.0 + 1.5 * b] for a in range(3) for b in range(3)])
    dots = np.vstack([cluster, row])

    (found,) = find_bead_rows(dots, dots)
    assert sorted(found) == [9, 10, 11, 12, 13]


def test_two_dots_or_a_corner_are_no_row():
    """A right angle turns by 90 degrees."""
    corner = np.array([[0.0, 0.0], [0.0, 10.0], [10.0, 10.0]])

    assert find_bead_rows(corner[:2], corner) == []
    assert find_bead_rows(corner, corner) == []
