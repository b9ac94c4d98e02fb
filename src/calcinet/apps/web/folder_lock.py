"""Locks of the data folder: one server, one node, one crew of workers."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from calcinet.errors import MachineFault
from calcinet.machine import writing_in
from calcinet.text import Text


@contextmanager
def hold(path: Path, taken: Text) -> Iterator[int]:
    """Hold a lock as long as the context lasts.

    Raises
    ------
    MachineFault
        If somebody else holds it: `taken` says whom.
    """
    lock = open_lock(path)
    try:
        if not try_lock(lock):
            raise MachineFault(taken)
        yield lock
    finally:
        os.close(lock)


def open_lock(path: Path) -> int:
    """Open the file of a lock."""
    with writing_in(path.parent):
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def try_lock(lock: int) -> bool:
    """Take a lock, where nobody has it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
