"""Skeleton graphs of masks whose lines are known on paper."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcinet.errors import BadInput
from calcinet.geometry.skeleton import line_length, skeleton_graph, smooth_line


def bar(angle_deg: float, *, length: float = 300.0, width: float = 3.0, side: int = 400) -> np.ndarray:
    """A straight bar through the middle of a square."""
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    angle = np.deg2rad(angle_deg)
    along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    return (np.abs(along) <= length / 2) & (np.abs(across) <= width / 2)


def lattice(n: int, pitch: int = 10) -> np.ndarray:
    """n x n square meshes with lines of one pixel."""
    at_line = np.arange(n * pitch + 1) % pitch == 0
    return np.pad(at_line[:, None] | at_line, 3)


def test_a_plus_has_one_junction_and_four_ends():
    """Four arms of 20 px meet in the middle."""
    mask = np.zeros((60, 60), dtype=bool)
    mask[10:51, 30] = mask[30, 10:51] = True

    graph = skeleton_graph(mask)

    assert sorted(graph.degree) == [1, 1, 1, 1, 4]
    assert graph.lengths() == pytest.approx([20] * 4, abs=0.1)
    assert graph.loop_count == 0
    assert graph.nodes[graph.degree == 4] == pytest.approx(np.array([[30, 30]]))


@given(n=st.integers(1, 5))
@settings(max_examples=5, deadline=None)
def test_a_lattice_of_n_by_n_meshes_has_n_squared_loops(n):
    """Euler: branches - nodes + parts."""
    graph = skeleton_graph(lattice(n))

    assert graph.loop_count == n**2
    assert graph.component_count == 1


def test_a_ring_is_one_closed_branch():
    """Circumference of a circle of radius 25 px: 157.1 px."""
    y, x = np.mgrid[:80, :80] - 40
    graph = skeleton_graph(np.abs(np.hypot(y, x) - 25) < 1.5)

    assert (len(graph.branches), graph.loop_count, list(graph.degree)) == (1, 1, [2])
    assert graph.lengths()[0] == pytest.approx(2 * np.pi * 25, rel=0.01)


@pytest.mark.parametrize("angle_deg", range(0, 180, 15))
def test_an_oblique_line_keeps_its_length(angle_deg):
    """Counting pixel steps would be wrong by up to 8 % at 22 degrees."""
    graph = skeleton_graph(bar(angle_deg), min_spur_px=6)
    (branch,) = graph.branches

    assert branch.length() == pytest.approx(np.hypot(*(branch.path[-1] - branch.path[0])), rel=0.01)
    assert branch.length() == pytest.approx(300, abs=5)  # thinning takes up to a width off either end


def test_length_honours_unequal_pixels():
    """Rows 0.2 mm and columns 0.1 mm apart: a diagonal of 300 px is 300 / sqrt 2 of each."""
    (branch,) = skeleton_graph(bar(45), min_spur_px=6).branches
    side = branch.length() / np.sqrt(2)

    assert branch.length((0.2, 0.1)) == pytest.approx(side * np.hypot(0.2, 0.1), rel=0.005)


@given(seed=st.integers(0, 1000))
@settings(max_examples=10, deadline=None)
def test_mirrored_skeletons_have_the_same_graph(seed):
    """Tracing does not depend on the order in which pixels are met; the thinned lines are given as they are."""
    graph = skeleton_graph(np.random.default_rng(seed).random((40, 40)) > 0.75)
    again = skeleton_graph(graph.skeleton)
    flipped = skeleton_graph(again.skeleton[:, ::-1])

    assert flipped.component_count == again.component_count
    assert sorted(again.degree[again.degree == 0]) == sorted(flipped.degree[flipped.degree == 0])


def test_every_line_pixel_belongs_to_the_graph():
    """Branches and nodes together touch all pixels of the skeleton."""
    graph = skeleton_graph(lattice(3) | np.pad(bar(30, length=20, side=37), 0))
    painted = np.zeros_like(graph.skeleton)
    for branch in graph.branches:
        rows, columns = branch.path.round().astype(int).T
        painted[rows, columns] = True

    assert np.count_nonzero(graph.skeleton & ~painted) <= 0.05 * np.count_nonzero(graph.skeleton)


def test_short_spurs_are_cut_and_long_ones_stay():
    """A side branch of 4 px goes, one of 20 px stays."""
    mask = np.zeros((60, 120), dtype=bool)
    mask[30, 10:110] = True
    mask[26:30, 40] = True
    mask[10:30, 80] = True

    graph = skeleton_graph(mask, min_spur_px=8)

    assert sorted(graph.degree) == [1, 1, 1, 3]


def test_smoothing_keeps_the_ends_of_a_straight_line():
    """Point reflection at the ends continues a straight line as itself."""
    line = np.stack([np.linspace(0, 40, 41), np.linspace(0, 20, 41)], axis=1)

    assert smooth_line(line, 3.0) == pytest.approx(line)
    assert line_length(line, (0.5, 0.5)) == pytest.approx(0.5 * np.hypot(40, 20))


def test_an_empty_mask_has_an_empty_graph():
    """No line is no error."""
    graph = skeleton_graph(np.zeros((9, 9), dtype=bool))

    assert (len(graph.nodes), len(graph.branches), graph.loop_count) == (0, 0, 0)


def test_a_volume_is_refused():
    """Skeletons here are drawn on a plane."""
    with pytest.raises(BadInput, match="shape"):
        skeleton_graph(np.zeros((2, 9, 9), dtype=bool))
