"""Bones that a slice cuts, counted."""

from types import SimpleNamespace

import numpy as np
import pytest

from calcinet.findings.ct.bone import Skeleton
from calcinet.findings.ct.levels import levels
from tests.support.ct_volumes import disc, grid


def _anatomy(bones, depth=40):
    """Slices with some bones of 10 mm on the left side, one on the right."""
    plane = np.zeros((60, 120), dtype=bool)
    plane[disc(plane.shape, (30, 10), 5)] = True
    for number in range(bones):
        plane[disc(plane.shape, (12 + 12 * number, 90), 5)] = True
    bone = np.tile(plane, (depth, 1, 1))
    side = np.tile(np.where(np.arange(120) < 60, 1, 2), (depth, 1)).astype(np.uint8)
    skeleton = Skeleton(bone=bone, near_bone=bone, metal=bone & False, near_metal=bone & False)
    trunk = np.zeros(depth, dtype=bool)
    return SimpleNamespace(skeleton=skeleton, side=side, grid=grid(np.zeros(bone.shape)), trunk=trunk)


@pytest.mark.parametrize(("bones", "level"), [(0, "unknown"), (1, "thigh"), (2, "lower leg"), (3, "foot"), (4, "foot")])
def test_a_level_follows_from_the_number_of_bones(bones, level):
    """Of the left side; the right one has one bone throughout."""
    anatomy = _anatomy(bones)

    assert set(levels(anatomy, 2)) == {level}
    assert set(levels(anatomy, 1)) == {"thigh"}


def test_a_joint_takes_the_level_about_it_and_the_trunk_has_none():
    """Three slices of 2 mm without bone; the last slices are trunk."""
    anatomy = _anatomy(2)
    anatomy.skeleton.bone[20:23] = False
    anatomy.trunk[35:] = True

    assert levels(anatomy, 2) == ["lower leg"] * 35 + ["trunk"] * 5


def test_a_crumb_is_no_bone():
    """2 x 2 voxels of 2 mm have 16 mm2, less than 45."""
    anatomy = _anatomy(1)
    anatomy.skeleton.bone[:, 50:52, 110:112] = True

    assert set(levels(anatomy, 2)) == {"thigh"}
