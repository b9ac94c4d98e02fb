"""Files of several patients, parted by their headers."""

import pydicom
import pytest

from calcinet.io import write_radiograph
from calcinet.io.patient_groups import group_by_patient
from tests.support.limbs import block_image


@pytest.fixture
def give(tmp_path):
    """A film of somebody."""

    def write(name, identifier, person):
        path = write_radiograph(tmp_path / name, block_image())
        header = pydicom.dcmread(path)
        header.PatientID, header.PatientName = identifier, person
        header.save_as(path)
        return path

    return write


def test_files_are_parted_by_whose_they_are(give, tmp_path):
    """Two of one, one of another; what is no DICOM file stays with the first."""
    first, other, again = give("1.dcm", "1", "A^B"), give("2.dcm", "2", "C^D"), give("3.dcm", "1", "A^B")
    words = tmp_path / "words.txt"
    words.write_text("words")

    groups = group_by_patient([words, first, other, again])

    assert [(group.identifier, group.files) for group in groups] == [("1", [first, again, words]), ("2", [other])]


def test_files_that_do_not_say_it_are_of_one(tmp_path):
    words = tmp_path / "words.txt"
    words.write_text("words")

    (group,) = group_by_patient([words])

    assert (group.identifier, group.files) == ("", [words])
