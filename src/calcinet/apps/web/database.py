"""A small SQLite file that several processes of one server share."""

import sqlite3
from collections.abc import Iterator, Sequence
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
        raise explain_refusal(error) from error


def explain_refusal(error: Exception) -> MachineFault:
    """Say that the disk is full, or refuses."""
    return MachineFault(
        say(
            "the folder of the server cannot be written ({why}): make room there, or look at its rights",
            why=str(error),
        )
    )


def migrate(path: Path, steps: Sequence[str]) -> None:
    """Bring the tables to the latest version, each step once and as a whole; readers never wait for writers.

    The version of a file is the number of steps that it has behind it, its `user_version`.

    Raises
    ------
    MachineFault
        If a later version of the program made the file, or the disk refuses.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE_S)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        raise explain_refusal(error) from error
    with connected(path) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > len(steps):
            raise MachineFault(
                say(
                    "a later version of calcinet made {name} (version {version}, this one knows {known}): use that one",
                    name=path.name,
                    version=version,
                    known=len(steps),
                )
            )
        for step in steps[version:]:
            for statement in filter(str.strip, step.split(";")):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(steps)}")
    path.chmod(0o600)
