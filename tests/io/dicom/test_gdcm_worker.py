"""JPEG of 12 bits, decoded in a process of its own."""

import numpy as np
import pytest
from pydicom import dcmread

from calcinet.errors import Unreadable
from calcinet.io import read
from tests.support.films import compressed


def test_twelve_bit_jpeg_is_decoded(dicom):
    """JPEG Extended at quality 95 keeps half of the pixels within 2 of 4095 steps."""
    plain = twelve_bits(dicom)
    image = read(compressed(plain, "JPEGExtendedProcess2_4"))

    assert np.median(abs(image.plane - dcmread(plain).pixel_array)) <= 2


def test_damaged_twelve_bit_jpeg_is_refused(dicom):
    """Cut in the middle of its stream, the lengths put right: the decoder's complaint becomes a sentence."""
    path = compressed(twelve_bits(dicom), "JPEGExtendedProcess2_4")
    data = bytearray(path.read_bytes())
    start = data.index(b"\xff\xda")
    data[start + 200 : start + 2000] = b"\xff\xd9" * 900
    path.write_bytes(data)

    with pytest.raises(Unreadable, match="JPEG Extended") as caught:
        read(path)

    assert caught.value.code == "cannot-decode"


def twelve_bits(dicom):
    pixels = dcmread(dicom()).pixel_array >> 4
    return dicom(pixels=pixels, BitsStored=12, HighBit=11)
