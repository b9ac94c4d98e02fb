"""What tracing adds to the error of a calibre."""

import numpy as np
import pytest

from calcinet.measure.calibre import tracing_error
from calcinet.measure.calibre.tracing_error import Tracing


@pytest.fixture
def simple(monkeypatch):
    monkeypatch.setattr(tracing_error, "EVEN", 0.03)
    monkeypatch.setattr(tracing_error, "PATH_PX", 0.4)
    monkeypatch.setattr(tracing_error, "APART", 0.5)


@pytest.mark.usefixtures("simple")
def test_errors_add_as_squares():
    """0.4 pixels of 0.2 mm on 2 mm are 0.04: root(0.03^2 + 0.04^2) = 0.05; as far apart as e^0.24 adds 0.12: 0.13."""
    agreed = Tracing(first_mm=2.0, pixel_mm=0.2)
    apart = Tracing(first_mm=2.0 * np.exp(0.24), pixel_mm=0.2)

    assert agreed.sd(2.0) == pytest.approx(0.05)
    assert apart.sd(2.0) == pytest.approx(0.13)


def test_an_error_is_relative():
    """Twice the pixels, twice the vessel, twice the estimate."""
    assert Tracing(first_mm=6.0, pixel_mm=0.4).sd(4.0) == pytest.approx(Tracing(first_mm=3.0, pixel_mm=0.2).sd(2.0))


def test_too_wide_and_too_narrow_count_alike():
    tracing = Tracing(first_mm=2.0, pixel_mm=1e-9)

    assert tracing.sd(4.0) == pytest.approx(tracing.sd(1.0))
