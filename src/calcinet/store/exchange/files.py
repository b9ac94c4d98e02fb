"""An export as files, and which form files are in."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from calcinet.errors import BadInput
from calcinet.extras import require_extras
from calcinet.store.exchange.layout import all_layouts
from calcinet.store.exchange.redcap import DICTIONARY, RECORDS, read_records, write_dictionary, write_records
from calcinet.store.exchange.tables import (
    read_csv_tables,
    read_parquet_tables,
    write_csv_tables,
    write_parquet_tables,
)
from calcinet.store.exchange.visits import Visit, from_rows, to_rows
from calcinet.text import say

Files = Mapping[str, bytes]
"""Content by name."""

BUNDLE: Final = ".fhir.json"
EXTRAS: Final[Mapping[str, tuple[str, ...]]] = {"parquet": ("tables",), "fhir": ("hospital",)}
"""What a form needs."""


def write_files(visits: Sequence[Visit], form: str) -> Files:
    """The files of an export.

    Raises
    ------
    BadInput
        If there is no such form, or its extra is missing.
    """
    write = WRITERS.get(form)
    if write is None:
        raise BadInput(say("there is no form {form}: give one of {forms}", form=form[:40], forms=list(WRITERS)))
    require_extras(EXTRAS.get(form, ()), f"--format {form}")
    return write(visits)


def read_files(files: Files) -> list[Visit]:
    """The records in the files of an export, whichever form they are in.

    Raises
    ------
    BadInput
        If they are in none, or hold what cannot be.
    """
    if RECORDS in files:
        try:
            text = files[RECORDS].decode("utf-8-sig")
        except UnicodeDecodeError:
            raise BadInput(say("the table {table} is no CSV in UTF-8", table="records")) from None
        return from_rows(read_records(text, all_layouts()))
    if "visit.csv" in files:
        return from_rows(read_csv_tables(files, all_layouts()))
    if "visit.parquet" in files:
        require_extras(EXTRAS["parquet"], "Parquet")
        return from_rows(read_parquet_tables(files, all_layouts()))
    bundles = sorted(name for name in files if name.endswith(BUNDLE))
    if bundles:
        require_extras(EXTRAS["fhir"], "FHIR")
        from calcinet.store.exchange.bundles import read_bundle

        return [read_bundle(files[name]) for name in bundles]
    raise BadInput(
        say(
            "no export is there: expected records.csv of REDCap, visit.csv, visit.parquet, or bundles whose names end"
            " with .fhir.json"
        )
    )


def _write_redcap(visits: Sequence[Visit]) -> Files:
    tables = all_layouts()
    records = write_records(to_rows(visits), tables)
    return {DICTIONARY: write_dictionary(tables).encode(), RECORDS: records.encode()}


def _write_csv(visits: Sequence[Visit]) -> Files:
    return write_csv_tables(to_rows(visits), all_layouts())


def _write_parquet(visits: Sequence[Visit]) -> Files:
    return write_parquet_tables(to_rows(visits), all_layouts())


def _write_bundles(visits: Sequence[Visit]) -> Files:
    from calcinet.store.exchange.bundles import write_bundles

    return write_bundles(visits)


WRITERS: Final[Mapping[str, Callable[[Sequence[Visit]], Files]]] = {
    "redcap": _write_redcap,
    "csv": _write_csv,
    "parquet": _write_parquet,
    "fhir": _write_bundles,
}
"""By the name of a form."""
