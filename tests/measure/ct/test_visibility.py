"""The thinnest line that a CT shows, against the sum done by hand and against a drawn line."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from calcinet.errors import NotMeasurable
from calcinet.measure.ct.visibility import APATITE_HU, BLUR_MM, FAT_HU, thinnest_line_on_ct

QUIET = {"noise_hu": 10.0, "muscle_hu": 50.0, "threshold_hu": 130.0}


def test_width_is_the_sum_done_by_hand():
    """130 + 100 HU are needed of 4,000: 5.75 % of 1.233 mm across by 1 mm tall is 0.0709 mm2, a disc of 0.30 mm."""
    across = np.sqrt(2 * np.pi * 0.45**2 + 0.5**2)
    by_hand = 2 * np.sqrt(230 / 4000 * across * 1.0 / np.pi)

    assert thinnest_line_on_ct((1.0, 0.5, 0.5), None, **QUIET).resolvable_mm == pytest.approx(by_hand)
    assert by_hand == pytest.approx(0.30, abs=0.005)


def test_a_drawn_line_of_that_width_just_reaches_the_threshold():
    """A line within a slice, drawn at a fiftieth of the pixel, blurred, averaged into pixels and slices of the scan."""
    spacing, fine = (1.0, 0.5, 0.5), 0.01
    width = thinnest_line_on_ct(spacing, None, **QUIET).resolvable_mm
    z, y = (np.arange(-2, 2, fine) + fine / 2 for _ in range(2))
    line = np.where(np.hypot(z[:, None], y) <= width / 2, APATITE_HU, 0.0)
    blurred = ndimage.gaussian_filter1d(line, BLUR_MM / fine, axis=1)
    middle = np.abs(z) < 0.5
    brightest = FAT_HU + blurred[middle].mean(axis=0)[np.abs(y) < 0.25].mean()

    assert brightest == pytest.approx(130, rel=0.1)


@given(st.floats(0.3, 5), st.floats(1.05, 3))
def test_thicker_slices_show_less(thickness_mm, times):
    """The voxel of a thicker slice holds a smaller share of the line."""
    thin = thinnest_line_on_ct((thickness_mm, 0.5, 0.5), None, **QUIET)
    thick = thinnest_line_on_ct((thickness_mm, 0.5, 0.5), times * thickness_mm, **QUIET)

    assert thick.resolvable_mm == pytest.approx(thin.resolvable_mm * np.sqrt(times))


def test_noise_hides_lines_once_it_passes_the_threshold():
    """5.5 x 40 + 50 = 270 HU are needed where 130 were."""
    quiet = thinnest_line_on_ct((1.0, 0.5, 0.5), None, **QUIET)
    noisy = thinnest_line_on_ct((1.0, 0.5, 0.5), None, 40.0, 50.0, 130.0)

    assert noisy.resolvable_mm == pytest.approx(quiet.resolvable_mm * np.sqrt(370 / 230))


def test_noise_that_could_not_be_measured_is_refused():
    """Without noise nobody knows."""
    with pytest.raises(NotMeasurable, match="noise"):
        thinnest_line_on_ct((1.0, 0.5, 0.5), None, float("nan"), 50.0, 130.0)
