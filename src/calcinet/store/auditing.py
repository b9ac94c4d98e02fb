"""Whether the audit, and what it speaks of, is as it was written."""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from calcinet.errors import BadInput
from calcinet.store.adding import ADDED
from calcinet.store.answering import ANSWERED, digest_of_answers
from calcinet.store.chain import seal_of
from calcinet.store.editing import EDITED, digest_of_edit
from calcinet.store.key import StoreKey
from calcinet.store.purging import PURGED
from calcinet.store.results import Verified
from calcinet.store.tables import AnswerRow, AuditRow, EditRow, RecordRow, StoreRow
from calcinet.text import say

AT_A_TIME: Final = 200
"""Records that are held at once. Our choice: a record may be large."""

POSITION: Final = re.compile("([0-9]{1,12}):([0-9a-f]{64})")
"""Number and seal of an entry, as they are noted."""


@dataclass(slots=True)
class _Told:
    """What the audit says that there is."""

    records: dict[str, str] = field(default_factory=dict)
    """Digest of each record that was added and not purged."""
    edits: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Digests of the edits of each."""
    answers: dict[int, str] = field(default_factory=dict)
    """Digest of the answers that each entry tells of."""


def verify(session: Session, key: StoreKey, expected: str | None = None) -> Verified:
    """Look at every entry, and at every record and edit that it speaks of.

    `expected` is number and seal of an entry that was noted earlier ("412:9f...").
    """
    store = session.scalars(select(StoreRow)).one()
    entries = list(session.scalars(select(AuditRow).order_by(AuditRow.number)))
    told = _gather(entries)
    faults = [
        *_check_chain(entries, key),
        *_check_end(entries, store),
        *_check_noted(entries, expected),
        *_check_records(session, told),
        *_check_edits(session, told),
        *_check_answers(session, told),
    ]
    return Verified(
        entries=len(entries),
        head=f"{entries[-1].number}:{entries[-1].seal}" if entries else "",
        records=len(told.records),
        edits=sum(map(len, told.edits.values())),
        faults=tuple(faults),
    )


def _check_chain(entries: Sequence[AuditRow], key: StoreKey) -> Iterator[str]:
    """Each entry follows on the one before it, and is as it was sealed."""
    number, previous = 0, ""
    for entry in entries:
        if entry.number == number + 2:
            yield say("entry {number} was removed", number=number + 1)
        elif entry.number > number + 1:
            yield say("entries {first} to {last} were removed", first=number + 1, last=entry.number - 1)
        elif entry.previous != previous:
            yield say("entry {number} does not follow on the one before it: the order was changed", number=entry.number)
        if seal_of(entry, key) != entry.seal:
            yield say("entry {number} was changed after it was written", number=entry.number)
        number, previous = entry.number, entry.seal


def _check_end(entries: Sequence[AuditRow], store: StoreRow) -> Iterator[str]:
    last = entries[-1].number if entries else 0
    if last < store.entries:
        yield say(
            "the end was cut off: the last entry is {last}, and {count} were written", last=last, count=store.entries
        )
    elif last > store.entries or (entries and entries[-1].seal != store.head):
        yield say("the last entry, {last}, is not the one that was written last", last=last)


def _check_noted(entries: Sequence[AuditRow], expected: str | None) -> Iterator[str]:
    if expected is None:
        return
    found = POSITION.fullmatch(expected.strip())
    if found is None:
        raise BadInput(say("--expect takes number and seal of an entry as audit verify prints them, 412:9f..."))
    seals = {entry.number: entry.seal for entry in entries}
    number = int(found[1])
    if number not in seals:
        yield say("entry {number} that was noted is gone", number=number)
    elif seals[number] != found[2]:
        yield say("entry {number} is not the one that was noted", number=number)


def _gather(entries: Sequence[AuditRow]) -> _Told:
    told = _Told()
    for entry in entries:
        if entry.action == ADDED:
            told.records[entry.subject] = entry.digest
        elif entry.action == EDITED:
            told.edits[entry.subject].append(entry.digest)
        elif entry.action == ANSWERED:
            told.answers[entry.number] = entry.digest
        elif entry.action == PURGED:
            for number in json.loads(entry.detail).get("records", []):
                told.records.pop(f"record {number}", None)
                told.edits.pop(f"record {number}", None)
    return told


def _check_records(session: Session, told: _Told) -> Iterator[str]:
    """Every record that was added is there, unchanged, and no other."""
    found: dict[str, str] = {}
    rows = session.execute(select(RecordRow.id, RecordRow.body).execution_options(yield_per=AT_A_TIME))
    for number, body in rows:
        found[f"record {number}"] = hashlib.sha256(body.encode()).hexdigest()
    yield from _compare(told.records, found)


def _compare(told: Mapping[str, str], found: Mapping[str, str]) -> Iterator[str]:
    for subject in sorted(told.keys() - found.keys()):
        yield say("{subject} is gone, and no purge of it was written", subject=subject)
    for subject in sorted(found.keys() - told.keys()):
        yield say(
            "{subject} is there, and the audit does not know it: the end was cut off, or it was put in beside the"
            " audit",
            subject=subject,
        )
    for subject in sorted(told.keys() & found.keys()):
        if told[subject] != found[subject]:
            yield say("{subject} was changed beside the audit", subject=subject)


def _check_edits(session: Session, told: _Told) -> Iterator[str]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in session.scalars(select(EditRow).order_by(EditRow.record_id, EditRow.number)):
        found[f"record {row.record_id}"].append(digest_of_edit(row))
    for subject in sorted(told.edits.keys() | found.keys()):
        if told.edits.get(subject, []) != found.get(subject, []):
            yield say("the edits of {subject} are not those that the audit knows", subject=subject)


def _check_answers(session: Session, told: _Told) -> Iterator[str]:
    rows: dict[int, list[AnswerRow]] = defaultdict(list)
    for row in session.scalars(select(AnswerRow).order_by(AnswerRow.id)):
        rows[row.entry].append(row)
    for entry in sorted(told.answers.keys() | rows.keys()):
        if told.answers.get(entry) != digest_of_answers(rows[entry]):
            yield say("the answers of entry {number} are not those that the audit knows", number=entry)
