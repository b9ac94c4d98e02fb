"""The way of each leg through the volume."""

import numpy as np
import pytest

from calcinet.report.pictures.ct.body import find_body
from calcinet.report.pictures.ct.limbs import centre_on_arteries, find_limbs, has_artery
from tests.support import handmade_ct

MM = handmade_ct.SPACING


@pytest.fixture(scope="module")
def limbs(ct, ct_image):
    return find_limbs(find_body(ct.volume.hu, MM), ct_image, handmade_ct.SHAPE, MM)


def test_two_legs_are_told_apart_the_right_one_first(limbs):
    """Middles at columns 55 and 145; a step of the coarse grid is 3 columns."""
    assert [limb.side for limb in limbs] == ["R", "L"]
    assert [limb.centre[40, 1] for limb in limbs] == pytest.approx([55, 145], abs=3)
    assert [limb.centre[40, 0] for limb in limbs] == pytest.approx([50, 50], abs=3)


def test_halves_meet_between_the_legs_and_miss_no_column(limbs):
    """The gap runs from 55 + 30 to 145 - 30."""
    right, left = limbs

    assert (right.reach[:, 1] + 1 == left.reach[:, 0]).all()
    assert (right.reach[:, 0] == 0).all()
    assert (left.reach[:, 1] == handmade_ct.SHAPE[2] - 1).all()
    assert ((left.reach[:, 0] > 85) & (left.reach[:, 0] < 115)).all()


def test_half_a_leg_is_about_its_radius(limbs):
    """42 mm, on a grid of 4.5 and 4.2 mm."""
    for limb in limbs:
        assert limb.half_mm == pytest.approx((42, 42), abs=6)


def test_a_ct_of_one_side_is_one_limb(ct, ct_image):
    one = ct_image.model_copy(update={"laterality": "L"})
    (limb,) = find_limbs(find_body(ct.volume.hu, MM), one, handmade_ct.SHAPE, MM)

    assert limb.side == "L"
    assert tuple(limb.reach[0]) == (0, handmade_ct.SHAPE[2] - 1)


def test_an_empty_volume_is_one_limb_about_its_middle(ct_image):
    nothing = np.full(handmade_ct.SHAPE, -1000, np.float32)
    (limb,) = find_limbs(find_body(nothing, MM), ct_image, handmade_ct.SHAPE, MM)

    assert limb.side is None
    assert limb.centre[10, 1] == handmade_ct.SHAPE[2] / 2


def test_the_way_follows_an_artery_in_depth_and_the_limb_across(limbs, ct, ct_image):
    """The artery of the left leg lies in row 63; the right leg has none."""
    right, left = limbs
    path = centre_on_arteries(left, ct_image, ct.volume.affine, MM)

    assert [has_artery(limb, ct_image) for limb in limbs] == [False, True]
    assert path[:, 0] == pytest.approx(63, abs=0.5)
    assert np.array_equal(path[:, 1], left.centre[:, 1])
    assert np.array_equal(centre_on_arteries(right, ct_image, ct.volume.affine, MM), right.centre)


def test_the_table_is_no_part_of_the_body(ct):
    """A sheet 1.5 mm thick behind the legs."""
    hu = ct.volume.hu.copy()
    hu[:, 90] = 200
    body = find_body(hu, MM)

    assert not body.inside[:, 90 // body.step[1]].any()
    assert body.inside.any()
