"""One call, one patient; and no patient in any sentence."""

import pytest
from pydicom.dataset import Dataset

from calcinet.io import Refusal, read_all
from calcinet.io.dicom.patient_identity import Patients, are_different, person_of


def who(**tags: str) -> Dataset:
    dataset = Dataset()
    for keyword, value in tags.items():
        setattr(dataset, keyword, value)
    return dataset


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param({"PatientID": "1"}, {"PatientID": "2"}, True, id="two identifiers"),
        pytest.param({"PatientID": "a1 "}, {"PatientID": "A1"}, False, id="one identifier in two spellings"),
        pytest.param(
            {"PatientID": "1", "PatientName": "Doe^Jane"},
            {"PatientID": "1", "PatientName": "Roe^Jane"},
            False,
            id="name changed",
        ),
        pytest.param(
            {"PatientID": "1", "PatientName": "Doe^Jane", "PatientBirthDate": "19500101"},
            {"PatientID": "1", "PatientName": "Roe^Ann", "PatientBirthDate": "19600101"},
            True,
            id="one number given twice",
        ),
        pytest.param(
            {"PatientID": "1", "IssuerOfPatientID": "A", "PatientName": "Doe^Jane", "PatientBirthDate": "19500101"},
            {"PatientID": "2", "IssuerOfPatientID": "B", "PatientName": "DOE JANE", "PatientBirthDate": "19500101"},
            False,
            id="two hospitals",
        ),
        pytest.param({"PatientName": "Doe^Jane"}, {"PatientName": "Roe^Jane"}, True, id="names alone"),
        pytest.param({"PatientName": "Doe^Jane"}, {"PatientName": "Doe^Jane=王^小"}, False, id="name in two scripts"),
        pytest.param({"PatientID": "1"}, {"PatientName": "Doe"}, False, id="nothing to compare"),
    ],
)
def test_headers_of_two_patients_are_told_apart(first, second, expected):
    """Identifiers decide, then names; either way round."""
    a, b = person_of(who(**first)), person_of(who(**second))

    assert are_different(a, b) is expected
    assert are_different(b, a) is expected


def test_nothing_of_a_person_is_kept_in_clear():
    """Only hashes remain of name, number and birth date."""
    person = person_of(who(PatientID="4711", PatientName="Doe^Jane", PatientBirthDate="19500101"))

    assert not any(word in repr(person) for word in ("4711", "Doe", "Jane", "1950"))


def test_mixed_patients_are_all_refused_without_a_name(dicom, picture, grey, tmp_path):
    """Two patients and a picture in one folder: three refusals, none of which names a person or a file."""
    dicom("in/doe.dcm", PatientID="1", PatientName="Doe^Jane")
    dicom("in/roe.dcm", PatientID="2", PatientName="Roe^Ann")
    picture(grey, "in/janes-leg.png")

    results = read_all([tmp_path / "in"])

    assert [result.code for result in results] == ["mixed-patients"] * 3
    assert all(isinstance(result, Refusal) and "sort the files" in result.reason for result in results)
    assert not any(word in repr(results).lower() for word in ("doe", "roe", "jane", "ann"))


def test_a_report_of_another_patient_makes_a_folder_mixed(dicom, tmp_path):
    """It is refused as no film, and yet its header counts."""
    dicom("in/1.dcm", PatientID="1")
    dicom("in/2.dcm", PatientID="2", Modality="SR")

    assert [result.code for result in read_all([tmp_path / "in"])] == ["mixed-patients"] * 2


def test_persons_of_a_call_are_mixed_from_the_second_on():
    """The same person twice and a header without a person change nothing."""
    patients = Patients()
    patients.add(person_of(who(PatientID="1")))
    patients.add(person_of(who(PatientID="1")))
    patients.add(person_of(who()))
    before = patients.are_mixed
    patients.add(person_of(who(PatientID="2")))

    assert (before, patients.are_mixed) == (False, True)
