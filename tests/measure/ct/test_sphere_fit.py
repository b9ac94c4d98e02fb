"""Balls of known radius, seen along the body."""

import numpy as np
import pytest
from scipy import ndimage

from calcinet.measure.ct.sphere_fit import Ball, fit_ball, reached_share


def test_chords_of_a_ball_give_its_radius():
    """Seen along the body: 2 sqrt(r^2 - d^2) times 500 HU, r = 2 mm."""
    y, x = np.mgrid[:41, :41] * 0.3 - 6
    seen = 500 * 2 * np.sqrt(np.maximum(4 - y**2 - x**2, 0))

    ball = fit_ball(ndimage.gaussian_filter(seen, 1.0), (0.3, 0.3), 0.3)

    assert ball.radius_mm == pytest.approx(2, rel=0.03)
    assert ball.blur_mm == pytest.approx(0.3, abs=0.1)


def test_a_ball_off_the_middle_is_found_too():
    """The same ball 1.2 mm down and 0.9 mm to the left, on oblong pixels."""
    y, x = np.mgrid[:41, :61] * np.array([0.3, 0.2])[:, None, None] - 6
    seen = 800 * 2 * np.sqrt(np.maximum(4 - (y - 1.2) ** 2 - (x + 0.9) ** 2, 0))

    assert fit_ball(ndimage.gaussian_filter(seen, [1.0, 1.5]), (0.3, 0.2), 0.3).radius_mm == pytest.approx(2, rel=0.03)


def test_a_ball_has_its_volume():
    """4/3 pi 8 = 33.5 mm3."""
    assert Ball(radius_mm=2.0, blur_mm=0.3).volume_mm3 == pytest.approx(33.51, abs=0.01)


def test_a_large_ball_reaches_its_full_brightness_and_a_small_one_does_not():
    """5 mm without blur fill ten voxels of 0.5 mm wholly; 0.4 mm under blur do not fill one of 1 mm."""
    assert reached_share(Ball(5.0, 1e-3), (0.5, 0.5, 0.5), 10) == pytest.approx(1.0)
    assert reached_share(Ball(0.4, 0.5), (1.0, 1.0, 1.0), 1) < 0.3


def test_more_voxels_reach_less():
    """The mean of the brightest falls the more of them there are."""
    shares = [reached_share(Ball(1.0, 0.3), (1.0, 0.5, 0.5), count) for count in (1, 5, 20, 60)]

    assert shares == sorted(shares, reverse=True)
