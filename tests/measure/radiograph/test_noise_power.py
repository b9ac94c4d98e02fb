import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage as ndi

from calcinet.errors import BadInput, NotMeasurable
from calcinet.measure.radiograph.noise_power import noise_power, noise_sd


def white(sd=3.0, shape=(400, 400), seed=0):
    return np.random.default_rng(seed).normal(0, sd, shape).astype(np.float32)


def everywhere(plane):
    return np.ones(plane.shape, dtype=bool)


def test_white_noise_has_its_variance_times_pixel_area_at_every_frequency():
    """Standard deviation 3 on pixels of 0.2 x 0.4 mm: 9 x 0.08 = 0.72."""
    plane = white()
    spectrum = noise_power(plane, everywhere(plane), (0.2, 0.4))

    assert spectrum.sd == pytest.approx(3, rel=0.03)
    assert spectrum.power == pytest.approx(np.full(len(spectrum.power), 0.72), rel=0.25)
    assert spectrum.power.mean() == pytest.approx(0.72, rel=0.05)


def test_smoothed_noise_keeps_its_low_frequencies_and_loses_the_high_ones():
    """Behind a Gaussian of 1 px, power falls as exp(-(2 pi f)^2): at 0.25 per px to 0.085."""
    plane = ndi.gaussian_filter(white(10), 1.0)
    spectrum = noise_power(plane, everywhere(plane))

    assert spectrum.at(np.array([0.25]))[0] == pytest.approx(100 * np.exp(-((2 * np.pi * 0.25) ** 2)), rel=0.15)
    assert spectrum.sd == pytest.approx(plane.std(), rel=0.05)


def test_anatomy_in_some_places_does_not_count():
    """A bright line, an edge and a slope cross fewer than half of the squares."""
    plane = white()
    plane += np.arange(400, dtype=np.float32) * 0.5
    plane[:, 100:103] += 80
    plane[300:] += 200

    assert noise_sd(plane, everywhere(plane)) == pytest.approx(3, rel=0.06)


@settings(max_examples=10, deadline=None)
@given(gain=st.floats(0.1, 100), offset=st.floats(-1e3, 1e3))
def test_noise_scales_with_the_values_and_ignores_their_zero(gain, offset):
    """The unit of the pixel values is the unit of the noise."""
    plane = white(1.0, (200, 200))
    scaled = (gain * plane.astype(np.float64) + offset).astype(np.float32)

    assert noise_sd(scaled, everywhere(plane)) == pytest.approx(gain * noise_sd(plane, everywhere(plane)), rel=0.02)


def test_mirrored_film_has_the_same_noise():
    """Noise has no side; the squares fall on other pixels, so within their own scatter."""
    plane = white()

    assert noise_sd(plane[:, ::-1], everywhere(plane)) == pytest.approx(noise_sd(plane, everywhere(plane)), rel=0.02)


def test_too_little_tissue_is_refused():
    """A strip of 20 px holds no square of 32 px."""
    plane = white()
    strip = np.zeros(plane.shape, dtype=bool)
    strip[:20] = True

    with pytest.raises(NotMeasurable, match="squares"):
        noise_power(plane, strip)
    with pytest.raises(NotMeasurable, match="no soft tissue"):
        noise_power(plane, np.zeros_like(strip))


def test_drawn_pixels_without_noise_are_refused():
    """A constant has no noise to measure."""
    plane = np.full((200, 200), 7, dtype=np.float32)

    with pytest.raises(NotMeasurable, match="no noise"):
        noise_sd(plane, everywhere(plane))


def test_mask_of_another_shape_is_the_callers_fault():
    """A mask says which pixels of this plane."""
    with pytest.raises(BadInput, match="must match"):
        noise_power(white(), np.ones((3, 3), dtype=bool))
