"""Objects that wait on disk until their receiver has confirmed them."""

import fcntl
import json
import os
import shutil
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from calcinet.delivery.destination import Destination, destination, folder_name
from calcinet.delivery.outcome import Busy
from calcinet.delivery.tries import TRIES, Tried, format_tries, read_tries
from calcinet.delivery.wholeness import Instance, NotWhole, read_instance
from calcinet.errors import BadInput, CalcinetError
from calcinet.limits import OBJECT_BYTES
from calcinet.text import say

ADDRESS: Final = "destination.json"
HALF_NS: Final = 3600 * 10**9
"""After which nobody writes at half an object any more, in nanoseconds. Our choice: none takes an hour."""

LOCK: Final = ".lock"
REFUSED: Final = "refused"
SUFFIX: Final = ".dcm"
OWNER_ALONE: Final = 0o700

LONGEST_ADDRESS_FILE: Final = 4096
"""Bytes. Our choice: an address has at most 512 letters (`destination.LONGEST`)."""

LONGEST_REASON_FILE: Final = 64 << 10
"""Bytes. Our choice: reasons are a sentence."""

QUIET_S: Final = 2.0
LONGEST_WAIT_S: Final = 60.0
"""How long somebody else may deliver to the same receiver until a word is said, and until we give up. Our choice: that
one delivers what waits, and nothing is lost by leaving it to him.
"""


class OutboxFull(CalcinetError):
    """The outbox takes nothing more: its disk is full or fails."""


def default_outbox() -> Path:
    """Folder of the outbox: $CALCINET_OUTBOX, else calcinet/outbox under $XDG_STATE_HOME or ~/.local/state."""
    given = os.environ.get("CALCINET_OUTBOX")
    if given:
        return Path(given)
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "calcinet" / "outbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """A folder of the outbox that nothing is delivered from, because it does not say where to."""

    folder: Path
    waiting: int
    why: str


@dataclass(frozen=True, slots=True)
class Outbox:
    """A folder with one folder a destination, and in it one file an object, named by its SOP Instance UID.

    An object is there whole or not at all, and leaves only when it is taken or refused for good; the same object put
    twice is one. The folder is its owner's alone: objects name patients, file names do not.
    """

    folder: Path

    def put(self, content: bytes, where: Destination) -> Path:
        """Keep a DICOM file for a destination until it is delivered.

        Raises
        ------
        NotWhole
            If the bytes are no whole DICOM file.
        BadInput
            If the folder of the outbox cannot be made.
        OutboxFull
            If the disk takes it no more; nothing half is left.
        """
        return _keep(self._make_folder(where) / f"{read_instance(content).uid}{SUFFIX}", content)

    def destinations(self) -> list[Destination]:
        """List the destinations that something was ever put in for."""
        found = [_read_address(folder) for folder in self._list_folders()]
        return [where for where in found if not isinstance(where, str)]

    def strays(self) -> list[Stray]:
        """List the folders in which something waits, but that do not say for whom."""
        found = []
        for folder in self._list_folders():
            why, waiting = _read_address(folder), len(_list_objects(folder))
            if isinstance(why, str) and waiting:
                found.append(Stray(folder=folder, waiting=waiting, why=why))
        return found

    def waiting(self, where: Destination) -> list[Path]:
        """List the objects that wait for a destination, oldest first."""
        return _list_objects(self.folder_of(where))

    def refused(self, where: Destination) -> list[Path]:
        """List the objects that a destination refused for good; each has its reason beside it, as JSON."""
        return _list_objects(self.folder_of(where) / REFUSED)

    def remove(self, path: Path) -> None:
        """Let go of an object that its receiver has confirmed."""
        path.unlink(missing_ok=True)

    def refuse(self, path: Path, reason: str) -> None:
        """Set an object aside that its receiver will never take, with the reason."""
        aside = path.parent / REFUSED
        aside.mkdir(mode=OWNER_ALONE, exist_ok=True)
        place = _find_free(aside / path.name)
        with suppress(OutboxFull):  # without its reason it is set aside all the same
            _keep(place.with_suffix(".json"), json.dumps({"reason": reason}).encode())
        path.rename(place)

    def reason(self, path: Path) -> str:
        """Why an object was refused for good; empty where that was not noted."""
        try:
            told = json.loads(_read_file(path.with_suffix(".json"), LONGEST_REASON_FILE))
            return str(told["reason"])
        except (BadInput, ValueError, RecursionError, LookupError, TypeError):
            return ""

    def restore(self, path: Path) -> Path:
        """Let an object that was refused for good wait again."""
        place = path.parent.parent / path.name
        path.rename(place)
        path.with_suffix(".json").unlink(missing_ok=True)
        return place

    def forget(self, path: Path) -> None:
        """Delete one object, whether it waits or was refused."""
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        path.with_suffix(".json").unlink(missing_ok=True)

    def tries(self, where: Destination) -> dict[str, Tried]:
        """What was tried in vain with the objects that wait for a destination, by the names of their files."""
        return read_tries(self.folder_of(where))

    def keep_tries(self, where: Destination, tries: Mapping[str, Tried]) -> None:
        """Keep what was tried with those that still wait; a disk that is full is no reason not to deliver."""
        left = {path.name for path in self.waiting(where)}
        kept = {name: tried for name, tried in tries.items() if name in left}
        file = self.folder_of(where) / TRIES
        with suppress(OutboxFull, OSError):
            if kept:
                _keep(file, format_tries(kept))
            else:
                file.unlink(missing_ok=True)

    def drop(self, where: Destination) -> int:
        """Delete what waits for a destination and what it refused; says how many objects."""
        objects = [*self.waiting(where), *self.refused(where)]
        for path in objects:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        shutil.rmtree(self.folder_of(where) / REFUSED, ignore_errors=True)
        return len(objects)

    @contextmanager
    def locked(self, where: Destination, say: Callable[[str], None] = lambda _: None) -> Iterator[None]:
        """Wait until nobody else delivers to this destination, and keep others waiting.

        Raises
        ------
        Busy
            If somebody else still does after a while; that we wait is said before.
        """
        lock = _open_lock(self._make_folder(where) / LOCK)
        try:
            _await_lock(lock, say)
            _remove_halves(self.folder_of(where))
            yield
        finally:
            os.close(lock)

    def folder_of(self, where: Destination) -> Path:
        """Folder of the objects for a destination."""
        return self.folder / folder_name(where)

    def _list_folders(self) -> list[Path]:
        """Folders of destinations, whatever lies beside them."""
        if not self.folder.is_dir():
            return []
        return sorted(path for path in self.folder.iterdir() if path.is_dir() and not path.is_symlink())

    def _make_folder(self, where: Destination) -> Path:
        """Folder of the objects for a destination, made where it is absent."""
        folder = self.folder_of(where)
        try:
            folder.mkdir(mode=OWNER_ALONE, parents=True, exist_ok=True)
        except OSError as error:
            message = say(
                "the outbox cannot be written ({why}): give another folder with --outbox", why=str(error.strerror)
            )
            raise BadInput(message) from error
        if _read_address(folder) != where:  # absent, or broken: the name of the folder says who it is for
            _keep(folder / ADDRESS, json.dumps({"destination": str(where)}).encode())
        return folder


def read_waiting(path: Path) -> tuple[bytes, Instance]:
    """Read an object of the outbox, and make sure that it is still what was put there.

    Raises
    ------
    NotWhole
        If it is no file, cannot be read, is not whole or is named by another identifier.
    """
    content = _read_file(path, OBJECT_BYTES.value)
    instance = read_instance(content)
    if path.stem != instance.uid:
        raise NotWhole("its file is not named by its identifier, as those are that calcinet puts there", instance.uid)
    return content, instance


def _read_file(path: Path, most: int) -> bytes:
    """Read a file and nothing else: no link is followed, and nothing is waited for."""
    try:
        with open(path, "rb", opener=_open_unfollowed) as stream:
            about = os.fstat(stream.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise NotWhole("it is no file")
            if about.st_size > most:
                raise NotWhole(f"it has more than {most:,} bytes")
            return stream.read()
    except IsADirectoryError:
        raise NotWhole("it is a folder and no file") from None
    except OSError as error:
        raise NotWhole(f"it is a link or cannot be read ({error.strerror})") from None


def _open_unfollowed(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _read_address(folder: Path) -> Destination | str:
    """The destination of a folder, or why there is none."""
    try:
        told = json.loads(_read_file(folder / ADDRESS, LONGEST_ADDRESS_FILE))
        where = destination(told["destination"])
    except (BadInput, ValueError, RecursionError, LookupError, TypeError, AttributeError):
        return f"its file {ADDRESS} cannot be read"
    if folder_name(where) != folder.name:
        return f"its file {ADDRESS} names another address than the folder was made for"
    return where


def _list_objects(folder: Path) -> list[Path]:
    """What is named as objects are, oldest first, whatever it is."""
    return sorted(folder.glob(f"*{SUFFIX}"), key=lambda path: (_read_time(path), path.name))


def _read_time(path: Path) -> int:
    """When it was last written; 0 where it has just gone."""
    try:
        return path.lstat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _find_free(path: Path) -> Path:
    """A name that nothing else has, but for an object of the same identifier, which is replaced."""
    free, number = path, 1
    while free.is_dir() or free.is_symlink():
        free, number = path.with_name(f"{path.stem}.{number}{path.suffix}"), number + 1
    return free


def _open_lock(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise BadInput(
            f"the lock of the outbox, {path}, is a link or cannot be opened ({error.strerror}): remove it"
        ) from None


def _await_lock(lock: int, tell: Callable[[str], None]) -> None:
    began, told = time.monotonic(), False
    while not _try_lock(lock):
        waited = time.monotonic() - began
        if waited > LONGEST_WAIT_S:
            raise Busy(f"somebody else has been delivering to it for {LONGEST_WAIT_S:.0f} s")
        if waited > QUIET_S and not told:
            tell(f"somebody else delivers to this receiver: waiting for at most {LONGEST_WAIT_S:.0f} s")
            told = True
        time.sleep(0.1)


def _remove_halves(folder: Path) -> None:
    """Delete what a machine that stopped while it wrote has left."""
    for path in folder.glob(".*.partial"):
        if time.time_ns() - _read_time(path) > HALF_NS:
            path.unlink(missing_ok=True)


def _try_lock(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _keep(path: Path, content: bytes) -> Path:
    """Write a file so that it is there whole or not at all, whatever stops the machine."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    except OSError as error:
        message = say(
            "the outbox cannot take it ({why}): make room, or give another folder with --outbox",
            why=str(error.strerror),
        )
        raise OutboxFull(message) from error
    finally:
        partial.unlink(missing_ok=True)
    return path
