"""The draft of a case report on the command line."""

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
    with pytest.raises(BadInput, match="record 1 of 1 cannot be read"):
        write_case_report([tmp_path / "gone"], tmp_path / "draft.md")
