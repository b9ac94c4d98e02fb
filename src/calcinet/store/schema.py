"""Making a store and bringing its tables up to date; every change of the tables is a migration of Alembic."""

import uuid
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.orm import Session

from calcinet.errors import BadInput
from calcinet.store.chain import append, now
from calcinet.store.engine import Connections, make_room
from calcinet.store.key import StoreKey
from calcinet.store.tables import REVISION, StoreRow
from calcinet.text import say

MIGRATIONS: Final = Path(__file__).parent / "migrations"

VERSION_TABLE: Final = "calcinet_version"
"""Where Alembic keeps the revision: a database may hold tables of other programs, and their revision."""

LATEST: Final = "head"
NONE: Final = "base"
"""As Alembic calls the revision after all and the one before all."""


def make_store(connections: Connections, who: str) -> bool:
    """Make the tables of a store where there are none; says whether it did.

    Raises
    ------
    BadInput
        If another program's tables stand there, or those of another version.
    """
    make_room(connections.place)
    if connections.place.file is not None:
        connections.run_outside("journal_mode = WAL")  # readers do not wait for who writes; the file remembers it
    with connections.defining() as connection:
        if _read_revision(connection) is not None:
            return False
        _refuse_other_tables(connection, connections)
        migrate(connection, LATEST)
        with Session(connection) as session:
            uid = str(uuid.uuid4())
            key = StoreKey.of(uid)
            row = StoreRow(id=1, uid=uid, made_at=now(), key_fingerprint=key.fingerprint, entries=0, head="")
            session.add(row)
            session.flush()
            append(session, row, key, who=who, action="made store", subject="store", digest="", detail={})
            session.flush()
    return True


def require_current(connections: Connections) -> StoreRow:
    """The row of a store whose tables are those of this version.

    Raises
    ------
    BadInput
        If there is no store, or one of another version.
    """
    file = connections.place.file
    if file is not None and not file.exists():
        raise BadInput(
            say("there is no store at {place}: calcinet store add makes one, --store names another", place=str(file))
        )
    with connections.reading() as session:
        revision = _read_revision(session.connection())
        _refuse_other_revision(revision, connections)
        row = session.scalars(select(StoreRow)).one()
        session.expunge(row)
        return row


def upgrade(connections: Connections) -> tuple[str | None, str]:
    """Bring the tables of a store up to this version; gives the revisions before and after."""
    with connections.defining() as connection:
        before = _read_revision(connection)
        if before is None:
            raise BadInput(say("there is no store at {place}", place=str(connections.place)))
        if before > REVISION:
            _refuse_other_revision(before, connections)
        migrate(connection, LATEST)
    return before, REVISION


def migrate(connection: Connection, revision: str) -> None:
    """Take the tables to a revision, up or down, within the transaction of a connection."""
    steps = Config()
    steps.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    steps.attributes["connection"] = connection
    current = _read_revision(connection) or ""
    if revision != NONE and (revision == LATEST or revision > current):
        command.upgrade(steps, revision)
    else:
        command.downgrade(steps, revision)


def _read_revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()


def _refuse_other_tables(connection: Connection, connections: Connections) -> None:
    tables = inspect(connection).get_table_names()
    if tables:
        raise BadInput(
            say(
                "the database {place} holds {count} tables of another program: give one of its own to calcinet",
                place=str(connections.place),
                count=len(tables),
            )
        )


def _refuse_other_revision(revision: str | None, connections: Connections) -> None:
    place = str(connections.place)
    if revision is None:
        raise BadInput(say("there is no store at {place}: calcinet store add makes one", place=place))
    if revision < REVISION:
        raise BadInput(
            say("the store {place} is of an earlier version: keep a copy, then calcinet store upgrade", place=place)
        )
    if revision > REVISION:
        raise BadInput(
            say("the store {place} was written by a later version of calcinet: use that version", place=place)
        )
