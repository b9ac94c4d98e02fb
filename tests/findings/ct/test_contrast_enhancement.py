"""Blood with contrast agent, told from calcium and bone by evenness, size and shell."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from calcinet.findings.ct.coarse_grid import make_coarse_grid
from calcinet.findings.ct.components import Component
from calcinet.findings.ct.contrast_enhancement import find_enhanced_pool, find_enhanced_tube, find_faint_column
from tests.support.ct_volumes import ct, disc, grid


def _column(hu, radius, depth=30, shell=None):
    """A column along the body in muscle, 2 mm voxels."""
    plane = np.full((40, 40), 50.0)
    if shell is not None:
        plane[disc(plane.shape, (20, 20), radius + 2)] = shell
    plane[disc(plane.shape, (20, 20), radius)] = hu
    return np.tile(plane, (depth, 1, 1))


def _pool(pixels):
    return find_enhanced_pool(grid(pixels), np.ones(pixels.shape, dtype=bool))


def test_an_even_column_is_enhanced_blood():
    """300 HU, 20 mm wide, 60 mm long: 5 x 5 voxels of section at least, each 8 mm3."""
    found = _pool(_column(300.0, 5))

    assert found.mean_hu == pytest.approx(300)
    assert found.spread_hu == pytest.approx(0, abs=1e-3)
    assert found.volume_mm3 >= 30 * 25 * 8


@pytest.mark.parametrize(
    "pixels",
    [
        _column(60.0, 5),
        _column(300.0, 5, depth=8),
        _column(300.0, 5, shell=900.0),
        _column(300.0, 5) * np.random.default_rng(0).uniform(0.4, 1.6, (30, 40, 40)),
    ],
    ids=["not bright", "short", "in a shell", "uneven"],
)
def test_what_is_not_bright_long_bare_and_even_is_no_blood(pixels):
    """Blood without agent, an endplate, marrow in its cortex, trabeculae."""
    assert _pool(pixels) is None


def test_the_largest_pool_is_taken():
    """300 HU in 20 mm and 400 HU in 32 mm."""
    pixels = np.concatenate([_column(300.0, 5), _column(400.0, 8)], axis=2)

    assert _pool(pixels).mean_hu == pytest.approx(400)


def _tube(hu, length, hollow=False):
    """A column of 6 mm in voxels of 1 x 0.5 x 0.5 mm."""
    section = disc((13, 13), (6, 6), 6)
    if hollow:
        section &= ~disc((13, 13), (6, 6), 4)
    pixels = np.full((length, 13, 13), 50.0)
    pixels[:, section] = hu
    mask = np.tile(section, (length, 1, 1))
    return ct(pixels), Component(mask, (slice(0, length), slice(0, 13), slice(0, 13)))


def test_a_long_solid_column_of_a_limb_is_blood():
    """350 HU over 60 mm."""
    image, column = _tube(350.0, 60)

    assert find_enhanced_tube(image, [column]).mean_hu == pytest.approx(350)


@pytest.mark.parametrize(("hu", "length", "hollow"), [(350.0, 30, False), (350.0, 60, True), (900.0, 60, False)])
def test_a_short_a_hollow_and_a_too_bright_column_are_calcium(hu, length, hollow):
    """A plaque, a calcified wall, heavy calcium."""
    image, column = _tube(hu, length, hollow)

    assert find_enhanced_tube(image, [column]) is None


FINE_MM = (1.0, 0.7, 0.7)


def _faint(plane, slices=60):
    """Muscle with a column of some section, blurred and noisy, looked at under the fascia."""
    blurred = gaussian_filter(np.tile(plane, (slices, 1, 1)), (0, 0.4, 0.4))
    image = ct(blurred + np.random.default_rng(0).normal(0, 12, blurred.shape), FINE_MM)
    grid = make_coarse_grid(image, FINE_MM)
    return find_faint_column(image, grid, np.ones(grid.hu.shape, dtype=bool))


def _section(outer_px, hu, *, inner_px=0.0, inner_hu=45.0, half=False):
    """A disc in muscle; with an inner disc a wall about a lumen; or the upper half of that wall."""
    plane = np.full((60, 60), 50.0)
    wall = disc(plane.shape, (30, 30), outer_px)
    if half:
        wall[30:] = False
    plane[wall] = hu
    if inner_px:
        plane[disc(plane.shape, (30, 30), inner_px)] = inner_hu
    return plane


@pytest.mark.parametrize("hu", [150.0, 200.0, 250.0])
@pytest.mark.parametrize("radius_px", [3, 5])
def test_blood_of_150_to_250_hu_is_enhanced(hu, radius_px):
    """Arteries of 4.2 and 7 mm, whose voxels are partly under the threshold of calcium."""
    assert _faint(_section(radius_px, hu)).mean_hu == pytest.approx(hu, abs=20)


def test_enhanced_blood_within_a_calcified_wall_is_seen():
    """An artery of 8.4 mm, half of whose wall has 900 HU, filled with 200 HU."""
    wall = _section(6, 900.0, inner_px=5, inner_hu=200.0, half=True)

    assert _faint(np.maximum(wall, _section(6, 200.0))) is not None


@pytest.mark.parametrize(
    ("plane", "slices"),
    [
        (_section(4, 75.0), 60),
        (_section(4, 200.0), 20),
        (_section(6, 800.0, inner_px=4.5), 60),
        (_section(3, 800.0, inner_px=2), 60),
        (_section(5, 700.0, inner_px=3, half=True), 60),
    ],
    ids=["blood without agent", "short", "calcified wall", "narrow calcified wall", "plaque on one side"],
)
def test_calcium_and_blood_without_agent_are_not_enhanced(plane, slices):
    """60 mm of them, and 20 mm of enhanced blood."""
    assert _faint(plane, slices) is None
