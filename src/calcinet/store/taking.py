"""Taking records of another store over, with their history."""

import re
from collections.abc import Sequence
from typing import Final

from calcinet.errors import BadInput
from calcinet.store.adding import Addition, add_records, find_known, name_record
from calcinet.store.editing import edit_record
from calcinet.store.exchange.visits import Visit
from calcinet.store.given_record import read_record
from calcinet.store.results import Added
from calcinet.store.transaction import Transaction
from calcinet.text import say

LONGEST_PSEUDONYM: Final = 40
"""Letters, as its column holds."""

DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def take_visits(work: Transaction, visits: Sequence[Visit], *, skip_known: bool) -> tuple[Added, ...]:
    """Put records into the store as they were given at first, then every edit that was made since.

    Raises
    ------
    BadInput
        As `add_records` and `edit_record`.
    """
    taken = []
    for number, visit in enumerate(visits, 1):
        given = read_record(visit.original(), number, len(visits))
        known = find_known(work.session, given) if skip_known else None
        if known is None:
            _check(visit)
            addition = Addition(
                given=given,
                on=visit.on,
                which=name_record(number, len(visits)),
                first=(visit.added_at, visit.added_by),
            )
            (known,) = add_records(work, [addition], visit.patient, same_patient=True)
            for edit in visit.edits:
                edit_record(work, known.number, edit.field, edit.after, why=edit.why, expected=edit.before, made=edit)
        taken.append(known)
    return tuple(taken)


def _check(visit: Visit) -> None:
    """Refuse what is no pseudonym or no day before a table does."""
    if not visit.patient.strip() or len(visit.patient) > LONGEST_PSEUDONYM:
        raise BadInput(say("a record has no patient; nothing was added"))
    if visit.on is not None and not DAY.fullmatch(visit.on):
        raise BadInput(
            say("a record of {patient} has a day that is not as 2026-03-09; nothing was added", patient=visit.patient)
        )
