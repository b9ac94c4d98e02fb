"""Phantoms of mammograms hold what their spec asks for, and say exactly where."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet.errors import BadInput
from calcinet.phantoms.mammogram import (
    ArterySpec,
    BreastSpec,
    breast,
    random_breast,
)
from calcinet.phantoms.truth import AIR, SOFT, VESSEL

SMALL = BreastSpec(
    seed=3, pixel_mm=0.2, field_mm=(110.0, 80.0), size_mm=(45.0, 50.0), arteries=(ArterySpec(length_mm=40.0),)
)


@pytest.fixture(scope="module")
def small():
    return breast(SMALL)


def test_the_same_spec_gives_the_same_bytes(small):
    again = breast(SMALL)

    assert again.image.pixels.tobytes() == small.image.pixels.tobytes()
    assert again.truth.mask.tobytes() == small.truth.mask.tobytes()


def test_without_its_arteries_it_is_the_same_breast(small):
    """Far from the calcium nothing changes: every part has a random stream of its own."""
    bare = breast(replace(SMALL, arteries=()))
    far = small.truth.calcium == 0
    change = np.abs(bare.image.plane - small.image.plane)[far]

    assert not (bare.truth.mask == VESSEL).any()
    assert np.median(change) == 0
    assert np.percentile(change, 99) < 0.01 * np.ptp(bare.image.plane)


def test_truth_keeps_what_stands_out_by_twice_the_noise(small):
    truth = small.truth
    marked = truth.mask == VESSEL

    assert marked.any()
    assert (truth.calcium[marked] >= 2 * truth.noise_sd[marked]).all()


def test_calcium_brightens_the_film(small):
    """It attenuates more than gland wherever it lies."""
    bare = breast(replace(SMALL, arteries=()))
    marked = small.truth.mask == VESSEL

    assert (small.image.plane - bare.image.plane)[marked].mean() > 2 * small.truth.noise_sd[marked].mean()


def test_contrast_of_the_walls_is_the_one_asked_for():
    """Unprocessed, unscattered: the upper quartile of the walls' contrast over the noise is 8."""
    artery = ArterySpec(length_mm=40.0, grain=0.0, coverage=1.0, attenuation=0.0)
    spec = replace(SMALL, processing=0.0, scatter=0.0, arteries=(artery,))
    truth = breast(spec).truth
    marked = truth.mask == VESSEL

    assert np.percentile((truth.calcium / truth.noise_sd)[marked], 75) == pytest.approx(8.0, rel=0.35)


def test_walls_take_at_least_the_attenuation_asked_for_from_the_beam():
    """Twice the attenuation, where that is what decides, is twice the contrast (Beer and Lambert)."""
    plain = replace(SMALL, processing=0.0, scatter=0.0, equalised=0.0)
    once, twice = (
        breast(replace(plain, arteries=(ArterySpec(length_mm=40.0, contrast_in_noise=0.1, attenuation=a),))).truth
        for a in (0.2, 0.4)
    )
    both = (once.mask == VESSEL) & (twice.mask == VESSEL)

    assert np.median(twice.calcium[both] / once.calcium[both]) == pytest.approx(2.0, rel=0.2)


def test_a_right_breast_has_its_chest_wall_at_the_other_side(small):
    """Mirrored, the film is the same one; its truth goes with it."""
    right = breast(replace(SMALL, laterality="R"))

    assert np.array_equal(right.truth.mask, small.truth.mask[:, ::-1])
    assert np.array_equal(right.truth.regions, small.truth.regions[:, ::-1])
    line, mirrored = small.truth.vessels[0].centre_line, right.truth.vessels[0].centre_line
    assert np.allclose(mirrored[:, 1], small.image.plane.shape[1] - 1 - line[:, 1])


def test_the_image_says_that_it_is_a_mammogram(small):
    image = small.image

    assert (image.modality, image.anatomy, image.view, image.laterality) == ("MG", "breast", "CC", "L")
    assert image.pixel_mm == (0.2, 0.2)


def test_a_net_lies_under_the_skin():
    """Its lines are 1 to 14 mm deep."""
    made = breast(replace(random_breast(2, grade=0, net=True, pixel_mm=0.25), marks=()))
    lines = made.truth.mask == 2

    assert lines.any()
    assert made.truth.depth_mm[lines].max() <= 15


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"view": "AP"}, "view must be one of"),
        ({"marks": ("ring",)}, "marks must be among"),
        ({"density": 1.5}, "share from 0 to 1"),
        ({"field_mm": (5.0, 5.0)}, "64 x 64 pixels"),
    ],
)
def test_what_is_no_breast_is_refused(wrong, said):
    with pytest.raises(BadInput, match=said):
        replace(SMALL, **wrong)


def test_regions_of_truth_are_breast_and_air(small):
    regions = small.truth.regions

    assert set(np.unique(regions)) <= {AIR, SOFT, 4}
    assert 0.2 < (regions == SOFT).mean() < 0.9
