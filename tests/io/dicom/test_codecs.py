"""Pixels packed in each way come back, or a sentence."""

import struct

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import RLELossless

from calcinet.io import read
from tests.support.films import compressed
from tests.support.refusals import refused


@pytest.mark.parametrize("syntax", ["JPEGLosslessProcess14_1", "JPEGLSLossless", "JPEG2000Lossless"])
def test_lossless_compression_loses_nothing(dicom, syntax):
    """The same values come back, whichever decoder they went through."""
    plain = dicom()
    image = read(compressed(plain, syntax))

    assert np.array_equal(image.plane, dcmread(plain).pixel_array)


def test_run_length_encoding_loses_nothing(dicom):
    """Decoded without any plug-in."""
    path = dicom()
    dataset = dcmread(path)
    stored = dataset.pixel_array
    dataset.compress(RLELossless)
    dataset.save_as(path)

    assert np.array_equal(read(path).plane, stored)


def test_cut_off_compressed_dicom_is_refused(dicom):
    """An encapsulated stream without its end."""
    from pydicom.uid import RLELossless

    path = dicom("smith.dcm")
    dataset = dcmread(path)
    dataset.compress(RLELossless)
    dataset.save_as(path)
    path.write_bytes(path.read_bytes()[:-2000])

    assert refused(path).code == "truncated"


def test_jpeg_2000_that_claims_a_hundred_million_pixels_in_one_tile_is_refused(dicom):
    """Header and stream agree on 9999 x 9999; OpenJPEG took 6.5 GB and minutes over it. SIZ: ISO 15444-1 A.5.1."""
    path = compressed(dicom("smith.dcm"), "JPEG2000Lossless")
    dataset = dcmread(path)
    stream = bytearray(next(generate_frames(dataset.PixelData, number_of_frames=1)))
    start = stream.index(b"\xff\x4f\xff\x51") + 8
    stream[start : start + 8] = stream[start + 16 : start + 24] = struct.pack(">II", 9999, 9999)
    dataset.Rows = dataset.Columns = 9999
    dataset.PixelData = encapsulate([bytes(stream)])
    dataset.save_as(path)

    assert refused(path).code == "cannot-decode"
