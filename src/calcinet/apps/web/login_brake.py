"""How often a password may be wrong: each failure makes the next one wait, also over a restart of the server."""

import hashlib
import time
from pathlib import Path
from typing import Final

from calcinet.apps.web.database import connected

FREE_TRIES: Final = 5
"""Failures of one name, or from one address, before it must wait. Our choice: a person mistypes twice."""

FIRST_WAIT_S: Final = 2.0
LONGEST_WAIT_S: Final = 900.0
"""The wait doubles with each failure. Our choice."""

REMEMBERED: Final = 10_000
"""Names and addresses. Our choice: a megabyte."""


class LoginBrake:
    """Remembers failures by name and by address until somebody logs in, in the file of `Access`, as hashes."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def seconds_to_wait(self, *keys: str) -> float:
        """How long the next try has to wait; 0 where it need not."""
        now = time.time()
        with connected(self._path) as database:
            ends = dict(database.execute("select hash, until from failures").fetchall())
        waits = [ends.get(_hash(key), now) - now for key in keys]
        return min(max(waits, default=0.0), LONGEST_WAIT_S)  # a clock that was set back locks nobody out for longer

    def note_failure(self, *keys: str) -> None:
        """A password was wrong."""
        now = time.time()
        with connected(self._path) as database:
            for key in keys:
                row = database.execute("select count from failures where hash = ?", (_hash(key),)).fetchone()
                count = 1 if row is None else row["count"] + 1
                beyond = count - FREE_TRIES
                wait = 0.0 if beyond < 0 else min(FIRST_WAIT_S * 2 ** min(beyond, 20), LONGEST_WAIT_S)
                database.execute("insert or replace into failures values (?, ?, ?)", (_hash(key), count, now + wait))
            database.execute(
                "delete from failures where hash not in (select hash from failures order by until desc limit ?)",
                (REMEMBERED,),
            )

    def note_success(self, *keys: str) -> None:
        """Somebody logged in."""
        with connected(self._path) as database:
            for key in keys:
                database.execute("delete from failures where hash = ?", (_hash(key),))


def _hash(key: str) -> str:
    """So that the file tells neither names nor addresses at a glance."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
