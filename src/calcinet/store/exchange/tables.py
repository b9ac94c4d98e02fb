"""One file a table, CSV or Parquet, for statistics: R, Stata, pandas."""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from calcinet.errors import BadInput
from calcinet.store.exchange.flat import FlatRow
from calcinet.store.exchange.layout import Column, TableLayout
from calcinet.store.exchange.redcap import Row, check_headings, read_place, read_row, write_row
from calcinet.text import say

PATIENT: Final = "patient"
"""Column with the pseudonym, of every table."""


def write_csv_tables(rows: Iterable[Row], tables: Sequence[TableLayout]) -> dict[str, bytes]:
    """Files by their names; tables without a row are there, too."""
    sorted_rows = _sort(rows)
    return {f"{table.name}.csv": _write_csv(sorted_rows[table.name], table) for table in tables}


def read_csv_tables(files: Mapping[str, bytes], tables: Sequence[TableLayout]) -> list[Row]:
    """Rows of such files.

    Raises
    ------
    BadInput
        If a file is no such table.
    """
    rows: list[Row] = []
    for table in tables:
        content = files.get(f"{table.name}.csv")
        if content is not None:
            rows += _read_csv(content, table)
    return rows


def write_parquet_tables(rows: Iterable[Row], tables: Sequence[TableLayout]) -> dict[str, bytes]:
    """The same as Parquet: numbers are numbers; what is "json" is JSON in a text."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {
        "text": pa.string(),
        "choice": pa.string(),
        "json": pa.string(),
        "number": pa.float64(),
        "integer": pa.int64(),
        "flag": pa.bool_(),
    }
    sorted_rows, files = _sort(rows), {}
    for table in tables:
        fields = [pa.field(PATIENT, pa.string()), pa.field(table.at, pa.string())]
        fields += [pa.field(column.name, types[column.kind]) for column in table.columns]
        lines = [_write_line(pseudonym, row, table) for pseudonym, row in sorted_rows[table.name]]
        sink = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(lines, schema=pa.schema(fields)), sink)
        files[f"{table.name}.parquet"] = sink.getvalue()
    return files


def read_parquet_tables(files: Mapping[str, bytes], tables: Sequence[TableLayout]) -> list[Row]:
    """Rows of such files.

    Raises
    ------
    BadInput
        If a file is no such table.
    """
    rows: list[Row] = []
    for table in tables:
        content = files.get(f"{table.name}.parquet")
        if content is None:
            continue
        for line in _load_parquet(content, table):
            cells = {column.name: _read_value(line.get(column.name), column) for column in table.columns}
            kept = {name: value for name, value in cells.items() if value is not None}
            at = read_place(line[table.at] or "", table)
            rows.append((line[PATIENT], FlatRow(table=table.name, at=at, cells=kept)))
    return rows


def _sort(rows: Iterable[Row]) -> dict[str, list[Row]]:
    by_table: dict[str, list[Row]] = defaultdict(list)
    for pseudonym, row in rows:
        by_table[row.table].append((pseudonym, row))
    return by_table


def _write_csv(rows: Sequence[Row], table: TableLayout) -> bytes:
    text = io.StringIO(newline="")
    lines = csv.DictWriter(text, [PATIENT, table.at, *(column.name for column in table.columns)], restval="")
    lines.writeheader()
    for pseudonym, row in rows:
        lines.writerow({PATIENT: pseudonym, **write_row(row, table)})
    return text.getvalue().encode()


def _read_csv(content: bytes, table: TableLayout) -> list[Row]:
    try:
        lines = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        known = {PATIENT, table.at, *(column.name for column in table.columns)}
        check_headings(lines.fieldnames or (), known, {PATIENT, table.at})
        return [(line[PATIENT], read_row(line, table)) for line in lines]
    except (csv.Error, UnicodeDecodeError):
        raise BadInput(say("the table {table} is no CSV in UTF-8", table=table.name)) from None


def _write_line(pseudonym: str, row: FlatRow, table: TableLayout) -> dict[str, Any]:
    line: dict[str, Any] = {PATIENT: pseudonym, table.at: ".".join(map(str, row.at))}
    for column in table.columns:
        value = row.cells.get(column.name)
        if column.kind == "json" and value is not None:
            value = json.dumps(value, ensure_ascii=False)
        line[column.name] = value
    return line


def _load_parquet(content: bytes, table: TableLayout) -> list[dict[str, Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        read = pq.read_table(io.BytesIO(content))
    except (pa.ArrowInvalid, OSError):
        raise BadInput(say("the table {table} is no Parquet file", table=table.name)) from None
    known = {PATIENT, table.at, *(column.name for column in table.columns)}
    check_headings(read.column_names, known, {PATIENT, table.at})
    return read.to_pylist()  # type: ignore[no-any-return]


def _read_value(value: Any, column: Column) -> Any:
    if column.kind == "json" and value is not None:
        return json.loads(value)
    return value
