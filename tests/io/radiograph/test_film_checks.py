"""What pixels of a radiograph look like."""

import numpy as np
import pytest
from pydicom import dcmread

from calcinet.io import read
from tests.support.films import correlation
from tests.support.refusals import refused


def test_negative_is_recognised_in_a_dicom_file(dicom, film):
    """The header says MONOCHROME2, the content says otherwise, plainly."""
    image = read(dicom(pixels=65535 - dcmread(dicom()).pixel_array))

    assert correlation(image, film) > 0.999
    assert any("polarity was inverted" in caution for caution in image.cautions)


@pytest.mark.parametrize(
    ("pixels", "code"),
    [
        (np.full((100, 100), 7, np.uint8), "constant"),
        (np.eye(100, dtype=np.uint8) * 255, "saturated"),
        (np.pad(np.arange(100, dtype=np.uint8).reshape(10, 10), 200), "saturated"),
        (np.tile(np.arange(8, dtype=np.uint8) * 30, (100, 20)), "few-greys"),
    ],
)
def test_film_that_holds_nothing_is_refused(picture, dicom, pixels, code):
    """Blank, nearly all black or white, or a drawing of a few greys; as picture and as DICOM."""
    assert refused(picture(pixels, "smith.png")).code == code
    assert refused(dicom("smith.dcm", pixels=pixels.astype(np.uint16))).code == code
