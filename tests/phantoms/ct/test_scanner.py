"""The scanner's blur, noise, streaks and range."""

import numpy as np
import pytest

from calcinet.phantoms.ct.deposit import Grid
from calcinet.phantoms.ct.scanner import STREAK_HU, Scanner, scan


def _grid(shape=(8, 96, 96), thickness=1.0):
    return Grid(first=(0.0, 0.0, 0.0), spacing_mm=(1.0, 0.5, 0.5), shape=shape, thickness_mm=thickness)


def _scan(hu, scanner, grid=None, metal=()):
    return scan(np.array(hu, np.float32), grid or _grid(), scanner, list(metal), np.random.default_rng(0))


def test_an_edge_is_as_wide_as_the_blur():
    """From 10 to 90 per cent of a step is 2.563 SD; FWHM 2.355 mm is an SD of 1 mm, which is 2 px: 5.1 px."""
    step = np.zeros((8, 96, 96))
    step[:, :, 48:] = 1000.0
    row = _scan(step, Scanner(blur_fwhm_mm=2.355, noise_hu=0.0))[0, 48]
    ten, ninety = np.interp([100, 900], row, np.arange(96))

    assert ninety - ten == pytest.approx(5.13, abs=0.1)


def test_noise_is_of_the_spread_that_is_asked_for():
    noise = _scan(np.zeros((8, 96, 96)), Scanner(noise_hu=30.0))

    assert noise.std() == pytest.approx(30.0, rel=0.05)


def test_slices_of_twice_their_distance_share_half_of_their_noise():
    """Each is the sum of two layers, one of which it shares with the next: a correlation of 0.5."""
    thick = _grid(thickness=2.0)
    noise = _scan(np.zeros((8, 96, 96)), Scanner(noise_hu=30.0, thickness_mm=2.0), thick)
    next_ = np.mean([np.corrcoef(noise[k].ravel(), noise[k + 1].ravel())[0, 1] for k in range(7)])
    after = np.mean([np.corrcoef(noise[k].ravel(), noise[k + 2].ravel())[0, 1] for k in range(6)])

    assert next_ == pytest.approx(0.5, abs=0.06)
    assert after == pytest.approx(0.0, abs=0.06)


def test_brightness_ends_where_twelve_bits_end():
    """-1024 to 3071, in whole units."""
    hu = np.zeros((8, 96, 96))
    hu[:, :48], hu[:, 48:] = -5000.0, 9000.0
    seen = _scan(hu, Scanner(noise_hu=7.0))

    assert (seen.min(), seen.max()) == (-1024, 3071)
    assert np.array_equal(seen, np.rint(seen))


def test_metal_makes_streaks_in_its_slices_alone():
    """Along the longer side they are bright, across it dark; 60 x 1.5 HU in the middle at most; air stays."""
    box = (slice(3, 5), slice(46, 50), slice(36, 60))
    hu = np.zeros((8, 96, 96))
    hu[:, :, :10] = -1000.0
    seen = _scan(hu, Scanner(blur_fwhm_mm=0.1, noise_hu=0.0), metal=[box])

    assert seen[4, 47, 66] > 20
    assert seen[4, 20, 47] < -10
    assert np.abs(seen[4, :, 12:]).max() <= 1.5 * STREAK_HU
    assert not seen[0, :, 10:].any()
    assert (seen[4, :, :9] == -1000).all()


def test_a_sharp_kernel_has_finer_noise_than_a_soft_one():
    """Neighbours are less alike."""
    alike = {}
    for kernel in ("soft", "sharp"):
        noise = _scan(np.zeros((8, 96, 96)), Scanner(noise_hu=30.0, kernel=kernel))
        alike[kernel] = np.corrcoef(noise[:, :, 1:].ravel(), noise[:, :, :-1].ravel())[0, 1]

    assert alike["sharp"] < alike["soft"] - 0.2
