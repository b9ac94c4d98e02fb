"""The coarse grid: what it averages, and how it leads back to the volume."""

import numpy as np
import pytest

from calcinet.findings.ct.coarse_grid import (
    close_slices,
    dilate,
    distance_to_edge,
    fill_holes,
    label_components,
    locate_in,
    make_coarse_grid,
    open_slices,
    widen_box,
)
from tests.support.ct_volumes import ct, disc, grid


def test_a_coarse_voxel_is_the_mean_of_its_block():
    """0 to 63 in 4 x 4 x 4 voxels of 1 mm: the first block holds 0, 1, 4, 5, 16, 17, 20, 21, whose mean is 10.5."""
    coarse = make_coarse_grid(ct(np.arange(64).reshape(4, 4, 4)), (1.0, 1.0, 1.0))

    assert coarse.block == (2, 2, 2)
    assert coarse.mm == (2.0, 2.0, 2.0)
    assert coarse.hu.shape == (2, 2, 2)
    assert coarse.hu[0, 0, 0] == 10.5
    assert coarse.voxel_mm3 == 8.0


def test_what_is_left_over_counts_to_the_last_block():
    """Five voxels in blocks of two: two blocks, the last one stands for three voxels."""
    coarse = make_coarse_grid(ct(np.zeros((5, 5, 5))), (1.0, 1.0, 1.0))
    values = np.arange(8).reshape(2, 2, 2)

    assert coarse.fine_plane(values, 4)[4].tolist() == [6, 6, 7, 7, 7]
    assert coarse.at(values, np.array([[0, 0, 0], [4, 4, 4]])).tolist() == [0, 7]
    box = (slice(1, 3), slice(3, 5), slice(0, 1))
    assert coarse.fine_box(values, box)[:, :, 0].tolist() == [[2, 2], [6, 6]]


def test_a_region_of_the_volume_is_that_of_its_blocks():
    """Blocks 1 to 2 of two voxels are voxels 2 to 5."""
    coarse = make_coarse_grid(ct(np.zeros((8, 8, 8))), (1.0, 1.0, 1.0))

    assert coarse.fine_region((slice(1, 3), slice(0, 1), slice(2, 4))) == (slice(2, 6), slice(0, 2), slice(4, 8))


def test_opening_takes_thin_things_and_leaves_thick_ones():
    """A plate of 2 mm and a disc of 40 mm, opened by 4 mm."""
    mask = np.zeros((1, 60, 60), dtype=bool)
    mask[0, 55] = True
    mask[0] |= disc((60, 60), (25, 30), 10)
    opened = open_slices(mask, grid(np.zeros(mask.shape)), 4.0)

    assert not opened[0, 50:].any()
    assert opened[0, 15:36, 30].all()


def test_closing_and_filling_shut_a_ring_with_a_gap():
    """A ring with a gap of one voxel has no hole to fill until it is closed."""
    outer, inner = disc((40, 40), (20, 20), 12), disc((40, 40), (20, 20), 9)
    ring = (outer & ~inner)[None]
    ring[0, 20, 25:] = False

    assert not fill_holes(ring)[0, 20, 20]
    assert fill_holes(close_slices(ring, grid(np.zeros(ring.shape)), 4.0))[0, 20, 20]


def test_dilating_reaches_as_far_in_all_directions():
    """4 mm about one voxel of 2 mm: two voxels up and down, to the left and to the right."""
    mask = np.zeros((9, 9, 9), dtype=bool)
    mask[4, 4, 4] = True
    found = dilate(mask, grid(np.zeros(mask.shape)), 4.0)

    for axis in range(3):
        line = np.moveaxis(found, axis, 0)[:, 4, 4]
        assert np.flatnonzero(line).tolist() == [2, 3, 4, 5, 6]


def test_voxels_that_touch_by_a_corner_are_one_component():
    """Three corners in a row, and a lone voxel that is too small to be listed."""
    mask = np.zeros((5, 5, 5), dtype=bool)
    mask[[0, 1, 2], [0, 1, 2], [0, 1, 2]] = True
    mask[4, 4, 4] = True
    numbered, large = label_components(mask, least_voxels=2)

    assert numbered.max() == 2
    assert large == [(1, (slice(0, 3), slice(0, 3), slice(0, 3)))]


def test_distance_to_the_edge_is_that_to_the_middle_of_the_next_voxel():
    """A bar of three columns of 2 mm: 2, 4 and 2 mm."""
    mask = np.zeros((1, 9, 5), dtype=bool)
    mask[0, :, 1:4] = True

    assert distance_to_edge(mask, (2.0, 2.0))[0, 4].tolist() == pytest.approx([0, 2, 4, 2, 0])


def test_a_box_is_widened_within_the_volume_and_found_again_in_it():
    """What is cut out of the wider box is what the box holds."""
    values = np.arange(10 * 10 * 10).reshape(10, 10, 10)
    box = (slice(1, 3), slice(4, 6), slice(8, 10))
    wide = widen_box(box, (2, 2, 2), values.shape)

    assert wide == (slice(0, 5), slice(2, 8), slice(6, 10))
    assert np.array_equal(values[wide][locate_in(wide, box)], values[box])
