"""What a node received and what became of it, on disk: every change is there before anybody is told of it."""

import hashlib
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from calcinet.apps.web.database import connected, migrate

STEPS: Final = (
    """
create table if not exists studies (
    key text primary key,
    caller text not null,
    first_at real not null,
    last_at real not null,
    expected integer,
    open integer not null default 1,
    queued_as text
);
create table if not exists objects (
    study text not null,
    uid text not null,
    digest text not null,
    bytes integer not null,
    handed integer not null default 0,
    primary key (study, uid)
);
create table if not exists posted (
    study text not null,
    uid text not null,
    destination text not null,
    primary key (study, uid, destination)
);
create table if not exists results (
    study text not null,
    ended_at text not null,
    primary key (study, ended_at)
);
""",
)
"""Versions of the tables, one after the other; what was published is not changed any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStudy:
    """A study that the queue does not have, or not all of."""

    key: str
    caller: str
    """Title of who sent it first."""
    first_at: float
    last_at: float
    """When its first and its last object came, in seconds since 1970."""
    expected: int | None
    """Objects that it has, where one of them says so."""
    queued_as: str | None
    """Its name in the queue, where it has one."""
    count: int
    """Objects that were received."""


class Register:
    """Studies and objects that were received, and results that were posted."""

    def __init__(self, path: Path) -> None:
        self._path = path
        migrate(path, STEPS)

    def count_study(self, key: str) -> tuple[int, int]:
        """Number of objects of a study, and their bytes."""
        with connected(self._path) as database:
            row = database.execute(
                "select count(*), coalesce(sum(bytes), 0) from objects where study = ?", (key,)
            ).fetchone()
        return int(row[0]), int(row[1])

    def find_object(self, key: str, uid: str) -> tuple[str, bool] | None:
        """Digest of an object, and whether the queue has it."""
        with connected(self._path) as database:
            row = database.execute(
                "select digest, handed from objects where study = ? and uid = ?", (key, uid)
            ).fetchone()
        return None if row is None else (row["digest"], bool(row["handed"]))

    def find_queued(self, key: str) -> str | None:
        """The name of a study in the queue."""
        with connected(self._path) as database:
            row = database.execute("select queued_as from studies where key = ?", (key,)).fetchone()
        return None if row is None else row["queued_as"]

    def add(
        self, *, key: str, uid: str, digest: str, size: int, caller: str, expected: int | None, moment: float
    ) -> None:
        """Note an object that is on the disk; its study is open from now on."""
        with connected(self._path) as database:
            database.execute(
                "insert into studies (key, caller, first_at, last_at, expected) values (?, ?, ?, ?, ?)"
                " on conflict (key) do update set last_at = excluded.last_at, open = 1,"
                " first_at = case when open then first_at else excluded.first_at end,"
                " expected = coalesce(max(expected, excluded.expected), expected, excluded.expected)",
                (key, caller, moment, moment, expected),
            )
            database.execute(
                "insert into objects (study, uid, digest, bytes) values (?, ?, ?, ?)"
                " on conflict (study, uid) do update set digest = excluded.digest, bytes = excluded.bytes, handed = 0",
                (key, uid, digest, size),
            )

    def touch(self, key: str, moment: float) -> None:
        """Note that an object of a study came once more."""
        with connected(self._path) as database:
            database.execute("update studies set last_at = ? where key = ?", (moment, key))

    def list_open(self) -> list[OpenStudy]:
        """Studies that the queue does not have whole, the oldest first."""
        with connected(self._path) as database:
            rows = database.execute(
                "select studies.*, (select count(*) from objects where study = key) as count from studies"
                " where open order by first_at"
            ).fetchall()
        return [_read_row(row) for row in rows]

    def is_any_open(self) -> bool:
        """Whether anything was received that the queue does not have."""
        with connected(self._path) as database:
            row = database.execute("select exists (select 1 from studies where open) as is_any").fetchone()
        return bool(row["is_any"])

    def list_waiting(self, key: str) -> dict[str, str]:
        """SOP Instance UIDs of the objects of a study that the queue does not have, with their digests."""
        with connected(self._path) as database:
            rows = database.execute(
                "select uid, digest from objects where study = ? and not handed order by uid", (key,)
            ).fetchall()
        return {row["uid"]: row["digest"] for row in rows}

    def name_queued(self, key: str, study_id: str | None) -> None:
        """Note how a study is called in the queue, before it is there."""
        with connected(self._path) as database:
            database.execute("update studies set queued_as = ? where key = ?", (study_id, key))

    def note_handed(self, key: str, digests: Mapping[str, str]) -> None:
        """Note that the queue has these objects; the study is closed unless another came, or one anew, meanwhile."""
        with connected(self._path) as database:
            database.executemany(
                "update objects set handed = 1 where study = ? and uid = ? and digest = ?",
                [(key, uid, digest) for uid, digest in digests.items()],
            )
            database.execute(
                "update studies set open = 0 where key = ?"
                " and not exists (select 1 from objects where study = key and not handed)",
                (key,),
            )

    def is_known(self, key: str, uid: str) -> bool:
        """Whether an object was noted and the queue does not have it."""
        found = self.find_object(key, uid)
        return found is not None and not found[1]

    def is_posted(self, study_id: str, uid: str, destination: str) -> bool:
        """Whether an object of a result was put into the outbox for a destination."""
        with connected(self._path) as database:
            row = database.execute(
                "select 1 from posted where study = ? and uid = ? and destination = ?", (study_id, uid, destination)
            ).fetchone()
        return row is not None

    def list_posted(self, study_id: str) -> set[str]:
        """SOP Instance UIDs of all objects of the results of a study that were put into the outbox."""
        with connected(self._path) as database:
            rows = database.execute("select distinct uid from posted where study = ?", (study_id,)).fetchall()
        return {row["uid"] for row in rows}

    def note_posted(self, study_id: str, uid: str, destination: str) -> None:
        """Note that an object of a result is in the outbox for a destination."""
        with connected(self._path) as database:
            database.execute("insert or ignore into posted values (?, ?, ?)", (study_id, uid, destination))

    def is_result_posted(self, study_id: str, ended_at: str) -> bool:
        """Whether all of a result is in the outbox."""
        with connected(self._path) as database:
            row = database.execute(
                "select 1 from results where study = ? and ended_at = ?", (study_id, ended_at)
            ).fetchone()
        return row is not None

    def note_result_posted(self, study_id: str, ended_at: str) -> None:
        """Note that all of a result is in the outbox."""
        with connected(self._path) as database:
            database.execute("insert or ignore into results values (?, ?)", (study_id, ended_at))

    def find_latest_result(self) -> str:
        """When the latest result ended that was posted; empty where none was."""
        with connected(self._path) as database:
            row = database.execute("select max(ended_at) as latest from results").fetchone()
        return row["latest"] or ""


def name_study(study_uid: str) -> str:
    """Name the folder of a study: the same for the same Study Instance UID."""
    return hashlib.sha256(study_uid.encode()).hexdigest()[:16]


def _read_row(row: sqlite3.Row) -> OpenStudy:
    return OpenStudy(**{name: row[name] for name in OpenStudy.__dataclass_fields__})
