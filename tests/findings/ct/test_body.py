"""The patient on a CT, without couch, cast and air."""

import numpy as np
import pytest

from calcinet.errors import NotMeasurable
from calcinet.findings.ct.body import find_body, find_sides, gap_between_limbs
from tests.support.ct_volumes import disc, grid


def _planes(plane, depth=10):
    return np.tile(plane, (depth, 1, 1))


def test_a_couch_is_no_body():
    """A limb of 60 mm on a shell of 4 mm."""
    limb = disc((60, 60), (25, 30), 15)
    plane = np.where(limb, 40.0, -1000.0)
    plane[50:52] = 100
    found = find_body(grid(_planes(plane)))

    assert not found[:, 48:].any()
    assert (found[5] != limb).sum() < 0.05 * limb.sum()


def test_gas_within_the_body_belongs_to_it():
    """A hole of air in a limb."""
    plane = np.where(disc((60, 60), (30, 30), 20), 40.0, -1000.0)
    plane[disc((60, 60), (30, 30), 6)] = -1000

    assert find_body(grid(_planes(plane)))[:, 30, 30].all()


def test_a_cast_is_no_body():
    """Plaster of 300 HU, 6 mm thick, all round a limb of 100 mm, with 2 mm of padding between."""
    plane = np.where(disc((80, 80), (40, 40), 29), 300.0, -1000.0)
    plane[disc((80, 80), (40, 40), 26)] = -1000
    limb = disc((80, 80), (40, 40), 25)
    plane[limb] = 40
    found = find_body(grid(_planes(plane)))[5]

    assert not found[disc((80, 80), (40, 40), 60) & ~disc((80, 80), (40, 40), 27)].any()
    assert found[disc((80, 80), (40, 40), 20)].all()


def test_air_and_crumbs_are_refused():
    """Nothing, and a pencil of 8 mm."""
    empty = np.full((10, 40, 40), -1000.0)
    pencil = empty.copy()
    pencil[:, 20:24, 20:24] = 40
    for volume in (empty, pencil):
        with pytest.raises(NotMeasurable, match="no limb or trunk"):
            find_body(grid(volume))


@pytest.mark.parametrize(
    ("columns", "middle"),
    [
        ([5, 5, 0, 0, 5, 5], 2.5),
        ([5, 0, 5, 0, 0, 0, 5, 5], 4.0),
        ([5, 5, 5, 5], None),
        ([9, 9, 9, 0, 0, 1], None),
        ([0, 5, 0], None),
        ([0, 0, 0], None),
    ],
)
def test_the_gap_between_limbs_is_the_widest_between_two_of_like_size(columns, middle):
    """Voxels of body by column; a limb has at least a quarter of the tissue: 10 of 20, but not 1 of 28."""
    assert gap_between_limbs(np.array(columns)) == middle


def test_two_limbs_are_right_and_left_and_a_lone_one_is_what_its_file_says():
    """The patient's right is at the low columns."""
    pair = _planes(disc((40, 80), (20, 20), 12) | disc((40, 80), (20, 60), 12))
    lone = _planes(disc((40, 40), (20, 20), 12))

    sides = find_sides(pair, None)
    assert set(np.unique(sides[:, :35])) == {1}
    assert set(np.unique(sides[:, 45:])) == {2}
    assert set(np.unique(find_sides(lone, "L"))) == {2}
    assert set(np.unique(find_sides(lone, None))) == {0}


def test_a_body_as_wide_as_a_trunk_is_split_in_its_middle():
    """60 voxels wide and 30 deep, whatever the file says of the side."""
    trunk = np.zeros((10, 40, 80), dtype=bool)
    trunk[:, 5:35, 10:70] = True
    sides = find_sides(trunk, "L")

    assert sides[0].tolist() == [1] * 40 + [2] * 40
