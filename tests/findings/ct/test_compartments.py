"""Skin to bone, layer by layer."""

import numpy as np
import pytest

from calcinet.findings.ct.bone import Skeleton
from calcinet.findings.ct.compartments import Layer, depth_in_slices, find_layers
from tests.support.ct_volumes import disc, grid


def _limb():
    """2 mm voxels: fat of 50 mm radius, two muscles with 8 mm of fat between them, a bone in one."""
    plane = np.where(disc((70, 70), (35, 35), 25), -100.0, -1000.0)
    plane[disc((70, 70), (35, 35), 20)] = 55
    plane[:, 33:37] = np.where(plane[:, 33:37] == 55, -100, plane[:, 33:37])
    bone = np.tile(disc((70, 70), (35, 25), 5), (5, 1, 1))
    hu = np.tile(plane, (5, 1, 1))
    return hu, bone


def _layers(hu, bone, trunk=False):
    nothing = np.zeros(hu.shape, dtype=bool)
    skeleton = Skeleton(bone=bone, near_bone=bone, metal=nothing, near_metal=nothing)
    return find_layers(grid(hu), hu > -300, skeleton, np.full(len(hu), trunk))


def test_layers_follow_one_another_from_the_skin_inwards():
    """Air, fat, muscle, bone along row 35."""
    line = _layers(*_limb())[2, 35]

    assert line[5] == Layer.OUTSIDE
    assert line[12] == Layer.SUBCUTIS
    assert line[18] == Layer.DEEP
    assert line[25] == Layer.BONE


def test_the_fascia_bridges_the_fat_between_muscles():
    """8 mm between them are under it."""
    assert _layers(*_limb())[2, 35, 35] == Layer.DEEP


def test_a_vein_in_the_subcutis_is_not_under_the_fascia():
    """A strand of 4 mm of soft tissue in the fat."""
    hu, bone = _limb()
    hu[:, 35, 57:58] = 50

    assert _layers(hu, bone)[2, 35, 57] == Layer.SUBCUTIS


def test_depth_is_the_distance_within_the_slice():
    """The middle of a disc of 25 voxels of 2 mm is 51 mm deep, in the first slice as in the others."""
    body = np.tile(disc((70, 70), (35, 35), 25), (3, 1, 1))
    depth = depth_in_slices(body, grid(body))

    assert depth[:, 35, 35] == pytest.approx([51, 51, 51], abs=1.5)
    assert not depth[~body].any()


def test_the_edge_of_the_picture_is_no_surface():
    """A body that fills the picture but for its first column is deepest at the last one."""
    body = np.ones((1, 20, 20), dtype=bool)
    body[:, :, 0] = False

    assert depth_in_slices(body, grid(body))[0, 10, -1] == pytest.approx(38, abs=2.5)
