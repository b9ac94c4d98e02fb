"""The shadow of a tube: its area, its moments and its derivatives."""

import numpy as np
import pytest

from calcinet.measure.calibre.tube_model import TubeShape, tube_shape

X = np.linspace(-4, 4, 1601)
STEP = X[1] - X[0]


def shape_of(radius=1.2, sigma=0.3, share=0.4, skew=0.0, x=X) -> TubeShape:
    one = np.ones_like(x)
    return tube_shape(x, radius * one, sigma * one, share, skew * one)


@pytest.mark.parametrize("share", [0.0001, 0.4, 0.9])
def test_the_line_integral_is_one(share):
    """Chords of a ring sum to its area, which is divided out."""
    assert shape_of(share=share).plain.sum() * STEP == pytest.approx(1.0, abs=2e-3)


def test_the_variance_across_is_that_of_the_ring_and_the_blur():
    """(R^2 + r^2) / 4 + sigma^2 with R = 1.2, r^2 = 0.4 R^2: 0.504 + 0.09."""
    variance = (shape_of().plain * X**2).sum() * STEP

    assert variance == pytest.approx(0.25 * 1.44 * 1.4 + 0.09, rel=0.01)


def test_skew_moves_the_middle_by_skew_over_radius_times_the_variance():
    """The first moment of (1 + skew x / R) s is skew / R times the second moment of s."""
    plain, skewed = shape_of().plain, shape_of(skew=0.5).plain

    assert (skewed * X).sum() == pytest.approx(0.5 / 1.2 * (plain * X**2).sum(), rel=1e-6)


@pytest.mark.parametrize(
    ("name", "changed"),
    [("by_log_radius", "radius"), ("by_log_blur", "sigma"), ("by_share", "share"), ("by_skew", "skew")],
)
def test_derivatives_agree_with_differences(name, changed):
    """Steps of 4 % to either side, of the logarithm where the derivative is by it."""
    values = {"radius": 1.2, "sigma": 0.3, "share": 0.4, "skew": 0.2}
    step = 0.04
    up, down = dict(values), dict(values)
    if name.startswith("by_log"):
        up[changed] *= np.exp(step)
        down[changed] *= np.exp(-step)
    else:
        up[changed] += step
        down[changed] -= step
    difference = (shape_of(**up).plain - shape_of(**down).plain) / (2 * step)
    derivative = getattr(shape_of(**values), name)

    assert derivative == pytest.approx(difference, abs=0.04 * np.abs(difference).max())
