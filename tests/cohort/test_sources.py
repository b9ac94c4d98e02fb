"""Where archives lie: what is found there, in which order, and what is passed over."""

from io import BytesIO

import pydicom
import pytest

from calcinet.cohort.sources import open_source
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
