"""What devices do to a film, without a stumble."""

import numpy as np

from calcinet.phantoms.implant import local_noise
from calcinet.training.augment import NOISE_TIMES, _collimate, degrade, shift_levels


def test_a_sharp_border_far_away_darkens_or_whitens_and_does_not_overflow():
    """A corner of 1000 x 1000 pixels lies up to 707 + 90 pixels before the border, 2657 times the sharpest 0.3,
    and exp(710) is too much for a number. Warnings are errors here."""
    plane = np.full((1000, 1000), 0.5, dtype=np.float32)

    for seed in range(8):
        shown = _collimate(plane, np.random.default_rng(seed))

        assert shown.min() >= 0
        assert shown.max() <= 1


def test_degraded_films_are_noisier_within_bounds():
    """Of noise of 2 grey levels up to twelve times as much; sharpening by 1.5 adds at most 2.5 times on top."""
    plane = np.random.default_rng(0).normal(100, 2, (256, 256)).astype(np.float32)

    films = [degrade(plane, plane, np.random.default_rng(seed)) for seed in range(40)]
    times = [float(np.median(local_noise(film))) / 2 for film in films]

    assert sum(factor > 1.5 for factor in times) >= 10
    assert max(times) < 2.5 * 1.5 * NOISE_TIMES


def test_shifted_levels_change_the_broad_channel_alone():
    """And keep it within what it was and 0 to 1."""
    shown = np.random.default_rng(0).uniform(0, 1, (3, 20, 20)).astype(np.float32)
    before = shown.copy()

    changed = [shift_levels(shown, np.random.default_rng(seed)) for seed in range(10)]

    assert np.array_equal(shown, before)
    assert all(np.array_equal(one[:2], shown[:2]) for one in changed)
    assert any(not np.array_equal(one[2], shown[2]) for one in changed)
    assert all(one[2].min() >= 0 and one[2].max() <= 1 for one in changed)
