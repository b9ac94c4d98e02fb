"""Objects that are no images: passed over beside images, refused where they are all there is."""

import numpy as np
import pytest
from pydicom.dataset import Dataset

from calcinet.api import examine
from calcinet.image import Image
from calcinet.io import read_all
from calcinet.io.objects_beside import is_object

OBJECTS = {
    "1": ("PR", "1.2.840.10008.5.1.4.1.1.11.1"),
    "2": ("KO", "1.2.840.10008.5.1.4.1.1.88.59"),
    "3": ("SR", "1.2.840.10008.5.1.4.1.1.88.33"),
    "4": ("SR", "1.2.840.10008.5.1.4.1.1.88.34"),
    "5": ("RTSTRUCT", "1.2.840.10008.5.1.4.1.1.481.3"),
    "6": ("REG", "1.2.840.10008.5.1.4.1.1.66.1"),
}
"""Modality and SOP Class by the name of the file."""


@pytest.fixture
def objects(dicom, tmp_path):
    """A folder of a presentation state, a key object note, two reports, outlines and a registration, without pixels."""
    for name, (modality, sop_class) in OBJECTS.items():
        uids = {"SOPClassUID": sop_class, "SOPInstanceUID": f"1.2.3.{name}", "SeriesInstanceUID": f"1.2.4.{name}"}
        dicom(f"study/objects/{name}", Modality=modality, PixelData=None, Rows=None, Columns=None, **uids)
    return tmp_path / "study"


def test_beside_an_image_they_are_passed_over_in_one_sentence(objects, dicom):
    dicom("study/film.dcm")
    study = read_all([objects])

    assert [type(item) for item in study] == [Image]
    assert study.file_count == 7
    assert study.passed_over == (
        "6 files beside the images hold no image and were passed over: a presentation state (1), a key object note (1),"
        " a structured report (2), a set of radiotherapy outlines (1), an object of modality REG (1)."
    )


def test_a_record_holds_the_sentence_and_no_refusal(objects, dicom):
    dicom("study/film.dcm")
    record = examine([objects])

    assert [image.refused for image in record.images] == [None]
    assert record.summary.sentences[-1].startswith("6 files beside the images hold no image")


def test_alone_each_is_refused_by_name(objects):
    study = read_all([objects])

    assert study.passed_over is None
    assert len(study) == 6
    assert {item.code for item in study} == {"not-a-radiograph"}
    assert "found a presentation state; expected a radiograph" in study[0].reason


def test_beside_what_is_refused_alone_they_are_refused_too(objects, dicom):
    """A magnetic resonance image is no image that is examined."""
    dicom("study/mr.dcm", Modality="MR")

    assert read_all([objects]).passed_over is None


def test_an_image_without_its_pixels_is_no_object(dicom):
    """It is a damaged film, and is refused beside a sound one."""
    study = read_all([dicom("a.dcm"), dicom("b.dcm", PixelData=None, SOPInstanceUID="1.2.3")])

    assert len(study) == 2
    assert study.passed_over is None
    assert not isinstance(study[1], Image)


@pytest.mark.parametrize(
    ("modality", "has_pixels", "is_one"),
    [("SEG", True, True), ("RTDOSE", True, True), ("MR", True, False), ("OT", True, False), ("OT", False, True)],
)
def test_what_is_an_object(modality, has_pixels, is_one):
    """A segmentation and a dose have pixels, but show no patient; a secondary capture is a picture."""
    dataset = Dataset()
    if has_pixels:
        dataset.PixelData = b"\0\0"

    assert is_object(dataset, modality) is is_one


@pytest.mark.parametrize("modality", [None, "DX"])
def test_a_picture_that_calcinet_drew_is_no_film(dicom, tmp_path, modality):
    """An archive gives out the whole study: its marks would be found as calcium."""
    uids = {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.7", "SOPInstanceUID": "1.2.3"}
    dicom("study/marked.dcm", Modality="OT", ManufacturerModelName="calcinet", **uids)
    (alone,) = read_all([tmp_path / "study"], modality=modality)
    dicom("study/film.dcm")
    study = read_all([tmp_path / "study"], modality=modality)

    assert "calcinet made" in alone.reason
    assert [type(item) for item in study] == [Image]
    assert study.passed_over == (
        "1 file beside the images holds no image and was passed over: an object of modality OT (1)."
    )


def test_several_frames_of_a_secondary_capture_are_no_film(dicom, film):
    """Two sheets of a digitiser in one object: said what is to be done, and no first frame examined in silence."""
    pixels = np.stack([film.plane.astype(np.uint16)] * 2)
    path = dicom(SOPClassUID="1.2.840.10008.5.1.4.1.1.7.3", NumberOfFrames=2, PixelData=pixels.tobytes())
    (refused,) = read_all([path])

    assert refused.code == "multi-frame"
    assert "export the frame that is meant" in refused.reason
