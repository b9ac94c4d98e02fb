"""What devices do to a film, without a stumble."""

import numpy as np

from calcinet.training.augment import _collimated


def test_a_sharp_border_far_away_darkens_or_whitens_and_does_not_overflow():
    """A corner of 1000 x 1000 pixels lies up to 707 + 90 pixels before the border, 2657 times the sharpest 0.3,
    and exp(710) is too much for a number. Warnings are errors here."""
    plane = np.full((1000, 1000), 0.5, dtype=np.float32)

    for seed in range(8):
        shown = _collimated(plane, np.random.default_rng(seed))

        assert shown.min() >= 0
        assert shown.max() <= 1
