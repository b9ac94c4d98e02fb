"""A record and its documents on disk: all of them or nothing."""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PureWindowsPath
from tempfile import TemporaryDirectory, mkdtemp
from typing import Final

from calcinet.errors import BadInput
from calcinet.examined import ExaminedImage
from calcinet.record import SCHEMA, Record
from calcinet.report.documents import Wanted, documents

RECORD: Final = "record.json"


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
    """List the files under `folder`, relative to it, that no record there calls its own."""
    own = set(_list_own_files(folder))
    if own:
        own.add(RECORD)
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    return sorted(present - own)


def write_examination(
    record: Record,
    images: Mapping[str, ExaminedImage],
    folder: Path,
    wanted: Wanted | None = None,
    *,
    attachments: Mapping[str, bytes] | None = None,
    photographs: Mapping[str, bytes] | None = None,
    force: bool = False,
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

    Raises
    ------
    BadInput
        If the folder holds other files.
    """
    wanted = wanted or Wanted()
    record = Record.from_json(record.to_json())  # every document has the digits of record.json, no more
    check_folder(folder, force=force)
    contents = documents(record, images, wanted, photographs)
    for name, content in (attachments or {}).items():
        contents[name] = partial(_give_attachment, content)
    record = record.model_copy(update={"files": (RECORD, *contents)})
    with _open_staging(folder) as staging:
        for name, make in contents.items():
            _write(staging / name, make(record))
        _write(staging / RECORD, record.to_json().encode())
        _publish(staging, folder.absolute())
    return record


def _give_attachment(content: bytes, record: Record) -> bytes:
    """An attachment is the same whatever the record says."""
    del record
    return content


def _list_own_files(folder: Path) -> tuple[str, ...]:
    """Files that the record in a folder calls its own and that lie in it; none where there is no record."""
    try:
        record = json.loads((folder / RECORD).read_bytes())
    except (OSError, ValueError):
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


@contextmanager
def _open_staging(folder: Path) -> Iterator[Path]:
    """Lend an empty folder beside `folder`; whatever is left in it at the end is removed."""
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{folder.name}.writing-"
    with TemporaryDirectory(prefix=prefix, dir=folder.parent, ignore_cleanup_errors=True) as private:
        # The temporary folder can be read by its owner alone; the one inside it has the rights of any new folder.
        staging = Path(private) / "new"
        staging.mkdir()
        yield staging


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _publish(staging: Path, folder: Path) -> None:
    """Put the finished folder in its place in one step; file by file only among someone else's files."""
    if foreign_files(folder):
        _merge(folder, staging)
    else:
        _replace(folder, staging)


def _merge(folder: Path, staging: Path) -> None:
    """Remove the files of an earlier examination, and put the new ones among those of someone else."""
    for name in _list_own_files(folder):
        path = folder / name
        if path.is_file() or path.is_symlink():
            path.unlink()
    for path in sorted(staging.rglob("*")):
        if path.is_file():
            target = folder / path.relative_to(staging)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)


def _replace(folder: Path, staging: Path) -> None:
    """Rename `staging` to `folder`; what was there before comes back when that fails."""
    if not folder.exists():
        staging.rename(folder)
        return
    aside = Path(mkdtemp(prefix=f".{folder.name}.earlier-", dir=folder.parent))
    earlier = aside / "earlier"
    try:
        folder.rename(earlier)
        staging.rename(folder)
    except OSError:
        if earlier.exists():
            earlier.rename(folder)
        aside.rmdir()
        raise
    shutil.rmtree(aside, ignore_errors=True)
