"""Windows along a straight line on a plain film."""

import numpy as np
import pytest

from calcinet.errors import NotMeasurable
from calcinet.measure.calibre.profile_windows import FilmProfile, windows_along
from calcinet.measure.calibre.straightening import line_through
from calcinet.measure.radiograph.sharpness import Sharpness

MM = 0.1
SHARPNESS = Sharpness(sigma_px=1.0, interval_px=(0.9, 1.1), edges=9)


def film(height_of_line=0.0, slope=0.0, noise=0.05) -> FilmProfile:
    """A film of 20 x 20 mm with a bar of 1 mm along its middle row, on a background that rises with the rows."""
    rng = np.random.default_rng(0)
    rows = np.arange(200)[:, None] * MM
    plane = 100 + slope * rows + height_of_line * (np.abs(rows - 10) < 0.5) + noise * rng.normal(size=(200, 200))
    return FilmProfile(plane=plane.astype(np.float32), pixel=(MM, MM), noise_sd=noise, sharpness=SHARPNESS)


def line(row_mm=10.0):
    return line_through(np.array([[row_mm, 4.0], [row_mm, 16.0]]), MM, smoothing_mm=0.0)


def windows(profile: FilmProfile, row_mm=10.0, count=4):
    axis = line(row_mm)
    return windows_along(profile, axis, count, np.full(len(axis.points), 1.0))


def test_the_bar_stands_on_a_level_background():
    """10 above the background, which rises by 2 a mm and is taken away."""
    profiles = windows(film(10.0, slope=2.0)).profiles
    seen = profiles.weight > 0
    inside, outside = seen & (np.abs(profiles.u) < 0.3), seen & (np.abs(profiles.u) > 0.7)

    assert profiles.value[inside] == pytest.approx(10.0, abs=0.3)
    assert profiles.value[outside] == pytest.approx(0.0, abs=0.3)


def test_windows_divide_the_line_evenly():
    """12 mm in four windows: middles at 1.5, 4.5, 7.5 and 10.5 mm."""
    assert windows(film()).position_mm == pytest.approx([1.5, 4.5, 7.5, 10.5], abs=0.1)


def test_the_rise_is_that_of_the_background_from_flank_to_flank():
    """2 a mm, under the bar and beside it alike; the bar's own height is no rise."""
    rise = windows(film(10.0, slope=2.0)).rise

    assert rise.shape == (5, 4)
    assert np.abs(rise) == pytest.approx(np.abs(rise[0, 0]), rel=0.1)
    assert windows(film(10.0)).rise == pytest.approx(0.0, abs=0.1)


def test_weights_are_pixels_over_noise():
    """Bins of even tissue with the film's noise of 0.05."""
    profiles = windows(film()).profiles
    seen = profiles.weight > 0
    z = profiles.value[seen] * np.sqrt(profiles.weight[seen])

    assert z.std() == pytest.approx(1.0, abs=0.25)


def test_a_line_outside_the_image_is_refused():
    """Thirty mm down on a film of 20."""
    with pytest.raises(NotMeasurable, match="outside the image"):
        windows(film(), row_mm=40.0)
