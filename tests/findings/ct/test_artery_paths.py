"""Plaques in line along a limb."""

import pytest

from calcinet.findings.ct.artery_paths import Plaque, find_paths
from calcinet.findings.ct.shape import measure_shape
from tests.support.ct_volumes import MM, block


def _paths(components):
    return find_paths([Plaque(n, measure_shape(one, MM)) for n, one in enumerate(components)], MM)


def test_plaques_in_line_are_one_artery_and_one_aside_is_not():
    """Four plaques 15 mm apart along the body, and a nodule 40 mm to the side."""
    row = [block((z, 50, 50), (z + 4, 55, 55)) for z in (0, 19, 38, 57)]
    aside = block((30, 50, 130), (34, 55, 135))
    shapes = [measure_shape(one, MM) for one in (*row, aside)]

    paths = find_paths([Plaque(n, shape) for n, shape in enumerate(shapes)], MM)

    assert [path.members for path in paths] == [(0, 1, 2, 3)]
    assert paths[0].length_mm == pytest.approx(61, abs=3)
    assert paths[0].calcified_mm == pytest.approx(16, abs=1)


def test_a_gap_of_more_than_45_mm_ends_an_artery():
    """Three plaques 20 mm apart and three more 60 mm above."""
    low = [block((z, 50, 50), (z + 5, 55, 55)) for z in (0, 25, 50)]
    high = [block((z, 50, 50), (z + 5, 55, 55)) for z in (115, 140, 165)]

    assert [path.members for path in _paths(low + high)] == [(0, 1, 2), (3, 4, 5)]


def test_two_round_plaques_may_be_in_line_by_chance():
    """30 mm apart; with a long tube between them they are an artery."""
    plaques = [block((0, 50, 50), (4, 55, 55)), block((30, 50, 50), (34, 55, 55))]
    tube = block((10, 50, 50), (24, 53, 53))

    assert not _paths(plaques)
    assert [path.members for path in _paths([*plaques, tube])] == [(0, 2, 1)]


def test_calcified_length_counts_overlap_once():
    """Slices 0 to 19 and 10 to 29 are thirty slices of 1 mm; the tubes are side by side."""
    path = _paths([block((0, 50, 50), (20, 53, 53)), block((10, 55, 50), (30, 58, 53))])[0]

    assert path.calcified_mm == pytest.approx(path.calcified_share * path.length_mm)
    assert path.calcified_share == pytest.approx(1.0)
    assert path.line[:, 0].tolist() == sorted(path.line[:, 0])


def test_without_plaques_there_are_no_paths():
    """Nothing under the fascia."""
    assert find_paths([], MM) == []
