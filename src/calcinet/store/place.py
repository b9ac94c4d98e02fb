"""Where a store lies: a file of SQLite or the URL of a PostgreSQL database, told without its password."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from calcinet.errors import BadInput
from calcinet.text import say

STORE: Final = "CALCINET_STORE"
"""Variable of the environment with the place that is taken where none is given."""

POSTGRESQL: Final = "postgresql+psycopg"
"""Driver of PostgreSQL that the extra `postgres` brings."""

DRIVERS: Final = {
    "sqlite": "sqlite",
    "postgresql": POSTGRESQL,
    "postgres": POSTGRESQL,
    POSTGRESQL: POSTGRESQL,
}
"""How the beginning of a URL is read."""


@dataclass(frozen=True, slots=True)
class StorePlace:
    """One place; its URL may hold a password and is never shown, `str()` of it is."""

    url: URL
    file: Path | None
    """Of SQLite; None of PostgreSQL."""

    def __str__(self) -> str:
        """What people read: the path, or driver, user, host and database of a URL and nothing else of it."""
        if self.file is not None:
            return str(self.file)
        url = self.url
        user = f"{url.username}@" if url.username else ""
        port = f":{url.port}" if url.port else ""
        return f"postgresql://{user}{url.host or ''}{port}/{url.database or ''}"

    def __repr__(self) -> str:
        """As `str()`, so that no traceback shows a password."""
        return f"StorePlace({self})"

    @property
    def is_postgresql(self) -> bool:
        """Whether a server is spoken to."""
        return self.file is None


def default_place() -> str:
    """$CALCINET_STORE, else calcinet/store.sqlite under $XDG_STATE_HOME or ~/.local/state."""
    given = os.environ.get(STORE)
    if given:
        return given
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return str(Path(state) / "calcinet" / "store.sqlite")


def store_place(given: str | Path | None = None) -> StorePlace:
    """Read a place as it was given: a path, `sqlite:///path`, or `postgresql://user@host:port/database`.

    Raises
    ------
    BadInput
        If it is neither; what was given is not repeated, for it may hold a password.
    """
    told = str(given or default_place())
    if "://" not in told:
        return _place_file(Path(told))
    url = _parse_url(told)
    driver = DRIVERS.get(url.drivername)
    if driver is None:
        raise BadInput(
            say(
                "a store is a file, or postgresql://user@host:port/database; the address that was given begins with"
                " {scheme}",
                scheme=url.drivername,
            )
        )
    if driver == POSTGRESQL:
        return StorePlace(url=url.set(drivername=POSTGRESQL), file=None)
    if not url.database or url.database == ":memory:":
        raise BadInput(say("a store is kept in a file: give its path, for instance store.sqlite"))
    return _place_file(Path(url.database))


def _place_file(file: Path) -> StorePlace:
    return StorePlace(url=URL.create("sqlite", database=str(file)), file=file)


def _parse_url(told: str) -> URL:
    try:
        return make_url(told)
    except (ArgumentError, ValueError):  # a port that is no number
        raise BadInput(
            say("the address of the store cannot be read: expected postgresql://user@host:port/database, or a file")
        ) from None
