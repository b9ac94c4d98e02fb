"""A pixel size for a picture is assumed, and asked about."""

import pytest

from calcinet.errors import BadInput
from calcinet.io.radiograph.picture_spacing import picture_spacing


def test_a_size_given_is_assumed_and_the_field_is_asked_about():
    """1,080 x 755 pixels of 0.15 mm are 16.2 x 11.3 cm."""
    spacing = picture_spacing(0.15, (1080, 755))

    assert (spacing.pixel_mm, spacing.basis) == ((0.15, 0.15), "assumed")
    assert "16.2 x 11.3 cm; is that the field that was exposed?" in spacing.cautions[0]


def test_without_one_the_original_file_is_asked_for():
    """The pitch from a data sheet would be that of the detector, not of the picture."""
    spacing = picture_spacing(None, (1080, 755))

    assert (spacing.pixel_mm, spacing.basis) == (None, "none")
    assert "original DICOM file" in spacing.cautions[0]
    assert "--spacing-mm" not in spacing.cautions[0]


@pytest.mark.parametrize(
    ("given", "aspect", "pixel_mm", "words"),
    [
        (0.15, 2.0, None, "0.15 mm, cannot be both their sides"),
        (None, 2.0, None, "2 times as high as they are wide"),
        ((0.3, 0.15), 2.0, (0.3, 0.15), "is that the field that was exposed?"),
        ((0.15, 0.15), 2.0, (0.15, 0.15), "contradict the shape"),
        ((0.3, 0.15), 1.0, (0.3, 0.15), "is that the field that was exposed?"),
    ],
)
def test_one_number_is_no_size_of_oblong_pixels(given, aspect, pixel_mm, words):
    """Two are, and are asked about where they have another shape than the picture's."""
    spacing = picture_spacing(given, (1080, 755), aspect)

    assert spacing.pixel_mm == pixel_mm
    assert any(words in caution for caution in spacing.cautions)


def test_what_is_no_pitch_is_refused():
    with pytest.raises(BadInput):
        picture_spacing(0.0, (1080, 755))
