"""`calcinet node` with a real modality (storescu) and a real archive (Orthanc): from the film to its results."""

import json
from pathlib import Path

import httpx
import pytest
from pydicom import dcmread

from tests.support.nodes import ECHOSCU, STORESCU, Node, await_that
from tests.support.partners import need
from tests.support.priors import restate
from tests.support.servers import Server

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("node")]

RESULTS = {"SR", "SEG", "OT", "DOC"}
"""Modalities of the objects of a film: structured report, segmentation, picture with marks, paper."""


@pytest.fixture(scope="module")
def node(tmp_path_factory, orthanc):
    need(STORESCU and ECHOSCU, "DCMTK")
    options = ("--accept", "MODALITY@127.0.0.1", "--accept", "WARD@10.0.0.0/8")
    options += ("--send", orthanc.node, "--quiet-seconds", "2")
    running = Node(tmp_path_factory.mktemp("node") / "data", options).start()
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module")
def films(tmp_path_factory, make_film) -> list[Path]:
    folder = tmp_path_factory.mktemp("sent")
    paths = []
    for number in range(1, 4):
        paths.append(folder / f"{number}.dcm")
        paths[-1].write_bytes(make_film(number))
    return paths


def find_results(archive, study_uid):
    """Modalities of what the archive holds of a study."""
    found = archive.get("/series?expand")
    parents = {one["ID"]: one["MainDicomTags"]["StudyInstanceUID"] for one in archive.get("/studies?expand")}
    return [one["MainDicomTags"]["Modality"] for one in found if parents.get(one["ParentStudy"]) == study_uid]


def test_film_of_a_modality_is_found_with_its_results_in_the_archive(node, orthanc, films):
    """Nobody does anything between storescu and Orthanc."""
    study = dcmread(films[0]).StudyInstanceUID

    assert node.send(films[:1]) == 0
    await_that(lambda: set(find_results(orthanc, study)) >= RESULTS, "results in the archive")

    assert sorted(find_results(orthanc, study)) == sorted(RESULTS)
    await_that(lambda: f"objects delivered to {orthanc.node}" in node.log, "the word that they are delivered")
    assert "objects wait" not in node.log
    assert not list((node.data / "received").iterdir())


def test_late_film_opens_the_study_again_and_its_results_say_what_they_replace(node, orthanc, films, make_film):
    """The second report names the first as its predecessor, and the paper does so, too; a series says its edition."""
    study = dcmread(films[0]).StudyInstanceUID
    (first,) = [one for one in list_objects(orthanc, study) if one["Modality"] == "SR"]
    late = films[0].with_name("late.dcm")
    late.write_bytes(restate(make_film(4), "late", StudyInstanceUID=study))

    assert node.send([late]) == 0
    await_that(lambda: {one["Modality"] for one in list_latest(orthanc, study)} == RESULTS, "results of both films")

    named = {one["Modality"]: one for one in list_latest(orthanc, study)}
    (of_report,) = named["SR"]["PredecessorDocumentsSequence"]
    (series,) = of_report["ReferencedSeriesSequence"]
    assert [one["ReferencedSOPInstanceUID"] for one in series["ReferencedSOPSequence"]] == [first["SOPInstanceUID"]]
    assert "PredecessorDocumentsSequence" in named["DOC"]
    assert "this replaces edition 1" in json.dumps(named["SR"])


def list_latest(archive, study_uid):
    """Those of them that say that they are of the second edition."""
    found = list_objects(archive, study_uid)
    return [one for one in found if one.get("SeriesDescription", "").endswith(", edition 2")]


def list_objects(archive, study_uid):
    """Tags of the objects that the archive holds of a study."""
    found = [archive.get(f"/instances/{one['ID']}/simplified-tags") for one in archive.get("/instances?expand")]
    return [one for one in found if one["StudyInstanceUID"] == study_uid]


def test_same_object_again_is_taken_and_not_examined_again(node, films):
    told = node.log.count("objects of MODALITY")

    assert node.send(films[:1]) == 0

    assert not list((node.data / "received").iterdir())
    assert node.log.count("objects of MODALITY") == told


@pytest.mark.parametrize(
    ("title", "called", "reason"),
    [
        ("STRANGER", "CALCINET", "Calling AE Title Not Recognized"),
        ("WARD", "CALCINET", "Calling AE Title Not Recognized"),
        ("MODALITY", "OTHER", "Called AE Title Not Recognized"),
    ],
)
def test_who_may_not_call_is_rejected_as_the_standard_says(node, title, called, reason):
    """WARD may call from its own network alone; the reasons are those of PS3.8 9.3.4."""
    answer = node.echo(title, called)

    assert answer.returncode != 0
    assert reason in answer.stdout + answer.stderr
    assert f"rejected {title} at 127.0.0.1" in node.log


def test_film_over_the_web_goes_the_same_way(node, orthanc, films):
    """A server on the node's folder takes it by STOW-RS; the node hands it over, one of both has it examined."""
    content = films[1].read_bytes()
    study = dcmread(films[1]).StudyInstanceUID
    web = Server(node.data).start()
    try:
        token = web.add_user("pacs", "editor")
        headers = {"Content-Type": 'multipart/related; type="application/dicom"; boundary=b'}
        body = b"--b\r\nContent-Type: application/dicom\r\n\r\n" + content + b"\r\n--b\r\n\r\nno object\r\n--b--\r\n"
        with httpx.Client(timeout=60) as stranger:
            assert stranger.post(f"{web.url}/dicom-web/studies", content=body, headers=headers).status_code == 401
        with web.client(token) as client:
            whole = client.post(f"{web.url}/dicom-web/studies", content=body, headers=headers)
            half = client.post(f"{web.url}/dicom-web/studies", content=body[:-9], headers=headers)
            other = client.post(f"{web.url}/dicom-web/studies/1.2.3", content=body, headers=headers)
    finally:
        web.stop()

    assert whole.status_code == 202
    assert [item["00081155"]["Value"] for item in whole.json()["00081199"]["Value"]] == [
        [dcmread(films[1]).SOPInstanceUID]
    ]
    assert [item["00081197"]["Value"] for item in whole.json()["00081198"]["Value"]] == [[0xC000]]
    assert half.status_code == 400
    assert [item["00081197"]["Value"] for item in other.json()["00081198"]["Value"]] == [[0xA900], [0xC000]]
    await_that(lambda: set(find_results(orthanc, study)) >= RESULTS, "results in the archive")
    assert sorted(find_results(orthanc, study)) == sorted(RESULTS)


def test_object_that_is_cut_off_is_refused_with_its_status(node, tmp_path, films):
    """What storescu sends is whole; without its pixels it is none (C000)."""
    cut = dcmread(films[2])
    del cut.PixelData
    cut.save_as(tmp_path / "cut.dcm")

    assert node.send([tmp_path / "cut.dcm"]) != 0
    assert "refused an object of MODALITY (C000): it is cut off" in node.log


def test_echo_is_answered(node):
    assert node.echo().returncode == 0
