"""The files that a DICOMDIR lists."""

from pathlib import Path

import pytest
from pydicom import DataElement, config
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, MediaStorageDirectoryStorage

from calcinet.errors import Unreadable
from calcinet.image import Image
from calcinet.io import read_all
from calcinet.io.dicom.dicomdir import is_directory_name, is_directory_record, referenced_files


@pytest.mark.parametrize(
    ("reference", "outcome"),
    [
        (["IMAGES", "A1"], "image"),
        (["images", "a1"], "image"),
        (["..", "A1"], "outside-folder"),
        (["IMAGES", "..", "..", "A1"], "outside-folder"),
        (["/", "A1"], "missing-reference"),
        (["IMAGES", "A2"], "missing-reference"),
        (["IMAGES"], "missing-reference"),
    ],
)
def test_dicomdir_leads_to_its_own_files_only(tmp_path, dicom, reference, outcome):
    """A film without suffix, listed by the parts of its path; what leaves the folder is not followed."""
    dicom("A1")
    dicom("disc/IMAGES/A1" if reference[0] != "images" else "disc/images/a1")
    path = write_dicomdir(tmp_path / "disc", reference)

    result = read_all([path])[0]

    assert ("image" if isinstance(result, Image) else result.code) == outcome


def write_dicomdir(folder: Path, reference: list[str]) -> Path:
    record = Dataset()
    record.DirectoryRecordType = "IMAGE"
    record.add(DataElement(0x00041500, "CS", reference, validation_mode=config.IGNORE))
    directory = Dataset()
    directory.DirectoryRecordSequence = [record]
    directory.file_meta = FileMetaDataset()
    directory.file_meta.MediaStorageSOPClassUID = MediaStorageDirectoryStorage
    directory.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    directory.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    directory.save_as(folder / "DICOMDIR", enforce_file_format=True)
    return folder / "DICOMDIR"


def test_references_are_paths_or_refusals_in_the_order_of_the_records(tmp_path):
    """One file that is there in lower case, one level down."""
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "a1").write_bytes(b"film")
    found = referenced_files(write_dicomdir(tmp_path, ["IMAGES", "A1"]))

    assert found == [tmp_path.resolve() / "images" / "a1"]


def test_directory_is_known_by_its_name_or_its_class():
    """1.2.840.10008.1.3.10 is Media Storage Directory Storage; nothing without the magic word counts."""
    preamble = bytes(128) + b"DICM"

    assert is_directory_record("DICOMDIR", preamble)
    assert is_directory_record("copy.dcm", preamble + b"\x14\x001.2.840.10008.1.3.10\x02\0")
    assert is_directory_record("DICOMDIR", b"\x04\0\x30\x11")
    assert not is_directory_record("copy.dcm", preamble)
    assert not is_directory_record("copy.dcm", preamble + b"1.2.840.10008.1.3.100")
    assert not is_directory_record("DICOMDIR", bytes(132))


@pytest.mark.parametrize("name", ["DICOMDIR", "dicomdir", "Dicomdir.dcm", "DICOMDIR.;1", "DICOMDIR;1", "DICOMDIR."])
def test_a_directory_is_called_as_copies_call_it(name):
    assert is_directory_name(name)
    assert not is_directory_name(f"my{name}")


@pytest.mark.parametrize(
    ("reference", "there"),
    [
        (["IMAGES", "A1"], "Images/a1"),
        (["IMAGES", "A1"], "IMAGES/A1.dcm"),
        (["IMAGES", "A1"], "images/A1.DCM"),
        (["IMAGES", "A1"], "IMAGES/A1;1"),
        (["IMAGES", "A1"], "IMAGES/A1.;1"),
        (["IMAGES", "A1"], "IMAGES/A1."),
        (["IMAGES", "A1.DCM"], "IMAGES/A1"),
        (["IMAGES", "A1;1"], "IMAGES/A1"),
        ("IMAGES/A1", "IMAGES/A1"),
        ("./IMAGES\\A1", "IMAGES/A1"),
    ],
)
def test_names_lead_to_files_as_copies_spell_them(tmp_path, reference, there):
    """Other case, an extension, a version, a final dot; parted by a slash."""
    path = tmp_path / there
    path.parent.mkdir()
    path.write_bytes(b"film")
    (path.parent / "A10").write_bytes(b"another")

    assert referenced_files(write_dicomdir(tmp_path, reference)) == [path.resolve()]


def test_what_is_no_file_is_not_followed(tmp_path):
    """A link that leaves the folder."""
    (tmp_path / "disc").mkdir()
    (tmp_path / "film").write_bytes(b"film")
    (tmp_path / "disc" / "A1").symlink_to(tmp_path / "film")
    (found,) = referenced_files(write_dicomdir(tmp_path / "disc", ["A1"]))

    assert found.code == "outside-folder"


def test_damaged_directory_is_refused(tmp_path):
    (tmp_path / "DICOMDIR").write_bytes(bytes(128) + b"DICM")

    with pytest.raises(Unreadable) as caught:
        referenced_files(tmp_path / "DICOMDIR")

    assert caught.value.code == "truncated"
