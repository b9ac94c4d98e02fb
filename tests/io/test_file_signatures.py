"""Formats told by the first bytes."""

import gzip

import pytest

from calcinet.io.file_signatures import is_packed_nifti, may_be_dicom
from tests.support.refusals import refused


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "empty", "0 bytes"),
        (b"Dear colleague, thank you for this patient", "not-an-image", "found no image"),
        (b"%PDF-1.7 " + bytes(300), "unsupported-format", "PDF"),
        (b"GIF89a" + bytes(300), "unsupported-format", "GIF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "truncated", "PNG"),
        (bytes(128) + b"DICM", "truncated", "DICOM file that is damaged"),
    ],
)
def test_what_is_no_film_is_named(tmp_path, content, code, words):
    """An explicit path is answered, whatever it is."""
    path = tmp_path / "smith.xyz"
    path.write_bytes(content)

    result = refused(path)

    assert result.code == code
    assert words in result.reason


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        (b"\x08\0\x05\0CS\x0a\0ISO_IR 1", True),
        (b"\x02\0\0\0\x04\0\0\0\x10\0\0\0\x02\0\x01\0", True),
        (b"\0\x08\0\x05CS\0\x0aISO_IR 1", True),
        (b"\x10\0\x10\0PN\x0a\0Smith^Jane", False),
        (b"\x08\0\x05\0\0\0\0\0" + bytes(8), False),
        (b"\x08\0\x05\0CS", False),
    ],
    ids=["explicit", "implicit", "big endian", "group 0010", "length 0", "cut off"],
)
def test_a_first_element_has_a_believable_tag_and_length(element, expected):
    """Group 0002 or 0008 first, then a value representation or a length of 1 to 1023 bytes."""
    assert may_be_dicom(element) is expected


def test_a_gzip_of_something_else_is_no_nifti():
    """And a stream that breaks off at once is none either."""
    assert is_packed_nifti(gzip.compress(bytes(344) + b"n+1\0"))
    assert not is_packed_nifti(gzip.compress(bytes(400)))
    assert not is_packed_nifti(b"\x1f\x8b\xff\xff")
