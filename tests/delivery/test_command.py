"""The command that sends: what it says, what it keeps, and what it refuses."""

import pytest
from pydicom import dcmread

from calcinet.apps.console import Exit
from calcinet.apps.sending import list_waiting, send_objects
from calcinet.errors import BadInput
from tests.support.captures import NOBODY, capture


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
