"""The quick look at a header says what the whole parser says."""

import contextlib
from io import BytesIO

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from calcinet.errors import Unreadable
from calcinet.io.quick_header import read_quick_header


def pack(syntax=ExplicitVRLittleEndian, private=0, **said) -> bytes:
    """A header with two bytes of pixels."""
    film = Dataset()
    film.SOPClassUID, film.SOPInstanceUID, film.Modality = "1.2.840.10008.5.1.4.1.1.1", "1.2.3", "CR"
    film.PatientID, film.BodyPartExamined, film.ViewPosition = "0012345", "TIBIA FIBULA", "AP"
    film.StudyDate, film.Rows, film.Columns, film.PixelSpacing = "20260309", 300, 200, [0.15, 0.15]
    film.PixelData = b"\0\0"
    film["PixelData"].VR = "OW"
    if private:
        film.add_new(0x00090010, "LO", "MAKER")
        film.add_new(0x00091001, "OB", bytes(private))
    for keyword, value in said.items():
        setattr(film, keyword, value)
    meta = pydicom.dataset.FileMetaDataset()
    meta.TransferSyntaxUID = syntax
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = film.SOPClassUID, film.SOPInstanceUID
    film.file_meta = meta
    stream = BytesIO()
    film.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def look(data: bytes):
    """At a file in memory."""
    return read_quick_header(lambda count: data[:count])


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian])
def test_what_is_asked_for_is_read(syntax):
    header = look(pack(syntax))

    assert (header.modality, header.body_part, header.view) == ("CR", "lower leg", "AP")
    assert (header.get("PatientID"), header.get("StudyDate")) == ("0012345", "20260309")
    assert (header.rows, header.columns, header.pixel_mm) == (300, 200, 0.15)


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, DeflatedExplicitVRLittleEndian])
@pytest.mark.parametrize("alphabet", ["ISO_IR 100", "ISO_IR 192"])
def test_an_identifier_is_the_same_in_every_alphabet_and_syntax(syntax, alphabet):
    """Of several values the first."""
    header = look(pack(syntax, SpecificCharacterSet=alphabet, PatientID="M\u00fc-1", Manufacturer="A\\B"))

    assert (header.get("PatientID"), header.get("Manufacturer")) == ("M\u00fc-1", "A")


def test_a_header_without_preamble_is_read():
    header = look(pack()[132:])

    assert (header.modality, header.rows, header.pixel_mm) == ("CR", 300, 0.15)


def test_a_header_that_is_longer_than_the_first_look_is_read():
    header = look(pack(private=20_000))

    assert (header.rows, header.pixel_mm) == (300, 0.15)


def test_a_body_part_in_a_sequence_is_found():
    region = Dataset()
    region.CodeMeaning = "Foot"

    assert look(pack(BodyPartExamined="", AnatomicRegionSequence=Sequence([region]))).body_part == "foot"


@pytest.mark.parametrize(("data", "code"), [(b"", "empty"), (b"Dear colleague", "not-an-image")])
def test_what_is_no_film_is_refused(data, code):
    with pytest.raises(Unreadable) as refused:
        look(data)

    assert refused.value.code == code


@pytest.mark.parametrize("end", range(1, 1200, 7))
def test_a_header_that_is_cut_is_read_or_refused(end):
    """What is read of it is as it stands in the whole, never a part of a value."""
    whole, found = look(pack()), None
    with contextlib.suppress(Unreadable):
        found = look(pack()[:end])

    if found is not None:
        assert found.texts == whole.texts
        for name in ("modality", "body_part", "view", "rows", "columns", "pixel_mm"):
            assert getattr(found, name) == getattr(whole, name)


def test_a_header_that_says_nothing_of_an_image_is_refused():
    """Noise behind the first bytes of a DICOM file; an image without a kind, or a report without a size, is read."""
    with pytest.raises(Unreadable) as refused:
        look(pack()[:132] + np.random.default_rng(1).bytes(4000))
    report = Dataset()
    report.SOPClassUID, report.SOPInstanceUID, report.Modality = "1.2.840.10008.5.1.4.1.1.88.33", "1.2.4", "SR"
    report.file_meta = pydicom.dataset.FileMetaDataset()
    report.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    report.add_new(0x00400555, "LO", "behind all that is asked for")
    stream = BytesIO()
    report.save_as(stream, enforce_file_format=True)

    assert refused.value.code == "truncated"
    assert (look(pack(Modality=None)).modality, look(pack(Modality=None)).rows) == (None, 300)
    assert look(stream.getvalue()).get("Modality") == "SR"
