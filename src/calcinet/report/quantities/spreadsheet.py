"""The rows of a record as CSV and as Parquet."""

import csv
import io
import re
from dataclasses import asdict, fields
from typing import Any, Final

from calcinet.record import Record
from calcinet.report.quantities.table import QuantityRow, quantity_rows

NUMBERS: Final = ("value", "low95", "high95")
"""Columns that hold numbers; the others hold words."""


FORMULA: Final = re.compile(r"[\s'\"\u3000\ufeff]*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
"""How a cell begins that a spreadsheet would reckon with, blanks and quotation marks in front or not, in the wide
letters of East Asia as well (OWASP, CSV Injection)."""

TEXT_MARK: Final = "'"
"""What a spreadsheet takes for the mark of a text, and does not show."""


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
        writer.writerow({name: defuse(value) for name, value in asdict(row).items()})
    return text.getvalue()


def defuse(value: Any) -> Any:
    """Mark a text as text where a spreadsheet would take it for a formula; numbers stay numbers.

    >>> defuse("=1+1"), defuse("calcium"), defuse(-1.5)
    ("'=1+1", 'calcium', -1.5)
    """
    if isinstance(value, str) and FORMULA.match(value):
        return TEXT_MARK + value
    return value


def _list_columns() -> list[str]:
    return [field.name for field in fields(QuantityRow)]
