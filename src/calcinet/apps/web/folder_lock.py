"""Locks of the data folder: one server, one node, one crew of workers."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from calcinet.errors import MachineFault
from calcinet.machine import writing_in
from calcinet.text import Text

PATIENCE_S: Final = 3.0
"""Somebody else may hold a lock so long. Our choice: a server without a node holds that of the node for moments."""


@contextmanager
def hold(path: Path, taken: Text) -> Iterator[int]:
    """Hold a lock as long as the context lasts.

    Raises
    ------
    MachineFault
        If somebody else holds it: `taken` says whom.
    """
    lock = open_lock(path)
    until = time.monotonic() + PATIENCE_S
    try:
        while not try_lock(lock):
            if time.monotonic() > until:
                raise MachineFault(taken)
            time.sleep(PATIENCE_S / 50)
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


def free_lock(lock: int) -> None:
    """Let somebody else have a lock."""
    fcntl.flock(lock, fcntl.LOCK_UN)
