"""A name in any element of a header, and in any metadata of a picture, goes nowhere, be the file read or refused."""

import warnings
from dataclasses import fields

import numpy as np
import pytest
import tifffile
from PIL import Image as Picture
from PIL.PngImagePlugin import PngInfo
from pydicom import dcmread
from pydicom.datadict import DicomDictionary, tag_for_keyword
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag

from calcinet.image import Image
from calcinet.io import Refusal, read_all, write_radiograph
from calcinet.io.dicom.header import quiet
from calcinet.io.scintigram.writer import write_scintigram
from tests.support.ctfiles import body, series
from tests.support.scintigrams import scan

PLANTED = "SECRET A1234567"

TEXT = ("AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT")
"""Kinds of element that hold words (PS3.5 6.2)."""

PIXELS = ("pixels", "affine", "known")


def tell(value):
    """All that an image or a refusal says, its pixels and the name of its file left out."""
    if isinstance(value, Image):
        return " ".join(repr(getattr(value, field.name)) for field in fields(value) if field.name not in PIXELS)
    return repr(value)


def require_silence(paths, capfd, **options):
    """Read, and find what was planted neither in what is told nor on the terminal."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        results = list(read_all(paths, **options))
    told = " ".join(tell(result) for result in results) + "".join(capfd.readouterr())
    assert results
    assert "SECRET" not in told
    assert "1234567" not in told
    return results


@pytest.fixture
def film_of(dicom, film, tmp_path):
    """A small file of each modality."""

    def write(modality):
        if modality == "CT":
            return sorted(series(tmp_path / "ct", body()).iterdir())
        if modality == "NM":
            path = tmp_path / "scan.dcm"
            write_scintigram(path, scan())
            return [path]
        if modality == "DX":
            return [write_radiograph(tmp_path / "film.dcm", film)]
        return [dicom(Modality=modality, BodyPartExamined="BREAST")]

    return write


def item_of_names():
    item = Dataset()
    item.PatientName = item.CodeValue = item.CodingSchemeDesignator = item.CodeMeaning = PLANTED
    return item


def make_element(number, kind, value):
    """An element whose bytes are written as they are, whatever its kind allows."""
    if kind == "SQ":
        return DataElement(number, kind, value)
    text = value.encode() + b" " * (len(value) % 2)
    return RawDataElement(number, kind, len(text), text, 0, False, True)


def plant(path, elements):
    """Write the file again with elements (tag, kind, value), as no library would by itself."""
    with quiet():
        dataset = dcmread(path)
        for number, kind, value in elements:
            dataset[number] = make_element(Tag(number), kind, value)
        dataset.save_as(path, enforce_file_format=False)


@pytest.mark.parametrize("modality", ["DX", "MG", "CT", "NM"])
def test_words_in_elements_that_the_file_need_not_have_go_nowhere(film_of, modality, capfd):
    """All elements of words that the standard has and the file has not, a private block, and items of sequences."""
    paths = film_of(modality)
    for path in paths:
        present = dcmread(path)
        extra = [(0x00110010, "LO", PLANTED), (0x00111001, "LO", PLANTED)]
        for number, (kind, *_) in DicomDictionary.items():
            if number in present or not 0x8 <= number >> 16 < 0x5000:
                continue
            if kind in TEXT and number >> 16 != 0x28:
                extra.append((number, kind, PLANTED))
        for keyword in ("AnatomicRegionSequence", "ViewCodeSequence", "RadiopharmaceuticalInformationSequence"):
            extra.append((tag_for_keyword(keyword), "SQ", [item_of_names()]))
        plant(path, extra)

    require_silence(paths, capfd)


@pytest.mark.parametrize("modality", ["DX", "MG", "CT", "NM"])
def test_words_in_place_of_what_the_file_needs_go_nowhere(film_of, modality, capfd):
    """Each element of the header by turns becomes the name: as its own kind, as bytes, and as a sequence of it."""
    path = film_of(modality)[0]
    data = path.read_bytes()
    refused = set()
    for element in dcmread(path):
        if element.keyword == "PixelData":
            continue
        for kind, value in (("LO", PLANTED), ("UN", PLANTED), ("SQ", [item_of_names()])):
            path.write_bytes(data)
            plant(path, [(element.tag, kind, value)])
            for result in require_silence([path], capfd):
                if isinstance(result, Refusal):
                    refused.add(result.code)

    assert len(refused) >= 3
    assert "unforeseen" not in refused


@pytest.mark.parametrize("keyword", ["TransferSyntaxUID", "MediaStorageSOPClassUID", "ImplementationVersionName"])
def test_words_in_the_first_group_go_nowhere(film_of, keyword, capfd):
    (path,) = film_of("DX")
    dataset = dcmread(path)
    length = len(str(dataset.file_meta[keyword].value))
    old = str(dataset.file_meta[keyword].value).encode()
    path.write_bytes(path.read_bytes().replace(old, b"SECRET A1234567  ".ljust(length)[:length], 1))

    require_silence([path], capfd)


def test_words_of_pictures_go_nowhere(tmp_path, grey, capfd):
    """In the texts of PNG, TIFF and JPEG, and in the names of the files, sound or cut off."""
    told = PngInfo()
    for key in ("Title", "Author", PLANTED):
        told.add_text(key, PLANTED)
    folder = tmp_path / PLANTED
    folder.mkdir()
    Picture.fromarray(grey).save(folder / f"{PLANTED}.png", pnginfo=told)
    Picture.fromarray(grey).save(folder / f"{PLANTED}.jpg", comment=PLANTED.encode())
    tifffile.imwrite(folder / f"{PLANTED}.tif", grey.astype(np.uint16), description=PLANTED, software=PLANTED)
    for path in list(folder.iterdir()):
        data = path.read_bytes()
        for end in (100, 400, len(data) // 2):
            (folder / f"{PLANTED}-{end}{path.suffix}").write_bytes(data[:end])

    results = require_silence([folder], capfd)

    assert sum(isinstance(result, Image) for result in results) >= 3
