"""What a database refuses, in one sentence with the place: never in the driver's words, which may hold anything."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final, Literal

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from calcinet.errors import BadInput
from calcinet.store.place import StorePlace
from calcinet.text import Text, say


class StoreUnusable(BadInput):
    """The database refuses what is needed; nothing was changed."""


Fault = Literal[
    "locked",
    "full",
    "read only",
    "no store",
    "damaged",
    "cannot open",
    "disk fails",
    "no server",
    "no entry",
    "no database",
    "no right",
    "failed",
]

SQLITE: Final[Mapping[int, Fault]] = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "read only",
    sqlite3.SQLITE_NOTADB: "no store",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_CANTOPEN: "cannot open",
    sqlite3.SQLITE_IOERR: "disk fails",
}
"""By the primary result code (https://www.sqlite.org/rescode.html)."""

PRIMARY: Final = 0xFF
"""Bits of an extended result code that are the primary one."""

POSTGRESQL: Final[Mapping[str, Fault]] = {
    "55P03": "locked",
    "40P01": "locked",
    "53100": "full",
    "25006": "read only",
    "28P01": "no entry",
    "28000": "no entry",
    "3D000": "no database",
    "42501": "no right",
}
"""By SQLSTATE (PostgreSQL 15, appendix A)."""

WORDS: Final[Mapping[str, Fault]] = {
    "authentication failed": "no entry",
    "no password supplied": "no entry",
    "no pg_hba.conf entry": "no entry",
    'role "': "no entry",
    "does not exist": "no database",
}
"""What libpq says of a connection that it did not get, for which there is no SQLSTATE."""


@contextmanager
def told_at(place: StorePlace) -> Iterator[None]:
    """Turn what a database refuses into a sentence.

    Raises
    ------
    StoreUnusable
        Instead of any error of a driver.
    """
    try:
        yield
    except (DBAPIError, NoConnection, sqlite3.Error) as error:
        raise explain(error, place) from None  # the cause may hold the address with its password


def explain(error: Exception, place: StorePlace) -> StoreUnusable:
    """Tell in one sentence what a database refused."""
    cause: BaseException = error
    if isinstance(error, DBAPIError) and error.orig is not None:
        cause = error.orig
    return StoreUnusable(_tell(_find_fault(error, cause), str(place), type(cause).__name__))


def _find_fault(error: Exception, cause: BaseException) -> Fault:
    if isinstance(cause, sqlite3.Error):
        return SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & PRIMARY, "failed")
    if isinstance(error, NoConnection):
        return "locked"
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        return POSTGRESQL.get(state, "failed")
    for words, fault in WORDS.items():
        if words in str(cause):
            return fault
    if isinstance(error, DBAPIError):
        return "no server"
    return "failed"


def _tell(fault: Fault, place: str, kind: str) -> Text:
    told: Mapping[Fault, Text] = {
        "locked": say("the store {place} is locked by another program: try again when that has ended", place=place),
        "full": say("the store {place} has no room left: make room on its disk; nothing was kept", place=place),
        "read only": say(
            "the store {place} can be read only: ask for the right to write, or give another", place=place
        ),
        "no store": say("{place} is no store of calcinet: give another --store", place=place),
        "damaged": say("the store {place} is damaged: put back a copy of it", place=place),
        "cannot open": say(
            "the store {place} cannot be opened: see whether its folder is there and may be written", place=place
        ),
        "disk fails": say(
            "the disk of the store {place} refuses to write: see whether there is room, and look after it", place=place
        ),
        "no server": say(
            "the database {place} does not answer: see whether its server runs and the address is right", place=place
        ),
        "no entry": say(
            "the database {place} does not let this user in: see name and password (PGPASSWORD or ~/.pgpass keep it out"
            " of the address)",
            place=place,
        ),
        "no database": say("there is no such database as {place}: createdb makes one", place=place),
        "no right": say("the database {place} gives this user no right to do that: ask for it", place=place),
        "failed": say("the store {place} failed ({kind}): nothing was kept", place=place, kind=kind),
    }
    return told[fault]
