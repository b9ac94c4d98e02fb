"""From the paths a person gives to the files that may be images, as they are given; nothing is unpacked to disk."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import zip_longest
from pathlib import Path, PurePosixPath
from typing import Final

from calcinet.errors import BadInput, Unreadable
from calcinet.given_files import explain_closed, explain_closed_within, read_given, read_head
from calcinet.io.dicom.dicomdir import is_directory_record, referenced_files
from calcinet.io.disc import find_discs, is_of_system
from calcinet.io.file_formats import DICOM, IMAGE_SUFFIXES, format_of
from calcinet.io.file_signatures import HEAD_BYTES, is_zip, not_an_image
from calcinet.io.refusal import Refusal, refuse_unforeseen, refuse_unread
from calcinet.io.zip_members import list_members, load_member, open_zip, place_of, refuse_nested
from calcinet.limits import FILE_BYTES, FOLDER_FILES
from calcinet.text import say

CASE_SUFFIXES: Final = (".yaml", ".yml", ".json")
"""How names of case files end: they are given beside the films, not among them."""

RECORD_SCHEMA: Final = b'"calcinet.record/'
"""How the schema is written at the beginning of a record."""

TRUTH_SUFFIX: Final = ".truth.png"
"""How the label map of a phantom is called that lies beside its film: in a folder it is no film that was meant."""

ZIP_SUFFIX: Final = ".zip"

SortKey = tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A file that may be an image, still unread."""

    name: str
    """Path as given or found, for the order and for the films of the case file; goes into no record, page or log."""

    load: Callable[[], bytes]
    """Reads the whole file; raises Unreadable."""


Found = tuple[str, Source | Refusal]
"""Name, and what was found under it."""


def expand(paths: Sequence[str | Path]) -> list[Source | Refusal]:
    """Every file that may be an image under `paths`, in their order; inside folders and zips in natural order.

    Folders, zips and DICOMDIRs are opened. What is no image is passed over inside them and refused where it was named
    itself.

    Raises
    ------
    BadInput
        If a path does not exist, or names a case file.
    """
    found: list[Source | Refusal] = []
    for number, given in enumerate(paths, start=1):
        found.extend(expand_path(Path(given), number, len(paths)))
    return found


def expand_path(path: Path, number: int, count: int) -> list[Source | Refusal]:
    """What `expand` finds under the path that is `number` of `count`.

    Raises
    ------
    BadInput
        As `expand`.
    """
    if not _is_there(path):
        raise BadInput(f"path {number} of {count} does not exist: check its spelling")
    suffix = path.suffix.lower()
    if suffix in CASE_SUFFIXES and os.path.isfile(path):  # noqa: PTH113 - which asks no questions of a folder without rights
        raise BadInput(f"path {number} of {count} is a {suffix} file, not a film: a case file goes after --case")
    return [_keep_name(name, item) for name, item in sorted(_find_in(path), key=_get_order)]


def _is_there(path: Path) -> bool:
    """Whether something is called so; what cannot be looked at is told when it is opened."""
    try:
        return path.exists() or path.is_symlink()
    except OSError:
        return True


def _keep_name(name: str, item: Source | Refusal) -> Source | Refusal:
    """A file that may be an image, or its refusal, which then knows the name, too."""
    if isinstance(item, Source):
        return item
    return replace(item, name=name)


def natural_order(name: str) -> SortKey:
    """Key that sorts 2 before 10 and ignores case.

    >>> sorted(["f10.dcm", "f2.dcm", "F1.dcm"], key=natural_order)
    ['F1.dcm', 'f2.dcm', 'f10.dcm']
    """
    pieces = re.split(r"([0-9]+)", name.casefold())
    key = []
    for text, digits in zip_longest(pieces[0::2], pieces[1::2], fillvalue=""):
        significant = digits.lstrip("0")
        key.append((text, len(significant), significant))
    return tuple(key)


def _get_order(found: Found) -> tuple[SortKey, str]:
    """Natural order; among names that are alike in it ("f1", "F01") that of their letters, the same on every disc."""
    return natural_order(found[0]), found[0]


def _find_in(path: Path) -> Iterator[Found]:
    """Name and content of everything that `path` stands for."""
    name = str(path)
    if os.path.isdir(path):  # noqa: PTH112 - which is quiet where a folder above has no rights
        yield from _find_in_folder(path)
        return
    try:
        with refuse_unforeseen():
            yield from _find_in_file(path)
    except Unreadable as error:
        yield name, refuse_unread(error)


def _find_in_file(path: Path) -> Iterator[Found]:
    """A film, or what a zip or a DICOMDIR holds."""
    head = read_head(path, HEAD_BYTES)
    if format_of(head) is None and is_zip(head):
        yield from _find_in_zip(path)
    elif is_directory_record(path.name, head):
        yield from _find_in_dicomdir(path)
    elif format_of(head) is None:
        raise not_an_image(head)
    else:
        yield str(path), Source(str(path), partial(read_given, path, FILE_BYTES))


def _find_in_folder(folder: Path) -> Iterator[Found]:
    """What a folder holds; refused as a whole where it cannot be listed, holds too much, or nothing."""
    closed: list[Found] = []
    try:
        paths = list(_list_files(folder, closed))
    except Unreadable as error:
        yield str(folder), refuse_unread(error)
        return
    yield from closed
    found = bool(closed)
    discs = find_discs(paths)
    for path in paths:
        for item in _find_beside_others(path, on_disc=not discs.isdisjoint(path.parents)):
            found = True
            yield item
    if not found:
        yield str(folder), refuse_unread(_refuse_empty(say("folder")))


def _list_files(folder: Path, closed: list[Found]) -> Iterator[Path]:
    """The files below a folder that may be images; of results of an earlier examination the folder itself.

    Links to folders are not followed. Folders within that cannot be listed are added to `closed`.
    """
    count, most = 0, FOLDER_FILES.value
    for subfolder, below, names in os.walk(folder, onerror=partial(_note_closed, folder, closed)):
        if _has_results(Path(subfolder)):
            below.clear()
            yield Path(subfolder)
            continue
        count += len(names)
        if count > most:
            message = say("the folder holds more than {most} files: give the folder of one study", most=most)
            raise Unreadable(message, code="too-many-files")
        below[:] = [name for name in below if not is_of_system(name)]
        for name in names:
            if not name.startswith("."):
                yield Path(subfolder, name)


def _note_closed(folder: Path, closed: list[Found], error: OSError) -> None:
    """Refuse a folder that cannot be listed; of one within it what it holds is not known, and that is told."""
    if error.filename is None or Path(error.filename) == folder:
        raise explain_closed(error) from error
    if not isinstance(error, FileNotFoundError):  # which was listed a moment ago, and is gone
        closed.append((str(error.filename), refuse_unread(explain_closed_within(error))))


def _find_beside_others(path: Path, *, on_disc: bool) -> Iterator[Found]:
    """A file of a folder: opened where it is a zip, passed over where it is no image, or no file of a disc."""
    name = str(path)
    if path.is_dir():
        result = say("found a folder of calcinet's own results; expected images: give those that it was made from")
        yield name, refuse_unread(Unreadable(result, code="own-results"))
        return
    if path.suffix.lower() == ZIP_SUFFIX:
        yield from _find_in(path)
        return
    try:
        head = read_head(path, HEAD_BYTES)
    except Unreadable as error:
        if error.code != "not-a-file" or worth_reading(path.name, b""):
            yield name, refuse_unread(error)
        return
    if worth_reading(path.name, head, on_disc=on_disc):
        yield name, Source(name, partial(read_given, path, FILE_BYTES))


def _has_results(folder: Path) -> bool:
    """Whether an earlier examination was written there: its pictures are no images to examine."""
    try:
        return RECORD_SCHEMA in read_head(folder / "record.json", HEAD_BYTES)
    except Unreadable:
        return False


def worth_reading(name: str, head: bytes, *, on_disc: bool = False) -> bool:
    """Whether a file found in a folder or a zip is an image, or was meant to be one.

    A disc with a DICOMDIR holds its images as DICOM: pictures are those of its viewer.
    """
    path = PurePosixPath(name)
    if name.casefold().endswith(TRUTH_SUFFIX) or is_directory_record(path.name, head):
        return False
    if on_disc:
        return path.suffix.lower() in DICOM.suffixes or format_of(head) is DICOM
    return path.suffix.lower() in IMAGE_SUFFIXES or format_of(head) is not None


def _find_in_dicomdir(path: Path) -> Iterator[Found]:
    references = referenced_files(path)
    if not references:
        raise _refuse_empty("DICOMDIR")
    for number, reference in enumerate(references):
        name = f"{path}/{number}"
        if isinstance(reference, Unreadable):
            yield name, refuse_unread(reference)
        else:
            yield name, Source(name, partial(read_given, reference, FILE_BYTES))


def _find_in_zip(path: Path) -> Iterator[Found]:
    archive = open_zip(path)
    members = list_members(archive)
    discs = find_discs([place_of(member) for member in members])
    found = 0
    for member in members:
        name, place = f"{path}/{member.filename}", place_of(member)
        try:
            head = load_member(archive, member, HEAD_BYTES)
            if place.suffix.lower() == ZIP_SUFFIX and is_zip(head):
                raise refuse_nested()
            if not worth_reading(str(place), head, on_disc=not discs.isdisjoint(place.parents)):
                continue
            yield name, Source(name, partial(load_member, archive, member))
        except Unreadable as error:
            yield name, refuse_unread(error)
        found += 1
    if not found:
        raise _refuse_empty("zip")


def _refuse_empty(what: str) -> Unreadable:
    message = say("the {what} holds no image: expected DICOM, PNG, JPEG, TIFF or NIfTI images in it", what=what)
    return Unreadable(message, code="no-image")
