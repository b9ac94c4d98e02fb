"""Landmarks of the trunk."""

import numpy as np
import pytest

from calcinet.findings.ct.bone import Skeleton
from calcinet.findings.ct.spine import pelvic_crest, remove_aorta, spine_line
from tests.support.ct_volumes import grid


def test_a_disc_does_not_move_the_front_of_the_spine_back():
    """Bone from row 20 on, but in every fifth slice only from row 30 on."""
    body = np.ones((40, 60, 100), dtype=bool)
    bone = np.zeros_like(body)
    bone[:, 20:40, 45:56] = True
    bone[::5, 20:30] = False

    spine = spine_line(body, bone, np.ones(40, dtype=bool), grid(body))

    assert spine[:, 0] == pytest.approx(20, abs=0.5)
    assert spine[:, 1] == pytest.approx(50, abs=1)


def _trunk():
    """40 slices of 2 mm: a spine, and wings of the pelvis 60 mm beside it up to slice 19."""
    body = np.ones((40, 80, 120), dtype=bool)
    bone = np.zeros_like(body)
    bone[:, 50:65, 55:65] = True
    for columns in (slice(25, 35), slice(85, 95)):
        bone[:20, 40:60, columns] = True
    return body, bone, np.ones(40, dtype=bool)


def test_the_crest_is_the_topmost_slice_with_both_wings():
    """Slice 19; with one wing alone there is no pelvis."""
    body, bone, trunk = _trunk()
    one_wing = bone.copy()
    one_wing[:, :, 85:95] = False

    assert pelvic_crest(body, bone, trunk, grid(body)) == 19
    assert pelvic_crest(body, one_wing, trunk, grid(body)) is None
    assert pelvic_crest(body, bone, ~trunk, grid(body)) is None


def test_where_no_spine_is_there_is_none():
    """Slices of no trunk have NaN."""
    body, bone, trunk = _trunk()

    assert np.isnan(spine_line(body, bone, ~trunk, grid(body))).all()


def test_calcium_joined_to_the_spine_from_the_front_is_no_bone():
    """A plaque 20 mm before the spine is taken away, a spur within 4 mm stays."""
    body, bone, trunk = _trunk()
    plaque, spur = (30, slice(38, 50), 60), (35, slice(49, 50), 60)
    bone[plaque], bone[spur] = True, True
    skeleton = Skeleton(bone=bone, near_bone=bone, metal=bone & False, near_metal=bone & False)

    found = remove_aorta(skeleton, body, trunk, grid(body))

    assert not found.bone[30, 38:46, 60].any()
    assert found.bone[spur].all()
    assert found.bone[:, 50:65, 55:65].all()
    assert found.near_bone.sum() > found.bone.sum()
