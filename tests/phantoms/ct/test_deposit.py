"""Bodies made of cells have their volume, and voxels share it without loss."""

import numpy as np
import pytest

from calcinet.phantoms.ct.deposit import COARSEST_MM, FINEST_MM, Cells, Grid, shares, solid, step_for, thread

BRICK = np.argwhere(np.ones((10, 12, 14), dtype=bool))


def test_a_thread_has_the_volume_of_a_rod():
    """A slanting line, length sqrt(18^2 + 8^2 + 3.464^2) = 20 mm, radius 0.5, round ends: pi 5 + pi / 6 = 16.23 mm3."""
    line = np.linspace([0, 3, 4], [18, 11, 7.464], 200)

    cells = thread(line, np.full(200, 0.5), 0.08)

    assert cells.volume_mm3 == pytest.approx(16.23, rel=0.01)


@pytest.mark.parametrize("spacing", [(0.5, 0.4, 0.4), (1.0, 0.6, 0.7), (5.0, 0.8, 0.8)])
def test_voxels_share_a_body_without_loss(spacing):
    """The shares add up to its volume, whatever the voxels."""
    cells = Cells(BRICK + np.array([20, 31, 17]), 0.13)
    grid = Grid(first=(0.0, 0.0, 0.0), spacing_mm=spacing, shape=(30, 40, 40), thickness_mm=spacing[0])

    _, share = shares(cells, grid)

    assert share.sum() * np.prod(spacing) == pytest.approx(10 * 12 * 14 * 0.13**3, rel=1e-5)


def test_slices_that_overlap_show_a_body_twice_and_half_as_bright():
    """Slices of 2 mm, 1 mm apart: 1.68 mm3 lie in twice as many voxels, each of which they fill half as much."""
    cells = Cells(BRICK + np.array([200, 31, 17]), 0.1)
    grid = Grid(first=(0.0, 0.0, 0.0), spacing_mm=(1.0, 0.5, 0.5), shape=(60, 40, 40), thickness_mm=2.0)

    _, share = shares(cells, grid)

    assert share.sum() * 0.25 == pytest.approx(1.68, rel=1e-5)


def test_a_box_is_filled_to_its_corners():
    """2 x 3 x 4 mm in cells of 0.1 mm, in slabs: 24 mm3, middles half a cell from its faces."""
    low, high = np.array([1.05, 2.05, 3.05]), np.array([3.05, 5.05, 7.05])

    cells = solid(lambda points: ((points >= low) & (points < high)).all(axis=1), low - 1, high + 1, 0.1)

    assert cells.volume_mm3 == pytest.approx(24.0)
    assert cells.centre == pytest.approx((low + high) / 2)


def test_a_thread_that_crosses_itself_is_counted_once():
    """The same line twice has the volume of one."""
    line = np.linspace([0, 0, 0], [5, 0, 0], 60)
    once = thread(line, np.full(60, 0.4), 0.1)
    twice = thread(np.concatenate([line, line]), np.full(120, 0.4), 0.1)

    assert twice.volume_mm3 == once.volume_mm3


def test_cells_are_a_sixth_of_the_thickness_within_limits():
    """0.6 mm: 0.1 mm. Thinner and thicker bodies end at the limits."""
    assert step_for(0.6) == pytest.approx(0.1)
    assert step_for(0.01) == FINEST_MM
    assert step_for(9.0) == COARSEST_MM


def test_a_body_beside_the_scan_has_no_share():
    grid = Grid(first=(0.0, 0.0, 0.0), spacing_mm=(1.0, 1.0, 1.0), shape=(5, 5, 5), thickness_mm=1.0)

    assert shares(Cells(BRICK + 1000, 0.1), grid) is None


def test_a_voxel_that_lies_within_a_body_is_full():
    """A brick of 4 mm about the voxel (2, 2, 2): its share is 1, those of its outer neighbours less."""
    grid = Grid(first=(0.0, 0.0, 0.0), spacing_mm=(1.0, 1.0, 1.0), shape=(5, 5, 5), thickness_mm=1.0)
    cells = Cells(np.argwhere(np.ones((40, 40, 40), bool)), 0.1)

    box, share = shares(cells, grid)
    full = np.zeros(grid.shape)
    full[box] = share

    assert full[2, 2, 2] == pytest.approx(1.0)
    assert full[0, 2, 2] == pytest.approx(0.55)  # from -0.05 mm on, half of the voxel is below


def test_places_in_mm_are_voxels_of_the_grid():
    """2 mm above the first slice of 0.5 mm: slice 4."""
    grid = Grid(first=(10.0, 0.0, 0.0), spacing_mm=(0.5, 1.0, 2.0), shape=(9, 9, 9), thickness_mm=1.0)

    assert grid.voxel(np.array([12.0, 3.0, 4.0])) == pytest.approx([4.0, 3.0, 2.0])
