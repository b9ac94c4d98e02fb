"""What tracing adds to the error of a calibre."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet.measure.calibre import tracing_error
from calcinet.measure.calibre.tracing_error import Tracing

LONG = Tracing(first_mm=2.0, length_mm=1e6)


@pytest.fixture
def simple(monkeypatch):
    for name, value in (("FIT", 2.0), ("EVEN", 0.03), ("APART", 0.5), ("SHORT", 0.16)):
        monkeypatch.setattr(tracing_error, name, value)


@pytest.mark.usefixtures("simple")
def test_errors_add_as_squares():
    """Twice 0.02 by the fit and 0.03: 0.05. As far apart as e^0.24 adds 0.12: 0.13. 10 mm add 0.16, 20 mm a quarter."""
    assert LONG.sd(2.0, 0.02) == pytest.approx(0.05)
    assert replace(LONG, first_mm=2.0 * np.exp(0.24)).sd(2.0, 0.02) == pytest.approx(0.13)
    assert replace(LONG, length_mm=10.0).sd(2.0, 0.02) == pytest.approx(np.hypot(0.05, 0.16))
    assert replace(LONG, length_mm=20.0).sd(2.0, 0.02) == pytest.approx(np.hypot(0.05, 0.04))


def test_an_error_is_relative():
    """Twice the vessel, twice the estimate."""
    assert replace(LONG, first_mm=6.0).sd(4.0, 0.1) == pytest.approx(replace(LONG, first_mm=3.0).sd(2.0, 0.1))


def test_too_wide_and_too_narrow_count_alike():
    assert LONG.sd(4.0, 0.1) == pytest.approx(LONG.sd(1.0, 0.1))


def test_no_traced_calibre_is_surer_than_its_fit():
    for fit_sd in (0.0, 0.01, 0.3):
        assert LONG.sd(2.0, fit_sd) >= fit_sd
