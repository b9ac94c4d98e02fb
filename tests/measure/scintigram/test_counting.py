"""Counts by chance alone, and what a filter and a scale make of them."""

import numpy as np
import pytest
from scipy import ndimage

from calcinet.errors import NotMeasurable
from calcinet.measure.scintigram.counting import counting_noise

SHAPE = (200, 60)


def poisson(mean: float) -> np.ndarray:
    return np.random.default_rng(5).poisson(mean, SHAPE).astype(np.float64)


def noise_of(counts: np.ndarray):
    return counting_noise(counts, np.ones(SHAPE, bool))


def test_counts_as_they_were_taken_are_untouched():
    """Poisson counts of mean 20: variance over mean 1 at both distances."""
    assert noise_of(poisson(20)).untouched


def test_counts_that_are_smoothed_and_scaled_back_are_not_untouched():
    """A bell of 0.8 pixels leaves of second differences of near neighbours, in that of a pixel, 0.168 * 0.125 = 0.021.

    Times 1 / 0.021 the near distance shows chance again; the far one does not.
    """
    scale = 1 / (0.1677 * 0.1252)
    noise = noise_of(scale * ndimage.gaussian_filter(poisson(20), 0.8))

    assert noise.variance_over_mean == pytest.approx(1.0, abs=0.15)
    assert not noise.untouched
    assert noise.filter_px == pytest.approx(0.8, abs=0.1)
    assert noise.scale == pytest.approx(scale, rel=0.2)


@pytest.mark.parametrize("level", [0.0, 7.0])
def test_pixels_without_noise_are_not_judged(level):
    """No pixel differs from its neighbours: no chance is at work."""
    with pytest.raises(NotMeasurable, match="noise of the counts"):
        noise_of(np.full(SHAPE, level))
