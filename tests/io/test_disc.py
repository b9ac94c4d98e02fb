"""Discs, and copies of them, give their films and nothing else."""

import zipfile
from pathlib import Path, PurePosixPath

import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, MediaStorageDirectoryStorage

from calcinet.image import Image
from calcinet.io import read_all
from calcinet.io.disc import find_discs, is_of_system


def write_directory(path):
    """A DICOMDIR that lists nothing: a disc is read without it."""
    directory = Dataset()
    directory.DirectoryRecordSequence = []
    directory.file_meta = FileMetaDataset()
    directory.file_meta.MediaStorageSOPClassUID = MediaStorageDirectoryStorage
    directory.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    directory.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    directory.save_as(path, enforce_file_format=True)


@pytest.fixture
def disc(tmp_path, dicom, picture, grey):
    """A film, and what viewers, Windows and the Finder put beside it."""
    dicom("cd/PATIENT/DICOM/IM0001")
    write_directory(tmp_path / "cd/PATIENT/DICOMDIR")
    picture(grey, "cd/PATIENT/VIEWER/help/logo.png")
    for name, content in {
        "PATIENT/AUTORUN.INF": b"[autorun]",
        "PATIENT/VIEWER/view.exe": b"MZ" + bytes(300),
        "PATIENT/index.htm": b"<html>",
        "PATIENT/Thumbs.db": b"\xd0\xcf\x11\xe0" + bytes(300),
        "PATIENT/.DS_Store": b"\0\0\0\1Bud1" + bytes(60),
        "__MACOSX/PATIENT/DICOM/._IM0001": b"\0\5\x16\7\0\2\0\0" + bytes(200),
        ".Trashes/501/IM0009": (tmp_path / "cd/PATIENT/DICOM/IM0001").read_bytes() + b"\0\0",
    }.items():
        path = tmp_path / "cd" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "cd"


@pytest.mark.parametrize("directory", ["DICOMDIR", "dicomdir", "DICOMDIR.dcm", "DICOMDIR;1", "index.dcm"])
@pytest.mark.parametrize("pack", ["folder", "zip", "windows"])
def test_a_disc_gives_its_films(disc, directory, pack):
    """Its DICOMDIR is no image, in whatever spelling; pictures are the viewer's where it is called one."""
    (disc / "PATIENT/DICOMDIR").rename(disc / "PATIENT" / directory)
    if directory == "index.dcm":
        (disc / "PATIENT/VIEWER/help/logo.png").unlink()
    given = disc if pack == "folder" else pack_zip(disc, "\\" if pack == "windows" else "/")
    found = read_all([given])

    assert [type(item) for item in found] == [Image]


def pack_zip(folder: Path, separator: str) -> Path:
    with zipfile.ZipFile(folder.with_suffix(".zip"), "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, "CD" + separator + str(path.relative_to(folder)).replace("/", separator))
    return folder.with_suffix(".zip")


def test_a_zip_inside_a_zip_is_told(disc):
    """Beside a film, which is read."""
    inner = pack_zip(disc, "/")
    with zipfile.ZipFile(disc / "outer.zip", "w") as archive:
        archive.write(inner, "more.zip")
        archive.write(disc / "PATIENT/DICOM/IM0001", "film")
    film, refused = read_all([disc / "outer.zip"])

    assert isinstance(film, Image)
    assert refused.code == "nested-zip"
    assert "unpack the outer one" in refused.reason


def test_pictures_without_a_disc_are_films(picture, grey, tmp_path):
    picture(grey, "in/VIEWER/film.png")

    assert isinstance(read_all([tmp_path / "in"])[0], Image)


def test_folders_of_the_system_are_known_in_any_case():
    assert is_of_system("__MACOSX")
    assert is_of_system("System Volume Information")
    assert not is_of_system("DICOM")


def test_a_disc_begins_where_its_directory_lies():
    paths = [PurePosixPath("a/DICOMDIR"), PurePosixPath("b/c/x")]

    assert find_discs(paths) == {PurePosixPath("a")}
