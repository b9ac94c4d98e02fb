"""A store, open: what can be asked of it and done to it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from calcinet.errors import BadInput
from calcinet.extras import require_extras
from calcinet.store import adding, answering, auditing, editing, purging, reading, schema, taking, users
from calcinet.store.engine import Connections
from calcinet.store.exchange.deidentify import deidentify as hide_patient
from calcinet.store.exchange.visits import Visit
from calcinet.store.given_record import read_record
from calcinet.store.key import StoreKey
from calcinet.store.place import StorePlace, store_place
from calcinet.store.results import Added, Answer, Edit, Entry, Patient, Stored, StoredRecord, User, Verified
from calcinet.store.transaction import require_key, transaction
from calcinet.text import say

PSEUDONYM: Final = re.compile("[PX](-[A-Z2-7]{4}){4}")
"""As `key.write_pseudonym` makes it: P of this store, X of a de-identified export of another."""


class Store:
    """Patients, studies, records, edits, users and the audit, at one place.

    >>> with Store.open("store.sqlite", who="ng") as store:  # doctest: +SKIP
    ...     store.add([record_json], patient="0012345")
    ...     store.patients()
    """

    def __init__(self, connections: Connections, key: StoreKey, who: str) -> None:
        self._connections = connections
        self._key = key
        self._who = who

    @classmethod
    def open(cls, place: str | Path | None = None, *, who: str, make: bool = False) -> Self:
        """Open a store.

        Parameters
        ----------
        place
            A file, or postgresql://user@host:port/database; `default_place()` where not given.
        who
            Who works with it; stands beside all that is done.
        make
            Make it where there is none.

        Raises
        ------
        BadInput
            If there is none, or one of another version; or its database refuses (`StoreUnusable`).
        """
        require_extras(["store"], "a store")
        connections = Connections(store_place(place))
        try:
            if make:
                schema.make_store(connections, who)
            row = schema.require_current(connections)
            return cls(connections, StoreKey.of(row.uid), who)
        except BaseException:
            connections.close()
            raise

    def __enter__(self) -> Self:
        """Lend itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Let go of the database."""
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._connections.close()

    def by(self, who: str) -> "Store":
        """The same store in the hands of somebody else; it is closed with this one."""
        return Store(self._connections, self._key, who)

    @property
    def place(self) -> StorePlace:
        """Where it lies; `str()` of it shows no password."""
        return self._connections.place

    def pseudonym_of(self, patient: str) -> str:
        """What a patient is called here: a pseudonym is itself, any other identifier is hashed with the store's key."""
        if not patient.strip():
            raise BadInput(say("whose record? Give --patient with your own number of the patient, or a pseudonym"))
        if PSEUDONYM.fullmatch(patient.strip()):
            return patient.strip()
        return self._key.pseudonym(patient)

    def add(
        self,
        records: Sequence[bytes],
        *,
        patient: str,
        on: date | None = None,
        same_patient: bool = False,
        skip_known: bool = False,
    ) -> tuple[Added, ...]:
        """Put records of one patient into the store, all or none.

        Parameters
        ----------
        records
            Contents of record.json.
        patient
            The unit's own identifier, of which a keyed hash alone is kept, or a pseudonym of this store.
        on
            Day of the examination; where not given, the latest that the record itself carries.
        same_patient
            Take records whose sex differs all the same.
        skip_known
            Pass over what is there already, instead of refusing it.

        Raises
        ------
        BadInput
            If one is no record of this schema, is there already, or is of another patient.
        Unreadable
            If one is no JSON.
        """
        given = [read_record(content, number, len(records)) for number, content in enumerate(records, 1)]
        pseudonym, day = self.pseudonym_of(patient), on.isoformat() if on else None
        additions = []
        for number, one in enumerate(given, 1):
            additions.append(adding.Addition(given=one, on=day, which=adding.name_record(number, len(given))))
        with transaction(self._connections, self._key, self._who) as work:
            done = adding.add_records(work, additions, pseudonym, same_patient=same_patient, skip_known=skip_known)
        return tuple(done)

    def patients(self) -> tuple[Patient, ...]:
        """Every patient, by pseudonym."""
        with self._connections.reading() as session:
            return reading.list_patients(session)

    def records(self, patient: str | None = None) -> tuple[Stored, ...]:
        """Records of one patient or of all, in the order of time."""
        with self._connections.reading() as session:
            return reading.list_records(session, None if patient is None else self.pseudonym_of(patient))

    def read(self, number: int) -> StoredRecord:
        """One record with its history."""
        with self._connections.reading() as session:
            return reading.read_stored(session, number)

    def read_all(self, numbers: Iterable[int]) -> list[StoredRecord]:
        """Several of them, of one state of the store."""
        with self._connections.reading() as session:
            return [reading.read_stored(session, number) for number in numbers]

    def visits(self, patient: str | None = None, *, deidentify: bool = False) -> list[Visit]:
        """Records with their history, to be written by `exchange.files`; without what tells who it is where asked."""
        numbers = [one.number for one in self.records(patient)]
        visits = list(map(Visit.of, self.read_all(numbers)))
        if deidentify:
            require_key(schema.require_current(self._connections), self._key)
            visits = [hide_patient(visit, self._key) for visit in visits]
        return visits

    def take(self, visits: Sequence[Visit], *, skip_known: bool = False) -> tuple[Added, ...]:
        """Put records from another store into this one with all their history, all or none."""
        with transaction(self._connections, self._key, self._who) as work:
            return taking.take_visits(work, visits, skip_known=skip_known)

    def edit(self, number: int, field: str, after: Any, *, why: str, expected: Any = editing.ABSENT) -> Edit:
        """Put another value at a place of a record; see `editing.edit_record`."""
        with transaction(self._connections, self._key, self._who) as work:
            return editing.edit_record(work, number, field, after, why=why, expected=expected)

    def add_answers(self, project: str, run: str, answers: Mapping[str, str]) -> int:
        """Keep what was answered on films of an archive; see `answering.add_answers`."""
        with transaction(self._connections, self._key, self._who) as work:
            return answering.add_answers(work, project, run, answers)

    def answers(self, project: str) -> tuple[Answer, ...]:
        """The answer that holds on each film of a project, by film."""
        with self._connections.reading() as session:
            return answering.read_answers(session, project)

    def purge_patient(self, patient: str, *, why: str) -> int:
        """Remove a patient for good; says how many records went."""
        with transaction(self._connections, self._key, self._who) as work:
            count = purging.purge_patient(work, self.pseudonym_of(patient), why)
        self._connections.forget_deleted()
        return count

    def purge_record(self, number: int, *, why: str) -> None:
        """Remove a record for good."""
        with transaction(self._connections, self._key, self._who) as work:
            purging.purge_record(work, number, why)
        self._connections.forget_deleted()

    def users(self) -> tuple[User, ...]:
        """Everybody who did something, or may."""
        with self._connections.reading() as session:
            return reading.list_users(session)

    def put_user(self, name: str, *, role: str, secret: str | None = None) -> None:
        """Make a user, or give one another role, or another hash of a password."""
        with transaction(self._connections, self._key, self._who) as work:
            users.put_user(work, name, role, secret)

    def shut_out(self, name: str) -> None:
        """Let a user do nothing any more."""
        with transaction(self._connections, self._key, self._who) as work:
            users.shut_out(work, name)

    def secret_of(self, name: str) -> str | None:
        """Hash of the password of a user who is not shut out; None where there is none."""
        with self._connections.reading() as session:
            return users.read_secret(session, name)

    def entries(self, subject: str | None = None) -> tuple[Entry, ...]:
        """The audit, or what was done to one subject ("record 17")."""
        with self._connections.reading() as session:
            return reading.list_entries(session, subject)

    def note(self, action: str, subject: str, **detail: Any) -> None:
        """Write into the audit what was done elsewhere, for instance that somebody looked or that it was exported."""
        with transaction(self._connections, self._key, self._who) as work:
            work.note(action, subject, **detail)

    def verify(self, expected: str | None = None) -> Verified:
        """Look whether the audit and all that it speaks of is as it was written."""
        row = schema.require_current(self._connections)
        require_key(row, self._key)
        with self._connections.reading() as session:
            return auditing.verify(session, self._key, expected)


def upgrade_store(place: str | Path | None = None) -> tuple[str | None, str]:
    """Bring a store of an earlier version up to this one; gives the revisions of its tables before and after.

    Raises
    ------
    BadInput
        If there is none, or one of a later version.
    """
    connections = Connections(store_place(place))
    try:
        return schema.upgrade(connections)
    finally:
        connections.close()
