"""Bone, and what is as bright and is none."""

import numpy as np
import pytest

from calcinet.findings.ct.body import find_body
from calcinet.findings.ct.bone import find_bone
from calcinet.findings.ct.coarse_grid import make_coarse_grid
from tests.support.ct_volumes import LIMB_MM, ct, disc, limb


def _find(pixels, given=None):
    image = ct(pixels, LIMB_MM)
    coarse = make_coarse_grid(image, LIMB_MM)
    return find_bone(image, coarse, find_body(coarse), given)


def test_a_bone_is_its_shell_and_its_marrow():
    """12 mm of radius in a limb: its section is 452 mm2."""
    found = _find(limb())
    section = found.bone.sum(axis=(1, 2)) * 4.0

    assert found.bone[:, 30, 20].all()
    assert np.median(section) == pytest.approx(np.pi * 12**2, rel=0.12)
    assert not found.bone[:, 30, 35].any()
    assert (found.near_bone & found.bone).sum() == found.bone.sum() < found.near_bone.sum()
    assert not found.metal.any()


def test_a_calcified_ring_about_blood_is_no_bone():
    """A vessel of 8 mm with a wall of 1 mm of 800 HU and blood of 45 HU."""
    pixels = limb()
    centre = (60, 80)
    pixels[:, disc((120, 120), centre, 4.6)] = 800
    pixels[:, disc((120, 120), centre, 3.4)] = 45
    found = _find(pixels)

    assert not found.bone[:, 28:33, 37:44].any()
    assert found.bone[:, 30, 20].all()


def test_enhanced_blood_is_no_bone():
    """A column of 12 mm and 350 HU, as even as blood is, its edge darkened by blur."""
    pixels = limb()
    pixels[:, disc((120, 120), (60, 80), 7)] = 250
    pixels[:, disc((120, 120), (60, 80), 6)] = 350

    assert not _find(pixels).bone[:, 28:33, 37:44].any()


def test_bones_that_the_caller_knows_are_added():
    """A block of muscle that is said to be bone."""
    given = np.zeros((30, 60, 60), dtype=bool)
    given[10:14, 28:34, 36:42] = True

    assert _find(limb(), given).bone[10:14, 28:34, 36:42].all()


def test_metal_is_marked_with_what_its_streaks_reach():
    """A screw of 4 mm and 3000 HU; 12 mm beside it nothing is judged, 30 mm beside it all is."""
    pixels = limb()
    pixels[20:40, 58:62, 78:82] = 3000
    found = _find(pixels)

    assert found.metal[15, 30, 40]
    assert found.near_metal[15, 30, 45]
    assert not found.near_metal[15, 30, 55]
