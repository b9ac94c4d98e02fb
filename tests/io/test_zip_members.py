"""Zips that say one thing and hold another."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from calcinet.errors import Unreadable
from calcinet.io.zip_members import list_members, load_member, open_zip


def pack(path, members, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return path


def load_all(path):
    archive = open_zip(path)
    return {member.filename: load_member(archive, member) for member in list_members(archive)}


def refuse(path):
    with pytest.raises(Unreadable) as caught:
        load_all(path)
    return caught.value.code


METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


@pytest.mark.parametrize("method", METHODS)
def test_members_come_back_however_they_are_packed(tmp_path, method):
    data = bytes(range(256)) * 50_000

    assert load_all(pack(tmp_path / "a.zip", [("a.dcm", data), ("b/c.dcm", b"")], method)) == {
        "a.dcm": data,
        "b/c.dcm": b"",
    }


@pytest.mark.parametrize("method", METHODS)
def test_the_head_of_a_member_is_no_more_than_was_asked_for(tmp_path, method):
    archive = open_zip(pack(tmp_path / "a.zip", [("a", bytes(5_000_000))], method))

    assert load_member(archive, list_members(archive)[0], 10) == bytes(10)


def test_a_member_without_a_name_is_a_file_like_others(tmp_path):
    assert load_all(pack(tmp_path / "a.zip", [("x", b"film"), ("", b"more")])) == {"x": b"film", "": b"more"}


def test_folders_and_hidden_files_are_left_out(tmp_path):
    assert load_all(pack(tmp_path / "a.zip", [("a/", b""), ("a/.hidden", b"1"), ("__MACOSX/._x", b"2")])) == {}


def lie(path, size):
    """Let the table of contents state another size of the only member."""
    data = bytearray(path.read_bytes())
    place = data.rindex(b"PK\1\2")
    data[place + 24 : place + 28] = struct.pack("<I", size)
    path.write_bytes(data)
    return path


def test_a_member_larger_than_it_says_is_damaged_and_not_unpacked(tmp_path):
    path = lie(pack(tmp_path / "a.zip", [("a.dcm", bytes(50 * 2**20))]), 1000)

    assert refuse(path) == "truncated"


def test_a_member_smaller_than_it_says_is_damaged(tmp_path):
    assert refuse(lie(pack(tmp_path / "a.zip", [("a.dcm", b"film")]), 1000)) == "truncated"


def test_a_member_that_packs_to_a_thousandth_is_refused_unread(tmp_path):
    """What it says is believed against it: 300 MiB in 300 kB."""
    with (
        zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.dcm", "w") as stream,
    ):
        for _ in range(300):
            stream.write(bytes(2**20))

    assert refuse(tmp_path / "a.zip") in ("too-large", "zip-too-large")


def test_a_member_above_the_bound_of_a_file_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("CALCINET_MAX_FILE_BYTES", "10")

    assert refuse(pack(tmp_path / "a.zip", [("a.dcm", bytes(11))])) == "too-large"


def test_many_members_are_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("CALCINET_MAX_ZIP_MEMBERS", "2")

    assert refuse(pack(tmp_path / "a.zip", [(str(number), b"") for number in range(3)])) == "zip-too-large"


def test_a_long_table_of_contents_is_refused_before_it_is_read(tmp_path, monkeypatch):
    """100 empty members have a table of 5 kB; two of average length would have 800 bytes."""
    path = pack(tmp_path / "a.zip", [(str(number), b"") for number in range(100)])
    monkeypatch.setenv("CALCINET_MAX_ZIP_MEMBERS", "2")
    monkeypatch.setattr(zipfile, "ZipFile", None)

    with pytest.raises(Unreadable) as caught:
        open_zip(path)

    assert caught.value.code == "zip-too-large"


@pytest.mark.parametrize("data", [b"", b"PK\3\4", b"PK\5\6" + bytes(18), b"PK\6\6", bytes(100)])
def test_what_is_no_zip_is_damaged_or_empty(tmp_path, data):
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    if zipfile.is_zipfile(io.BytesIO(data)):
        assert load_all(path) == {}
    else:
        assert refuse(path) == "truncated"


def test_the_file_is_closed_when_nobody_reads_the_zip_any_more(tmp_path):
    """Python would warn of a file that is still open, and here every warning is an error."""
    archive = open_zip(pack(tmp_path / "a.zip", [("a", b"1")]))
    assert [member.filename for member in list_members(archive)] == ["a"]
    del archive

    Path(tmp_path / "a.zip").unlink()
