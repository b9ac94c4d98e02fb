"""A real Orthanc is asked for earlier studies and gives them, by C-FIND and C-MOVE and by QIDO-RS and WADO-RS."""

from datetime import date

import pytest

from calcinet.delivery import destination
from calcinet.delivery.earlier import Question, open_archive
from calcinet.delivery.outcome import Unreachable
from calcinet.reception import Listener, Listening, read_caller
from tests.support.captures import uid_of
from tests.support.priors import introduce, make_object, put, study_uid

PATIENT = "EARLIER-7"
FIRST, LAST = date(2020, 1, 1), date(2025, 12, 31)

pytestmark = pytest.mark.xdist_group("orthanc")


@pytest.fixture(scope="module")
def there(orthanc):
    """In the archive: a study with two series, one after the last day, and one of a patient whose number is longer."""
    part = {"PatientID": PATIENT, "StudyDate": "20240501", "PatientSex": "F", "PatientBirthDate": "19500101"}
    film = make_object("there", Modality="CR", BodyPartExamined="LEG", **part)
    report = make_object("there", Modality="SR", **part)
    late = make_object("late", PatientID=PATIENT, StudyDate="20260101", Modality="CR")
    other = make_object("other", PatientID=PATIENT + "7", StudyDate="20240501", Modality="CR")
    put(orthanc, film, report, late, other)
    return film


@pytest.fixture(scope="module")
def listening():
    came = []
    where = Listening(title="PRIORS", host="127.0.0.1", port=0, callers=[read_caller("ORTHANC")])
    running = Listener(where, came.append, lambda _: None)
    yield running, came
    running.close()


@pytest.fixture(params=["node", "web"])
def source(request, orthanc):
    if request.param == "web":
        return destination(orthanc.dicomweb)
    return destination(f"{orthanc.node}?calling=PRIORS")


def test_study_is_found_by_patient_and_day_with_its_series_and_comes(orthanc, there, listening, source):
    """One object, byte for byte in its identifiers; a node says whom it sends it for."""
    listener, came = listening
    introduce(orthanc, "PRIORS", listener.port)
    came.clear()
    kept = []
    with open_archive(source, "PRIORS") as archive:
        (found,) = archive.find_studies(Question(patient_id=PATIENT), FIRST, LAST)
        series = {one.modality: one for one in archive.find_series(found.study)}
        given = archive.fetch(found.study, series["CR"].series, kept.append)

    assert (found.study, found.patient_id, found.day) == (study_uid(there), PATIENT, date(2024, 5, 1))
    assert (found.born, found.sex) == ("19500101", "F")
    assert set(series) == {"CR", "SR"}
    assert (series["CR"].body_part, series["CR"].objects) == ("LEG", 1)
    assert given == 1
    assert [uid_of(one) for one in kept] + [one.uid for one in came] == [uid_of(there)]
    assert [one.moved_by for one in came] in ([], ["PRIORS"])


def test_node_that_the_archive_does_not_know_is_told_what_to_enter(orthanc, there, listening):
    introduce(orthanc, "PRIORS", listening[0].port)
    with (
        open_archive(destination(f"{orthanc.node}?calling=PRIORS"), "NOWHERE") as archive,
        pytest.raises(Unreachable, match="the archive"),
    ):
        archive.fetch(study_uid(there), "1.2.3", lambda _: None)


def test_stranger_and_dead_address_are_a_sentence(orthanc):
    with (
        pytest.raises(Unreachable, match="the archive"),
        open_archive(destination(f"{orthanc.node}?calling=STRANGER"), "STRANGER") as archive,
    ):
        archive.find_studies(Question(patient_id=PATIENT), FIRST, LAST)
    with (
        pytest.raises(Unreachable, match="does not answer"),
        open_archive(destination("http://127.0.0.1:9/dicom-web"), "PRIORS") as archive,
    ):
        archive.find_studies(Question(patient_id=PATIENT), FIRST, LAST)
    with (
        pytest.raises(Unreachable, match="HTTP 404"),
        open_archive(destination(f"{orthanc.http}/nothing"), "PRIORS") as archive,
    ):
        archive.find_studies(Question(patient_id=PATIENT), FIRST, LAST)
