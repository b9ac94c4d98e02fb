"""The table of blurred discs against sums of the chord and a Gaussian."""

import numpy as np
import pytest

from calcinet.measure.calibre.blurred_disc import blurred_disc


@pytest.mark.parametrize("sigma", [0.12, 0.3])
@pytest.mark.parametrize("radius", [0.2, 1.0, 3.5])
def test_a_blurred_disc_is_its_chord_folded_with_a_gaussian(radius, sigma):
    """The integral of 2 sqrt(R^2 - y^2) times the Gaussian, by fine sums."""
    y = np.linspace(-radius, radius, 20001)
    x = np.linspace(-radius - 1, radius + 1, 41)
    weights = np.exp(-0.5 * ((x[:, None] - y) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))
    truth = (weights * 2 * np.sqrt(radius**2 - y**2)).sum(axis=1) * (y[1] - y[0])

    assert blurred_disc(x, np.array(radius), np.array(sigma))[0] == pytest.approx(truth, abs=5e-3 * truth.max())


def test_derivatives_are_those_of_the_chord():
    """Central differences of 0.05 about three places of a disc of 1 mm under a blur of 0.3 mm."""
    x, radius, sigma, step = np.array([-0.8, 0.3, 1.1]), np.ones(3), np.full(3, 0.3), 0.05
    _, by_x, by_radius = blurred_disc(x, radius, sigma)
    along = blurred_disc(x + step, radius, sigma)[0] - blurred_disc(x - step, radius, sigma)[0]
    outwards = blurred_disc(x, radius + step, sigma)[0] - blurred_disc(x, radius - step, sigma)[0]

    assert by_x == pytest.approx(along / (2 * step), abs=0.03)
    assert by_radius == pytest.approx(outwards / (2 * step), abs=0.03)
