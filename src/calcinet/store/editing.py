"""Changing a record in a store: who, when, before, after, why; what was there stays readable."""

import hashlib
import json
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import select

from calcinet.errors import BadInput
from calcinet.record import Record
from calcinet.store.chain import now
from calcinet.store.given_record import level_of, probability_of
from calcinet.store.pointer import value_at, with_value
from calcinet.store.reading import apply_edits, read_edits
from calcinet.store.results import Edit
from calcinet.store.tables import EditRow, RecordRow
from calcinet.store.transaction import Transaction
from calcinet.text import say

EDITED: Final = "edited record"

ABSENT: Final = object()
"""Stands for a value before that the caller does not name."""


def edit_record(
    work: Transaction,
    number: int,
    field: str,
    after: Any,
    *,
    why: str,
    expected: Any = ABSENT,
    made: Edit | None = None,
) -> Edit:
    """Put another value at a place of a record.

    `field` is a JSON Pointer to a value of record.json, with or without its first stroke; `expected` is what the caller
    saw there: where something else stands there by now, nothing is changed. `made` is the edit as it was made in
    another store.

    Raises
    ------
    BadInput
        If there is no such record or place, no reason, nothing to change, somebody else was first, or the record would
        be none any more.
    """
    if not why.strip():
        raise BadInput(say("an edit needs its reason: give --why"))
    row = work.session.scalars(select(RecordRow).where(RecordRow.id == number).with_for_update()).one_or_none()
    if row is None:
        raise BadInput(say("there is no record {number} in the store: calcinet store list shows them", number=number))
    field = f"/{field.removeprefix('/')}"
    earlier = read_edits(work.session, number)
    tree = json.loads(apply_edits(row.body, earlier))
    before = value_at(tree, field)
    _refuse_pointless(before, after, expected, field)
    record = _check(with_value(tree, field, after), field)
    edit = Edit(
        number=len(earlier) + 1,
        at=made.at if made else now(),
        who=made.who if made else work.who,
        field=field,
        before=before,
        after=after,
        why=why.strip(),
    )
    kept = edit_row(edit, number)
    work.session.add(kept)
    row.level, row.probability = level_of(record), probability_of(record)
    work.session.flush()
    work.note(EDITED, f"record {number}", digest=digest_of_edit(kept), edit=edit.number, field=field)
    return edit


def edit_row(edit: Edit, record: int) -> EditRow:
    """An edit as its table holds it."""
    return EditRow(
        record_id=record,
        number=edit.number,
        at=edit.at,
        who=edit.who,
        field=edit.field,
        before=_write_json(edit.before),
        after=_write_json(edit.after),
        why=edit.why,
    )


def digest_of_edit(row: EditRow) -> str:
    """SHA-256 of all that an edit says."""
    content = [row.record_id, row.number, row.at, row.who, row.field, row.before, row.after, row.why]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def _write_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _refuse_pointless(before: Any, after: Any, expected: Any, field: str) -> None:
    if expected is not ABSENT and _write_json(expected) != _write_json(before):
        raise BadInput(
            say("somebody has changed {field} meanwhile: look at it again; nothing was changed", field=field)
        )
    if _write_json(before) == _write_json(after):
        raise BadInput(say("{field} has this value already; nothing was changed", field=field))


def _check(tree: Any, field: str) -> Record:
    try:
        return Record.from_json(json.dumps(tree, ensure_ascii=False))
    except (ValidationError, ValueError):
        raise BadInput(
            say("{field} cannot have this value in a record (calcinet schema); nothing was changed", field=field)
        ) from None
