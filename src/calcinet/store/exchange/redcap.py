"""REDCap: the data dictionary, and records as its import tool takes them, each list as a repeating instrument."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from calcinet.errors import BadInput
from calcinet.store.exchange.cells import codes_of, read_cell, write_cell
from calcinet.store.exchange.flat import FlatRow
from calcinet.store.exchange.layout import Column, TableLayout
from calcinet.text import say

DICTIONARY: Final = "dictionary.csv"
RECORDS: Final = "records.csv"

HEADINGS: Final = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
"""The 18 columns of a dictionary, by the public form of REDCap."""

RECORD_ID: Final = "record_id"
INSTRUMENT: Final = "redcap_repeat_instrument"
INSTANCE: Final = "redcap_repeat_instance"
FIRST_FORM: Final = "patient"

TYPES: Final = {
    "text": ("notes", ""),
    "number": ("text", "number"),
    "integer": ("text", "integer"),
    "flag": ("yesno", ""),
    "choice": ("dropdown", ""),
    "json": ("notes", ""),
}
"""Field type and validation by what a column holds."""

BESIDE: Final = ("redcap_", "_complete")
"""How columns begin and end that REDCap adds, and that hold nothing of ours."""

Row = tuple[str, FlatRow]
"""Pseudonym and row."""


def write_dictionary(tables: Sequence[TableLayout]) -> str:
    """The data dictionary of all tables, for Project Setup of REDCap."""
    text = io.StringIO(newline="")
    lines = csv.DictWriter(text, HEADINGS, restval="")
    lines.writeheader()
    lines.writerow(_describe(RECORD_ID, FIRST_FORM, "text", "Pseudonym"))
    for table in tables:
        lines.writerow(_describe(table.at, table.name, "text", "Visit, then place in each list, from 1"))
        for column in table.columns:
            lines.writerow(_describe_column(column, table))
    return text.getvalue()


def write_records(rows: Iterable[Row], tables: Sequence[TableLayout]) -> str:
    """All rows in one table: each fills the columns of its instrument."""
    text = io.StringIO(newline="")
    by_name = {table.name: table for table in tables}
    headings = [RECORD_ID, INSTRUMENT, INSTANCE]
    for table in tables:
        headings += [table.at, *(column.name for column in table.columns)]
    lines = csv.DictWriter(text, headings, restval="")
    lines.writeheader()
    instances: dict[tuple[str, str], int] = defaultdict(int)
    for pseudonym, row in rows:
        instances[pseudonym, row.table] += 1
        lines.writerow(
            {
                RECORD_ID: pseudonym,
                INSTRUMENT: row.table,
                INSTANCE: instances[pseudonym, row.table],
                **write_row(row, by_name[row.table]),
            }
        )
    return text.getvalue()


def read_records(text: str, tables: Sequence[TableLayout]) -> list[Row]:
    """Rows of a table that `write_records` wrote, or that REDCap gives back of it.

    Raises
    ------
    BadInput
        If it has columns or instruments that are none of ours, or a value that cannot be.
    """
    lines = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    by_name = {table.name: table for table in tables}
    known = {RECORD_ID}
    for table in tables:
        known |= {table.at, *(column.name for column in table.columns)}
    check_headings(lines.fieldnames or (), known, {RECORD_ID, INSTRUMENT})
    rows = []
    try:
        for line in lines:
            name = line[INSTRUMENT] or ""
            if name in by_name:
                rows.append((line[RECORD_ID], read_row(line, by_name[name])))
            elif name:
                raise BadInput(say("the instrument {name} is none of calcinet's", name=name[:40]))
    except csv.Error:
        raise BadInput(say("the table is no CSV with commas and quotation marks")) from None
    return rows


def check_headings(found: Iterable[str], known: Iterable[str], needed: Iterable[str]) -> None:
    """Refuse a table without the columns that it needs, or with one that nobody reads.

    Raises
    ------
    BadInput
        With the first of them.
    """
    present, allowed = set(found), set(known)
    for name in needed:
        if name not in present:
            raise BadInput(say("the table has no column {name}: give what store export wrote", name=name))
    for name in sorted(present - allowed):
        if not (name.startswith(BESIDE[0]) or name.endswith(BESIDE[1])):
            raise BadInput(
                say("the table has a column {name} that this version does not know; nothing was added", name=name[:60])
            )


def write_row(row: FlatRow, table: TableLayout) -> dict[str, str]:
    """Cells of a row by their columns."""
    cells = {column.name: write_cell(row.cells.get(column.name), column) for column in table.columns}
    return {table.at: ".".join(map(str, row.at)), **cells}


def read_row(line: dict[str, str], table: TableLayout) -> FlatRow:
    """The row that cells are of."""
    cells = {column.name: read_cell(line.get(column.name) or "", column) for column in table.columns}
    return FlatRow(
        table=table.name,
        at=read_place(line.get(table.at) or "", table),
        cells={name: value for name, value in cells.items() if value is not None},
    )


def read_place(cell: str, table: TableLayout) -> tuple[int, ...]:
    """Which row it is.

    Raises
    ------
    BadInput
        If it is not as many numbers as the table has lists, and one for the visit.
    """
    parts = cell.split(".")
    if len(parts) != 1 + len(table.lists) or not all(part.isascii() and part.isdigit() for part in parts):
        raise BadInput(say("the column {column} holds no place of a row", column=table.at))
    return tuple(map(int, parts))


def _describe(name: str, form: str, kind: str, label: str) -> dict[str, str]:
    return {HEADINGS[0]: name, HEADINGS[1]: form, HEADINGS[3]: kind, HEADINGS[4]: label}


def _describe_column(column: Column, table: TableLayout) -> dict[str, str]:
    kind, validation = TYPES[column.kind]
    note = f"UCUM {column.unit}" if column.unit else ""
    if column.kind == "json":
        note = "JSON"
    choices = " | ".join(f"{code}, {word}" for word, code in codes_of(column).items())
    described = _describe(column.name, table.name, kind, column.label)
    return {**described, HEADINGS[5]: choices, HEADINGS[6]: note, HEADINGS[7]: validation}
