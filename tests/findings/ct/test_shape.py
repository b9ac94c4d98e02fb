"""Form of components and their depth under the skin."""

import numpy as np
import pytest

from calcinet.findings.ct.shape import average_slabs, depth_mm, measure_shape
from tests.support.ct_volumes import MM, block, ct, grid


def test_a_rod_is_tubular_a_slab_a_plate_and_a_ball_nodular():
    """20 x 2 x 2 mm, 8 x 8 x 2 mm, and 3 x 3 x 3 mm."""
    rod, slab, ball = block((0, 0, 0), (20, 4, 4)), block((0, 0, 0), (8, 16, 4)), block((0, 0, 0), (3, 6, 6))

    assert [measure_shape(one, MM).form for one in (rod, slab, ball)] == ["tubular", "plate", "nodular"]
    assert measure_shape(rod, MM).length_mm == pytest.approx(20, abs=1.5)


def test_the_extents_are_those_of_a_uniform_bar():
    """A bar of 20 x 6 x 4 mm."""
    shape = measure_shape(block((0, 0, 0), (20, 12, 8)), MM)

    assert shape.extent_mm == pytest.approx((20, 6, 4), rel=1e-6)
    assert np.abs(shape.axis) == pytest.approx([1, 0, 0], abs=1e-9)
    assert shape.centre.tolist() == [9.5, 5.5, 3.5]
    assert shape.slices == (0, 19)


def test_one_voxel_has_the_extent_of_a_voxel():
    """1 x 0.5 x 0.5 mm."""
    assert measure_shape(block((3, 4, 5), (4, 5, 6)), MM).extent_mm == pytest.approx((1.0, 0.5, 0.5))


def test_slabs_are_averaged_in_order_and_empty_ones_left_out():
    """Points at 0 and 1 mm share the first slab of 2 mm; none is in the second; 5 mm is in the third."""
    points = np.array([[5.0, 1, 0], [0, 0, 0], [1, 2, 4]])

    assert average_slabs(points, points[:, 0], 2.0).tolist() == [[0.5, 1, 2], [5, 1, 0]]


def _skin(columns):
    """Air, and tissue from a column on; 0.5 mm pixels."""
    pixels = np.full((6, 60, 60), -1000.0)
    pixels[:, :, columns:] = 40
    return ct(pixels), pixels > -300


def test_depth_is_the_distance_to_the_surface():
    """A block of columns 30 to 33; air ends with column 19. Middles are 5.5 to 7 mm apart, the edge of the skin is half
    a pixel nearer: 5.25, 5.75, 6.25 and 6.75 mm, whose median is 6 mm.
    """
    image, body = _skin(20)
    component = block((2, 28, 30), (4, 32, 34))

    assert depth_mm(image, component, MM, 5.0, grid(body, MM), body) == pytest.approx(6.0)


def test_gas_inside_is_no_surface():
    """A bubble two millimetres beside the block."""
    image, body = _skin(20)
    image.pixels[:, 28:32, 38:40] = -1000
    component = block((2, 28, 30), (4, 32, 34))

    assert depth_mm(image, component, MM, 5.0, grid(body, MM), body) == pytest.approx(6.0)


def test_deep_components_keep_the_depth_of_the_coarse_grid():
    """More than 10 mm."""
    image, body = _skin(20)

    assert depth_mm(image, block((2, 28, 30), (4, 32, 34)), MM, 25.0, grid(body, MM), body) == 25.0
