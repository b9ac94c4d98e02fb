import numpy as np
import pydicom
import pytest
from scipy.special import ndtr

from calcinet.errors import BadInput
from calcinet.measure.radiograph.sharpness import FALLBACK_SIGMA_PX, blur_sigma_px


def scene(sigma, noise=1.0, size=600, angles=(0.1, 1.3, 0.7, 2.2)):
    """Straight steps at four angles: two as sharp as the system, two softened by 2 and 3 px of anatomy."""
    y, x = np.mgrid[:size, :size].astype(float)
    plane = np.random.default_rng(0).normal(0, noise, (size, size))
    offsets, heights, extras = (150, 400, 500, -100), (80, 60, 40, 50), (0, 0, 2.0, 3.0)
    for angle, offset, height, extra in zip(angles, offsets, heights, extras, strict=True):
        plane += height * ndtr((x * np.cos(angle) + y * np.sin(angle) - offset) / np.hypot(sigma, extra))
    return plane.astype(np.float32)


def phantom(shared_data, name):
    dataset = pydicom.dcmread(shared_data / "phantom" / name, force=True)
    dataset.file_meta.TransferSyntaxUID = pydicom.uid.ImplicitVRLittleEndian
    return dataset.pixel_array.astype(np.float32)


@pytest.mark.parametrize("sigma", [0.4, 0.6, 1.0, 1.5, 2.5, 3.5])
@pytest.mark.parametrize("noise", [0.3, 2.0])
def test_blur_of_a_step_is_found_within_15_percent(sigma, noise):
    """Each step is the cumulative Gaussian of its own sigma; the softened ones must not count."""
    result = blur_sigma_px(scene(sigma, noise))

    assert result.sigma_px == pytest.approx(sigma, rel=0.15)
    assert result.caution is None
    assert result.edges >= 3


def test_brightness_contrast_and_mirror_do_not_change_the_blur():
    """Blur is a length in pixels."""
    plane = scene(1.2)
    base = blur_sigma_px(plane).sigma_px

    assert blur_sigma_px(500 - 3 * plane).sigma_px == pytest.approx(base, rel=0.02)
    assert blur_sigma_px(np.ascontiguousarray(plane[:, ::-1])).sigma_px == pytest.approx(base, rel=0.05)


def test_edges_drawn_by_software_are_not_taken_for_a_sharp_detector():
    """A burned-in bar on a constant ground has no noise on either side; only blurred edges with noise count."""
    plane = scene(1.5)
    plane[:200, 300:500] = 0
    plane[40:160, 380:420] = 1000

    assert blur_sigma_px(plane).sigma_px == pytest.approx(1.5, rel=0.15)


def test_film_without_an_edge_gets_a_nominal_blur_and_a_caution():
    """Pure noise shows nothing sharp."""
    noise = np.random.default_rng(0).normal(0, 1, (300, 300)).astype(np.float32)
    result = blur_sigma_px(noise)

    assert result.sigma_px == FALLBACK_SIGMA_PX
    assert result.edges == 0
    assert result.caution is not None
    assert result.interval_px == (0.5, 2.0)


def test_tiny_and_constant_films_get_the_nominal_blur():
    """Nothing to sample."""
    assert blur_sigma_px(np.zeros((5, 5), dtype=np.float32)).edges == 0
    assert blur_sigma_px(np.zeros((200, 200), dtype=np.float32)).edges == 0


def test_flat_panel_is_sharp_to_about_half_a_pixel(shared_data):
    """Leeds TOR 18, 0.388 mm pixels: a kilovolt flat panel blurs by about a third to two thirds of a pixel."""
    result = blur_sigma_px(phantom(shared_data, "pylinac_leeds.dcm"))

    assert 0.3 < result.sigma_px < 0.7


def bar_amplitude(plane, row, column):
    """Frequency in cycles per pixel and amplitude of the bars in a square of 32 px."""
    square = plane[row - 16 : row + 16, column - 16 : column + 16].astype(float)
    window = np.outer(np.hanning(32), np.hanning(32))
    spectrum = np.abs(np.fft.rfft2((square - square.mean()) * window, s=(256, 256)))
    k, j = np.unravel_index(spectrum.argmax(), spectrum.shape)
    return np.hypot(min(k, 256 - k), j) / 256, spectrum.max()


def test_edges_of_a_megavolt_panel_agree_with_its_line_pairs(shared_data):
    """QC-3: a Gaussian blur loses ln(A1/A2) = 2 pi^2 sigma^2 (f2^2 - f1^2) from wide to narrow bars."""
    plane = phantom(shared_data, "pylinac_qc3.dcm")
    f_wide, wide = bar_amplitude(plane, 506, 631)
    f_narrow, narrow = bar_amplitude(plane, 325, 459)
    by_bars = np.sqrt(np.log(wide / narrow) / (2 * np.pi**2 * (f_narrow**2 - f_wide**2)))

    assert blur_sigma_px(plane).sigma_px == pytest.approx(by_bars, rel=0.15)


def test_field_of_another_shape_is_the_callers_fault():
    """The field says which pixels of this plane."""
    with pytest.raises(BadInput, match="must match"):
        blur_sigma_px(scene(1.0), np.ones((3, 3), dtype=bool))
