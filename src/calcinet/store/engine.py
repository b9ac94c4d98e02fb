"""Connections to the database of a store: one transaction a call, and who writes waits for whoever writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session

from calcinet.errors import BadInput
from calcinet.extras import require_extras
from calcinet.limits import STORE_SECONDS
from calcinet.machine import writing_in
from calcinet.store.faults import told_at
from calcinet.store.place import StorePlace
from calcinet.text import say

WRITES: Final = "calcinet_writes"
"""Option of a connection that is to write."""

FOLDER_OF_OWNER: Final = 0o700
FILE_OF_OWNER: Final = 0o600


class Connections:
    """Transactions at one place."""

    def __init__(self, place: StorePlace) -> None:
        self.place = place
        self.engine = _make_engine(place)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Lend a session that sees one state of the store.

        Raises
        ------
        StoreUnusable
            If the database refuses.
        """
        with told_at(self.place), Session(self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Lend a session whose work is kept whole, on disk, when it ends without an error, and else not at all.

        Raises
        ------
        StoreUnusable
            If the database refuses.
        """
        writer = self.engine.execution_options(**{WRITES: True})
        with told_at(self.place), Session(writer) as session, session.begin():
            yield session

    @contextmanager
    def defining(self) -> Iterator[Connection]:
        """Lend a connection on which tables are made or changed, whole or not at all."""
        writer = self.engine.execution_options(**{WRITES: True})
        with told_at(self.place), writer.begin() as connection:
            if self.place.is_postgresql:
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('calcinet store'))")
            yield connection

    def forget_deleted(self) -> None:
        """Bring what was deleted out of the log of SQLite, too, where nobody reads it just now."""
        if self.place.file is not None:
            self.run_outside("wal_checkpoint(TRUNCATE)")

    def run_outside(self, pragma: str) -> None:
        """Run a pragma of SQLite that no transaction may hold."""
        with told_at(self.place):
            raw = self.engine.raw_connection()
            try:
                raw.cursor().execute(f"PRAGMA {pragma}")
            finally:
                raw.close()

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def make_room(place: StorePlace) -> None:
    """Make the folder and the empty file of a store that its owner alone can read, where they are not there.

    Raises
    ------
    MachineFault
        If they cannot be made.
    """
    if place.file is None:
        return
    if place.file.is_dir():
        raise BadInput(say("{place} is a folder: a store is a file, give its name", place=str(place)))
    with writing_in(place.file.parent):
        place.file.parent.mkdir(mode=FOLDER_OF_OWNER, parents=True, exist_ok=True)
        if not place.file.exists():
            place.file.touch(FILE_OF_OWNER)


def _make_engine(place: StorePlace) -> Engine:
    seconds = STORE_SECONDS.value
    if place.is_postgresql:
        require_extras(["postgres"], "a store in PostgreSQL")
        waits = f"-c lock_timeout={seconds}s"
        arguments: dict[str, Any] = {"connect_timeout": seconds, "options": waits, "application_name": "calcinet"}
        return create_engine(place.url, connect_args=arguments, pool_pre_ping=True, hide_parameters=True)
    engine = create_engine(place.url, connect_args={"timeout": seconds}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: Any) -> None:
    """Transactions begin where we say so; what is committed is on disk; what is deleted is gone from the file."""
    connection.isolation_level = None
    for pragma in ("foreign_keys = ON", "synchronous = FULL", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Who writes takes the lock at once: taken later, two that have both read would refuse each other."""
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
