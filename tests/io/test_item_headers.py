"""Headers that other objects repeat, by item of a call."""

import numpy as np

from calcinet.io import read_all


def test_a_film_has_one_header_and_it_is_the_files_own(dicom):
    study = read_all([dicom(PatientID="MRN7")])

    assert study.source_header(0).PatientID == "MRN7"
    assert [header.SOPInstanceUID for header in study.source_headers(0)] == [study.source_header(0).SOPInstanceUID]


def test_a_picture_has_none(picture, grey):
    study = read_all([picture(grey)])

    assert study.source_header(0) is None
    assert study.source_headers(0) == []


def test_a_file_that_is_refused_has_none(dicom):
    study = read_all([dicom(Modality="MR")])

    assert study.source_header(0) is None


def test_a_film_that_nothing_can_refer_to_has_none(dicom):
    """Without a Study Instance UID."""
    study = read_all([dicom(StudyInstanceUID=None)])

    assert study.source_headers(0) == []
    assert np.isfinite(study[0].pixels).all()
