"""One record with its history on the way out of a store or into another."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import ValidationError

from calcinet.errors import BadInput
from calcinet.record import Record
from calcinet.store.exchange.flat import FlatRow, flatten, rebuild
from calcinet.store.exchange.layout import EDIT, EDIT_LAYOUT, VISIT, VISIT_COLUMNS, layouts
from calcinet.store.exchange.redcap import Row
from calcinet.store.pointer import with_value
from calcinet.store.results import Edit, StoredRecord
from calcinet.text import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A record as it is now, and how it came to be so."""

    patient: str
    """Pseudonym."""
    on: str | None
    added_at: str
    added_by: str
    tree: Mapping[str, Any]
    """record.json with every edit made."""
    edits: tuple[Edit, ...] = ()

    @classmethod
    def of(cls, stored: StoredRecord) -> "Visit":
        """Take a record of a store."""
        tree = json.loads(Record.from_json(stored.original).to_json())
        for edit in stored.edits:
            tree = with_value(tree, edit.field, edit.after)
        about = stored.about
        return cls(
            patient=about.patient,
            on=about.on,
            added_at=about.added_at,
            added_by=about.added_by,
            tree=tree,
            edits=stored.edits,
        )

    def original(self) -> bytes:
        """record.json as it was before any edit.

        Raises
        ------
        BadInput
            If that is no record.
        """
        tree: Any = self.tree
        for edit in reversed(self.edits):
            tree = with_value(tree, edit.field, edit.before)
        try:
            return Record.from_json(json.dumps(tree)).to_json().encode()
        except (ValidationError, ValueError):
            raise BadInput(
                say("a record of {patient} is none of this version's schema; nothing was added", patient=self.patient)
            ) from None


def to_rows(visits: Sequence[Visit]) -> Iterator[Row]:
    """Rows of all tables, table by table within each record."""
    counts: dict[str, int] = defaultdict(int)
    for visit in visits:
        counts[visit.patient] += 1
        number = counts[visit.patient]
        told_beside = {column.name: getattr(visit, column.path[0]) for column in VISIT_COLUMNS}
        beside = {name: value for name, value in told_beside.items() if value is not None}
        for row in flatten(visit.tree, number, layouts()):
            cells = row.cells if row.table != VISIT else {**beside, **row.cells}
            yield visit.patient, FlatRow(table=row.table, at=row.at, cells=cells)
        for edit in visit.edits:
            told = asdict(edit)
            named = {column.name: told[column.path[0]] for column in EDIT_LAYOUT.columns}
            kept = {name: value for name, value in named.items() if value is not None}
            yield visit.patient, FlatRow(table=EDIT, at=(number, edit.number), cells=kept)


def from_rows(rows: Sequence[Row]) -> list[Visit]:
    """The records that rows are of, by patient and number."""
    by_patient: dict[str, list[FlatRow]] = defaultdict(list)
    for pseudonym, row in rows:
        by_patient[pseudonym].append(row)
    visits: list[Visit] = []
    for pseudonym in sorted(by_patient):
        visits += _gather_visits(pseudonym, by_patient[pseudonym])
    return visits


def _gather_visits(pseudonym: str, rows: Sequence[FlatRow]) -> Iterator[Visit]:
    trees = rebuild([row for row in rows if row.table != EDIT], layouts())
    beside = {row.at[0]: row.cells for row in rows if row.table == VISIT}
    for number in sorted(trees):
        told = {column.path[0]: beside[number].get(column.name) for column in VISIT_COLUMNS}
        yield Visit(
            patient=pseudonym,
            on=told["on"],
            added_at=told["added_at"] or "",
            added_by=told["added_by"] or "",
            tree=trees[number],
            edits=tuple(_read_edit(row) for row in rows if row.table == EDIT and row.at[0] == number),
        )


def _read_edit(row: FlatRow) -> Edit:
    told = {column.path[0]: row.cells.get(column.name) for column in EDIT_LAYOUT.columns}
    return Edit(
        number=row.at[1],
        at=told["at"] or "",
        who=told["who"] or "",
        field=told["field"] or "",
        before=told["before"],
        after=told["after"],
        why=told["why"] or "",
    )
