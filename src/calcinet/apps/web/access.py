"""Sessions of browsers, tokens of programs and the set-up link; of each a hash alone is kept."""

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from calcinet import limits
from calcinet.apps.web.database import connected, migrate

SEEN_S: Final = 30.0
"""A sign of life is noted no more often. Our choice: a write for each picture of a page would cost more than it tells.
"""

INVITATION_S: Final = 7 * 24 * 3600
"""A link by which somebody chooses a password lasts as long. Our choice: a week of leave."""

SIGN_IN_S: Final = 600
"""A sign-in with a provider may take so long. Our choice: a second factor has to be found."""

MOST_SIGN_INS: Final = 10_000
"""Begun and not ended. Our choice: some megabytes; the oldest go first."""

STEPS: Final = (
    """
create table if not exists sessions (hash text primary key, name text not null, csrf text not null, ends_at real);
create table if not exists tokens (hash text primary key, name text not null, made_at real);
create table if not exists setup (hash text primary key);
""",
    """
create table failures (hash text primary key, count integer not null, until real not null);
""",
    "create table invitations (hash text primary key, name text not null, role text not null, ends_at real not null)",
    "create table sites (name text not null, site text not null, primary key (name, site))",
    "alter table sessions add column seen_at real not null default 0",
    """
create table sign_ins (
    hash text primary key, browser text not null, nonce text not null, verifier text not null, ends_at real not null
)
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
        now = time.time()
        with connected(self._path) as database:
            database.execute(
                "delete from sessions where ends_at < ? or seen_at < ?", (now, now - limits.IDLE_SECONDS.value)
            )
            database.execute(
                "insert into sessions (hash, name, csrf, ends_at, seen_at) values (?, ?, ?, ?, ?)",
                (_hash(key), name, session.csrf, now + limits.SESSION_SECONDS.value, now),
            )
        return key, session

    def find_session(self, key: str, *, by_hand: bool = True) -> Session | None:
        """The session of a cookie, as long as it lasts: to its end, and no longer idle than one may be.

        What a page asks by itself, not `by_hand`, is no sign that somebody sits there.
        """
        now = time.time()
        with connected(self._path) as database:
            row = database.execute(
                "select name, csrf, seen_at from sessions where hash = ? and ends_at > ? and seen_at > ?",
                (_hash(key), now, now - limits.IDLE_SECONDS.value),
            ).fetchone()
            if row is not None and by_hand and now > row["seen_at"] + SEEN_S:
                database.execute("update sessions set seen_at = ? where hash = ?", (now, _hash(key)))
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

    def make_invitation(self, name: str, role: str) -> str:
        """Make the key of a link by which somebody chooses a password, once; their links of before are worthless.

        It lasts as long as `INVITATION_S`.
        """
        key = secrets.token_urlsafe(24)
        with connected(self._path) as database:
            database.execute("delete from invitations where name = ? or ends_at < ?", (name, time.time()))
            ends_at = time.time() + INVITATION_S
            database.execute("insert into invitations values (?, ?, ?, ?)", (_hash(key), name, role, ends_at))
        return key

    def read_invitation(self, key: str) -> tuple[str, str] | None:
        """Name and role of whom a key invites; None where it is worth nothing."""
        with connected(self._path) as database:
            row = database.execute(
                "select name, role from invitations where hash = ? and ends_at > ?", (_hash(key), time.time())
            ).fetchone()
        return None if row is None else (str(row["name"]), str(row["role"]))

    def end_invitation(self, name: str) -> None:
        """Make the link of somebody worthless."""
        with connected(self._path) as database:
            database.execute("delete from invitations where name = ?", (name,))

    def keep_sign_in(self, state: str, browser: str, nonce: str, verifier: str) -> None:
        """Keep what a sign-in with a provider began with."""
        now = time.time()
        with connected(self._path) as database:
            database.execute(
                "insert into sign_ins values (?, ?, ?, ?, ?)",
                (_hash(state), _hash(browser), nonce, verifier, now + SIGN_IN_S),
            )
            database.execute(
                "delete from sign_ins where ends_at < ? or hash not in"
                " (select hash from sign_ins order by ends_at desc limit ?)",
                (now, MOST_SIGN_INS),
            )

    def take_sign_in(self, state: str, browser: str) -> tuple[str, str] | None:
        """Nonce and verifier of a sign-in, once, and only for the browser that began it."""
        with connected(self._path) as database:
            row = database.execute(
                "select nonce, verifier from sign_ins where hash = ? and browser = ? and ends_at > ?",
                (_hash(state), _hash(browser), time.time()),
            ).fetchone()
            if row is not None:
                database.execute("delete from sign_ins where hash = ?", (_hash(state),))
        return None if row is None else (str(row["nonce"]), str(row["verifier"]))

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
