"""Body and air told apart by counts."""

import numpy as np
import pytest

from calcinet.errors import NotMeasurable
from calcinet.findings.scintigram.contour import find_contour, smooth_counts

PIXEL_MM = (2.0, 2.0)


def _scan(soft=40.0, air=0.5, size=(200, 120)):
    """A body of 100 x 50 pixels in air."""
    expected = np.full(size, air)
    expected[50:150, 35:85] = soft
    return np.random.default_rng(0).poisson(expected).astype(np.float32)


def test_the_body_is_what_was_drawn():
    """Its edge lies where counts fall to 22 % of soft tissue: a blurred edge is then 1.5 mm outside of the true one."""
    found = find_contour(_scan(), PIXEL_MM)

    assert found.soft == pytest.approx(40, rel=0.05)
    assert found.air == pytest.approx(0.5, abs=0.1)
    assert found.body[60:140, 40:80].all()
    assert not found.body[:, :31].any()
    assert found.body.sum() == pytest.approx(100 * 50, rel=0.12)


def test_islands_are_left_out():
    """A spot of 10 x 10 pixels has 400 mm2, less than 1500."""
    counts = _scan()
    counts[10:20, 10:20] = 40

    assert not find_contour(counts, PIXEL_MM).body[5:25, 5:25].any()


def test_columns_that_the_camera_did_not_see_are_no_air():
    """20 empty columns on either side."""
    counts = _scan()
    counts[:, :20] = counts[:, -20:] = 0
    found = find_contour(counts, PIXEL_MM)

    assert found.field == (20, 99)
    assert found.air == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize(
    "counts",
    [np.full((200, 120), 5, np.float32), _scan(soft=4.0, air=2.0), _scan(soft=0.6, air=0.0)],
    ids=["the same everywhere", "hardly brighter than air", "too few counts"],
)
def test_where_body_and_air_cannot_be_told_apart_nothing_is_measured(counts):
    """A refusal, not a guess."""
    with pytest.raises(NotMeasurable, match=r"cannot be told apart|too few counts"):
        find_contour(counts, PIXEL_MM)


def test_smoothing_keeps_the_sum_of_counts():
    """A single pixel of 100 counts under a bell of 4 mm; at its middle 100 / (2 pi 2^2) = 4.0."""
    counts = np.zeros((61, 61), np.float32)
    counts[30, 30] = 100
    smooth = smooth_counts(counts, PIXEL_MM)

    assert smooth.sum() == pytest.approx(100, rel=1e-3)
    assert smooth[30, 30] == pytest.approx(100 / (2 * np.pi * 4), rel=0.02)
