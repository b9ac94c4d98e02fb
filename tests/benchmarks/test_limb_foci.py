"""Lesions told apart, counted by hand."""

import numpy as np

from benchmarks.limb_foci import find_lesions, focus_tables


def test_near_pieces_are_one_lesion_and_far_ones_several():
    """Pixels at columns 10, 14 and 30 of one row: a gap of 4 px joins the first two, the third is its own."""
    mask = np.zeros((20, 40), dtype=bool)
    mask[10, [10, 14, 30]] = True
    lesions = find_lesions(mask, gap_px=4)

    assert sorted(int(lesion.sum()) for lesion in lesions) == [1, 2]
    assert np.array_equal(np.any(lesions, axis=0), mask)


def test_a_hollow_belongs_to_its_lesion():
    """A square rim of 7 x 7 pixels, one wide, has 24 pixels and a hollow of 25."""
    mask = np.zeros((20, 20), dtype=bool)
    mask[5:12, 5:12] = True
    mask[6:11, 6:11] = False
    (lesion,) = find_lesions(mask, gap_px=2)

    assert lesion.sum() == 49


def test_nothing_put_in_is_no_lesion():
    assert find_lesions(np.zeros((20, 20), dtype=bool), gap_px=4) == []


def test_without_the_films_the_part_is_left_out(tmp_path, capsys):
    assert focus_tables(tmp_path / "nowhere") == []
    assert "films skipped" in capsys.readouterr().err
