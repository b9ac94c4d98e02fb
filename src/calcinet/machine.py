"""What the machine refuses, in one sentence with the place."""

import errno
import os
import resource
import shutil
import signal
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Final

from calcinet.errors import MachineFault

LONGEST_PLACE: Final = 200
"""Letters of a place that are shown. Our choice: a sentence is read, a path of 4,000 letters is not."""

TOO_LITTLE_MEMORY: Final = (
    "the memory of this machine was not enough: examine fewer or smaller images at a time, or free some of it"
)

WORDS_FOR_NO_MEMORY: Final = ("failed to map segment", "Insufficient memory", "bad_alloc", "Failed to allocate memory")
"""How the loader of glibc, OpenCV, C++ and onnxruntime say that there is no memory left."""

LEAST_ADDRESS_SPACE: Final = 700_000 * 1024
"""Bytes. Measured: with 600,000 KiB (`ulimit -v`) scipy's OpenBLAS asks again without end; with this it does not."""

STOPS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Signals that ask a program to stop: Ctrl-C, kill or shutdown, the terminal gone."""

FAULTS: Final[Mapping[int, str]] = MappingProxyType(
    {
        errno.ENOSPC: "no space is left in {place}: make room there, or give another place",
        errno.EDQUOT: "your share of the disk is used up in {place}: make room there, or give another place",
        errno.EFBIG: "{place} takes no file of this size: give another place",
        errno.EROFS: "{place} can be read only: give another place",
        errno.EACCES: "there is no right to write in {place}: ask for it, or give another place",
        errno.EPERM: "there is no right to write in {place}: ask for it, or give another place",
        errno.ENOENT: "{place} is gone, or nothing can be made there: see whether its disk is there, or give another",
        errno.ENOTDIR: "a file stands on the way to {place}, where a folder is needed: give another place",
        errno.EEXIST: "a file stands on the way to {place}, where a folder is needed: give another place",
        errno.EISDIR: "a folder stands in {place} where a file is to be written: give another place",
        errno.ENAMETOOLONG: "a name or the path is too long in {place}: give a shorter one",
        errno.ELOOP: "the links on the way to {place} lead round in a circle: give another place",
        errno.EMLINK: "no more folders can be made in {place}: give another place",
        errno.EMFILE: "too many files are open: raise the limit of open files (ulimit -n)",
        errno.ENFILE: "too many files are open on this machine: close other programs",
        errno.EIO: "the disk fails in {place}: give another place, and look after the disk",
        errno.EBUSY: "{place} is in use by the system: give another place",
        errno.ESTALE: "the disk of {place} does not answer: connect it again, or give another place",
        errno.EINVAL: "nothing of this name can be made in {place}: give another place",
        errno.EILSEQ: "the disk cannot hold the name of {place}: give a plainer one",
        errno.ENOMEM: TOO_LITTLE_MEMORY,
    }
)
"""By the number of the system's error."""

DISK_FAULTS: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})
"""Those that come from writing, whatever else is done."""


def explain_fault(error: OSError, place: Path | str) -> MachineFault:
    """Tell in one sentence what the system refused, where and what to do.

    >>> str(explain_fault(OSError(errno.EROFS, "Read-only file system"), "/mnt/cd"))
    '/mnt/cd can be read only: give another place'
    """
    shown = str(place)
    if len(shown) > LONGEST_PLACE:
        shown = f"{shown[:LONGEST_PLACE]}..."
    sentence = FAULTS.get(error.errno or 0, "{place} cannot be written ({why}): give another place")
    return MachineFault(sentence.format(place=shown, why=error.strerror or type(error).__name__))


@contextmanager
def writing_in(place: Path | str, faults: Collection[int] | None = None) -> Iterator[None]:
    """Turn what the system refuses while something is written at `place` into a sentence; of `faults` alone, if given.

    Raises
    ------
    MachineFault
        Instead of an OSError.
    """
    try:
        yield
    except OSError as error:
        if faults is not None and error.errno not in faults:
            raise
        raise explain_fault(error, place) from error


@contextmanager
def making(target: Path) -> Iterator[Path]:
    """Lend an empty folder beside a file to be made, from which it is moved there when it is whole.

    Raises
    ------
    MachineFault
        Instead of an OSError; the folder is removed whatever happens.
    """
    check_name(target)
    place = target.parent / f".{target.name}.writing"
    made = missing_folders(target)
    try:
        with writing_in(target.parent):
            shutil.rmtree(place, ignore_errors=True)  # of a run that was killed
            place.mkdir(parents=True)
            yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        remove_empty(made)


def missing_folders(target: Path) -> tuple[Path, ...]:
    """Folders above a file that are not there, from the lowest up."""
    return tuple(above for above in target.parents if not os.path.lexists(above))


def remove_empty(folders: Sequence[Path]) -> None:
    """Remove folders, from the lowest up, as far as they are empty."""
    with suppress(OSError):
        for folder in folders:
            folder.rmdir()


def is_want_of_memory(error: Exception) -> bool:
    """Whether a failure is that there was no memory left, in the words of any library."""
    return isinstance(error, MemoryError) or any(words in str(error) for words in WORDS_FOR_NO_MEMORY)


def require_address_space() -> None:
    """Refuse an address space in which the libraries cannot even be loaded.

    Raises
    ------
    MachineFault
        Instead of waiting for ever.
    """
    allowed, _ = resource.getrlimit(resource.RLIMIT_AS)
    if allowed != resource.RLIM_INFINITY and allowed < LEAST_ADDRESS_SPACE:
        raise MachineFault(
            f"this process may use {allowed / 2**20:.0f} MiB of memory (ulimit -v), and loading takes"
            f" {LEAST_ADDRESS_SPACE / 2**20:.0f} MiB: allow more; 2 GiB is enough for a film"
        )


def check_name(place: Path) -> None:
    """Refuse a name that no file can have here.

    Raises
    ------
    MachineFault
        If it holds a zero byte, or letters that the system's encoding lacks.
    """
    try:
        name = os.fsencode(place)
    except UnicodeEncodeError:
        raise MachineFault("the name of the place holds letters that this system cannot write: give another") from None
    if b"\0" in name:
        raise MachineFault("the name of the place holds a zero byte: give another")


@contextmanager
def undisturbed() -> Iterator[None]:
    """Keep signals that ask the program to stop until the end of a step that must be done whole or not at all."""
    if threading.current_thread() is not threading.main_thread():  # signals are heard in the main thread alone
        yield
        return
    came: list[int] = []
    usual = {stop: signal.getsignal(stop) for stop in STOPS if signal.getsignal(stop) is not signal.SIG_IGN}
    for stop in usual:
        signal.signal(stop, lambda number, _: came.append(number))
    try:
        yield
    finally:
        for stop, handler in usual.items():
            signal.signal(stop, handler)
        for number in came[:1]:
            signal.raise_signal(number)
