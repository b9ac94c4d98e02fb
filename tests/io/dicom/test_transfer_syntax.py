"""How pixels are packed, where a file does not say, or says what cannot be."""

from io import SEEK_END, BytesIO

import numpy as np
import pytest
from pydicom import dcmread, dcmwrite
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filewriter import write_file_meta_info
from pydicom.uid import (
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from calcinet.io import read
from calcinet.io.dicom.header import parse
from calcinet.io.dicom.transfer_syntax import first_stream, read_frame_header, recognise_stream
from tests.support.films import compressed


def write_bare(dataset, *, implicit=False, little=True):
    """A data set alone: no preamble, no file meta information."""
    dataset = dataset.copy()
    del dataset.file_meta
    dataset.preamble = None
    stream = BytesIO()
    dcmwrite(stream, dataset, implicit_vr=implicit, little_endian=little, force_encoding=True)
    return stream.getvalue()


def write_meta(syntax):
    """Preamble and file meta information that states a syntax; nothing where none is to be stated."""
    if syntax is None:
        return b""
    stream = BytesIO(bytes(128) + b"DICM")
    stream.seek(0, SEEK_END)
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = syntax
    write_file_meta_info(stream, meta, enforce_standard=False)
    return stream.getvalue()


COMMAND = bytes.fromhex("0000000004000000 10000000 00000001 02000000 0100 0000 00080200 0000 0101".replace(" ", ""))
"""What is left of a transfer: the length of its group, its kind, and that a data set follows."""


@pytest.mark.parametrize("implicit", [True, False])
@pytest.mark.parametrize(
    ("before", "behind"),
    [
        (b"", b""),
        (bytes(128) + b"DICM", b""),
        (bytes(128), b""),
        (COMMAND, b""),
        (b"", bytes(512)),
        (b"", b"\xfc\xff\xfc\xff" + b"OB\0\0" + bytes(4)),
        (b"", b"--boundary--\r\n"),
    ],
)
def test_a_data_set_is_read_whatever_lies_before_and_behind_it(dicom, implicit, before, behind):
    """A preamble without meta information, an empty one without its word, a command; zeros, padding and text."""
    path = dicom()
    dataset = dcmread(path)
    right = dataset.pixel_array
    data = write_bare(dataset, implicit=implicit)
    if behind.startswith(b"\xfc") and implicit:
        behind = behind[:4] + bytes(4)
    path.write_bytes(before + data + behind)

    assert np.array_equal(read(path).plane, right)


def test_a_data_set_with_the_high_byte_first(dicom):
    path = dicom()
    dataset = dcmread(path)
    right = dataset.pixel_array
    dataset.PixelData = right.astype(">u2").tobytes()
    path.write_bytes(write_bare(dataset, little=False))

    assert np.array_equal(read(path).plane, right)


def test_meta_information_without_preamble(dicom):
    path = dicom()
    right = dcmread(path).pixel_array
    path.write_bytes(path.read_bytes()[132:])

    assert np.array_equal(read(path).plane, right)


@pytest.mark.parametrize(
    "syntax", ["JPEGLosslessProcess14_1", "JPEGLSLossless", "JPEG2000Lossless", "RLELossless", "JPEGExtendedProcess2_4"]
)
@pytest.mark.parametrize("stated", [None, ExplicitVRLittleEndian, JPEGBaseline8Bit])
def test_packed_pixels_say_themselves_how(dicom, syntax, stated):
    """Nothing is said, that they are plain, or that they are JPEG of 8 bits."""
    bits = {"BitsStored": 12, "HighBit": 11}
    plain = dicom(pixels=dcmread(dicom()).pixel_array >> 4, **bits)
    packed = compressed(plain, syntax)
    right = read(packed).plane
    dataset = dcmread(packed)
    packed.write_bytes(write_meta(stated) + write_bare(dataset))

    assert np.array_equal(read(packed).plane, right)


def test_plain_pixels_that_are_called_packed(dicom):
    path = dicom()
    dataset = dcmread(path)
    path.write_bytes(write_meta(JPEG2000Lossless) + write_bare(dataset))

    assert np.array_equal(read(path).plane, dataset.pixel_array)


@pytest.mark.parametrize("kind", [b"SH", b"LO", b"OB", b"UN", b"US"])
def test_a_syntax_is_read_of_whatever_kind_its_element_is(dicom, kind):
    """The kind of the element (Value Representation) is wrong; the byte order of a table depends on it."""
    table = Dataset()
    table.LUTDescriptor = [2, 0, 16]
    table.add_new(0x00283006, "US", [0, 65535])
    path = dicom(VOILUTSequence=[table])
    right = read(path).plane
    data = path.read_bytes()
    length = b"\0\0" + (20).to_bytes(4, "little") if kind in (b"OB", b"UN") else (20).to_bytes(2, "little")
    element = b"\x02\0\x10\0UI\x14\0" + ExplicitVRLittleEndian.encode() + b"\0"
    assert element in data
    path.write_bytes(data.replace(element, b"\x02\0\x10\0" + kind + length + element[8:]))

    assert np.array_equal(read(path).plane, right)


@pytest.mark.parametrize(
    ("stream", "syntaxes"),
    [
        (b"\xff\xd8\xff\xe0\0\x04JF\xff\xc0\0\x0b\x08" + bytes(8), JPEGBaseline8Bit),
        (b"\xff\xd8\xff\xc3\0\x0b\x10\0\x01\0\x01\x01\0\0\0", JPEGLossless),
        (b"\xff\xd8\xff\xff\xf7\0\x0b\x10\0\x01\0\x01\x01\0\0\0", JPEGLSLossless),
        (b"\xff\x4f\xff\x51" + bytes(60), JPEG2000Lossless),
        (b"\x02\0\0\0\x40\0\0\0" + bytes(60), RLELossless),
        (b"\xff\xd8\xff\xe0\xff\xff", None),
        (b"\xff\xd8", None),
        (b"\x99" * 80, None),
        (b"", None),
    ],
)
def test_a_stream_is_known_by_its_beginning(stream, syntaxes):
    """Cut off or of no kind that is read, it is not known."""
    found = recognise_stream(stream)

    assert syntaxes in found if syntaxes else found == ()


def test_both_lossless_jpegs_are_possible():
    assert recognise_stream(b"\xff\xd8\xff\xc3\0\x0b\x10\0\x01\0\x01\x01\0\0\0") == (JPEGLossless, JPEGLosslessSV1)


def test_bits_and_components_stand_in_the_header_of_the_frame():
    """Marker C0, 8 bits, 16 rows, 32 columns, 3 components."""
    assert read_frame_header(b"\xff\xd8\xff\xc0\0\x11\x08\0\x10\0\x20\x03" + bytes(9)) == (0xC0, 8, 3)
    assert read_frame_header(b"\xff\xd8") == (0, 0, 0)


def test_the_first_stream_follows_the_item_of_offsets():
    table, frame = b"\xfe\xff\x00\xe0\4\0\0\0" + bytes(4), b"\xfe\xff\x00\xe0\2\0\0\0"

    assert first_stream(table + frame + b"ab").startswith(b"ab")


@pytest.mark.parametrize(
    ("implicit", "little", "syntax"),
    [
        (True, True, ImplicitVRLittleEndian),
        (False, True, ExplicitVRLittleEndian),
        (False, False, ExplicitVRBigEndian),
    ],
)
def test_a_file_that_says_nothing_is_as_its_elements_are(dicom, implicit, little, syntax):
    data = write_bare(dcmread(dicom()), implicit=implicit, little=little)

    assert parse(data).file_meta.TransferSyntaxUID == syntax
