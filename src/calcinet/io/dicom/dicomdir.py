"""The files that a DICOMDIR lists, none of them outside its own folder."""

from pathlib import Path
from typing import Any, Final

from pydicom.dataset import Dataset

from calcinet.errors import Unreadable
from calcinet.given_files import is_regular, read_given
from calcinet.io.dicom.header import parse, quiet
from calcinet.limits import DIRECTORY_BYTES, ZIP_MEMBERS
from calcinet.text import say

DIRECTORY_CLASS: Final = b"1.2.840.10008.1.3.10"
"""Media Storage Directory Storage, PS3.4 annex B."""


def is_directory_record(path: Path, head: bytes) -> bool:
    """Whether a DICOM file is a DICOMDIR: by its class, or by the name that PS3.10 reserves for it."""
    return head[128:132] == b"DICM" and (DIRECTORY_CLASS + b"\0" in head or path.name.upper() == "DICOMDIR")


def referenced_files(path: Path) -> list[Path | Unreadable]:
    """Path of every file that the DICOMDIR at `path` lists, or why it cannot be used.

    Raises
    ------
    Unreadable
        If the DICOMDIR itself cannot be read.
    """
    with quiet():
        file_ids = _read_file_ids(parse(read_given(path, DIRECTORY_BYTES)))
    if len(file_ids) > ZIP_MEMBERS.value:
        message = say(
            "the DICOMDIR lists {count} files, more than a study: give the folder of the study", count=len(file_ids)
        )
        raise Unreadable(message, code="too-many-files")
    return [_resolve(path.parent, file_id) for file_id in file_ids]


def _read_file_ids(directory: Dataset) -> list[list[str]]:
    """The Referenced File ID of each record, as the parts of a path."""
    try:
        values = [record.get("ReferencedFileID") for record in directory.get("DirectoryRecordSequence") or ()]
    except Exception as error:
        raise Unreadable(say("the DICOMDIR is damaged: give the folder instead"), code="truncated") from error
    return [_split_file_id(value) for value in values if value]


def _split_file_id(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(name) for name in value]


def _resolve(folder: Path, names: list[str]) -> Path | Unreadable:
    """The file that `names` lead to under `folder`; discs are often mounted with their names in lower case."""
    for spelling in (names, [name.lower() for name in names]):
        if "\0" in "".join(spelling):
            continue
        path = folder.joinpath(*spelling).resolve()
        if not path.is_relative_to(folder.resolve()):
            message = say("the DICOMDIR points outside its own folder; such a reference is not followed")
            return Unreadable(message, code="outside-folder")
        if is_regular(path):
            return path
    message = say("the DICOMDIR lists a file that is not there: copy the whole disc, not only part of it")
    return Unreadable(message, code="missing-reference")
