"""Bone on a drawn limb, and the arithmetic of its relief."""

import numpy as np
import pytest

from calcinet.findings.coarse_grid import make_coarse_grid
from calcinet.findings.radiograph import bone
from calcinet.findings.radiograph.bone import bone_relief, find_bone

SHAPE = (240, 320)
ACROSS = np.abs(np.arange(SHAPE[1]) - 159.5)


def draw_limb(bone_height, half_width=12.0):
    """A cylinder of 160 mm with a bar in its middle; grid, tissue and depth."""
    soft = np.sqrt(np.maximum(80.0**2 - ACROSS**2, 0)) / 80
    bar = bone_height * np.clip(half_width + 0.5 - ACROSS, 0, 1)
    noise = np.random.default_rng(2).normal(0, 0.004, SHAPE)
    grid = make_coarse_grid((soft + bar + noise).astype(np.float32), (1.0, 1.0))
    tissue = np.tile(ACROSS < 79, (SHAPE[0], 1))
    depth = np.where(tissue, 80 - ACROSS, 0).astype(np.float32)
    return grid, tissue, depth


def test_a_bar_on_soft_tissue_is_bone():
    """24 mm wide, its edges within 2 mm."""
    found = find_bone(*draw_limb(0.5))

    assert found.sum(axis=1) == pytest.approx(np.full(SHAPE[0], 24), abs=4)
    assert found[:, 155:165].all()


def test_a_bar_narrower_than_a_bone_is_none():
    """3 mm: a calcified wall, not a phalanx."""
    wide = find_bone(*draw_limb(0.5))
    grid, tissue, depth = draw_limb(0.5)
    grid.plane[:, 100:103] += np.float32(0.2)
    found = find_bone(grid, tissue, depth)

    assert not found[:, 95:108].any()
    assert (found == wide).mean() > 0.99


def test_soft_tissue_comes_out_flat():
    """The relief of a limb without bone stays far below that of a bar of half its thickness."""
    flat = bone_relief(*draw_limb(0.0))
    high = bone_relief(*draw_limb(0.5))

    assert np.abs(flat).max() < 0.3 * high.max()


def test_tissue_that_is_skin_throughout_has_no_relief():
    """A strip of 3 mm: no pixel is deeper than 1.8 mm."""
    grid, _, depth = draw_limb(0.5)
    strip = np.tile(ACROSS < 1.5, (SHAPE[0], 1))

    assert not bone_relief(grid, strip, depth).any()


def test_a_surface_comes_back_from_its_differences():
    """Up to a constant, whatever the surface."""
    surface = np.random.default_rng(3).normal(size=(17, 23))
    across, down = bone._compute_differences(surface)
    again = bone._integrate(across, down)

    assert again - again.mean() == pytest.approx(surface - surface.mean(), abs=1e-4)


def test_the_slope_of_soft_tissue_never_grows_again():
    """Steps of 3, 1, 2 and 0.5 at equal depths become 3, 1, 1 and 0.5."""
    depth = np.arange(13.0)
    level = np.concatenate([[0], np.cumsum([3.0, 1, 2, 0.5] + [0.5] * 8)])

    assert np.diff(bone._limit_slope(depth, level))[:4].tolist() == pytest.approx([3, 1, 1, 0.5])
