"""An export is known by its file and by its noise; a film as it was taken has no sign but the missing header."""

import cv2
import numpy as np
import pytest

from calcinet.io import read
from calcinet.io.radiograph.export_signs import export_signs, is_enlarged, measure_noise


def _noise(sd=10.0, shape=(600, 500), seed=0):
    """White noise on a slow slope, as of a detector."""
    slope = np.linspace(100, 900, shape[1], dtype=np.float32)
    return slope + np.random.default_rng(seed).normal(0, sd, shape).astype(np.float32)


def test_second_differences_of_white_noise_spread_by_the_root_of_six():
    """1, -2 and 1 of independent noise: variance 1 + 4 + 1; a slope leaves nothing."""
    for distance in (1, 3):
        assert measure_noise(_noise(), distance) == pytest.approx(10 * np.sqrt(6), rel=0.03)


def test_an_enlarged_picture_has_neighbours_alike():
    """Cubic interpolation puts pixels between; shrinking by the mean of areas leaves noise without correlation."""
    plane = _noise()
    enlarged = cv2.resize(plane, None, fx=2.5, fy=2.5, interpolation=cv2.INTER_CUBIC)
    shrunk = cv2.resize(plane, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)

    assert is_enlarged(enlarged)
    assert not is_enlarged(plane)
    assert not is_enlarged(shrunk)


def test_rounding_and_too_small_a_picture_tell_nothing():
    """Noise of half a grey level is rounding; a picture smaller than a block has no noise to compare."""
    assert not is_enlarged(cv2.resize(np.rint(_noise(0.5)), None, fx=3, fy=3))
    assert measure_noise(_noise(shape=(20, 20)), 1) == 0


@pytest.mark.parametrize(
    ("shape", "name", "bits", "signs"),
    [
        ((1333, 931), "TIFF", 16, ["no DICOM header"]),
        ((1333, 931), "PNG", 8, ["no DICOM header", "8 bits a pixel"]),
        (
            (1080, 755),
            "JPEG",
            8,
            ["no DICOM header", "8 bits a pixel", "JPEG", "a side of 1080 pixels, as a screen has"],
        ),
    ],
)
def test_signs_of_the_file(shape, name, bits, signs):
    assert list(export_signs(_noise(shape=shape), name=name, bits=bits)) == signs


def test_pictures_have_signs_and_films_have_none(picture, grey, tmp_path, film):
    """A picture always lacks a header."""
    assert "8 bits a pixel" in read(picture(grey)).export_signs
    assert film.export_signs == ()
