"""The rows of a record as CSV and as Parquet."""

import csv
import io
from dataclasses import asdict, fields
from typing import Final

from calcinet.record import Record
from calcinet.report.quantities.table import QuantityRow, quantity_rows

NUMBERS: Final = ("value", "low95", "high95")
"""Columns that hold numbers; the others hold words."""


def to_parquet(record: Record) -> bytes:
    """Write the same rows as Parquet; version and weights stand in the metadata of its schema."""
    import pyarrow as pa  # heavy, and only this format needs it
    from pyarrow import parquet

    made_by = {"calcinet": record.version, "weights_sha256": record.model.sha256 or "", "schema": record.schema_}
    columns = dict.fromkeys(_list_columns(), pa.string()) | dict.fromkeys(NUMBERS, pa.float64())
    schema = pa.schema(columns, metadata=made_by)
    rows = [asdict(row) for row in quantity_rows(record)]
    sink = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(rows, schema=schema), sink)
    return sink.getvalue()


def to_csv(record: Record) -> str:
    """Write one row a quantity, with a header, as RFC 4180 has it."""
    text = io.StringIO()
    writer = csv.DictWriter(text, _list_columns())
    writer.writeheader()
    for row in quantity_rows(record):
        writer.writerow(asdict(row))
    return text.getvalue()


def _list_columns() -> list[str]:
    return [field.name for field in fields(QuantityRow)]
