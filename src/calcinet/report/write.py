"""A record and its documents on disk: all of them or nothing."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path, PureWindowsPath
from typing import Final

from calcinet.errors import BadInput, Unreadable
from calcinet.examined import ExaminedImage
from calcinet.given_files import read_given
from calcinet.limits import RECORD_BYTES
from calcinet.machine import DISK_FAULTS, undisturbed, writing_in
from calcinet.progress import WRITING, enter_stage, tell_step
from calcinet.record import SCHEMA, Record
from calcinet.report.documents import Wanted, documents
from calcinet.report.workshop import INSIDE, Workshop, open_workshop

RECORD: Final = "record.json"


@contextmanager
def open_output(folder: Path, *, force: bool = False) -> Iterator[Workshop]:
    """Hold a folder for one result: it is found out at once whether it can be written, and nobody else can meanwhile.

    What a run that was killed left there is finished or removed first.

    Raises
    ------
    BadInput
        As `check_folder`.
    MachineFault
        If somebody else writes there, or nothing can be written.
    """
    if Path(os.path.abspath(folder)).parent == Path(os.path.abspath(folder)):  # noqa: PTH100 - does not ask the disk
        raise BadInput(f"{folder} is the root of all folders; give another folder")
    with open_workshop(folder, _put_right) as workshop:
        with writing_in(folder):
            check_folder(folder, force=force)
        yield workshop


def check_folder(folder: Path, *, force: bool = False) -> None:
    """Refuse a folder that holds something else than an earlier examination, unless `force`."""
    if folder.exists() and not folder.is_dir():
        raise BadInput(f"{folder} is a file; give a folder to write into")
    foreign = len(foreign_files(folder))
    if foreign and not force:
        # Their names may be those of patients: the count is enough.
        counted = "1 file" if foreign == 1 else f"{foreign} files"
        raise BadInput(
            f"{folder} holds {counted} that calcinet did not write; give another folder, or --force to write among them"
        )


def foreign_files(folder: Path) -> list[str]:
    """List what is under `folder`, relative to it, that no record there calls its own; links and empty folders, too."""
    own = set(_list_own_files(folder))
    if own:
        own.add(RECORD)
    return sorted(name for name in _list_present(folder) if name not in own)


def _list_present(folder: Path) -> Iterator[str]:
    """Files, links and empty folders under a folder, but for a workshop within it."""
    for above, below, files in os.walk(folder, onerror=_raise_closed):
        within = Path(above).relative_to(folder)
        if within == Path():
            below[:] = [name for name in below if name != INSIDE]
        links = [name for name in below if Path(above, name).is_symlink()]
        for name in (*files, *links):
            yield (within / name).as_posix()
        if within != Path() and not files and not below:
            yield f"{within.as_posix()}/"


def _raise_closed(error: OSError) -> None:
    """What cannot be looked into may hold anything; a folder that is not there holds nothing."""
    if not isinstance(error, FileNotFoundError):
        raise error


def write_examination(
    record: Record,
    images: Mapping[str, ExaminedImage],
    folder: Path,
    wanted: Wanted | None = None,
    *,
    attachments: Mapping[str, bytes] | None = None,
    photographs: Mapping[str, bytes] | None = None,
    force: bool = False,
    workshop: Workshop | None = None,
) -> Record:
    """Write a record, its masks and the documents asked for, and return the record with its list of files.

    Everything is written into a folder beside `folder` first, so that nothing is left half-written. Where every image
    was refused and there is no case, there is record.json alone.

    Parameters
    ----------
    record
        What was found.
    images
        Film and label map of every examined image, by image id.
    folder
        Where to; an earlier examination there is replaced.
    wanted
        Formats, language, time; record.json and the masks are always written.
    attachments
        Other files to put beside it, by name.
    photographs
        Clinical photographs of the case as JPEG bytes, by their id in the record; not written where `wanted` is
        anonymous.
    force
        Write even among files of someone else; those stay.
    workshop
        Of `folder`, from `open_output`, where it was opened before; `force` was said then.

    Raises
    ------
    BadInput
        If the folder holds other files.
    MachineFault
        If the machine refuses to write; what was there before stays as it was.
    """
    if workshop is None:
        with open_output(folder, force=force) as opened:
            return write_examination(
                record,
                images,
                folder,
                wanted,
                attachments=attachments,
                photographs=photographs,
                force=force,
                workshop=opened,
            )
    wanted = wanted or Wanted()
    record = Record.from_json(record.to_json())  # every document has the digits of record.json, no more
    with writing_in(folder):
        check_folder(folder, force=force)
    with writing_in(folder):
        workshop.clear()
    wanted = replace(wanted, typesetting=workshop.typesetting)
    enter_stage(WRITING, 0.0, 1.0)
    contents = documents(record, images, wanted, photographs)
    for name, content in (attachments or {}).items():
        contents[name] = partial(_give_attachment, content)
    record = record.model_copy(update={"files": (RECORD, *contents)})
    for done, (name, make) in enumerate(contents.items()):
        tell_step(done, len(contents))
        with writing_in(folder, DISK_FAULTS):
            content = make(record)
        _write(workshop, name, content)
    _write(workshop, RECORD, record.to_json().encode())
    with writing_in(folder), undisturbed():
        _publish(workshop)
    return record


def _give_attachment(content: bytes, record: Record) -> bytes:
    """An attachment is the same whatever the record says."""
    del record
    return content


def _list_own_files(folder: Path) -> tuple[str, ...]:
    """Files that the record in a folder calls its own and that lie in it; none where there is no record."""
    try:
        record = json.loads(read_given(folder / RECORD, RECORD_BYTES))
    except (Unreadable, ValueError, RecursionError):  # whatever is called so: a pipe, a disk, a million brackets
        return ()
    if not isinstance(record, dict) or record.get("schema") != SCHEMA:
        return ()
    files = record.get("files")
    if not files or not isinstance(files, list):
        files = [RECORD]
    return tuple(name for name in files if isinstance(name, str) and _is_inside(folder, name))


def _is_inside(folder: Path, name: str) -> bool:
    """Whether a name can only mean a file in `folder`: a record may come from anywhere and say anything."""
    parts = PureWindowsPath(name)  # knows the separators and anchors of every system
    if parts.anchor or ".." in parts.parts or "\0" in name:
        return False
    return (folder / name).parent.resolve().is_relative_to(folder.resolve())  # no way out through a link


def _write(workshop: Workshop, name: str, content: bytes) -> None:
    path = workshop.new / name
    with writing_in(workshop.folder):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _publish(workshop: Workshop) -> None:
    """Put the finished folder in its place in one step; file by file where that folder must stay.

    It stays where something of someone else is in it, where it is a disk, where a shell stands in it, and where we may
    write in it, but not replace it.
    """
    folder = workshop.folder
    if foreign_files(folder) or workshop.place.is_relative_to(folder) or _is_current(folder):
        workshop.merge(_list_stale(workshop, workshop.new), RECORD)
        return
    try:
        workshop.replace()
    except PermissionError:
        workshop.merge(_list_stale(workshop, workshop.new), RECORD)


def _is_current(folder: Path) -> bool:
    return folder.is_dir() and folder.samefile(Path())


def _list_stale(workshop: Workshop, new: Path) -> list[str]:
    """Files of the result before that the new one no longer has."""
    return sorted({*_list_own_files(workshop.folder)} - {*_list_own_files(new)})


def _put_right(workshop: Workshop) -> None:
    """Finish what a killed run had begun to put in its place; bring back what it had only set aside."""
    if workshop.ready.is_dir():
        workshop.finish(_list_stale(workshop, workshop.ready), RECORD)
    if workshop.earlier.is_dir() and not workshop.folder.exists():
        workshop.earlier.rename(workshop.folder)
