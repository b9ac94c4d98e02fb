"""What is periodic in a picture: the grid of a screen, and what a film has of its own."""

import cv2
import numpy as np
import pytest

from calcinet.io.radiograph.moire import Tiles, count_tiles

SIDE = 600
DOWN, ACROSS = np.mgrid[:SIDE, :SIDE].astype(np.float32)


def noise(spread=4.0, seed=3):
    return np.random.default_rng(seed).normal(0, spread, (SIDE, SIDE)).astype(np.float32)


def waves(period_px, angle_deg, height=6.0):
    """Lines at one distance, whose normal is turned from the rows' direction."""
    turn = np.radians(angle_deg)
    return height * np.sin(2 * np.pi * (ACROSS * np.cos(turn) + DOWN * np.sin(turn)) / period_px)


@pytest.mark.parametrize(("period_px", "angle_deg"), [(5.3, 12), (9.7, 25), (3.1, 8), (14.0, 9)])
def test_two_families_of_lines_are_crossed(period_px, angle_deg):
    """Each of the 2 x 2 tiles of 256 pixels has both."""
    grid = waves(period_px, angle_deg) + waves(period_px * 1.1, angle_deg + 90)

    assert count_tiles(100 + grid + noise()) == Tiles(lined=4, crossed=4)


@pytest.mark.parametrize(("angle_deg", "lined"), [(1, 0), (20, 4)])
def test_anti_scatter_grid_is_one_family(angle_deg, lined):
    """Its harmonic lies in the same direction; where it is upright it is nothing at all."""
    grid = waves(7.3, angle_deg) + waves(3.65, angle_deg)

    assert count_tiles(100 + grid + noise()) == Tiles(lined=lined, crossed=0)


@pytest.mark.parametrize("how", [cv2.INTER_NEAREST, cv2.INTER_LINEAR, cv2.INTER_CUBIC])
@pytest.mark.parametrize("scale", [1.5, 2.37, 3.0])
def test_enlarged_film_has_crossed_lines_in_two_tiles_at_most(grey, how, scale):
    """Putting pixels in between repeats what is coarse, at the places of an upright grid, and less so beside them."""
    large = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=how)

    assert count_tiles(large.astype(np.float32)).crossed <= 2


def test_squares_of_jpeg_are_nobodys_grid():
    """Steps every 8 pixels, along rows and along columns."""
    squares = 5 * (DOWN % 8 == 0) + 5 * (ACROSS % 8 == 0)

    assert count_tiles(100 + squares + noise(2.0)) == Tiles(lined=0, crossed=0)


def test_noise_and_edges_have_no_period():
    """Edges of a bone at two angles make rays in the spectrum, not points."""
    edges = 120 * (ACROSS + 0.3 * DOWN > 300) + 60 * (DOWN - 0.4 * ACROSS > 200)

    assert count_tiles(40 + edges + noise()) == Tiles(lined=0, crossed=0)


@pytest.mark.parametrize("plane", [np.eye(40, dtype=np.float32), 9 * (ACROSS > 300).astype(np.float32)])
def test_small_and_empty_pictures_say_nothing(plane):
    """Forty pixels hold no tile; two flat halves hold no noise but one edge."""
    assert count_tiles(plane).crossed == 0
