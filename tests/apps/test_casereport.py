"""The draft of a case report on the command line."""

import json
import os

import pytest

from calcinet.apps.casereport import write_case_report
from calcinet.errors import BadInput
from tests.support import handmade


@pytest.fixture
def folder(tmp_path):
    """What examine wrote: the record, and one marked picture of one pixel."""
    folder = tmp_path / "examined"
    folder.mkdir()
    (folder / "record.json").write_text(handmade.examination().to_json(), encoding="utf-8")
    return folder


def test_a_draft_in_markdown_says_where_it_is(folder, tmp_path):
    """No picture beside the record, no folder of figures."""
    out = tmp_path / "draft.md"

    lines = write_case_report([folder], out)

    assert lines[0] == f"Draft: {out}"
    assert "questions to the author" in lines[1]
    assert out.read_text(encoding="utf-8").startswith("#")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["draft.md", "examined"]


def test_several_records_are_of_one_patient_only_as_far_as_the_author_knows(folder, tmp_path):
    """One line more than with one record."""
    lines = write_case_report([folder, folder / "record.json"], tmp_path / "draft.md")

    assert len(lines) == 3
    assert "one patient" in lines[-1]


@pytest.mark.parametrize("name", ["draft.pdf", "draft"])
def test_another_ending_is_refused(folder, tmp_path, name):
    with pytest.raises(BadInput, match=r"\.md or \.docx"):
        write_case_report([folder], tmp_path / name)


def test_a_draft_that_is_there_is_not_replaced_unasked(folder, tmp_path):
    out = tmp_path / "draft.md"
    out.write_text("mine", encoding="utf-8")

    with pytest.raises(BadInput, match="--force"):
        write_case_report([folder], out)

    assert out.read_text(encoding="utf-8") == "mine"
    write_case_report([folder], out, force=True)
    assert out.read_text(encoding="utf-8") != "mine"


def test_what_is_no_record_is_refused_by_its_number_and_not_its_name(folder, tmp_path):
    """A file's name may be a patient's."""
    other = tmp_path / "mrs-lee.json"
    other.write_text("{}", encoding="utf-8")

    with pytest.raises(BadInput, match="record 2 of 2 is no record") as refused:
        write_case_report([folder, other], tmp_path / "draft.md")

    assert "lee" not in str(refused.value)
    with pytest.raises(BadInput, match="record 2 of 2 does not exist"):
        write_case_report([folder, tmp_path / "gone"], tmp_path / "draft.md")


@pytest.mark.parametrize("name", ["../../secret", "/tmp/secret", "a/../../secret"])
def test_id_does_not_lead_out_of_the_folder(folder, tmp_path, name):
    """A picture lies where the id would lead to; neither is it read nor anything written beside the draft."""
    (tmp_path / "secret.overlay.png").write_bytes(b"secret")
    told = json.loads((folder / "record.json").read_text("utf-8"))
    told["images"][0]["id"] = name
    (folder / "record.json").write_text(json.dumps(told), "utf-8")

    with pytest.raises(BadInput, match="is no record"):
        write_case_report([folder], tmp_path / "draft.md")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["examined", "secret.overlay.png"]


def test_record_of_another_version_says_so(folder, tmp_path):
    told = json.loads((folder / "record.json").read_text("utf-8"))
    (folder / "record.json").write_text(json.dumps(told | {"schema": "calcinet.record/2"}), "utf-8")

    with pytest.raises(BadInput, match="another version of calcinet may have written it"):
        write_case_report([folder], tmp_path / "draft.md")


@pytest.mark.parametrize(
    "text", ["", "[]", "[" * 100_000, '{"a":' * 100_000, "NaN", "{", "\ufeff{}", '{"schema": 1e999}']
)
def test_what_cannot_be_read_as_a_record_is_refused(tmp_path, text):
    (tmp_path / "record.json").write_text(text, "utf-8")

    with pytest.raises(BadInput, match="record 1 of 1 is no record"):
        write_case_report([tmp_path], tmp_path / "draft.md")


def test_record_that_is_too_large_or_no_file_is_not_opened(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("CALCINET_MAX_RECORD_BYTES", "100")
    with pytest.raises(BadInput, match="record 1 of 1 cannot be read"):
        write_case_report([folder], tmp_path / "draft.md")

    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadInput, match="record 1 of 1 cannot be read"):
        write_case_report([tmp_path / "pipe"], tmp_path / "draft.md")


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + bytes(40)])
@pytest.mark.parametrize("suffix", [".md", ".docx"])
def test_picture_that_is_none_is_refused(folder, tmp_path, content, suffix):
    (folder / "img-1.overlay.png").write_bytes(content)

    with pytest.raises(BadInput, match="the picture of img-1 beside the record cannot be read"):
        write_case_report([folder], tmp_path / f"draft{suffix}")
