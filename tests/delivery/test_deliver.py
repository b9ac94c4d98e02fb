"""Objects reach a real archive by both ways, once each, whatever happens to it on the way."""

import gc
import json
import threading

import pytest
from pydicom import dcmread

from calcinet.apps.sending import list_waiting
from calcinet.delivery import Outbox, deliver, destination
from tests.support.captures import NOBODY, capture, uid_of
from tests.support.orthanc import Orthanc


@pytest.fixture(params=["node", "dicomweb"])
def where(request, orthanc):
    return destination(getattr(orthanc, request.param))


def test_objects_arrive_and_leave_the_outbox(box, where, orthanc):
    base = 1000 if str(where).startswith("dicom") else 2000
    objects = [capture(base + number) for number in range(3)]
    for content in objects:
        box.put(content, where)

    done = deliver(box, where)

    assert (done.sent, done.waiting, done.refused) == (3, 0, 0)
    assert {uid_of(content) for content in objects} <= {*orthanc.instances()}
    assert box.waiting(where) == []


def test_sending_twice_is_harmless(box, where, orthanc):
    content = capture(3000)
    for _ in range(2):
        box.put(content, where)
        box.put(content, where)
        assert deliver(box, where).whole

    assert orthanc.instances().count(uid_of(content)) == 1


@pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")
def test_receiver_that_is_down_loses_nothing(box):
    """The DICOM library leaves the socket of a failed association to the garbage collector, which says so."""
    where = destination(NOBODY)
    box.put(capture(1), where)

    done = deliver(box, where, attempts=2, pause_s=0.01)

    assert (done.sent, done.waiting, done.refused) == (0, 1, 0)
    assert "does not answer" in done.because
    assert [str(each) for each in box.destinations()] == [NOBODY]
    gc.collect()


@pytest.mark.parametrize("way", ["node", "dicomweb"])
def test_receiver_killed_in_the_middle_of_200_loses_nothing(tmp_path, orthanc, way, monkeypatch):
    """A second archive, so that the shared one stays up: killed after 50, started again on its storage."""
    monkeypatch.setattr("calcinet.delivery.dimse.TIMEOUT_S", 3.0)  # long enough on loopback
    folder = tmp_path / "archive"
    folder.mkdir()
    mortal = Orthanc(folder).start()
    box, where = Outbox(tmp_path / "outbox"), destination(getattr(mortal, way))
    objects = [capture(number) for number in range(200)]
    for content in objects:
        box.put(content, where)
    try:
        first = deliver(box, where, attempts=1, progress=lambda done, _: mortal.kill() if done == 50 else None)
        left = len(box.waiting(where))
        mortal.start()
        second = deliver(box, where, attempts=1)

        assert 0 < first.sent < 200
        assert left >= 200 - first.sent > 0
        assert (second.sent, second.waiting, second.refused) == (left, 0, 0)
        assert sorted(mortal.instances()) == sorted(map(uid_of, objects))
        assert box.waiting(where) == []
    finally:
        mortal.stop()


def test_two_processes_at_once_send_everything_once(box, orthanc):
    where = destination(orthanc.node)
    objects = [capture(5000 + number) for number in range(20)]
    for content in objects:
        box.put(content, where)
    done = []
    threads = [threading.Thread(target=lambda: done.append(deliver(box, where))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(each.sent for each in done) == 20
    assert all(each.whole for each in done)


def test_object_that_is_refused_for_good_is_kept_with_the_reason(box, orthanc):
    """Orthanc answers 400 to what is no DICOM inside; a valid object after it still arrives."""
    where = destination(orthanc.dicomweb)
    broken = box.put(capture(6000), where)
    dataset = dcmread(broken)
    del dataset.StudyInstanceUID, dataset.SeriesInstanceUID, dataset.PatientID, dataset.SOPInstanceUID
    dataset.save_as(broken)
    box.put(capture(6001), where)

    done = deliver(box, where, attempts=1)

    assert (done.sent, done.waiting, done.refused) == (1, 0, 1)
    (kept,) = box.refused(where)
    assert "refused" in json.loads(kept.with_suffix(".json").read_text())["reason"]
    (line,) = list_waiting(box.folder)
    assert f"1 object refused for good, reasons in {kept.parent}" in line
