"""Objects reach a real archive by both ways, once each, whatever happens to it on the way."""

import gc
import json
import os
import threading
from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage, generate_uid

from calcinet.apps.console import Exit
from calcinet.apps.sending import list_waiting
from calcinet.apps.sending import send_objects as send
from calcinet.delivery import Outbox, default_outbox, deliver, destination
from calcinet.delivery.dimse import judge
from calcinet.delivery.stow import judged, require_stored
from calcinet.delivery.transport import Busy, Refused, Unreachable
from calcinet.errors import BadInput
from tests.support.orthanc import Orthanc

NAME = "Nemo^Captain"
NOBODY = "dicom://NOBODY@127.0.0.1:9"


def an_object(seed: int, side: int = 8) -> bytes:
    """A small secondary capture whose identifiers follow from the seed."""
    made = Dataset()
    made.SOPClassUID = SecondaryCaptureImageStorage
    made.SOPInstanceUID = generate_uid(entropy_srcs=[f"object {seed}"])
    made.StudyInstanceUID = generate_uid(entropy_srcs=["study"])
    made.SeriesInstanceUID = generate_uid(entropy_srcs=["series"])
    made.PatientName, made.PatientID, made.Modality = NAME, "1", "OT"
    made.Rows = made.Columns = side
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.BitsAllocated = made.BitsStored = 8
    made.HighBit, made.PixelRepresentation = 7, 0
    made.PixelData = np.full((side, side), seed % 256, np.uint8).tobytes()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    stream = BytesIO()
    made.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def uid_of(content: bytes) -> str:
    return str(dcmread(BytesIO(content)).SOPInstanceUID)


@pytest.fixture
def box(tmp_path) -> Outbox:
    return Outbox(tmp_path / "outbox")


@pytest.fixture(params=["node", "dicomweb"])
def where(request, orthanc):
    return destination(getattr(orthanc, request.param))


def test_objects_arrive_and_leave_the_outbox(box, where, orthanc):
    base = 1000 if str(where).startswith("dicom") else 2000
    objects = [an_object(base + number) for number in range(3)]
    for content in objects:
        box.put(content, where)

    done = deliver(box, where)

    assert (done.sent, done.waiting, done.refused) == (3, 0, 0)
    assert {uid_of(content) for content in objects} <= {*orthanc.instances()}
    assert box.waiting(where) == []


def test_sending_twice_is_harmless(box, where, orthanc):
    content = an_object(3000)
    for _ in range(2):
        box.put(content, where)
        box.put(content, where)
        assert deliver(box, where).whole

    assert orthanc.instances().count(uid_of(content)) == 1


@pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")
def test_receiver_that_is_down_loses_nothing(box):
    """The DICOM library leaves the socket of a failed association to the garbage collector, which says so."""
    where = destination(NOBODY)
    box.put(an_object(1), where)

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
    objects = [an_object(number) for number in range(200)]
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
    objects = [an_object(5000 + number) for number in range(20)]
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
    broken = box.put(an_object(6000), where)
    dataset = dcmread(broken)
    del dataset.StudyInstanceUID, dataset.SeriesInstanceUID, dataset.PatientID, dataset.SOPInstanceUID
    dataset.save_as(broken)
    box.put(an_object(6001), where)

    done = deliver(box, where, attempts=1)

    assert (done.sent, done.waiting, done.refused) == (1, 0, 1)
    (kept,) = box.refused(where)
    assert "refused" in json.loads(kept.with_suffix(".json").read_text())["reason"]
    (line,) = list_waiting(box.folder)
    assert f"1 object refused for good, reasons in {kept.parent}" in line


@pytest.mark.parametrize(
    ("status", "what"),
    [(0x0000, None), (0xB000, None), (0xA700, Busy), (0x0110, Busy), (0xA900, Refused), (0xC001, Refused)],
)
def test_status_of_c_store(status, what):
    if what is None:
        judge(status)
    else:
        with pytest.raises(what):
            judge(status)


@pytest.mark.parametrize(("status", "what"), [(400, Refused), (409, Refused), (401, Unreachable), (503, Unreachable)])
def test_answer_of_http(status, what):
    assert isinstance(judged(status), what)


def test_answer_of_stow_is_read_object_by_object():
    """A request may succeed and its object fail."""
    stored, failed, busy = Dataset(), Dataset(), Dataset()
    stored.ReferencedSOPSequence = [Dataset()]
    for answer, reason in ((failed, 0xA900), (busy, 0xA700)):
        item = Dataset()
        item.FailureReason = reason
        answer.FailedSOPSequence = [item]

    require_stored(stored)
    with pytest.raises(Refused):
        require_stored(failed)
    with pytest.raises(Busy):
        require_stored(busy)
    with pytest.raises(Unreachable):
        require_stored(Dataset())


def test_what_is_no_dicom_object_is_not_kept(box):
    with pytest.raises(BadInput, match="no whole DICOM object"):
        box.put(b"nothing", destination(NOBODY))

    assert box.waiting(destination(NOBODY)) == []


def test_outbox_is_its_owners_alone_and_names_nobody(box):
    where = destination(NOBODY)
    path = box.put(an_object(7), where)

    assert path.parent.stat().st_mode & 0o077 == 0
    assert "nemo" not in str([each.name for each in box.folder.rglob("*")]).lower()


def test_outbox_lies_where_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.setenv("CALCINET_OUTBOX", str(tmp_path / "here"))
    assert default_outbox() == tmp_path / "here"
    monkeypatch.delenv("CALCINET_OUTBOX")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert default_outbox() == tmp_path / "calcinet" / "outbox"


@pytest.mark.parametrize(
    "given",
    ["", "pacs", "ftp://host/x", "dicom://host:104", "dicom://A@host", f"dicom://{'X' * 17}@host:104", "dicom://A@h:x"],
)
def test_address_that_is_none_is_refused(given):
    with pytest.raises(BadInput, match="dicom://TITLE@host:port"):
        destination(given)


def test_login_in_an_address_is_refused_and_not_repeated():
    with pytest.raises(BadInput, match="netrc") as caught:
        destination("http://me:secret@host/dicom-web")

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("given", ["dicom://A@h:104?calling=ME", "dicom://pacs-1@h:11112", "https://h/dicom-web"])
def test_address_reads_back(given):
    assert str(destination(given)) == given


def test_command_sends_a_folder_and_says_how_many(tmp_path, orthanc, capsys):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "record.json").write_text("{}")
    (folder / "report.sr.dcm").write_bytes(an_object(8000))

    assert send([folder], orthanc.node, tmp_path / "box") is Exit.DONE
    assert "1 object delivered" in capsys.readouterr().out


def test_command_keeps_what_it_cannot_deliver_and_says_how_to_go_on(tmp_path, capsys):
    path = tmp_path / "a.dcm"
    path.write_bytes(an_object(9000))

    assert send([path], "http://127.0.0.1:9/dicom-web", tmp_path / "box", attempts=1) is Exit.FAILURE
    said = capsys.readouterr().err
    assert "Nothing is lost" in said
    assert "Nemo" not in said
    assert list_waiting(tmp_path / "box") == ["http://127.0.0.1:9/dicom-web: 1 object waiting"]


def test_command_without_anything_to_do(tmp_path, capsys):
    assert send([], None, tmp_path / "box") is Exit.DONE
    assert "Nothing waits" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("paths", "to", "match"),
    [(["."], None, "Give --to"), (["gone.dcm"], NOBODY, "does not exist"), (["."], NOBODY, "no DICOM object there")],
)
def test_command_that_cannot_be_right(tmp_path, monkeypatch, paths, to, match):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInput, match=match):
        send([tmp_path / path for path in paths], to, tmp_path / "box")


def test_crash_while_writing_leaves_no_half_object(box, monkeypatch):
    """The rename never happens: what was there before is still whole."""
    where = destination(NOBODY)
    path = box.put(an_object(1), where)
    before = path.read_bytes()

    def no_power(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", no_power)
    with pytest.raises(KeyboardInterrupt):
        box.put(an_object(1, side=16), where)

    assert path.read_bytes() == before
    assert box.waiting(where) == [path]
