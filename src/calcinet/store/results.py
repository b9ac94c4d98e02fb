"""What a store answers: plain values that outlive its connection."""

from dataclasses import dataclass
from typing import Any

from calcinet.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """A patient, and what there is of them."""

    pseudonym: str
    studies: int
    records: int
    first_on: str | None
    """Day of the earliest study whose day is known, YYYY-MM-DD."""
    last_on: str | None
    level: str | None
    """Of suspicion in the latest record; None where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A record in the store."""

    number: int
    patient: str
    """Pseudonym."""
    study: int
    on: str | None
    """Day of the examination, YYYY-MM-DD; None where it is not known."""
    sha256: str
    version: str
    added_at: str
    added_by: str
    level: str | None
    probability: float | None
    edits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change of a record by a person."""

    number: int
    at: str
    who: str
    field: str
    """JSON Pointer (RFC 6901)."""
    before: Any
    after: Any
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRecord:
    """A record with its history."""

    about: Stored
    original: str
    """record.json as it was given."""
    edits: tuple[Edit, ...]
    record: Record
    """As edited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody answered on a film of an archive."""

    film: str
    """Keyed hash of its place in the archive."""
    answer: str
    """yes, no or unsure: whether it is worth a second look."""
    run: str
    """SHA-256 of the ranking that was gone through."""
    at: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What became of one record that was given."""

    number: int
    patient: str
    study: int
    is_new: bool
    """False where it was there already and was to be passed over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who may do something; the hash of a password is not shown."""

    name: str
    role: str
    has_secret: bool
    made_at: str
    disabled_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the audit."""

    number: int
    at: str
    who: str
    action: str
    subject: str
    detail: dict[str, Any]
    seal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a look at the audit and at what it speaks of has found."""

    entries: int
    head: str
    """Seal of the last entry: who notes number and seal elsewhere can tell later that nothing was cut off."""
    records: int
    edits: int
    faults: tuple[str, ...]
    """A sentence each, in the order of the chain; empty where all is as it was written."""
