"""Where archives lie: what is found there, in which order, and what is passed over."""

import pytest

from calcinet.cohort.sources import open_source
from calcinet.errors import BadInput, Unreadable


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


@pytest.mark.parametrize(
    "address", ["simplecache::s3://x", "github://x", "https://localhost/dicom-web", "no/such/folder"]
)
def test_another_address_is_refused(address):
    with pytest.raises(BadInput):
        open_source(address)
