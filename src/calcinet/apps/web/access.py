"""Sessions of browsers, tokens of programs and the set-up link; of each a hash alone is kept."""

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from calcinet.apps.web.database import connected, migrate

SESSION_S: Final = 12 * 3600
"""A session ends after it. Our choice: a working day."""

STEPS: Final = (
    """
create table if not exists sessions (hash text primary key, name text not null, csrf text not null, ends_at real);
create table if not exists tokens (hash text primary key, name text not null, made_at real);
create table if not exists setup (hash text primary key);
""",
    """
create table failures (hash text primary key, count integer not null, until real not null);
""",
)
"""Versions of the tables, one after the other; what was published is not changed any more."""


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that somebody logged in with."""

    name: str
    csrf: str
    """What the page must repeat with everything that changes something."""


class Access:
    """What opens the server without a password."""

    def __init__(self, path: Path) -> None:
        self._path = path
        migrate(path, STEPS)

    def open_session(self, name: str) -> tuple[str, Session]:
        """Begin a session; its key goes into a cookie and is kept nowhere."""
        key, session = secrets.token_urlsafe(32), Session(name, secrets.token_urlsafe(32))
        with connected(self._path) as database:
            database.execute("delete from sessions where ends_at < ?", (time.time(),))
            database.execute(
                "insert into sessions values (?, ?, ?, ?)", (_hash(key), name, session.csrf, time.time() + SESSION_S)
            )
        return key, session

    def find_session(self, key: str) -> Session | None:
        """The session of a cookie, as long as it lasts."""
        with connected(self._path) as database:
            row = database.execute(
                "select name, csrf from sessions where hash = ? and ends_at > ?", (_hash(key), time.time())
            ).fetchone()
        return None if row is None else Session(row["name"], row["csrf"])

    def close_session(self, key: str) -> None:
        """End a session."""
        with connected(self._path) as database:
            database.execute("delete from sessions where hash = ?", (_hash(key),))

    def close_sessions_of(self, name: str) -> None:
        """End every session of somebody."""
        with connected(self._path) as database:
            database.execute("delete from sessions where name = ?", (name,))

    def make_token(self, name: str) -> str:
        """Make a token for a program of somebody; it is shown once."""
        token = f"calcinet_{secrets.token_urlsafe(32)}"
        with connected(self._path) as database:
            database.execute("insert into tokens values (?, ?, ?)", (_hash(token), name, time.time()))
        return token

    def find_token(self, token: str) -> str | None:
        """Whose token it is."""
        with connected(self._path) as database:
            row = database.execute("select name from tokens where hash = ?", (_hash(token),)).fetchone()
        return None if row is None else str(row["name"])

    def revoke_tokens(self, name: str) -> int:
        """Make the tokens of somebody worthless; says how many there were."""
        with connected(self._path) as database:
            return database.execute("delete from tokens where name = ?", (name,)).rowcount

    def make_setup_key(self) -> str:
        """Make the key of the set-up link; one of before is worth nothing."""
        key = secrets.token_urlsafe(24)
        with connected(self._path) as database:
            database.execute("delete from setup")
            database.execute("insert into setup values (?)", (_hash(key),))
        return key

    def holds_setup_key(self, key: str) -> bool:
        """Whether it is the key of the set-up link that was made last."""
        with connected(self._path) as database:
            row = database.execute("select hash from setup").fetchone()
        return row is not None and hmac.compare_digest(row["hash"], _hash(key))

    def end_setup(self) -> None:
        """Make the set-up link worthless."""
        with connected(self._path) as database:
            database.execute("delete from setup")


def _hash(key: str) -> str:
    """Of a key with 192 bits and more of chance, which no list of words holds."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
