"""What tracing adds to the error of a calibre."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet.measure.calibre import tracing_error
from calcinet.measure.calibre.tracing_error import Tracing


@pytest.fixture
def simple(monkeypatch):
    monkeypatch.setattr(tracing_error, "EVEN", 0.03)
    monkeypatch.setattr(tracing_error, "PATH_PX", 0.4)
    monkeypatch.setattr(tracing_error, "APART", 0.5)
    monkeypatch.setattr(tracing_error, "SHORT", 0.16)


@pytest.mark.usefixtures("simple")
def test_errors_add_as_squares():
    """0.4 pixels of 0.2 mm on 2 mm are 0.04: root(0.03^2 + 0.04^2) = 0.05; as far apart as e^0.24 adds 0.12: 0.13.

    A line of 10 mm adds 0.16, one of 20 mm a quarter of it: root(0.03^2 + 0.04^2 + 0.04^2).
    """
    agreed = Tracing(first_mm=2.0, length_mm=1e6, pixel_mm=0.2)

    assert agreed.sd(2.0) == pytest.approx(0.05)
    assert replace(agreed, first_mm=2.0 * np.exp(0.24)).sd(2.0) == pytest.approx(0.13)
    assert replace(agreed, length_mm=10.0).sd(2.0) == pytest.approx(np.hypot(0.05, 0.16))
    assert replace(agreed, length_mm=20.0).sd(2.0) == pytest.approx(np.hypot(0.05, 0.04))


def test_an_error_is_relative():
    """Twice the pixels, twice the vessel, twice the estimate; the length is one of its own."""
    large = Tracing(first_mm=6.0, length_mm=30.0, pixel_mm=0.4)

    assert large.sd(4.0) == pytest.approx(replace(large, first_mm=3.0, pixel_mm=0.2).sd(2.0))


def test_too_wide_and_too_narrow_count_alike():
    tracing = Tracing(first_mm=2.0, length_mm=30.0, pixel_mm=1e-9)

    assert tracing.sd(4.0) == pytest.approx(tracing.sd(1.0))
