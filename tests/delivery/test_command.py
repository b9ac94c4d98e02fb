"""The command that sends: what it says, what it keeps, and what it refuses."""

import os
from io import BytesIO

import pytest
from pydicom import dcmread, dcmwrite

from calcinet.apps.console import Exit
from calcinet.apps.sending import drop_objects, list_waiting, send_objects
from calcinet.delivery import Outbox, destination
from calcinet.delivery.outbox import OutboxFull
from calcinet.errors import BadInput
from tests.support.captures import NOBODY, capture, uid_of


def test_command_sends_a_folder_and_says_how_many(tmp_path, orthanc, capsys):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "record.json").write_text("{}")
    (folder / "report.sr.dcm").write_bytes(capture(8000))

    assert send_objects([folder], orthanc.node, tmp_path / "box") is Exit.DONE
    assert "1 object delivered" in capsys.readouterr().out


def test_command_keeps_what_it_cannot_deliver_and_says_how_to_go_on(tmp_path, capsys):
    path = tmp_path / "a.dcm"
    path.write_bytes(capture(9000))

    assert send_objects([path], "http://127.0.0.1:9/dicom-web", tmp_path / "box", attempts=1) is Exit.FAILURE
    said = capsys.readouterr().err
    assert "Nothing is lost" in said
    assert "Nemo" not in said
    waits, study = list_waiting(tmp_path / "box")
    assert waits.startswith("http://127.0.0.1:9/dicom-web: 1 object waiting since 20")
    assert waits.endswith(", tried once: the service does not answer, or breaks off")
    assert study == f"  study {dcmread(path).StudyInstanceUID}: 1 Secondary Capture Image"


def test_command_without_anything_to_do(tmp_path, capsys):
    assert send_objects([], None, tmp_path / "box") is Exit.DONE
    assert "Nothing waits" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("paths", "to", "match"),
    [(["."], None, "Give --to"), (["gone.dcm"], NOBODY, "does not exist"), (["."], NOBODY, "no DICOM object there")],
)
def test_command_that_cannot_be_right(tmp_path, monkeypatch, paths, to, match):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInput, match=match):
        send_objects([tmp_path / path for path in paths], to, tmp_path / "box")


def put_folder(folder, *contents: bytes):
    folder.mkdir()
    for number, content in enumerate(contents):
        (folder / f"{number}.dcm").write_bytes(content)
    return folder


def test_bad_object_among_good_ones_is_told_and_the_rest_is_delivered(tmp_path, orthanc, capsys):
    """Three, of which one is cut."""
    good, cut = [capture(seed) for seed in (8100, 8101)], capture(8102)[:-20]
    folder = put_folder(tmp_path / "out", good[0], cut, good[1])

    assert send_objects([folder], orthanc.dicomweb, tmp_path / "box") is Exit.FAILURE
    said = capsys.readouterr()
    assert "2 objects delivered" in said.out
    assert "file 2 of 3: found a DICOM object that is cut off" in said.err
    assert {*map(uid_of, good)} <= {*orthanc.instances()}


def test_object_without_a_class_is_refused_before_it_is_taken(tmp_path):
    """As the only one it is wrong usage, and nothing waits."""
    dataset = dcmread(BytesIO(capture(8103)))
    del dataset.SOPClassUID
    dcmwrite(tmp_path / "a.dcm", dataset)

    with pytest.raises(BadInput, match=rf"object {dataset.SOPInstanceUID}: it does not say what it is"):
        send_objects([tmp_path / "a.dcm"], NOBODY, tmp_path / "box")
    assert list_waiting(tmp_path / "box") == ["Nothing waits in the outbox."]


def test_folder_that_does_not_say_where_to_is_told_and_the_rest_goes_on(tmp_path, orthanc, capsys):
    box = Outbox(tmp_path / "box")
    box.put(capture(8104), destination(NOBODY))
    box.put(capture(8105), destination(orthanc.node))
    (box.folder_of(destination(NOBODY)) / "destination.json").write_text("{")

    assert send_objects([], None, box.folder) is Exit.FAILURE
    said = capsys.readouterr()
    assert "1 object delivered" in said.out
    assert f"1 object in {box.folder_of(destination(NOBODY))}, and nothing is delivered from there" in said.err
    assert "1 object in" in list_waiting(box.folder)[0]


def test_what_waits_for_a_wrong_address_is_dropped(tmp_path):
    box = Outbox(tmp_path / "box")
    box.put(capture(8106), destination(NOBODY))

    with pytest.raises(BadInput, match="--to"):
        drop_objects(None, box.folder)
    assert drop_objects(NOBODY, box.folder) == [f"1 object for {NOBODY} deleted from the outbox."]
    assert list_waiting(box.folder) == ["Nothing waits in the outbox."]


def test_full_outbox_delivers_what_it_has(tmp_path, orthanc, capsys, monkeypatch):
    """The disk is full at the second of two objects."""
    folder = put_folder(tmp_path / "out", capture(8107), capture(8108))
    put = Outbox.put

    def put_until_full(box, content, where):
        if content == capture(8108):
            raise OutboxFull("the outbox cannot take it (No space left on device): make room")
        return put(box, content, where)

    monkeypatch.setattr(Outbox, "put", put_until_full)

    assert send_objects([folder], orthanc.node, tmp_path / "box") is Exit.FAILURE
    said = capsys.readouterr()
    assert "1 object delivered" in said.out
    assert "1 object not put into the outbox: the outbox cannot take it (No space left on device)" in said.err


def test_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(BadInput, match="neither a file nor a folder"):
        send_objects([tmp_path / "pipe"], NOBODY, tmp_path / "box")
