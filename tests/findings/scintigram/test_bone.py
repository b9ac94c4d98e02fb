"""Bone told from soft tissue along and across a segment."""

import numpy as np
import pytest

from calcinet.findings.scintigram.bone import ALONG, BINS, WIDEST, find_bone, map_to_pixels, measure_profile

MIDDLE = BINS // 2


def _profile(times, columns=slice(MIDDLE - 2, MIDDLE + 3)):
    """Soft tissue of 10 counts with a shaft so many times as bright."""
    lines = np.full((ALONG, BINS), 10.0)
    lines[:, columns] *= times
    return lines


def test_a_shaft_is_bone_where_both_sides_show_it():
    """1.3 times soft tissue: enough on both sides, too little on one; where the other is not seen it is enough."""
    shaft, bare = _profile(1.3), _profile(1.0)

    assert find_bone("thigh", shaft, shaft)[:, MIDDLE].all()
    assert not find_bone("thigh", shaft, bare).any()
    assert find_bone("thigh", shaft, None)[:, MIDDLE].all()


def test_what_is_far_brighter_on_one_side_is_bone():
    """Twice soft tissue."""
    assert find_bone("thigh", _profile(2.0), _profile(1.0))[:, MIDDLE].all()


def test_no_bone_is_at_the_edge_of_a_thigh():
    """A bright rim at the last points: allowed on a foot, where bones reach the skin."""
    rim = _profile(2.0, slice(BINS - 2, BINS))

    assert not find_bone("thigh", rim, rim).any()
    assert find_bone("foot", rim, rim)[:, -1].all()


def test_a_shaft_does_not_end_in_its_middle():
    """A gap of four rows is bone, too; one of sixteen is not."""
    for rows, closed in ((slice(10, 14), True), (slice(4, 20), False)):
        shaft = _profile(2.0)
        shaft[rows] = 10.0

        assert find_bone("thigh", shaft, shaft)[12, MIDDLE] == closed


def _limb(rows=60, columns=80):
    """A straight limb of 60 columns."""
    across = np.tile(np.linspace(-80 / 60, 80 / 60, columns), (rows, 1))
    inside = np.abs(across) <= 1
    return across, inside


def test_a_profile_is_counts_over_tissue():
    """30 counts through 10 mm are 3 a mm everywhere."""
    across, inside = _limb()

    profile = measure_profile(np.full(across.shape, 30.0), np.where(inside, 10.0, 0.0), across, (10, 50))

    assert profile.shape == (ALONG, BINS)
    assert profile == pytest.approx(3.0)


def test_bone_is_carried_back_to_where_it_was_found():
    """The middle third of the points is the middle third of the width, within the rows of the segment alone."""
    across, inside = _limb()
    found = np.zeros((ALONG, BINS), dtype=bool)
    found[:, np.abs(np.linspace(-WIDEST, WIDEST, BINS)) < 0.33] = True

    mask = map_to_pixels(found, across, inside, (10, 50))

    assert not mask[:10].any()
    assert not mask[50:].any()
    assert (np.abs(across[mask]) < 0.36).all()
    assert mask[30, np.abs(across[30]) < 0.3].all()
