"""How the pixels of a slice lie in its file."""

import pytest
from pydicom import dcmread

from calcinet.errors import Unreadable
from calcinet.io.ct.pixel_layout import shape_of, stored_of
from calcinet.io.dicom.stored_values import ValueBits
from tests.support.ctfiles import body, slice_file


def read_header(path, **tags):
    return dcmread(slice_file(path / "one.dcm", body()[0], (0, 0, 0), 1, **tags))


def test_plain_pixels_end_the_file(tmp_path):
    """40 x 48 pixels of two bytes, unsigned, behind all else."""
    header = read_header(tmp_path)
    stored = stored_of(header, header, None)

    assert (stored.shape, stored.dtype, stored.bits) == ((40, 48), "<u2", ValueBits(12, 11))
    assert stored.start == (tmp_path / "one.dcm").stat().st_size - 2 * 40 * 48
    assert (stored.slope, stored.intercept, stored.padding) == (1, -1024, None)


def test_a_range_of_padding_is_ordered(tmp_path):
    """From the value to the limit, whichever is lower."""
    header = read_header(tmp_path, PixelPaddingValue=9, PixelPaddingRangeLimit=3)

    assert stored_of(header, header, None).padding == (3, 9)


def test_a_slice_with_fewer_pixels_than_it_promises_is_refused(tmp_path):
    header = read_header(tmp_path)
    header.Rows = 41

    assert shape_of(header) == (41, 48)
    with pytest.raises(Unreadable, match="cut off or damaged"):
        stored_of(header, header, None)
