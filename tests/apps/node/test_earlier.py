"""A new film of a patient beside an earlier one out of a real archive (Orthanc), with no hand: by both ways."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from pydicom import dcmread

from calcinet.apps.node.earlier import NO_PATIENT, Fetching
from calcinet.apps.node.moved import Expected, Moved
from calcinet.apps.node.register import Register
from calcinet.apps.web.data_folder import DataFolder
from calcinet.apps.web.earlier_studies import read_told
from calcinet.apps.web.queue import Queue
from calcinet.delivery import destination
from calcinet.delivery.earlier import EarlierRule
from calcinet.reception import Answer, Arrival, NotTaken
from tests.support.nodes import STORESCU, Node, await_that
from tests.support.orthanc import free_port
from tests.support.partners import need
from tests.support.priors import introduce, make_object, put, restate, study_uid

LEG = {"BodyPartExamined": "LEG", "ImageLaterality": "L", "PatientSex": "F"}


def make_new(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "new.dcm"
    path.write_bytes(content)
    return path


@pytest.mark.slow
@pytest.mark.xdist_group("node")
@pytest.mark.parametrize("way", ["node", "web"])
def test_film_is_compared_with_the_earlier_one_of_the_archive(tmp_path, orthanc, make_film, way):
    """The earlier film was taken on 2024-05-01; it is not examined as a new study, and the report says what changed."""
    need(STORESCU, "DCMTK")
    told = {**LEG, "PatientID": f"WAY-{way}"}
    earlier = restate(make_film(1), f"{way} earlier", StudyDate="20240501", AcquisitionDate="20240501", **told)
    new = restate(make_film(2), f"{way} new", StudyDate="20260601", AcquisitionDate="20260601", **told)
    put(orthanc, earlier)
    source = f"{orthanc.node}?calling=COMPARING" if way == "node" else orthanc.dicomweb
    options = ["--title", "COMPARING", "--accept", "MODALITY@127.0.0.1", "--accept", "ORTHANC@127.0.0.1"]
    options += ["--send", orthanc.node, "--priors", source, "--quiet-seconds", "1"]
    node = Node(tmp_path / "node" / "data", options, port=free_port())
    introduce(orthanc, "COMPARING", node.port)
    node.start()
    try:
        assert node.send([make_new(tmp_path, new)], called="COMPARING") == 0
        await_that(lambda: "objects delivered" in node.log, "results in the archive")
        await_that(lambda: list_reports(orthanc, study_uid(new)), "the report in the archive")
        record = json.loads(next((node.data / "studies").glob("*/result/record.json")).read_bytes())
    finally:
        node.stop()

    assert node.log.count("objects of MODALITY") == 1
    assert len(list((node.data / "studies").iterdir())) == 1
    sentences = record["summary"]["sentences"]
    assert "Compared with earlier studies out of the archive, of 1 May 2024." in sentences
    assert {"timeline.json", "timeline.html"} <= set(record["files"])
    assert len(list((node.data / "earlier-records").iterdir())) == 1
    assert len(list_reports(orthanc, study_uid(new))) == 1


def list_reports(archive, study):
    """The structured reports of a study that say that it was compared; a delivery may come in several parts."""
    return [one for one in archive.get("/instances?expand") if is_report(archive, one, study)]


def is_report(archive, instance, study):
    """Whether it is the structured report of a study, and says that it was compared."""
    tags = archive.get(f"/instances/{instance['ID']}/simplified-tags")
    return (
        tags["StudyInstanceUID"] == study
        and tags["Modality"] == "SR"
        and "Compared with earlier studies" in json.dumps(tags)
    )


@pytest.fixture
def fetch(tmp_path):
    """Looks for the studies before one, and gives the sentences."""
    data = DataFolder(tmp_path / "data")
    data.make()
    said: list[str] = []

    def look(source: str, content: bytes) -> list[str]:
        rule = EarlierRule(source=destination(source))
        fetching = Fetching(
            data=data,
            register=Register(data.register),
            queue=Queue(data.queue),
            rule=rule,
            title="COMPARING",
            moved=Moved(source=rule.source, take_new=lambda _: None),
            log=said.append,
        )
        path = make_new(tmp_path, content)
        await_that(lambda: fetching.is_ready("0123", [path]), "the answer of the archive")
        fetching.close()
        return read_told(data.earlier / "0123")

    return look


FILM = {"Modality": "CR", "StudyDate": "20260601"}


@pytest.mark.parametrize("patient", ["", "*", "12?"])
def test_nobody_is_asked_for_a_patient_that_may_be_several(fetch, patient):
    """An empty Patient ID, or a wild card, would match everybody (PS3.4 C.2.2.2)."""
    assert fetch("dicom://NOBODY@127.0.0.1:9", make_object("one", PatientID=patient, **FILM)) == [NO_PATIENT]


def test_archive_that_is_down_is_a_sentence(fetch):
    new = make_object("one", PatientID="NOBODY-KNOWN", **FILM)

    assert fetch("http://127.0.0.1:9/dicom-web", new) == [
        "Earlier studies could not be asked for: the archive does not answer, or breaks off."
    ]


def test_archive_that_has_nothing_is_a_sentence(fetch, orthanc):
    new = make_object("one", PatientID="NOBODY-KNOWN", **FILM)

    assert fetch(orthanc.dicomweb, new) == [
        "The archive names no earlier study of this patient to compare with, back to 1 June 2021."
    ]


def test_kind_that_is_never_compared_asks_nobody(fetch):
    assert fetch("dicom://NOBODY@127.0.0.1:9", make_object("one", Modality="OT")) == []


def test_what_was_asked_for_is_kept_apart_and_what_is_late_is_not_examined_as_new(tmp_path):
    new: list[Arrival] = []
    moved = Moved(source=destination("dicom://PACS@127.0.0.1:104?calling=HERE"), take_new=new.append)
    content = make_object("one")
    uid = str(dcmread(BytesIO(content)).SOPInstanceUID)
    asked = Arrival(content=content, uid=uid, sop_class="1.2", caller="PACS", moved_by="HERE")
    with moved.expecting(Expected(study=study_uid(content), folder=tmp_path)):
        moved.take(asked)
        moved.take(asked)
    with pytest.raises(NotTaken) as late:
        moved.take(asked)
    moved.take(Arrival(content=content, uid=uid, sop_class="1.2", caller="PACS", moved_by="OTHER"))

    assert [path.name for path in tmp_path.iterdir()] == [f"{uid}.dcm"]
    assert late.value.answer is Answer.FAILED
    assert [one.moved_by for one in new] == ["OTHER"]
