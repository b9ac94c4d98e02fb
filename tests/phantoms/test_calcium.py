"""Calcified tubes hold the calcium that their walls have on paper."""

import numpy as np
import pytest

from calcinet.phantoms.calcium import LONGEST_TILT, Deposit, Tube, density, draw

UP = np.stack([np.linspace(-20, 140, 9), np.full(9, 50.0)], axis=1)
"""A straight course along column 50 that leaves the film at both ends."""


def _draw(outer, wall, *, tilt=1.0, left=1.0, right=1.0, blur_px=0.5):
    level = np.ones(len(UP))
    tube = Tube(
        path_px=UP, outer_px=outer * level, wall_px=wall, left=left * level, right=right * level, tilt=tilt * level
    )
    thickness, footprint = np.zeros((121, 101), np.float32), np.zeros((121, 101), bool)
    draw(tube, thickness, footprint, pixel_mm=0.2, blur_px=blur_px)
    return thickness, footprint


def test_a_hollow_tube_has_the_volume_of_its_wall():
    """Outer radius 10, wall 3: each row holds pi (100 - 49) = 160.2 px2, of 0.2 mm of beam each: 32.04."""
    thickness, _ = _draw(10.0, 3.0)

    assert thickness[60].sum() == pytest.approx(np.pi * 51 * 0.2, rel=1e-3)


def test_the_beam_crosses_both_walls_on_the_axis():
    """Twice 3 px of 0.2 mm are 1.2 mm; the mean over the pixel is within a per cent of it."""
    thickness, _ = _draw(10.0, 3.0)

    assert thickness[60, 50] == pytest.approx(1.2, rel=0.01)


def test_a_solid_rod_has_no_lumen():
    """A wall of the radius: pi 25 px2 a row, and every pixel across is marked: 11 of a diameter of 10."""
    thickness, footprint = _draw(5.0, 5.0)

    assert thickness[60].sum() == pytest.approx(np.pi * 25 * 0.2, rel=1e-3)
    assert footprint[60].sum() == 11


def test_a_lumen_wider_than_the_blur_is_not_marked():
    """The lumen of a radius of 7 px stays open; blurred by 8 px (half width 9.4) it is closed."""
    _, sharp = _draw(10.0, 3.0)
    _, blurred = _draw(10.0, 3.0, blur_px=8.0)

    assert not sharp[60, 44:57].any()
    assert blurred[60, 41:60].all()


def test_a_tilted_tube_is_longer_along_the_beam_up_to_a_limit():
    """Twice as long in space is twice the calcium; nine times counts as the limit."""
    level, double, steep = (_draw(6.0, 2.0, tilt=tilt)[0].sum() for tilt in (1.0, 2.0, 9.0))

    assert double / level == pytest.approx(2.0)
    assert steep / level == pytest.approx(LONGEST_TILT)


def test_each_wall_has_its_own_amount():
    """Calcium on the left wall alone: the right edge of the tube holds less than a tenth of the left one."""
    thickness, _ = _draw(10.0, 3.0, right=0.0)
    edges = sorted([thickness[60, 41], thickness[60, 59]])

    assert edges[0] < 0.1 * edges[1]


def test_the_thicker_of_two_tubes_counts_where_they_meet():
    once, _ = _draw(5.0, 5.0)
    again = once.copy()
    draw(Tube.flat(UP, np.full(9, 5.0), 5.0, np.ones(9)), again, np.zeros(again.shape, bool), pixel_mm=0.2, blur_px=0.5)

    assert np.array_equal(once, again)


def _slab(contrast_in_noise, **more):
    whole = np.ones((40, 40))
    return Deposit(
        thickness_mm=whole.astype(np.float32), footprint=whole > 0, label=1, contrast_in_noise=contrast_in_noise, **more
    )


def test_density_gives_the_contrast_that_is_asked_for():
    """A mm of calcium adds 0.5 to a noise of 0.1: five noise SD. Half as much is a density of a half."""
    per_mm, noise = np.full((40, 40), 0.5, np.float32), np.full((40, 40), 0.1, np.float32)

    assert density(_slab(2.5), per_mm, noise, 1.0) == pytest.approx(0.5)


def test_density_ends_at_the_densest():
    """Fifty noise SD would need ten times pure calcium."""
    per_mm, noise = np.full((40, 40), 0.5, np.float32), np.full((40, 40), 0.1, np.float32)

    assert density(_slab(50.0), per_mm, noise, 1.0) == 1.0
    assert density(_slab(50.0, densest=3.0), per_mm, noise, 1.0) == 3.0


def test_a_deposit_that_touches_no_pixel_has_no_density():
    empty = Deposit(
        thickness_mm=np.zeros((9, 9), np.float32), footprint=np.zeros((9, 9), bool), label=1, contrast_in_noise=5.0
    )

    assert density(empty, np.ones((9, 9), np.float32), np.ones((9, 9), np.float32), 1.0) == 0.0
