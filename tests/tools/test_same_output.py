"""The comparing part of tools.same_output, on files written by hand."""

import json
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from tools.compare import difference, difference_of_bytes, differing, digests, first_json_difference
from tools.same_output import Outcome, _choose, _summarise, main
from tools.studies import PHANTOMS, STUDIES


def _make_folder(path: Path, **files: bytes) -> Path:
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def _make_dicom(path: Path, name: str) -> bytes:
    dataset = pydicom.Dataset()
    dataset.PatientName = name
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    dataset.save_as(path, enforce_file_format=True)
    return path.read_bytes()


def test_digests_go_down_into_folders_and_know_files_by_their_path_within(tmp_path):
    found = digests(_make_folder(tmp_path, **{"b": b"", "a/c": b"abc"}))

    assert list(found) == ["a/c", "b"]
    assert found["a/c"] == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-4, for "abc"


def test_files_of_one_folder_alone_and_files_with_other_bytes_differ():
    assert differing({"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "9", "d": "4"}) == ["b", "c", "d"]


def test_equal_folders_do_not_differ(tmp_path):
    one, other = (digests(_make_folder(tmp_path / name, a=b"x")) for name in ("one", "other"))

    assert differing(one, other) == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({"a": 1}, {"a": 1}, None),
        ({"a": [{"b": 1}, {"b": 2}]}, {"a": [{"b": 1}, {"b": 3}]}, "a[1].b: 2, now 3"),
        ({"a": 1, "b": 2}, {"a": 9, "b": 9}, "a: 1, now 9"),
        ({"a": 1}, {}, "a: 1, now absent"),
        ([1], [1, None], "[1]: absent, now null"),
        ({"a": 1}, {"a": 1.0}, "a: 1, now 1.0"),
        ({"a": 1}, {"a": True}, "a: 1, now true"),
        ({"a": {"b": 1, "c": 2}}, {"a": {"c": 2, "b": 1}}, "a: order of keys"),
        ("x", ["x"], 'the whole: "x", now ["x"]'),
    ],
)
def test_the_first_difference_of_json_is_named_by_its_path(before, after, said):
    assert first_json_difference(before, after) == said


def test_a_long_value_is_cut():
    said = first_json_difference("x" * 500, "")

    assert said is not None
    assert len(said) < 100


def test_json_that_differs_in_blanks_alone_is_named_by_its_line():
    assert difference_of_bytes(b'{"a": 1}', b'{"a":  1}').startswith("line 1")


def test_text_is_named_by_its_line_and_shows_what_parts():
    assert difference_of_bytes(b"one\ntwo\n", b"one\ntwenty\n") == "line 2: 'two', now 'twenty'"


def test_text_that_differs_in_its_last_line_break_alone_is_named_by_its_byte():
    assert difference_of_bytes(b"one\n", b"one") == "byte 3: 4 bytes, now 3"


def test_other_bytes_are_named_by_their_place():
    assert difference_of_bytes(b"\xff\x00\x01", b"\xff\x00\x02\x03") == "byte 2: 3 bytes, now 4"


def test_a_dicom_object_is_named_by_its_element(tmp_path):
    said = difference_of_bytes(_make_dicom(tmp_path / "a", "A"), _make_dicom(tmp_path / "b", "B"))

    assert said == 'dataset.00100010.Value[0].Alphabetic: "A", now "B"'


def test_a_file_that_is_missing_is_said_to_be(tmp_path):
    one, other = _make_folder(tmp_path / "one", a=b"x"), _make_folder(tmp_path / "other", b=b"x")

    assert [difference(name, one, other) for name in ("a", "b")] == ["only before", "only now"]


def test_a_json_file_of_two_folders_is_compared_by_its_content(tmp_path):
    one = _make_folder(tmp_path / "one", **{"record.json": json.dumps({"a": 1}).encode()})
    other = _make_folder(tmp_path / "other", **{"record.json": json.dumps({"a": 2}).encode()})

    assert difference("record.json", one, other) == "a: 1, now 2"


def test_the_summary_has_a_line_for_each_study_and_a_total():
    lines = list(_summarise([Outcome("one", 3, ()), Outcome("two", 4, ("a: 1, now 2",))]))

    assert [line.split() for line in lines[:2]] == [["one", "3", "files", "same"], ["two", "4", "files", "differs"]]
    assert lines[2:] == ["    a: 1, now 2", "2 studies, 7 files: 1 studies differ"]


def test_every_study_has_a_name_of_its_own_and_none_is_left_out():
    names = [study.name for study in _choose([])]

    assert len(set(names)) == len(names) == len(PHANTOMS) + len(STUDIES)


def test_a_revision_or_a_study_that_is_not_there_is_wrong_usage(capsys):
    assert main(["HEAD", "--only", "nonsense"]) == 2
    assert "no study nonsense; there are: phantom-films" in capsys.readouterr().err
    assert main(["no-such-revision"]) == 2
    assert "git knows no revision" in capsys.readouterr().err
