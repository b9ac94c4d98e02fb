"""The queue on disk: every study, what is to be done with it, and what became of it."""

import json
import secrets
import sqlite3
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from calcinet.apps.web.database import connected, migrate
from calcinet.text import messages_of, restored

State = Literal["queued", "running", "done", "failed", "cancelled"]

TRIES: Final = 2
"""An image that ended its worker so many times is set aside. Our choice: once may have been the machine."""

WHOLE: Final = ""
"""Stands for an image where a worker dies while no single image is examined."""

CALLER: Final = "caller"
"""Option of a study that came from a network: title of who sent it."""

FREE: Final = 0
PARTED: Final = 1
RECEIVED: Final = 2
"""Who holds a study back until its files are there: nobody, a worker that parts studies by patient, a node."""

STEPS: Final = (
    """
create table if not exists studies (
    number integer primary key,
    id text not null unique,
    made_at text not null,
    made_by text not null,
    title text not null default '',
    patient text not null default '',
    options text not null default '{}',
    files integer not null default 0,
    state text not null,
    share real not null default 0,
    stage text,
    reason text,
    code text,
    level text,
    images integer,
    refused integer,
    worker text,
    urgent integer not null default 0,
    held integer not null default 0,
    at_image text,
    cancelling integer not null default 0,
    deleting integer not null default 0,
    ended_at text
);
create table if not exists attempts (
    study text not null,
    image text not null,
    deaths integer not null,
    primary key (study, image)
);
""",
    "alter table studies add column moved_at real",
    "alter table studies add column stored integer",
    "alter table studies add column site text not null default ''",
)
"""Versions of the tables, one after the other; what was published is not changed any more.

`moved_at` is when a worker last gave a sign of life, in seconds since 1970; `stored` the number of the record in the
store; `site` whose people see the study, empty where it is of none.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedStudy:
    """One study as the queue knows it."""

    id: str
    made_at: str
    made_by: str
    title: str
    """What its sender calls it."""
    patient: str
    """Pseudonym; empty where nobody is named."""
    options: Mapping[str, Any]
    files: int
    state: State
    share: float
    """Of the work that is done, 0 to 1."""
    stage: str | None
    """What is being done."""
    reason: str | None
    """A sentence where it failed."""
    code: str | None
    level: str | None
    """Suspicion by the case."""
    images: int | None
    """Examined and refused."""
    refused: int | None
    ended_at: str | None
    site: str
    """Whose people see it; empty where it is of none."""


class Queue:
    """Studies in the order in which they came; every change is on the disk before it is answered."""

    def __init__(self, path: Path) -> None:
        self._path = path
        migrate(path, STEPS)

    def add(
        self,
        *,
        who: str,
        files: int,
        options: Mapping[str, Any],
        title: str = "",
        patient: str = "",
        study_id: str | None = None,
        held: int = FREE,
        site: str = "",
    ) -> str:
        """Put a study at the end, and give its id; its files are there already, or one of those above holds it."""
        chosen = study_id or make_id()
        with connected(self._path) as database:
            database.execute(
                "insert into studies (id, made_at, made_by, title, patient, options, files, held, site,"
                " state) values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued')",
                (chosen, now(), who, title, patient, json.dumps(dict(options)), files, held, site),
            )
        return chosen

    def check(self) -> None:
        """See that it can be written.

        Raises
        ------
        MachineFault
            If the disk is full or refuses.
        """
        with connected(self._path) as database:
            database.execute("update studies set share = share where number < 0")

    def find(self, study_id: str) -> QueuedStudy | None:
        """One study."""
        with connected(self._path) as database:
            row = database.execute("select * from studies where id = ? and deleting = 0", (study_id,)).fetchone()
        return None if row is None else _read_row(row)

    def list_studies(self) -> list[QueuedStudy]:
        """Every study, the latest first."""
        with connected(self._path) as database:
            rows = database.execute("select * from studies where deleting = 0 order by number desc").fetchall()
        return [_read_row(row) for row in rows]

    def is_held(self, study_id: str) -> bool:
        """Whether a study waits for its files."""
        with connected(self._path) as database:
            row = database.execute("select held from studies where id = ?", (study_id,)).fetchone()
        return row is not None and row["held"] != FREE

    def list_done(self, option: str, since: str) -> list[QueuedStudy]:
        """Studies with an option of this name that were done at or after a moment, the first first."""
        with connected(self._path) as database:
            rows = database.execute(
                "select * from studies where state in ('done', 'failed') and deleting = 0 and ended_at >= ?"
                " and json_extract(options, ?) is not null order by ended_at, number",
                (since, f"$.{option}"),
            ).fetchall()
        return [_read_row(row) for row in rows]

    def claim(self, worker: str) -> QueuedStudy | None:
        """Take the next study for a worker; nobody else gets it."""
        with connected(self._path) as database:
            row = database.execute(
                "select * from studies where state = 'queued' and deleting = 0 and held = 0"
                " order by urgent desc, number limit 1"
            ).fetchone()
            if row is None:
                return None
            database.execute(
                "update studies set state = 'running', worker = ?, share = 0, stage = null, reason = null, code = null,"
                " at_image = ?, cancelling = 0, moved_at = ? where id = ?",
                (worker, WHOLE, time.time(), row["id"]),
            )
        return _read_row(row)

    def move(self, study_id: str, worker: str, *, share: float, stage: str | None, at_image: str) -> bool:
        """Note how far a worker has come; says whether it is to go on."""
        with connected(self._path) as database:
            changed = database.execute(
                "update studies set share = ?, stage = ?, at_image = ?, moved_at = ? where id = ? and worker = ?"
                " and cancelling = 0 and deleting = 0",
                (share, stage, at_image, time.time(), study_id, worker),
            ).rowcount
        return bool(changed)

    def end(
        self,
        study_id: str,
        worker: str,
        state: State,
        *,
        reason: str | None = None,
        code: str | None = None,
        level: str | None = None,
        images: int | None = None,
        refused: int | None = None,
    ) -> None:
        """Note what became of a study; a worker that it was taken from notes nothing."""
        with connected(self._path) as database:
            database.execute(
                "update studies set state = ?, share = ?, stage = null, reason = ?, code = ?, level = ?, images = ?,"
                " refused = ?, worker = null, cancelling = 0, ended_at = ? where id = ? and worker = ?",
                (
                    state,
                    1.0 if state == "done" else 0.0,
                    _pack(reason),
                    code,
                    level,
                    images,
                    refused,
                    now(),
                    study_id,
                    worker,
                ),
            )

    def let_go(self, study_id: str) -> None:
        """The files of a study that was held are there."""
        with connected(self._path) as database:
            database.execute("update studies set held = 0 where id = ?", (study_id,))

    def note_sorted(self, study_id: str, patient: str, options: Mapping[str, Any]) -> None:
        """Note that a study is of one patient, and of whom, by pseudonym."""
        with connected(self._path) as database:
            database.execute(
                "update studies set patient = ?, options = ? where id = ?",
                (patient, json.dumps(dict(options)), study_id),
            )

    def note_files(self, study_id: str, files: int) -> None:
        """Note how many files a study has."""
        with connected(self._path) as database:
            database.execute("update studies set files = ? where id = ?", (files, study_id))

    def rename(self, study_id: str, title: str) -> None:
        """Give a study another title."""
        with connected(self._path) as database:
            database.execute("update studies set title = ? where id = ?", (title, study_id))

    def move_to_site(self, study_id: str, site: str) -> None:
        """Let the people of another site see a study; where it is empty, those of none."""
        with connected(self._path) as database:
            database.execute("update studies set site = ? where id = ?", (site, study_id))

    def is_silent(self, worker: str, seconds: float) -> bool:
        """Whether a worker has a study in its hands and gave no sign of life for so long."""
        with connected(self._path) as database:
            row = database.execute(
                "select 1 from studies where worker = ? and state = 'running' and moved_at < ?",
                (worker, time.time() - seconds),
            ).fetchone()
        return row is not None

    def bury(self, worker: str) -> list[str]:
        """A worker has died at its work: its study is tried again, and what it died at is remembered."""
        with connected(self._path) as database:
            rows = database.execute("select id, at_image from studies where worker = ?", (worker,)).fetchall()
            for row in rows:
                database.execute(
                    "insert into attempts (study, image, deaths) values (?, ?, 1)"
                    " on conflict (study, image) do update set deaths = deaths + 1",
                    (row["id"], row["at_image"] or WHOLE),
                )
            _release(database, "worker = ?", (worker,))
        return [row["id"] for row in rows]

    def free_all(self) -> None:
        """Workers begin, and no other is left: what was being done goes on, and no image is to blame."""
        with connected(self._path) as database:
            _release(database, "state = 'running'", ())
            database.execute("update studies set held = ? where held = ?", (FREE, PARTED))

    def deaths(self, study_id: str) -> dict[str, int]:
        """How many workers each image of a study has ended; by `WHOLE` those that died elsewhere."""
        with connected(self._path) as database:
            rows = database.execute("select image, deaths from attempts where study = ?", (study_id,)).fetchall()
        return {row["image"]: row["deaths"] for row in rows}

    def cancel(self, study_id: str) -> bool:
        """Stop a study that waits or is examined; says whether there was anything to stop."""
        with connected(self._path) as database:
            waiting = database.execute(
                "update studies set state = 'cancelled', ended_at = ? where id = ? and state = 'queued'",
                (now(), study_id),
            ).rowcount
            running = database.execute(
                "update studies set cancelling = 1 where id = ? and state = 'running'", (study_id,)
            ).rowcount
        return bool(waiting or running)

    def retry(self, study_id: str, *, urgent: bool = False, before: Callable[[], None] | None = None) -> bool:
        """Examine a study again, with what was set aside; says whether it was not being examined already.

        Parameters
        ----------
        study_id
            Of the study.
        urgent
            Before all others.
        before
            Done while nobody can take the study; where it fails, nothing changes.
        """
        with connected(self._path) as database:
            changed = database.execute(
                "update studies set state = 'queued', share = 0, reason = null, code = null, urgent = ?"
                " where id = ? and state in ('done', 'failed', 'cancelled')",
                (int(urgent), study_id),
            ).rowcount
            if changed:
                database.execute("delete from attempts where study = ?", (study_id,))
                if before is not None:
                    before()
        return bool(changed)

    def mark_deleted(self, study_id: str) -> bool:
        """Let a study vanish; says whether its files can be removed now, for no worker has it."""
        with connected(self._path) as database:
            database.execute("update studies set deleting = 1 where id = ?", (study_id,))
            row = database.execute("select state from studies where id = ?", (study_id,)).fetchone()
        return row is None or row["state"] != "running"

    def list_deleted(self) -> list[str]:
        """Studies that are to vanish and that nobody works on."""
        with connected(self._path) as database:
            rows = database.execute("select id from studies where deleting = 1 and state != 'running'").fetchall()
        return [row["id"] for row in rows]

    def find_stored(self, study_id: str) -> int | None:
        """The number that the record of a study has in the store."""
        with connected(self._path) as database:
            row = database.execute("select stored from studies where id = ?", (study_id,)).fetchone()
        return None if row is None else row["stored"]

    def note_stored(self, study_id: str, number: int) -> bool:
        """Note under which number a record is in the store; says whether it is not that of another study."""
        with connected(self._path) as database:
            row = database.execute("select 1 from studies where stored = ? and id != ?", (number, study_id)).fetchone()
            if row is None:
                database.execute("update studies set stored = ? where id = ?", (number, study_id))
        return row is None

    def forget(self, study_id: str) -> None:
        """Remove a study whose files are gone."""
        with connected(self._path) as database:
            database.execute("delete from studies where id = ?", (study_id,))
            database.execute("delete from attempts where study = ?", (study_id,))


def make_id() -> str:
    """A new id, which nobody can guess."""
    return secrets.token_hex(8)


def now() -> str:
    """The moment, as it is kept."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _release(database: sqlite3.Connection, where: str, values: tuple[str, ...]) -> None:
    """Let studies be taken again; those that are to stop have stopped."""
    database.execute(
        f"update studies set state = case when cancelling then 'cancelled' else 'queued' end, worker = null, share = 0,"
        f" stage = null, cancelling = 0 where {where}",
        values,
    )


def _pack(reason: str | None) -> str | None:
    """A sentence with what it was made of, so that it can be said in another language."""
    if reason is None:
        return None
    return json.dumps({"text": reason, "messages": messages_of({"text": reason})})


def _unpack(packed: str | None) -> str | None:
    if packed is None:
        return None
    held = json.loads(packed)
    text: str = restored(held["text"], held["messages"])
    return text


def _read_row(row: sqlite3.Row) -> QueuedStudy:
    fields = {name: row[name] for name in QueuedStudy.__dataclass_fields__}
    return QueuedStudy(**fields | {"options": json.loads(row["options"]), "reason": _unpack(row["reason"])})
