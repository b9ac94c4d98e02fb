"""Where an archive lies: a folder tree with its zips, a list of files, or any place that fsspec reaches."""

import errno
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import quote_from_bytes, unquote_to_bytes

from calcinet.errors import BadInput, MachineFault, Unreadable
from calcinet.extras import require_extras
from calcinet.given_files import read_given, read_head
from calcinet.io.disc import is_of_system
from calcinet.io.zip_members import list_members, load_member, open_zip
from calcinet.limits import FILE_BYTES

if TYPE_CHECKING:
    from calcinet.delivery.destination import Web

ZIP_SUFFIX: Final = ".zip"
PASSED_OVER: Final = (".yaml", ".yml", ".json", ".csv", ".txt", ".md", ".html", ".xml", ".parquet", ".truth.png")
"""How names end of what lies beside films and was never meant to be one."""

FOLDER_END: Final = "/"
"""How the name of an object ends that a console of S3 makes for an empty folder."""

LIST_SUFFIXES: Final = (".txt", ".list", ".lst")
"""How the name of a list of files ends: one path a line."""

ADDRESS: Final = re.compile(r"([a-z][a-z0-9+.-]+)://", re.ASCII)

PROTOCOLS: Final = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "sftp", "ssh", "memory", "file"})
"""Addresses that are given to fsspec; another may do more than read files."""

ESCAPED: Final = "escaped://"
"""With what a path begins that is no text: names of old discs are bytes of another alphabet, and tables hold text."""

PRIVATE: Final = "private"
"""Folder of a run with places in the archive, from which names may be read: it is not given away."""

OPTIONS: Final = "options.json"
"""What a run was asked for; it lies in the folder private."""

GONE: Final = (
    "nothing of the archive can be reached now: see whether its disk or service is there; what was done is kept, and "
    "the same command goes on"
)

OWN_FAULTS: Final = frozenset(
    {errno.EACCES, errno.EPERM, errno.ELOOP, errno.EISDIR, errno.ENOTDIR, errno.ENAMETOOLONG, errno.EINVAL}
)
"""Errors that are of one object, not of the place that holds it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of an archive."""

    path: str
    """As `write_path` writes it."""
    member: str | None
    """Name inside a zip."""
    size: int | None
    """Bytes; None where that is not known."""
    code: str | None = None
    """Why it could not even be listed, for programs."""
    reason: str | None = None

    @property
    def place(self) -> str:
        """Where it lies, in one word."""
        return self.path if self.member is None else f"{self.path}!{self.member}"


class Source(Protocol):
    """An archive; it can be opened again in another process by its address."""

    @property
    def address(self) -> str:
        """By what it is opened."""

    def walk(self) -> Iterator[Entry]:
        """Every file that may be a film, in an order that is the same each time."""

    def load(self, path: str, member: str | None, count: int | None) -> bytes:
        """The first bytes of a file, or all of them; raises Unreadable."""

    def is_there(self) -> bool:
        """Whether the archive answers at all."""


def open_source(address: str) -> Source:
    """The archive at an address.

    Raises
    ------
    BadInput
        If there is none of this kind, or it is not there.
    """
    found = ADDRESS.match(address)
    if found is not None:
        return _open_remote(address, found[1])
    path = Path(address).absolute()
    if not path.exists():
        raise BadInput("the archive is not there: check the spelling of its path")
    if path.is_file() and path.suffix.lower() in LIST_SUFFIXES:
        return ListedFiles(str(path))
    return FolderTree(str(path))


def _open_remote(address: str, protocol: str) -> Source:
    if protocol in ("http", "https"):
        return WebArchive(address)
    if protocol not in PROTOCOLS:
        raise BadInput(
            f"an archive at {protocol}:// is not read: give a folder, a list, a zip, s3:// or http:// (DICOMweb)"
        )
    return RemoteFiles(address)


@lru_cache(maxsize=8)
def reopen_source(address: str) -> Source:
    """The same in a process that works, once."""
    return open_source(address)


@dataclass(frozen=True, slots=True)
class FolderTree:
    """A folder with all below it, or one file or zip."""

    address: str

    def walk(self) -> Iterator[Entry]:
        """Every file in the order of its name, those of zips in theirs; links to folders are not followed."""
        root = Path(self.address)
        if root.is_file():
            yield from _list_file(self.address, root.stat().st_size)
            return
        yield from _walk_folder(self.address)

    def load(self, path: str, member: str | None, count: int | None) -> bytes:
        """The first bytes of a file, or all of them."""
        return _load_local(path, member, count)

    def is_there(self) -> bool:
        """Whether the folder is still there and can be listed."""
        try:
            if Path(self.address).is_file():
                return True
            with os.scandir(self.address) as found:
                return next(found, None) is not None
        except OSError:
            return False


@dataclass(frozen=True, slots=True)
class ListedFiles:
    """A list of paths, one a line; those that do not begin at the root are beside the list."""

    address: str

    def walk(self) -> Iterator[Entry]:
        """Every file in the order of the list."""
        for path in self._list_paths():
            yield from _list_file(path, _measure(path))

    def load(self, path: str, member: str | None, count: int | None) -> bytes:
        """The first bytes of a file, or all of them."""
        return _load_local(path, member, count)

    def is_there(self) -> bool:
        """Whether the list is still there, and one of its files at least."""
        try:
            return any(Path(path).exists() for path in self._list_paths())
        except OSError:
            return False

    def _list_paths(self) -> Iterator[str]:
        folder = Path(self.address).parent
        with open(self.address, encoding="utf-8", errors="surrogateescape") as lines:  # noqa: PTH123 - line by line
            for line in lines:
                name = line.rstrip("\r\n")
                if name.strip() and not name.startswith("#"):
                    yield str(folder / name)


@dataclass(frozen=True, slots=True)
class RemoteFiles:
    """What fsspec reaches: S3 and others. Passwords come from the environment, as its drivers read them."""

    address: str

    def walk(self) -> Iterator[Entry]:
        """Every object in the order of its name; zips are not opened there."""
        files, root = self._open()
        files.invalidate_cache()  # what was listed before says nothing of now
        try:
            found = files.find(root, detail=True)
        except FileNotFoundError as error:
            raise BadInput("the archive is not there: check the spelling of its address") from error
        except ValueError as error:
            raise BadInput("the address of the archive cannot be understood: check its spelling") from error
        except Exception as error:  # each driver has its own
            raise explain_gone(error) from error
        if not found and not self.is_there():
            raise BadInput("the archive is not there: check the spelling of its address")
        for path in sorted(found):
            if not _is_system_place(path) and _is_wanted(path) and not path.lower().endswith((ZIP_SUFFIX, FOLDER_END)):
                yield Entry(path, None, found[path].get("size"))

    def load(self, path: str, member: str | None, count: int | None) -> bytes:
        """The first bytes of an object, or all of them."""
        del member
        files, _ = self._open()
        most = FILE_BYTES.value if count is None else count
        try:
            data: bytes = files.cat_file(path, start=0, end=most + 1 if count is None else most)
        except FileNotFoundError as error:
            raise Unreadable("the object is not there any more", code="cannot-open") from error
        except Exception as error:  # each driver has its own
            if _is_empty(files, path):
                return b""
            if _is_own_fault(error) and self.is_there():
                kind = type(error).__name__
                raise Unreadable(
                    f"the object cannot be opened ({kind}): look after its rights", code="cannot-open"
                ) from error
            raise explain_gone(error) from error
        if len(data) > most:
            raise Unreadable("the object is larger than any film: give the film itself", code="too-large")
        return data

    def is_there(self) -> bool:
        """Whether the place answers."""
        files, root = self._open()
        files.invalidate_cache()
        try:
            return bool(files.exists(root))
        except Exception:  # each driver has its own
            return False

    def _open(self) -> tuple[Any, str]:
        import fsspec

        try:
            files, root = fsspec.core.url_to_fs(self.address)
        except ImportError as error:
            raise BadInput("this address needs a driver of fsspec that is not installed (s3:// needs s3fs)") from error
        except ValueError as error:
            raise BadInput("the address of the archive cannot be understood: check its spelling") from error
        return files, root


def _is_own_fault(error: Exception) -> bool:
    """Whether an error may be of one object alone; s3fs gives some without the number of the system's error."""
    return isinstance(error, PermissionError) or getattr(error, "errno", None) in OWN_FAULTS


def _is_empty(files: Any, path: str) -> bool:
    """Whether an object has no byte at all: S3 answers a question for its first bytes with an error (InvalidRange)."""
    try:
        return bool(files.size(path) == 0)
    except Exception:  # each driver has its own
        return False


@dataclass(frozen=True, slots=True)
class WebArchive:
    """A DICOMweb service; a login comes from ~/.netrc."""

    address: str

    def walk(self) -> Iterator[Entry]:
        """Every object in the order in which the service lists them."""
        from calcinet.delivery.wado import list_objects

        for path in list_objects(self._open()):
            yield Entry(path, None, None)

    def load(self, path: str, member: str | None, count: int | None) -> bytes:
        """The first bytes of an object, or all of them."""
        from calcinet.delivery.wado import load_object

        del member
        most = FILE_BYTES.value + 1 if count is None else count
        data = load_object(self._open(), path, most)
        if count is None and len(data) == most:
            raise Unreadable("the object is larger than any film: give the film itself", code="too-large")
        return data

    def is_there(self) -> bool:
        """Whether the service answers."""
        from calcinet.delivery.wado import is_there

        return is_there(self._open())

    def _open(self) -> "Web":
        from calcinet.delivery.destination import Web, destination

        require_extras(["hospital"], "a DICOMweb address")
        where = destination(self.address)
        assert isinstance(where, Web)
        return where


def explain_gone(error: Exception) -> MachineFault:
    """That the archive does not answer; what was done is kept."""
    return MachineFault(
        f"the archive does not answer ({type(error).__name__}); what was done is kept: give "
        "the same command when it is back"
    )


def write_path(path: str) -> str:
    """A path of this machine as text, from which it can be read again.

    >>> write_path("leg.dcm"), write_path("M\udcfcller.dcm")
    ('leg.dcm', 'escaped://M%FCller.dcm')
    """
    try:
        path.encode()
    except UnicodeEncodeError:
        return ESCAPED + quote_from_bytes(os.fsencode(path))
    return path


def _read_path(written: str) -> str:
    if not written.startswith(ESCAPED):
        return written
    return os.fsdecode(unquote_to_bytes(written.removeprefix(ESCAPED)))


def _load_local(path: str, member: str | None, count: int | None) -> bytes:
    path = _read_path(path)
    if member is not None:
        archive, members = _open_members(path)
        if member not in members:
            raise Unreadable("it is not in the zip any more", code="cannot-open")
        return load_member(archive, members[member], count)
    if count is None:
        return read_given(path, FILE_BYTES)
    return read_head(path, count)


@lru_cache(maxsize=4)
def _open_members(path: str) -> tuple[Any, dict[str, Any]]:
    archive = open_zip(Path(path))
    return archive, {name: member for name, member in _name_members(archive) if name == member.filename}


def _name_members(archive: Any) -> Iterator[tuple[str, Any]]:
    """Files of a zip by their names; of several with one name the last has it, the others are numbered."""
    members = list_members(archive)
    left = Counter(member.filename for member in members)
    for member in members:
        left[member.filename] -= 1
        before = left[member.filename]
        yield (f"{member.filename} ({before} before the last)" if before else member.filename), member


def _walk_folder(folder: str) -> Iterator[Entry]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=_get_name)
    except OSError:
        reason = "a folder of the archive cannot be listed: look after its rights"
        yield Entry(write_path(folder), None, None, code="cannot-open", reason=reason)
        return
    if (Path(folder) / PRIVATE / OPTIONS).is_file():  # the result of a run is no archive
        return
    for entry in entries:
        if entry.is_symlink() and entry.is_dir():
            reason = "found a link to a folder, which is not followed: give the folder itself"
            yield Entry(write_path(entry.path), None, None, code="cannot-open", reason=reason)
        elif entry.is_dir(follow_symlinks=False):
            if not is_of_system(entry.name) and not entry.name.startswith("."):
                yield from _walk_folder(entry.path)
        elif _is_wanted(entry.name):
            yield from _list_file(entry.path, _measure_entry(entry))


def _is_system_place(path: str) -> bool:
    return any(is_of_system(folder) for folder in path.split("/")[:-1])


def _get_name(entry: "os.DirEntry[str]") -> str:
    return entry.name


def _is_wanted(name: str) -> bool:
    base = name.rpartition("/")[2]
    return not base.startswith(".") and base != "DICOMDIR" and not base.lower().endswith(PASSED_OVER)


def _list_file(path: str, size: int | None) -> Iterator[Entry]:
    """A file, or the members of a zip; a zip that cannot be opened is one film that cannot be read."""
    written = write_path(path)
    if not path.lower().endswith(ZIP_SUFFIX):
        yield Entry(written, None, size)
        return
    try:
        members = list(_name_members(_open_members(path)[0]))
    except Unreadable as error:
        yield Entry(written, None, size, code=error.code, reason=str(error))
        return
    for name, member in members:
        if not _is_wanted(member.filename):
            continue
        if name == member.filename:
            yield Entry(written, name, member.file_size)
        else:
            reason = "the zip holds several files of one name, and this is not the last: pack it anew"
            yield Entry(written, name, member.file_size, code="cannot-open", reason=reason)


def _measure_entry(entry: "os.DirEntry[str]") -> int | None:
    try:
        return entry.stat(follow_symlinks=True).st_size
    except OSError:
        return None


def _measure(path: str) -> int | None:
    try:
        return Path(path).stat().st_size
    except OSError:
        return None


def make_loader(source: Source, path: str, member: str | None) -> Callable[[int | None], bytes]:
    """What reads the first bytes of one file."""
    return lambda count: source.load(path, member, count)
