"""The table of formats."""

import gzip

import pytest

from calcinet.errors import Unreadable
from calcinet.io.file_formats import DICOM, FORMATS, IMAGE_SUFFIXES, format_of, suffix_of
from calcinet.io.options import Options

NIFTI = bytes(344) + b"n+1\0"

HEADS = {
    "DICOM": bytes(128) + b"DICM",
    "NIfTI": NIFTI,
    "packed NIfTI": gzip.compress(NIFTI),
    "PNG": b"\x89PNG\r\n\x1a\n",
    "JPEG": b"\xff\xd8\xff\xe0",
    "TIFF": b"MM\0*",
}


@pytest.mark.parametrize("name", HEADS)
def test_each_row_is_found_by_its_first_bytes(name):
    """One example a row: the table has no row that is not tried here."""
    found = format_of(HEADS[name])

    assert found is not None
    assert found.name == name
    assert set(HEADS) == {row.name for row in FORMATS}


def test_a_dicom_file_whose_preamble_is_a_tiff_is_dicom():
    """Microscopes write such files: both readers would open them."""
    assert format_of(b"II*\0" + bytes(124) + b"DICM") is DICOM


def test_a_data_set_without_preamble_is_dicom_as_a_last_resort():
    """(0008,0005) CS of 10 bytes, little endian; the same bytes with the magic of NIfTI are a NIfTI file."""
    element = b"\x08\0\x05\0CS\x0a\0ISO_IR 100"
    with_magic = element.ljust(344, b"\0") + b"n+1\0"

    assert format_of(element) is DICOM
    assert suffix_of(with_magic) == ".nii"


@pytest.mark.parametrize(("head", "suffix"), [(b"PK\x03\x04", ".zip"), (b"%PDF", ""), (b"", "")])
def test_what_is_no_image_keeps_no_suffix_except_a_zip(head, suffix):
    assert format_of(head) is None
    assert suffix_of(head) == suffix


def test_suffixes_belong_to_one_row_each():
    assert sum(len(row.suffixes) for row in FORMATS) == len(IMAGE_SUFFIXES)
    assert {".dcm", ".jpe", ".tif", ".nii"} <= IMAGE_SUFFIXES


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
def test_only_nifti_needs_the_word_that_it_is_a_ct(row):
    row.require(Options(modality="CT"))
    if "NIfTI" in row.name:
        with pytest.raises(Unreadable, match="--modality CT"):
            row.require(Options())
    else:
        row.require(Options())


def test_a_row_reads_and_names_the_file_by_its_own_suffix(picture, grey):
    data = picture(grey, "film.png").read_bytes()
    found = format_of(data[:1024])

    assert found is not None
    assert found.read(data, Options()).source.endswith(found.suffix)
