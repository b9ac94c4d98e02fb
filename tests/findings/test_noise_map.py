"""The local noise map, against noise of known deviation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcinet.findings.noise_map import noise_map

EVERYWHERE = np.ones((256, 256), dtype=bool)


def _noise(sd, seed=0):
    return np.random.default_rng(seed).normal(0, sd, (256, 256)).astype(np.float32)


def test_white_noise_is_measured_as_drawn():
    """Second differences are scaled to keep the deviation; medians of 256 samples spread by 6 %, blocks average it."""
    noise = noise_map(_noise(5.0), EVERYWHERE)

    assert np.median(noise) == pytest.approx(5.0, rel=0.05)


def test_a_slope_is_not_noise():
    """The second difference of a plane is zero."""
    slope = np.add.outer(np.arange(256.0), 3 * np.arange(256.0)).astype(np.float32)

    noise = noise_map(slope + _noise(2.0), EVERYWHERE)

    assert np.median(noise) == pytest.approx(2.0, rel=0.06)


def test_lines_are_not_taken_for_noise():
    """A line every 16 pixels touches one pixel in sixteen of each block, far from its median."""
    lined = _noise(2.0)
    lined[::16] += 50

    assert np.median(noise_map(lined, EVERYWHERE)) == pytest.approx(2.0, rel=0.25)


def test_noise_that_grows_with_the_grey_level_is_followed():
    """Left half 2, right half 6 at another grey level."""
    film = np.where(np.arange(256) < 128, _noise(2.0), 300 + _noise(6.0)).astype(np.float32)

    noise = noise_map(film, EVERYWHERE)

    assert np.median(noise[:, 20:100]) == pytest.approx(2.0, rel=0.15)
    assert np.median(noise[:, 160:240]) == pytest.approx(6.0, rel=0.15)


@settings(max_examples=10, deadline=None)
@given(gain=st.floats(0.01, 100), offset=st.floats(-1000, 1000))
def test_noise_scales_with_the_grey_scale(gain, offset):
    """Noise has the unit of the film: gain times as much, and no offset."""
    film = _noise(5.0)

    scaled = noise_map((gain * film + offset).astype(np.float32), EVERYWHERE)

    assert np.median(scaled) == pytest.approx(gain * np.median(noise_map(film, EVERYWHERE)), rel=0.05)


def test_a_flat_film_has_positive_noise():
    """What is divided by it must stay finite."""
    assert (noise_map(np.full((64, 64), 7, dtype=np.float32), np.ones((64, 64), dtype=bool)) > 0).all()
