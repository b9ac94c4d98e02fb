"""Waves put into bare tissue and read from it again."""

import numpy as np
import pytest

from calcinet.measure.calibre.background_texture import measure_texture, waves

X = np.broadcast_to(np.linspace(-1, 1, 61), (400, 61))
PIXELS = np.full(X.shape, 9.0)


def test_noise_without_waves_has_its_sd_and_no_strength():
    """A pixel's noise of 3: means of nine pixels have a standard deviation of 1."""
    value = np.random.default_rng(0).normal(size=X.shape)
    found = measure_texture(X, value, PIXELS, 3.0)

    assert found.noise_sd == pytest.approx(3.0, rel=0.05)
    assert found.variance == pytest.approx(0.0, abs=0.02)


def test_waves_of_one_variance_are_found():
    """Twenty waves of amplitudes with a variance of 4, in noise of 1."""
    rng = np.random.default_rng(1)
    amplitude = rng.normal(scale=2.0, size=(len(X), 20))
    value = (waves(X, 20) * amplitude[:, None, :]).sum(axis=-1) + rng.normal(size=X.shape) / 3
    found = measure_texture(X, value, PIXELS, 1.0)

    assert found.variance[3:17] == pytest.approx(4.0, rel=0.2)


def test_level_and_slope_are_no_texture():
    """Profiles of different brightness that fall differently."""
    rng = np.random.default_rng(2)
    noise = rng.normal(size=X.shape)
    tilted = noise + rng.normal(size=(len(X), 1)) * 100 + rng.normal(size=(len(X), 1)) * 50 * X

    assert measure_texture(X, tilted, PIXELS, 3.0).variance == pytest.approx(
        measure_texture(X, noise, PIXELS, 3.0).variance, abs=1e-6
    )


def test_one_whole_profile_says_nothing():
    """The others have pixels in half of their bins."""
    pixels = PIXELS[:5].copy()
    pixels[1:, ::2] = 0

    assert measure_texture(X[:5], np.zeros((5, 61)), pixels, 1.0) is None
