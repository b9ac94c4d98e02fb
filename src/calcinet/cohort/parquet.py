"""Parquet files that are there whole or not at all."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calcinet.cohort.columns import Column, make_schema
from calcinet.machine import writing_in

if TYPE_CHECKING:
    import pyarrow as pa


def write_table(lines: Iterable[Mapping[str, Any]], columns: Sequence[Column], file: Path) -> None:
    """Write rows, whole or not at all.

    Raises
    ------
    MachineFault
        If there is no room, or no right to write there.
    """
    import pyarrow as pa

    write_arrow(pa.Table.from_pylist(list(lines), schema=make_schema(tuple(columns))), file)


def write_arrow(table: "pa.Table", file: Path) -> None:
    """The same of a table."""
    import pyarrow.parquet as pq

    with writing_in(file.parent), _make_partial(file) as partial:
        pq.write_table(table, partial, compression="zstd")
        with partial.open("rb+") as stream:
            os.fsync(stream.fileno())
        partial.replace(file)


def write_whole(file: Path, content: bytes) -> None:
    """Write a file, whole or not at all.

    Raises
    ------
    MachineFault
        As `write_table`.
    """
    with writing_in(file.parent), _make_partial(file) as partial:
        partial.write_bytes(content)
        partial.replace(file)


@contextmanager
def _make_partial(file: Path) -> Iterator[Path]:
    """Where a file is written before it is whole; nothing stays there."""
    partial = file.with_name(f".{file.name}.partial")
    try:
        yield partial
    finally:
        partial.unlink(missing_ok=True)


def read_table(file: Path) -> "pa.Table":
    """Read one file."""
    import pyarrow.parquet as pq

    return pq.read_table(file, partitioning=None)
