"""Pixels packed in each way come back, or a sentence."""

import struct

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import RLELossless

from calcinet.io import read
from calcinet.io.decoder import end_all
from calcinet.io.dicom import codecs
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


def claim_one_tile(dicom, side):
    """The film as JPEG 2000 whose header and stream (SIZ: ISO 15444-1 A.5.1) agree on one square tile of `side`."""
    path = dicom("smith.dcm")
    dataset = dcmread(compressed(path, "JPEG2000Lossless"))
    stream = bytearray(next(generate_frames(dataset.PixelData, number_of_frames=1)))
    start = stream.index(b"\xff\x4f\xff\x51") + 8
    stream[start : start + 8] = stream[start + 16 : start + 24] = struct.pack(">II", side, side)
    dataset.Rows = dataset.Columns = side
    dataset.PixelData = encapsulate([bytes(stream)])
    dataset.save_as(path)
    return path


def test_jpeg_2000_that_claims_a_hundred_million_pixels_in_one_tile_is_refused(dicom):
    """OpenJPEG took 6.5 GB and minutes over it."""
    assert refused(claim_one_tile(dicom, 9999)).code == "cannot-decode"


def test_a_tile_that_is_large_for_its_process_ends_it_alone(dicom, monkeypatch):
    """5700 x 5700 may be a picture, so that it is tried; there is no room for it, and the next film is read."""
    monkeypatch.setenv("CALCINET_MAX_DECODER_BYTES", str(150 * 10**6))
    end_all()

    assert refused(claim_one_tile(dicom, 5700)).code == "cannot-decode"
    assert read(compressed(dicom("next.dcm"), "JPEG2000Lossless")).plane.shape == (350, 250)
    end_all()


def test_a_stream_of_another_size_than_the_headers_is_not_decoded(dicom, monkeypatch):
    """It would be unpacked at whatever size it states."""
    asked = []
    monkeypatch.setattr(codecs, "decode", lambda *request, **options: asked.append(request))
    path = claim_one_tile(dicom, 4000)
    dataset = dcmread(path)
    dataset.Rows, dataset.Columns = 350, 250
    dataset.save_as(path)

    assert refused(path).code == "cannot-decode"
    assert asked == []
