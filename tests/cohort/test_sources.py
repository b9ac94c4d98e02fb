"""Where archives lie: what is found there, in which order, and what is passed over."""

import os
import warnings
import zipfile
from io import BytesIO

import pydicom
import pytest

from calcinet.cohort.index import list_files, scan_slice, set_aside
from calcinet.cohort.pseudonyms import Naming
from calcinet.cohort.slices import Slice, find_parts, load_entries
from calcinet.cohort.sources import Entry, open_source, reopen_source
from calcinet.errors import BadInput, MachineFault, Unreadable
from calcinet.io.quick_header import read_quick_header
from tests.support.command_line import run


def find(address) -> list[str]:
    """Last parts of all places."""
    return [entry.place.replace("!", "/").rpartition("/")[2] for entry in open_source(str(address)).walk()]


@pytest.fixture
def folder(tmp_path):
    for name in (
        "b/10.dcm",
        "b/2.dcm",
        "a.png",
        "case.yaml",
        ".hidden.dcm",
        "DICOMDIR",
        "__MACOSX/x.dcm",
        "b/note.txt",
    ):
        file = tmp_path / "archive" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(name.encode())
    return tmp_path / "archive"


def test_a_folder_gives_what_may_be_a_film(folder):
    assert find(folder) == ["a.png", "10.dcm", "2.dcm"]


def test_a_list_gives_its_files_in_its_order(folder):
    (folder / "films.txt").write_text("b/2.dcm\n# not this\n\nb/gone.dcm\na.png\n", "utf-8")

    assert find(folder / "films.txt") == ["2.dcm", "gone.dcm", "a.png"]


def test_an_address_of_fsspec_gives_the_same(folder):
    source = open_source(f"file://{folder}")
    paths = [entry.path for entry in source.walk()]

    assert [path.rpartition("/")[2] for path in paths] == ["a.png", "10.dcm", "2.dcm"]
    assert source.load(paths[0], None, 3) == b"a.p"
    with pytest.raises(Unreadable):
        source.load(f"{folder}/gone.dcm", None, None)


@pytest.mark.parametrize("address", ["simplecache::s3://x", "github://x", "no/such/folder"])
def test_another_address_is_refused(address):
    with pytest.raises(BadInput):
        open_source(address)


def test_a_dicomweb_service_gives_its_objects_as_they_are(orthanc, archive, tmp_path):
    """Sent with STOW-RS by calcinet itself; the header is read of the first bytes."""
    assert run("send", str(archive / "a" / "one.dcm"), "--to", orthanc.dicomweb, "--outbox", str(tmp_path / "out")) == 0
    uid = pydicom.dcmread(archive / "a" / "one.dcm", stop_before_pixels=True).SOPInstanceUID
    source = open_source(orthanc.dicomweb)
    (path,) = (entry.path for entry in source.walk() if entry.path.endswith(uid))
    header = read_quick_header(lambda count: source.load(path, None, count))

    assert source.is_there()
    assert (header.modality, header.body_part) == ("DX", "hand")
    assert pydicom.dcmread(BytesIO(source.load(path, None, None))).pixel_array.any()
    with pytest.raises(Unreadable):
        source.load(path + "1", None, None)


def test_a_service_that_does_not_answer_is_no_fault_of_its_films():
    source = open_source("http://127.0.0.1:9/dicom-web")

    assert not source.is_there()
    with pytest.raises(MachineFault, match="does not answer"):
        list(source.walk())


def test_a_name_that_is_no_text_is_read_by_what_the_list_says_of_it(tmp_path, archive):
    """As discs of Windows brought them: the bytes of Latin-1."""
    (tmp_path / os.fsdecode(b"M\xfcller.dcm")).write_bytes((archive / "a" / "one.dcm").read_bytes())
    parts = tmp_path / "parts"
    parts.mkdir()
    source = open_source(str(tmp_path))
    list_files(source, parts, lambda found: None)
    (part,) = find_parts(parts, "list")
    (entry,) = load_entries(part)
    (line,) = scan_slice(source.address, Naming.of("test"), Slice(0, [entry])).to_pylist()

    assert line["code"] is None
    assert line["body_part"] == "hand"
    assert source.load(entry.path, None, 4) == bytes(4)


def test_files_of_one_name_in_a_zip_are_no_secret(tmp_path):
    """The last is what a reader of zips gives; the other has a row of its own."""
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as packed, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        packed.writestr("film.dcm", b"first")
        packed.writestr("film.dcm", b"last")
    source = open_source(str(tmp_path))
    first, last = source.walk()

    assert (first.code, last.code) == ("cannot-open", None)
    assert first.place != last.place
    assert source.load(last.path, last.member, None) == b"last"


@pytest.mark.parametrize("kind", ["folder", "list"])
def test_an_archive_that_goes_away_is_no_fault_of_its_files(folder, tmp_path, kind):
    """Neither while it is listed nor while headers are read: no part is written then, and the same call goes on."""
    address = folder
    if kind == "list":
        address = tmp_path / "films.txt"
        address.write_text("archive/a.png\narchive/b/2.dcm\n", "utf-8")
    source = open_source(str(address))
    entries = list(source.walk())
    parts = tmp_path / "parts"
    parts.mkdir()
    folder.rename(tmp_path / "elsewhere")
    folder.mkdir()

    assert not reopen_source(source.address).is_there()
    with pytest.raises(MachineFault, match="nothing of the archive can be reached"):
        scan_slice(source.address, Naming.of("test"), Slice(0, entries))
    if kind == "list":
        with pytest.raises(MachineFault, match="nothing of the archive can be reached"):
            list_files(source, parts, lambda found: None)
        assert not (parts / "listed").exists()


def test_a_list_that_was_broken_off_is_made_anew(folder, tmp_path):
    parts = tmp_path / "parts"
    parts.mkdir()
    (parts / "list-00000009.parquet").write_bytes(b"of a longer list")

    assert list_files(open_source(str(folder)), parts, lambda found: None) == 3
    assert [part.name for part in find_parts(parts, "list")] == ["list-00000000.parquet"]


def test_an_object_that_cannot_be_opened_is_no_fault_of_the_archive(folder):
    """A link that leads to itself: the others can be read."""
    (folder / "b" / "loop.dcm").symlink_to("loop.dcm")
    source = open_source(f"file://{folder}")

    with pytest.raises(Unreadable, match="cannot be opened"):
        source.load(f"{folder}/b/loop.dcm", None, None)


def test_a_file_that_kills_its_process_is_set_aside_with_a_reason():
    (line,) = set_aside(Naming.of("test"), Slice(3, [Entry("bad.dcm", None, 7)], 5)).to_pylist()

    assert line["code"] == "killed-worker"
    assert line["film"].startswith("F")
    assert line["bytes"] == 7
    assert "died" in line["reason"]
