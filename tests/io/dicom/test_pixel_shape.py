"""Height of a pixel over its width."""

import pytest
from pydicom.dataset import Dataset

from calcinet.image import is_oblong
from calcinet.io.dicom.pixel_shape import aspect_of, contradicts_sides, differs


@pytest.mark.parametrize(
    ("stated", "aspect", "said"),
    [
        ([2, 1], 2.0, False),
        ([1, 2], 0.5, False),
        ([1000, 1000], 1.0, False),
        ([0, 1], None, True),
        ([1, -1], None, True),
        ([1], None, True),
        (None, None, False),
    ],
)
def test_the_vertical_size_comes_first(stated, aspect, said):
    """PS3.3 C.7.6.3.1.7: vertical pixel size, horizontal pixel size."""
    header = Dataset()
    header.PixelAspectRatio = stated
    found, remarks = aspect_of(header)

    assert (found, bool(remarks)) == (aspect, said)


def test_rounding_of_sides_is_no_oblong():
    """0.1999 by 0.2 is square; 0.2 by 0.21 is not, whichever comes first."""
    assert not is_oblong(0.1999 / 0.2)
    assert is_oblong(0.2 / 0.21)
    assert is_oblong(0.21 / 0.2)


def test_a_share_of_the_larger():
    """90 and 100 differ by a tenth of 100."""
    assert differs(90, 100, 0.09)
    assert not differs(100, 90, 0.11)


def test_a_ratio_is_compared_with_sides():
    """0.2 mm high and 0.1 mm wide is 2 to 1; nothing stated contradicts nothing."""
    assert not contradicts_sides(None, (0.2, 0.1))
    assert not contradicts_sides(2.0, (0.2, 0.1))
    assert contradicts_sides(0.5, (0.2, 0.1))
