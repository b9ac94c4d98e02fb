"""A small SQLite file that several processes of one server share."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from calcinet.errors import MachineFault
from calcinet.text import say

PATIENCE_S: Final = 30.0
"""How long a process waits for another one that writes. Our choice: a write takes a millisecond."""


@contextmanager
def connected(path: Path) -> Iterator[sqlite3.Connection]:
    """One transaction: all of it is on the disk when the context ends, or nothing.

    Raises
    ------
    MachineFault
        If the disk is full or refuses.
    """
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None)) as connection:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        raise MachineFault(
            say(
                "the folder of the server cannot be written ({why}): make room there, or look at its rights",
                why=str(error),
            )
        ) from error


def make_tables(path: Path, tables: str) -> None:
    """Make the tables that are not there yet; readers never wait for writers."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=PATIENCE_S)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(tables)
    path.chmod(0o600)
