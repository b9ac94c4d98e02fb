"""DuckDB in memory, and the Parquet parts that it reads."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


@contextlib.contextmanager
def open_database() -> "Iterator[duckdb.DuckDBPyConnection]":
    """An empty database in memory, which puts nothing on the disk."""
    import duckdb

    database = duckdb.connect(":memory:")
    try:
        database.execute("SET temp_directory = ''")
        yield database
    finally:
        database.close()


def quote_parts(parts: Sequence[Path]) -> str:
    """Files as `read_parquet` takes them.

    >>> quote_parts([Path("a.parquet"), Path("b's.parquet")])
    "['a.parquet', 'b''s.parquet']"
    """
    quoted = ("'" + str(part).replace("'", "''") + "'" for part in parts)
    return "[" + ", ".join(quoted) + "]"
