"""The table of DICOM objects: which are named, and in which order."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread

from calcinet.report.dicom.objects import ObjectMaterial, dicom_objects
from calcinet.report.edition import Edition
from tests.support import handmade, handmade_ct

RECORD = handmade.examination()
ALL = ("sr", "seg", "sc", "encapsulated-pdf").__contains__


def draw_nothing(image_id: str) -> np.ndarray:
    return np.zeros((20, 30, 3), np.uint8)


def print_nothing(record) -> bytes:
    return b"%PDF-"


@pytest.fixture
def material() -> ObjectMaterial:
    edition = Edition.of(RECORD, when=datetime(2026, 1, 2, tzinfo=UTC))
    return ObjectMaterial(
        images=(handmade.sourced(),), edition=edition, make_picture=draw_nothing, make_paper=print_nothing
    )


def test_objects_are_named_report_first_and_paper_last(material):
    names = ["report.sr.dcm", "img-1.seg.dcm", "img-1.sc.dcm", "report.pdf.dcm"]

    assert list(dicom_objects(material, ALL)) == names
    assert list(dicom_objects(material, ("sc", "sr").__contains__)) == ["report.sr.dcm", "img-1.sc.dcm"]


def test_each_object_is_what_its_name_says(material):
    made = {name: dcmread(BytesIO(make(RECORD))).Modality for name, make in dicom_objects(material, ALL).items()}

    assert made == {
        "report.sr.dcm": "SR",
        "img-1.seg.dcm": "SEG",
        "img-1.sc.dcm": "OT",
        "report.pdf.dcm": "DOC",
    }


def test_without_an_image_from_dicom_there_is_no_object(material):
    assert dicom_objects(replace(material, images=()), ALL) == {}


def test_anonymous_a_film_with_letters_in_its_pixels_has_no_picture_and_no_paper(material):
    film = handmade.sourced()
    film.header.BurnedInAnnotation = "YES"
    lettered = replace(material, images=(film,))

    assert list(dicom_objects(replace(lettered, anonymous=True), ALL)) == ["report.sr.dcm", "img-1.seg.dcm"]
    assert len(dicom_objects(lettered, ALL)) == 4


def test_a_ct_without_matching_slices_has_a_picture_and_a_paper_alone(material):
    ct = replace(handmade_ct.sourced(), slice_headers=())

    assert list(dicom_objects(replace(material, images=(ct,)), ALL)) == ["img-1.sc.dcm", "report.pdf.dcm"]


def test_each_study_has_a_report_and_a_paper_of_its_own(material):
    """Three films, the first and the last of one study: numbered by the first film of each."""
    films = []
    for number, study in enumerate(("1.2.3.2", "1.2.3.20", "1.2.3.2"), start=1):
        record = RECORD.images[0].model_copy(update={"id": f"img-{number}"})
        film = handmade.sourced(record, f"1.2.3.4.{number}")
        film.header.StudyInstanceUID = study
        films.append(film)
    several = replace(material, images=tuple(films))
    named = dicom_objects(several, ("sr", "encapsulated-pdf").__contains__)
    studies = {name: dcmread(BytesIO(make(RECORD))).StudyInstanceUID for name, make in named.items()}

    assert studies == {
        "report.sr.dcm": "1.2.3.2",
        "report-2.sr.dcm": "1.2.3.20",
        "report.pdf.dcm": "1.2.3.2",
        "report-2.pdf.dcm": "1.2.3.20",
    }
    assert [image.record.id for image in several.studies[0].own] == ["img-1", "img-3"]


def test_a_study_without_anything_measurable_has_a_paper_but_no_report(material):
    ct = replace(handmade_ct.sourced(), slice_headers=())
    ct.header.StudyInstanceUID = "1.2.3.20"
    both = replace(material, images=(handmade.sourced(), ct))

    assert list(dicom_objects(both, ("sr", "encapsulated-pdf").__contains__)) == [
        *("report.sr.dcm", "report.pdf.dcm", "report-2.pdf.dcm")
    ]
