"""From the paths a person gives to the files that may be images, in natural order; nothing is unpacked to disk."""

import os
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from calcinet.errors import BadInput, Unreadable
from calcinet.io.dicom.dicomdir import is_directory_record, referenced_files
from calcinet.io.file_types import HEAD_BYTES, IMAGE_SUFFIXES, READ, kind_of, not_an_image
from calcinet.io.refusal import Refusal, refusal
from calcinet.text import say

MAX_FILE_BYTES: Final = 1024 * 2**20
"""Larger than any single radiograph and than 1000 slices of CT in one file. Our choice."""

MAX_ZIP_BYTES: Final = 8 * 2**30
"""Unpacked size of one zip. Our choice: a study on a disc, twice over."""

MAX_ZIP_MEMBERS: Final = 20_000
"""Files in one zip. Our choice: ten thin-slice series."""

CASE_SUFFIXES: Final = (".yaml", ".yml", ".json")
"""What case files are called: they stand beside the films, not among them."""

RESULTS: Final = b'"calcinet.record/'
"""How the schema stands at the beginning of a record."""

Order = tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A file that may be an image, still unread."""

    name: str
    """Path as given or found; for the order only, never shown."""

    load: Callable[[], bytes]
    """Reads the whole file; raises Unreadable."""


def expand(paths: Sequence[str | Path]) -> list[Source | Refusal]:
    """Every file that may be an image under `paths`, in natural order of the path.

    Folders, zips and DICOMDIRs are opened. What is no image is passed over inside them and refused where it was named
    itself.

    Raises
    ------
    BadInput
        If a path does not exist, or names a case file.
    """
    found: list[tuple[str, Source | Refusal]] = []
    for number, given in enumerate(paths, start=1):
        path = Path(given)
        if not path.exists():
            raise BadInput(f"path {number} of {len(paths)} does not exist: check its spelling")
        if path.suffix.lower() in CASE_SUFFIXES and path.is_file():
            kind = path.suffix.lower()
            raise BadInput(f"path {number} of {len(paths)} is a {kind} file, not a film: a case file goes after --case")
        found.extend(_inside(path))
    return [item for _, item in sorted(found, key=lambda pair: natural_order(pair[0]))]


def natural_order(name: str) -> Order:
    """Key that sorts 2 before 10 and ignores case.

    >>> sorted(["f10.dcm", "f2.dcm", "F1.dcm"], key=natural_order)
    ['F1.dcm', 'f2.dcm', 'f10.dcm']
    """
    pieces = re.split(r"([0-9]+)", name.casefold())
    texts, numbers = pieces[0::2], [digits.lstrip("0") for digits in pieces[1::2]] + [""]
    return tuple((text, len(digits), digits) for text, digits in zip(texts, numbers, strict=True))


def _inside(path: Path) -> Iterator[tuple[str, Source | Refusal]]:
    """Name and content of everything that `path` stands for."""
    name = str(path)
    if path.is_dir():
        items = list(_of_folder(path))
        yield from items or [(name, refusal(_holds_nothing(say("folder"))))]
        return
    try:
        head = _head(path)
        if kind_of(head) == "zip":
            yield from _of_zip(path)
        elif is_directory_record(path, head):
            yield from _of_dicomdir(path)
        elif kind_of(head) in ("unknown", "foreign"):
            raise not_an_image(head)
        else:
            yield name, Source(name, partial(_load, path))
    except Unreadable as error:
        yield name, refusal(error)


def _of_folder(folder: Path) -> Iterator[tuple[str, Source | Refusal]]:
    for place, below, names in os.walk(folder):
        if _holds_results(Path(place)):
            below.clear()
            result = say("found a folder of calcinet's own results; expected images: give those that it was made from")
            yield place, refusal(Unreadable(result, code="own-results"))
            continue
        for path in (Path(place, name) for name in names if not name.startswith(".") and name.upper() != "DICOMDIR"):
            if path.suffix.lower() == ".zip":
                yield from _inside(path)
                continue
            try:
                head = _head(path)
            except Unreadable as error:
                yield str(path), refusal(error)
                continue
            if worth_reading(path.name, head):
                yield str(path), Source(str(path), partial(_load, path))


def _holds_results(folder: Path) -> bool:
    """Whether an earlier examination was written there: its pictures are no images to examine."""
    try:
        with (folder / "record.json").open("rb") as stream:
            return RESULTS in stream.read(HEAD_BYTES)
    except OSError:
        return False


def worth_reading(name: str, head: bytes) -> bool:
    """Whether a file found in a folder or a zip is an image, or was meant to be one."""
    meant = Path(name).suffix.lower() in IMAGE_SUFFIXES
    return meant or kind_of(head) in READ


def _of_dicomdir(path: Path) -> Iterator[tuple[str, Source | Refusal]]:
    references = referenced_files(path)
    if not references:
        raise _holds_nothing("DICOMDIR")
    for number, reference in enumerate(references):
        name = f"{path}/{number}"
        if isinstance(reference, Unreadable):
            yield name, refusal(reference)
        else:
            yield name, Source(name, partial(_load, reference))


def _of_zip(path: Path) -> Iterator[tuple[str, Source | Refusal]]:
    try:
        archive = zipfile.ZipFile(path)  # stays open as long as one of its members may still be read
        members = _members(archive)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError) as error:
        raise _broken_zip() from error
    found = 0
    for member in members:
        name = f"{path}/{member.filename}"
        try:
            if not worth_reading(member.filename, _load_member(archive, member, HEAD_BYTES)):
                continue
            yield name, Source(name, partial(_load_member, archive, member))
        except Unreadable as error:
            yield name, refusal(error)
        found += 1
    if not found:
        raise _holds_nothing("zip")


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Files of a zip that is small enough and unlocked; hidden ones left out."""
    members = [m for m in archive.infolist() if not m.is_dir() and not Path(m.filename).name.startswith(".")]
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_ZIP_MEMBERS or unpacked > MAX_ZIP_BYTES:
        message = say(
            "the zip holds {count} files that unpack to {size:.1f} GiB; at most {most} files and {room} GiB are read: "
            "unpack it and give the folder",
            count=len(members),
            size=unpacked / 2**30,
            most=MAX_ZIP_MEMBERS,
            room=MAX_ZIP_BYTES // 2**30,
        )
        raise Unreadable(message, code="zip-too-large")
    if any(member.flag_bits & 1 for member in members):
        message = say("the zip is locked with a password: unpack it and give the folder")
        raise Unreadable(message, code="encrypted")
    return members


def _load_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int = -1) -> bytes:
    """Bytes of one member, the first `limit` where given; the name inside the zip is never used as a path."""
    if limit < 0:
        _require_size(member.file_size)
    try:
        with archive.open(member) as stream:
            return stream.read(limit)
    except Exception as error:  # BadZipFile, zlib.error, LZMAError, NotImplementedError: by the method of packing
        raise _broken_zip() from error


def _load(path: Path) -> bytes:
    try:
        _require_size(path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise _unopened(error) from error


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(HEAD_BYTES)
    except OSError as error:
        raise _unopened(error) from error


def _require_size(size: int) -> None:
    if size > MAX_FILE_BYTES:
        message = say(
            "the file has {size:.0f} MiB, more than any image that is read ({most} MiB): give one image per file",
            size=size / 2**20,
            most=MAX_FILE_BYTES // 2**20,
        )
        raise Unreadable(message, code="too-large")


def _unopened(error: OSError) -> Unreadable:
    message = say("the file cannot be opened ({why}): check its permissions", why=error.strerror or "")
    return Unreadable(message, code="cannot-open")


def _broken_zip() -> Unreadable:
    message = say("the zip is damaged or cut off: copy it again, or give the unpacked folder")
    return Unreadable(message, code="truncated")


def _holds_nothing(what: str) -> Unreadable:
    message = say("the {what} holds no image: expected DICOM, PNG, JPEG, TIFF or NIfTI images in it", what=what)
    return Unreadable(message, code="no-image")
