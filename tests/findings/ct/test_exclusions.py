"""Bright things that are no calcium of vessels or soft tissue."""

from types import SimpleNamespace

import numpy as np
import pytest

from calcinet.findings.ct.bone import Skeleton
from calcinet.findings.ct.components import Component
from calcinet.findings.ct.exclusions import comes_from_outside, distance_from_bone, has_dark_core, is_by_bone, is_spur
from tests.support.ct_volumes import block, ct, deposit, grid

SHAPE = (20, 40, 40)
MM = (1.0, 1.0, 1.0)


def _anatomy(*, with_bone=True):
    """Bone in columns 0 to 9, its rim one column more, 1 mm voxels."""
    bone = np.zeros(SHAPE, dtype=bool)
    bone[:, :, :10] = with_bone
    near = np.zeros(SHAPE, dtype=bool)
    near[:, :, :11] = with_bone
    nothing = np.zeros(SHAPE, dtype=bool)
    skeleton = Skeleton(bone=bone, near_bone=near, metal=nothing, near_metal=nothing)
    return SimpleNamespace(skeleton=skeleton, grid=grid(np.zeros(SHAPE), MM))


def _deposit(low, high, **changes):
    return deposit(block(low, high), MM, **changes)


def test_distance_is_that_of_the_nearest_bone():
    """Columns from 10 on are 1, 2, 3 ... mm away; without bone all is far."""
    assert distance_from_bone(_anatomy())[5, 5, 8:14].tolist() == [0, 0, 1, 2, 3, 4]
    assert np.isinf(distance_from_bone(_anatomy(with_bone=False))).all()


@pytest.mark.parametrize(
    ("low", "high", "spur"),
    [
        ((5, 10, 11), (8, 13, 16), True),
        ((5, 10, 14), (8, 13, 17), False),
        ((5, 10, 11), (8, 11, 30), False),
        ((2, 5, 11), (15, 25, 20), False),
        ((2, 5, 11), (15, 25, 16), True),
    ],
    ids=["touches and is short", "does not touch", "touches and is long", "thick and far", "lies against bone"],
)
def test_a_spur_touches_bone_and_stays_near(low, high, spur):
    """Within 8 mm of bone, or with 15 % of it against bone: of five columns one touches, of nine a ninth."""
    anatomy = _anatomy()

    assert is_spur(anatomy, _deposit(low, high), distance_from_bone(anatomy)) is spur


def test_a_splinter_is_deep_near_to_bone_and_no_tube():
    """2 mm beside bone; in the subcutis, as a tube, or 20 mm away it is none."""
    anatomy = _anatomy()
    from_bone = distance_from_bone(anatomy)
    near = _deposit((5, 10, 12), (8, 13, 15))

    assert is_by_bone(anatomy, near, from_bone)
    assert not is_by_bone(anatomy, _deposit((5, 10, 12), (8, 13, 15), compartment="subcutis"), from_bone)
    assert not is_by_bone(anatomy, _deposit((5, 10, 12), (8, 13, 15), form="tubular"), from_bone)
    assert not is_by_bone(anatomy, _deposit((5, 10, 30), (8, 13, 33)), from_bone)


def _ball(core_hu):
    """A ball of 10 mm, 600 HU, with a core of 4 mm."""
    away = np.linalg.norm(np.indices((13, 13, 13)) - 6, axis=0)
    pixels = np.where(away <= 5, 600.0, 50.0)
    pixels[away <= 2] = core_hu
    box = (slice(0, 13),) * 3
    return ct(pixels, MM), deposit(Component(away <= 5, box), MM)


def test_a_small_bone_is_darker_in_its_middle_and_calcium_is_not():
    """300 HU of marrow in 600 HU; 800 HU in the middle of blurred calcium; noise may hide the difference."""
    assert has_dark_core(*_ball(300.0), noise_hu=10.0)
    assert not has_dark_core(*_ball(800.0), noise_hu=10.0)
    assert not has_dark_core(*_ball(500.0), noise_hu=1000.0)


def test_what_is_long_has_no_core():
    """A tube of 30 mm is no small bone."""
    pixels = np.full((40, 20, 20), 50.0)
    pixels[5:35, 5:12, 5:12] = 600
    pixels[5:35, 8:9, 8:9] = 100

    assert not has_dark_core(ct(pixels, MM), deposit(block((5, 5, 5), (35, 12, 12)), MM), noise_hu=5.0)


def _tube(outside):
    """A tube of 2 mm from the surface at row 20 downwards; with its other end in the air, or not."""
    pixels = np.full((6, 50, 40), -1000.0)
    pixels[:, 20:] = 40
    pixels[2:4, 20:32, 19:21] = 300
    if outside:
        pixels[2:4, 8:20, 19:21] = 300
    component = block((2, 20, 19), (4, 32, 21))
    return ct(pixels, MM), component


def test_a_cannula_goes_on_outside_the_skin():
    """12 mm of 4 mm2 in air are 48 mm3, more than 10."""
    for outside in (True, False):
        image, component = _tube(outside)

        assert comes_from_outside(image, deposit(component, MM, depth_mm=4.0, peak_hu=300.0)) is outside


def test_metal_and_what_is_deep_are_no_cannula():
    """Brighter than plastics; deeper than 5 mm on average."""
    image, component = _tube(True)

    assert not comes_from_outside(image, deposit(component, MM, depth_mm=4.0, peak_hu=900.0))
    assert not comes_from_outside(image, deposit(component, MM, depth_mm=9.0, peak_hu=300.0))
