"""Who may do what, and what was done by whom."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from calcinet.apps.web.database import connected, make_tables
from calcinet.apps.web.queue import now
from calcinet.errors import BadInput
from calcinet.text import plain, say

ROLES: Final = ("reader", "editor", "admin")
"""A reader looks, an editor sends films and corrects as well, an admin lets people in, too."""

SHORTEST_PASSWORD: Final = 8
"""Letters. NIST SP 800-63B, 5.1.1.1."""

LONGEST_PASSWORD: Final = 1024
"""Letters. Our choice: hashing a longer one would only cost time."""

LONGEST_NAME: Final = 64

TABLES: Final = """
create table if not exists users (name text primary key, role text not null, secret text not null, made_at text);
create table if not exists journal (number integer primary key, at text, who text, action text, subject text,
    detail text);
"""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who was let in."""

    name: str
    role: str

    def may(self, role: str) -> bool:
        """Whether somebody of this role, or of one above it, is asked for."""
        return ROLES.index(self.role) >= ROLES.index(role)


class People:
    """Users with their roles, and the journal."""

    def __init__(self, place: Path) -> None:
        self._place = place
        make_tables(place, TABLES)

    def are_any(self) -> bool:
        """Whether anybody can log in."""
        with connected(self._place) as database:
            return database.execute("select 1 from users").fetchone() is not None

    def find(self, name: str) -> Person | None:
        """A user by name."""
        with connected(self._place) as database:
            row = database.execute("select name, role from users where name = ?", (name,)).fetchone()
        return None if row is None else Person(row["name"], row["role"])

    def list_all(self) -> list[Person]:
        """Every user."""
        with connected(self._place) as database:
            rows = database.execute("select name, role from users order by name").fetchall()
        return [Person(row["name"], row["role"]) for row in rows]

    def put(self, name: str, role: str, password: str, *, who: str) -> Person:
        """Let somebody in, or give another role or password.

        Raises
        ------
        BadInput
            If name, role or password cannot be.
        """
        check_name(name)
        if role not in ROLES:
            raise BadInput(say("there is no role {role}: give one of {roles:, }", role=role, roles=list(ROLES)))
        secret = hash_password(password)
        with connected(self._place) as database:
            database.execute(
                "insert into users (name, role, secret, made_at) values (?, ?, ?, ?)"
                " on conflict (name) do update set role = excluded.role, secret = excluded.secret",
                (name, role, secret, now()),
            )
        self.note(who, "put user", f"user {name}", role=role)
        return Person(name, role)

    def check(self, name: str, password: str) -> Person | None:
        """The user whose password it is; it takes as long where there is none of this name."""
        with connected(self._place) as database:
            row = database.execute("select name, role, secret from users where name = ?", (name,)).fetchone()
        right = verify_password(None if row is None else row["secret"], password)
        return Person(row["name"], row["role"]) if row is not None and right else None

    def note(self, who: str, action: str, subject: str, **detail: Any) -> None:
        """Write into the journal what somebody did."""
        with connected(self._place) as database:
            database.execute(
                "insert into journal (at, who, action, subject, detail) values (?, ?, ?, ?, ?)",
                (now(), who, action, subject, json.dumps(detail)),
            )


def check_name(name: str) -> None:
    """Refuse a name that cannot be read."""
    if not name.strip() or name != name.strip() or len(name) > LONGEST_NAME or plain(name) != name:
        raise BadInput(
            say("a user's name has 1 to {most} letters that can be seen, and no blank at either end", most=LONGEST_NAME)
        )


def hash_password(password: str) -> str:
    """Hash a password for keeping.

    Raises
    ------
    BadInput
        If it is too short or too long.
    """
    from argon2 import PasswordHasher

    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadInput(say("a password has {least} to {most} letters", least=SHORTEST_PASSWORD, most=LONGEST_PASSWORD))
    return PasswordHasher().hash(password)


def verify_password(secret: str | None, password: str) -> bool:
    """Whether it is the password of a hash; for no hash the same time is spent."""
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return PasswordHasher().verify(secret or NOBODYS, password[:LONGEST_PASSWORD]) and secret is not None
    except (VerificationError, InvalidHashError):
        return False


NOBODYS: Final = "$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
"""A hash that no password has."""
