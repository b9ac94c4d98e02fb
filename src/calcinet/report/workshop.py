"""A folder beside a result, in which it is made and from which it is put in its place; one examination at a time.

What a killed run leaves there is put right by the next one to the same folder. In the workshop stand

    lock      held as long as somebody works there; the system lets go of it when he dies
    new/      what is being written: worth nothing
    ready/    what is whole and is being put, file by file, among files of someone else: to be finished
    earlier/  the result before, while the new one takes its place: to be put back where nothing is in its place
"""

import ctypes
import errno
import fcntl
import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from calcinet.errors import MachineFault
from calcinet.machine import check_name, missing_folders, remove_empty, writing_in

SUFFIX: Final = ".writing"
INSIDE: Final = ".calcinet.writing"
"""Name of a workshop within the result's own folder, where none can be made beside it."""

LOCK: Final = "lock"
OWNER_ALONE: Final = 0o700
LONGEST_NAME: Final = 255
"""Bytes that a name has at most on the usual file systems."""

LEAST_BYTES: Final = 2**18
"""Room that there must be before work begins. Our choice: less than the smallest result with a page takes."""

EXCHANGE: Final = 2
"""RENAME_EXCHANGE of renameat2(2)."""

HERE: Final = -100
"""AT_FDCWD."""

CANNOT_LOCK: Final = frozenset({errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL})
CANNOT_EXCHANGE: Final = frozenset({errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP})
CANNOT_STAND_BESIDE: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


@dataclass(slots=True, kw_only=True)
class Workshop:
    """The place where a result is made, held by this process."""

    folder: Path
    """Where the result goes; a link is followed."""
    place: Path
    made: tuple[Path, ...] = ()
    """Folders above it that were not there before; they go again where nothing is written."""
    published: bool = False
    """Whether the new result is in its place."""

    @property
    def new(self) -> Path:
        """What is being written."""
        return self.place / "new"

    @property
    def typesetting(self) -> Path:
        """Where documents are set that need files of their own."""
        return self.place / "typesetting"

    @property
    def ready(self) -> Path:
        """What is whole and goes among files of someone else."""
        return self.place / "ready"

    @property
    def earlier(self) -> Path:
        """The result before."""
        return self.place / "earlier"

    def clear(self) -> None:
        """Make empty folders to write into."""
        for folder in (self.new, self.typesetting):
            _remove(folder)
            folder.mkdir(parents=True)

    def replace(self) -> None:
        """Put the finished folder in its place in one step, with the rights of the one before."""
        if not os.path.lexists(self.folder):
            self.new.rename(self.folder)
        else:
            shutil.copymode(self.folder, self.new)
            if not _exchange(self.new, self.folder):
                self._replace_in_two_steps()
        self.published = True

    def _replace_in_two_steps(self) -> None:
        self.folder.rename(self.earlier)
        try:
            self.new.rename(self.folder)
        except OSError:
            self.earlier.rename(self.folder)
            raise

    def merge(self, stale: Sequence[str], last: str) -> None:
        """Put the finished files among those of someone else, `last` last, and remove the `stale`.

        The stale are files of the result before. Once it has begun it is finished, if need be by the next run.

        Raises
        ------
        MachineFault
            If a folder of someone else stands where a file is to go, or the reverse; nothing was touched.
        """
        self._check_places()
        self.new.rename(self.ready)
        self.finish(stale, last)

    def finish(self, stale: Sequence[str], last: str) -> None:
        """Move what is ready; as long as `last` has not gone, a run that was killed here can be repeated."""
        if (self.ready / last).exists():
            names = [path.relative_to(self.ready) for path in sorted(self.ready.rglob("*")) if path.is_file()]
            for name in names:
                if name != Path(last):
                    _move(self.ready / name, self.folder / name)
            for gone in stale:
                _remove_file(self.folder, gone)
            _move(self.ready / last, self.folder / last)
        self.published = True
        _remove(self.ready)

    def _check_places(self) -> None:
        for path in self.new.rglob("*"):
            target = self.folder / path.relative_to(self.new)
            is_folder = target.is_dir() and not target.is_symlink()
            if os.path.lexists(target) and is_folder != path.is_dir():
                raise MachineFault(f"a file and a folder have one name in {self.folder}: give another folder")
            if is_folder and not os.access(target, os.W_OK | os.X_OK):
                raise MachineFault(f"there is no right to write in all of {self.folder}: give another folder")


@contextmanager
def open_workshop(folder: Path, put_right: Callable[[Workshop], None]) -> Iterator[Workshop]:
    """Lend a workshop for a result folder, and find out whether something can be written there at all.

    Parameters
    ----------
    folder
        Where the result is to go; it and the folders above it need not be there.
    put_right
        Called first: finishes what a killed run had begun.

    Raises
    ------
    MachineFault
        If somebody else works there, or nothing can be written.
    """
    check_name(folder)
    with writing_in(folder):
        workshop, lock = _enter(Path(os.path.realpath(folder)))
    try:
        with writing_in(folder):
            put_right(workshop)
            workshop.published = False
            _remove(workshop.earlier)
            _try_out(workshop)
        yield workshop
    finally:
        _leave(workshop, lock)


def _enter(folder: Path) -> tuple[Workshop, int]:
    """The workshop beside a folder; within it where it is a disk of its own, or nothing can be made beside it."""
    is_there = folder.is_dir()
    if is_there and not os.access(folder, os.W_OK | os.X_OK):
        number = _find_reason(folder)
        raise OSError(number, os.strerror(number))
    within = Workshop(folder=folder, place=folder / INSIDE)
    if is_there and os.path.ismount(folder):
        return within, _hold(within)
    made = missing_folders(folder)
    beside = Workshop(folder=folder, place=folder.parent / _name_workshop(folder.name), made=made)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        return beside, _hold(beside)
    except OSError as error:
        if not is_there or error.errno not in CANNOT_STAND_BESIDE:
            raise
        return within, _hold(within)


def _find_reason(folder: Path) -> int:
    """Why nothing can be written into a folder: its disk can only be read, or there is no right to."""
    if os.statvfs(folder).f_flag & os.ST_RDONLY:
        return errno.EROFS
    return errno.EACCES


def _name_workshop(name: str) -> str:
    """The same for the same folder; one whose name is as long as names can be has its hash instead."""
    full = f".{name}{SUFFIX}"
    if len(os.fsencode(full)) <= LONGEST_NAME:
        return full
    return f".{hashlib.sha256(os.fsencode(name)).hexdigest()}{SUFFIX}"


def _hold(workshop: Workshop) -> int:
    """Make the workshop and take its lock, which the system gives back when this process ends, however it ends.

    Raises
    ------
    MachineFault
        If somebody else has it.
    """
    while True:
        _make_place(workshop.place)
        try:
            lock = os.open(workshop.place / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except FileNotFoundError:  # the one before has just left and taken the folder away
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise MachineFault(
                f"another examination is being written into {workshop.folder}: wait for it, or give another folder"
            ) from None
        except OSError as error:
            if error.errno not in CANNOT_LOCK:
                os.close(lock)
                raise
        if _is_named(lock, workshop.place / LOCK):
            return lock
        os.close(lock)


def _make_place(place: Path) -> None:
    """Make the folder of a workshop, or take it over; never one that somebody else made there."""
    with suppress(FileExistsError):
        place.mkdir(mode=OWNER_ALONE)
        return
    with suppress(FileNotFoundError):
        found = place.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise MachineFault(f"{place} stands in the way and is not ours: remove it, or give another folder")


def _is_named(lock: int, path: Path) -> bool:
    """Whether an open file is still the one of this name."""
    try:
        return os.path.samestat(os.fstat(lock), path.lstat())
    except FileNotFoundError:
        return False


def _try_out(workshop: Workshop) -> None:
    """Write something that is as large and named as long as the least result, and remove it."""
    workshop.clear()
    trial = workshop.new / "photographs" / "longest-name-of-a-document.fhir.json"
    trial.parent.mkdir()
    trial.write_bytes(bytes(LEAST_BYTES))
    _remove(workshop.new)


def _leave(workshop: Workshop, lock: int) -> None:
    """Remove the workshop; what must be finished, or put back, stays for the next run."""
    with suppress(OSError):
        if not _is_taken_over(workshop, lock):
            _remove(workshop.new)
            if not workshop.ready.exists() and (workshop.folder.exists() or not workshop.earlier.exists()):
                _remove(workshop.earlier)
                _remove(workshop.typesetting)
                (workshop.place / LOCK).unlink(missing_ok=True)
                workshop.place.rmdir()
                remove_empty(workshop.made)
    os.close(lock)


def _is_taken_over(workshop: Workshop, lock: int) -> bool:
    """Whether somebody removed the workshop under our hands, and another run has made its own there."""
    path = workshop.place / LOCK
    return os.path.lexists(path) and not _is_named(lock, path)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change their names in one step; False where the system or the disk cannot."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(HERE, os.fsencode(one), HERE, os.fsencode(other), EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in CANNOT_EXCHANGE:
        return False
    raise OSError(number, os.strerror(number))


def _move(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)


def _remove(path: Path) -> None:
    """Remove a folder of ours with all that is in it, where it is there."""
    shutil.rmtree(path, ignore_errors=True)


def _remove_file(folder: Path, name: str) -> None:
    """Remove a file, and the folders between it and `folder` that are empty then."""
    path = folder / name
    if path.is_file() or path.is_symlink():
        path.unlink()
    for above in path.relative_to(folder).parents[:-1]:
        with suppress(OSError):
            (folder / above).rmdir()
