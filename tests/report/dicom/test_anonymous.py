"""A patient's name is planted in thirty places of a film, and none of it reaches an object."""

import logging

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from calcinet.api import examine_with_images
from calcinet.io.dicom.source_header import copy_source_header
from calcinet.io.dicom.writer import write_radiograph
from calcinet.phantoms.radiograph.limb import limb, random_spec
from calcinet.report.dicom.anonymous import anonymous_header
from calcinet.report.documents import Wanted
from calcinet.report.write import write_examination

SECRET = "ZZSECRET"

PLANTED = {
    "PatientName": f"{SECRET}^ANNA",
    "PatientID": f"{SECRET}1",
    "IssuerOfPatientID": f"{SECRET}2",
    "PatientBirthDate": "19010203",
    "PatientBirthName": f"{SECRET}^BORN",
    "PatientMotherBirthName": f"{SECRET}^MOTHER",
    "OtherPatientNames": f"{SECRET}^OTHER",
    "PatientAddress": f"{SECRET} STREET 3",
    "PatientTelephoneNumbers": f"{SECRET}4",
    "PatientComments": f"comment {SECRET}",
    "AdditionalPatientHistory": f"history of {SECRET}",
    "MilitaryRank": f"{SECRET}5",
    "EthnicGroup": f"{SECRET}6",
    "Occupation": f"{SECRET}7",
    "ResponsiblePerson": f"{SECRET}^SON",
    "AccessionNumber": f"{SECRET}8",
    "StudyID": f"{SECRET}9",
    "StudyDescription": f"leg of {SECRET}",
    "SeriesDescription": f"film of {SECRET}",
    "ReferringPhysicianName": f"{SECRET}^DOCTOR",
    "PerformingPhysicianName": f"{SECRET}^PERFORMER",
    "OperatorsName": f"{SECRET}^OPERATOR",
    "PhysiciansOfRecord": f"{SECRET}^RECORD",
    "NameOfPhysiciansReadingStudy": f"{SECRET}^READER",
    "InstitutionName": f"{SECRET} HOSPITAL",
    "InstitutionAddress": f"{SECRET} SQUARE",
    "StationName": f"{SECRET}10",
    "RequestingPhysician": f"{SECRET}^REQUESTER",
    "RequestedProcedureDescription": f"wish of {SECRET}",
    "ImageComments": f"seen by {SECRET}",
    "AdmissionID": f"{SECRET}11",
    "ProtocolName": f"{SECRET}12",
    "DerivationDescription": f"made by {SECRET}",
    "DeviceSerialNumber": f"{SECRET}13",
}
"""Thirty-four elements; a private one, a sequence and the identifiers of study, series and image come on top."""

DAY = "19010203"


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    path = tmp_path_factory.mktemp("secret") / "film.dcm"
    write_radiograph(path, limb(random_spec(8, net=True, vessels=True, anatomy="lower leg")).image)
    stored = dcmread(path)
    for keyword, value in PLANTED.items():
        setattr(stored, keyword, value)
    stored.StudyDate = stored.SeriesDate = stored.AcquisitionDate = DAY
    item = Dataset()
    item.PatientID = f"{SECRET}14"
    stored.OtherPatientIDsSequence = [item]
    stored.private_block(0x0011, f"{SECRET} MAKER", create=True).add_new(1, "LO", f"{SECRET}15")
    stored.save_as(path)
    return path


@pytest.fixture(scope="module")
def folder(film, tmp_path_factory):
    target = tmp_path_factory.mktemp("anonymous") / "out"
    record, images = examine_with_images([film])
    wanted = Wanted(("json", "html", "csv", "fhir", "dicom"), anonymous=True)
    write_examination(record, images, target, wanted)
    return target


def test_no_file_holds_what_was_planted(film, folder):
    """Neither names nor the birthday nor the film's own identifiers."""
    own = dcmread(film, stop_before_pixels=True)
    secrets = [SECRET, DAY, own.StudyInstanceUID, own.SeriesInstanceUID, own.SOPInstanceUID]
    files = [path for path in folder.rglob("*") if path.is_file()]

    assert len([path for path in files if path.suffix == ".dcm"]) == 4
    for path in files:
        for secret in secrets:
            assert secret.encode() not in path.read_bytes(), (path.name, secret)


def test_objects_say_that_and_how_they_are_anonymous(folder):
    for path in folder.glob("*.dcm"):
        made = dcmread(path, stop_before_pixels=True)
        assert made.PatientIdentityRemoved == "YES"
        assert made.DeidentificationMethodCodeSequence[0].CodeValue == "113100"
        assert not made.PatientName
        assert not made.PatientID


def test_objects_of_one_study_stay_together(folder):
    made = [dcmread(path, stop_before_pixels=True) for path in folder.glob("*.dcm")]

    assert len({each.StudyInstanceUID for each in made}) == 1
    assert len({each.SOPInstanceUID for each in made}) == len(made)


def test_header_is_not_changed_itself(film):
    parent = copy_source_header(dcmread(film, stop_before_pixels=True))
    before = parent.to_json()
    stripped = anonymous_header(parent)

    assert parent.to_json() == before
    assert stripped.SOPClassUID == parent.SOPClassUID
    assert stripped.SOPInstanceUID != parent.SOPInstanceUID
    assert anonymous_header(parent).SOPInstanceUID == stripped.SOPInstanceUID


def test_pictures_of_a_film_with_letters_burned_in_are_left_out(film, tmp_path):
    stored = dcmread(film)
    stored.BurnedInAnnotation = "YES"
    stored.save_as(tmp_path / "letters.dcm")
    record, images = examine_with_images([tmp_path / "letters.dcm"])
    for anonymous, names in ((True, {"img-1.seg.dcm", "report.sr.dcm"}), (False, {"img-1.sc.dcm", "report.pdf.dcm"})):
        out = tmp_path / str(anonymous)
        write_examination(record, images, out, Wanted(("dicom",), anonymous=anonymous))
        written = {path.name for path in out.glob("*.dcm")}
        assert names <= written
        assert ("img-1.sc.dcm" in written) is not anonymous


@pytest.mark.parametrize("name", ["山田^太郎", "One Part Only ^^^^^^^^", "Müller^Jürgen=山田^太郎"])
def test_names_survive_in_objects_and_reach_no_log(film, tmp_path, name, caplog, capsys):
    """In every script, well formed or not, where the patient is to be named."""
    stored = dcmread(film)
    stored.SpecificCharacterSet = "ISO_IR 192"
    stored.PatientName = name
    stored.save_as(tmp_path / "named.dcm")
    caplog.set_level(logging.DEBUG)
    record, images = examine_with_images([tmp_path / "named.dcm"])
    write_examination(record, images, tmp_path / "out", Wanted(("dicom",)))
    said = caplog.text + "".join(capsys.readouterr())

    for path in (tmp_path / "out").glob("*.dcm"):
        assert str(dcmread(path).PatientName) == name
    assert name.split("^")[0] not in said


def test_header_with_broken_values_is_still_written(film, tmp_path):
    """A date that is none and a sex that the standard does not know are left blank, not repeated."""
    stored = dcmread(film)
    stored.PatientSex = "X"
    stored.NumberOfFrames = 1
    stored.add_new("PatientBirthDate", "LO", "yesterday")
    stored["PatientBirthDate"].VR = "DA"
    stored.save_as(tmp_path / "broken.dcm")
    record, images = examine_with_images([tmp_path / "broken.dcm"])
    write_examination(record, images, tmp_path / "out", Wanted(("dicom",)))

    for path in (tmp_path / "out").glob("*.dcm"):
        assert not dcmread(path).PatientBirthDate
        assert not dcmread(path).PatientSex


def test_film_without_identifiers_has_no_parent(film):
    header = dcmread(film, stop_before_pixels=True)
    del header.StudyInstanceUID

    assert copy_source_header(header) is None
    assert np.all([copy_source_header(Dataset()) is None])
