"""Slope and intercept as files have them: with a comma, 0, empty, in words."""

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from calcinet.io import read, read_all
from calcinet.io.dicom.header import quiet
from calcinet.io.dicom.rescale import Rescale, rescale_of
from tests.support.ctfiles import body, series
from tests.support.raw_elements import put_raw, rewritten


@pytest.mark.parametrize(
    ("slope", "intercept", "expected"),
    [
        pytest.param(b"1,5", b"-1024,0", Rescale(1.5, -1024), id="decimal commas"),
        pytest.param(b"-1", b"4095", Rescale(-1, 4095), id="falling"),
        pytest.param(b"", b"", Rescale(), id="empty"),
        pytest.param(b"2", b"", Rescale(2, 0), id="no intercept"),
        pytest.param(b"0", b"-1024", Rescale(is_sound=False), id="a slope of 0"),
        pytest.param(b"1.0 HU", b"-1024", Rescale(is_sound=False), id="a unit beside the slope"),
        pytest.param(b"1", b"n/a", Rescale(is_sound=False), id="an intercept that is no number"),
    ],
)
def test_a_rescale_is_read_or_not_sound(slope, intercept, expected):
    header = Dataset()
    put_raw(header, "RescaleSlope", slope)
    put_raw(header, "RescaleIntercept", intercept)
    with quiet():
        assert rescale_of(header) == expected


def test_a_ct_written_with_decimal_commas_is_as_large_and_as_dense_as_one_with_points(tmp_path):
    """All numbers of every slice; a slope of 1,1 was taken for 1."""
    series(tmp_path, body(), RescaleSlope=1.1, RescaleIntercept=-1024)
    expected = read(tmp_path)
    for path in tmp_path.iterdir():
        header = dcmread(path)
        elements = ("RescaleSlope", "RescaleIntercept", "PixelSpacing", "ImagePositionPatient")
        rewritten(path, **{name: _write(header[name].value).replace(".", ",").encode() for name in elements})
    image = read(tmp_path)

    assert b"1,1" in path.read_bytes()
    assert image.spacing_mm == expected.spacing_mm
    assert np.array_equal(image.pixels, expected.pixels)


def _write(value):
    if isinstance(value, float):
        return str(value)
    return "\\".join(str(part) for part in value)


@pytest.mark.parametrize("slope", [b"0", b"1.0 HU"])
def test_a_ct_without_a_slope_that_can_be_right_is_refused_for_that(tmp_path, slope):
    for path in series(tmp_path, body()).iterdir():
        rewritten(path, RescaleSlope=slope)
    (refused, *_) = read_all([tmp_path])

    assert refused.code == "ct-not-hu"
    assert "Rescale Slope" in refused.reason


def test_pixel_sizes_with_decimal_commas_are_those_with_points(dicom):
    image = read(rewritten(dicom(), ImagerPixelSpacing=b"0,15\\0,15", PixelSpacing=b"0,15\\0,15"))

    assert image.pixel_mm == (0.15, 0.15)


def test_a_film_with_a_slope_of_0_is_read_as_stored_and_that_is_said(dicom):
    path = dicom()
    stored = read(path)
    image = read(rewritten(path, RescaleSlope=b"0", RescaleIntercept=b"7"))

    assert np.array_equal(image.pixels, stored.pixels)
    assert any("Rescale Slope" in caution for caution in image.cautions)
    assert not any("Rescale Slope" in caution for caution in stored.cautions)
