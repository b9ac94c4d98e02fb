"""The files that a DICOMDIR lists, none of them outside its own folder."""

import os
import re
from pathlib import Path
from typing import Any, Final

from pydicom.dataset import Dataset

from calcinet.errors import Unreadable
from calcinet.given_files import is_regular, read_given
from calcinet.io.dicom.header import parse, quiet
from calcinet.limits import DIRECTORY_BYTES, ZIP_MEMBERS
from calcinet.text import say

DIRECTORY_CLASS: Final = re.compile(rb"\b1\.2\.840\.10008\.1\.3\.10(?![0-9.])")
"""Media Storage Directory Storage, PS3.4 annex B; a UID of even length ends without padding."""

DIRECTORY_NAME: Final = "dicomdir"
"""Name that PS3.10 8.6 reserves for the directory of a disc, compared without case."""

BARE_DIRECTORY: Final = b"\x04\x00"
"""How a directory without preamble and file meta information begins: its first group is 0004, PS3.3 F.3.2."""

VERSION: Final = re.compile(r"\.?;[0-9]+$|\.$")
"""What ISO 9660 writes after the names of files (7.5.1): a dot, a semicolon and the version."""

EXTENSIONS: Final = (".dcm", ".dicom", ".dic", ".ima", ".img")
"""What is appended to names that PS3.10 8.5 gives no dot, where a disc was copied."""

Listings = dict[Path, dict[str, Path]]
"""What folders hold, by each spelling of a name, once it was asked for."""


def is_directory_name(name: str) -> bool:
    """Whether a file is called as the directory of a disc, however it was copied.

    >>> is_directory_name("DICOMDIR;1"), is_directory_name("dicomdir.dcm"), is_directory_name("dicomdirectory")
    (True, True, False)
    """
    return any(spelling == DIRECTORY_NAME for spelling in _list_spellings(name))


def is_directory_record(name: str, head: bytes) -> bool:
    """Whether a file of this name that begins with `head` is a DICOMDIR: by its class, or by the name of one."""
    if head[128:132] == b"DICM":
        return _has_directory_class(head) or is_directory_name(name)
    return is_directory_name(name) and (head.startswith(BARE_DIRECTORY) or _has_directory_class(head))


def _has_directory_class(head: bytes) -> bool:
    return DIRECTORY_CLASS.search(head) is not None


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
    listings: Listings = {}
    return [_resolve(path.parent, file_id, listings) for file_id in file_ids]


def _read_file_ids(directory: Dataset) -> list[list[str]]:
    """The Referenced File ID of each record, as the parts of a path."""
    try:
        values = [record.get("ReferencedFileID") for record in directory.get("DirectoryRecordSequence") or ()]
    except Exception as error:
        raise Unreadable(say("the DICOMDIR is damaged: give the folder instead"), code="truncated") from error
    return [_split_file_id(value) for value in values if value]


def _split_file_id(value: Any) -> list[str]:
    """The parts of a path; some files separate them otherwise than PS3.10 8.2 has it, or begin with "here"."""
    names = [value] if isinstance(value, str) else list(value)
    parts = re.split(r"[\\/]", "/".join(str(name) for name in names))
    return [part.strip() for part in parts if part.strip() not in ("", ".")]


def _resolve(folder: Path, names: list[str], listings: Listings) -> Path | Unreadable:
    """The file that `names` lead to under `folder`, in whatever case and with what extension it was copied."""
    path: Path | None = folder
    for name in names:
        if name == ".." or "\0" in name:
            return _refuse_outside()
        path = path and _find_entry(path, name, listings)
    if path is None or not is_regular(path):
        message = say("the DICOMDIR lists a file that is not there: copy the whole disc, not only part of it")
        return Unreadable(message, code="missing-reference")
    path = path.resolve()
    if not path.is_relative_to(folder.resolve()):
        return _refuse_outside()
    return path


def _refuse_outside() -> Unreadable:
    message = say("the DICOMDIR points outside its own folder; such a reference is not followed")
    return Unreadable(message, code="outside-folder")


def _find_entry(folder: Path, name: str, listings: Listings) -> Path | None:
    """What lies in a folder under a name: spelled as it is, else as copies spell it; None where there is none."""
    if os.path.lexists(folder / name):
        return folder / name
    if folder not in listings:
        listings[folder] = _list_entries(folder)
    found = (listings[folder].get(spelling) for spelling in sorted(_list_spellings(name)))
    return next((entry for entry in found if entry is not None), None)


def _list_entries(folder: Path) -> dict[str, Path]:
    """What lies in a folder, by each spelling of its name; nothing where it cannot be listed."""
    entries: dict[str, Path] = {}
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        return entries
    for path in paths:
        for spelling in _list_spellings(path.name):
            entries.setdefault(spelling, path)
    return entries


def _list_spellings(name: str) -> frozenset[str]:
    """A name as it may be compared: without case and version, with and without an extension of images."""
    plain = VERSION.sub("", name.casefold())
    stem, dot, extension = plain.rpartition(".")
    if dot + extension in EXTENSIONS:
        return frozenset({plain, stem})
    return frozenset({plain})
