"""Phase 3: the tables, made from index and ledger by DuckDB; the same films give the same tables."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from calcinet.cohort.choice import UNIT
from calcinet.cohort.columns import COST, FAILURES, FROM_HEADER, MEASURED, PATIENTS, RESULTS_ALL, Column
from calcinet.cohort.database import open_database, quote_parts
from calcinet.cohort.parquet import write_arrow
from calcinet.machine import writing_in

if TYPE_CHECKING:
    import duckdb

RANKED: Final = (
    "net_called DESC",
    "net_score DESC NULLS LAST",
    "vessel_length_mm DESC NULLS LAST",
    "vessels DESC",
    "film",
)
"""The order of review: a net that was marked before none; then how net-like the most net-like place is; then how much
of vessels is calcified. The name of the film settles what is left, so that the order is the same in every run."""

DONE: Final = """
CREATE TABLE done AS
SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY film) AS again FROM read_parquet({parts})) WHERE again = 1
"""

HEADERS: Final = """
CREATE TABLE headers AS
SELECT coalesce(unit, film) AS film, {columns}
FROM (
    SELECT *, {unit} AS unit, row_number() OVER (PARTITION BY {unit} ORDER BY path, member) AS first
    FROM read_parquet({parts})
) WHERE first = 1
"""


def write_tables(folder: Path, index: Sequence[Path], ledger: Sequence[Path]) -> dict[str, int]:
    """Write results, failures, patients and cost; tells how many rows each has."""
    with open_database() as database:
        headers = ", ".join(column.name for column in FROM_HEADER)
        database.execute(HEADERS.format(columns=f"{headers}, code, reason", unit=UNIT, parts=quote_parts(index)))
        if ledger:
            database.execute(DONE.format(parts=quote_parts(ledger)))
        else:
            measured = ", ".join(f"NULL::{_name_type(column)} AS {column.name}" for column in MEASURED)
            database.execute(
                f"CREATE TABLE done AS SELECT '' AS film, {measured}, '' AS code, '' AS reason, '' AS cost WHERE false"
            )
        _make_results(database)
        _make_failures(database)
        _make_patients(database)
        database.execute(
            "CREATE TABLE cost AS SELECT film, unnest(json_keys(cost)) AS stage,"
            " unnest(json_extract(cost, '$.*'))::DOUBLE AS seconds FROM done ORDER BY film, stage"
        )
        counts = {}
        tables = {"results": RESULTS_ALL, "failures": FAILURES, "patients": PATIENTS, "cost": COST}
        for name, columns in tables.items():
            counts[name] = _write(database, name, columns, folder / f"{name}.parquet")
        return counts


def _name_type(column: Column) -> str:
    types = {"text": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "flag": "BOOLEAN", "day": "DATE"}
    return types[column.type]


def _make_results(database: "duckdb.DuckDBPyConnection") -> None:
    measured = ", ".join(f"done.{column.name}" for column in MEASURED)
    headers = ", ".join(f"headers.{column.name}" for column in FROM_HEADER)
    order = ", ".join(f"done.{by}" for by in RANKED)
    database.execute(
        f"CREATE TABLE results AS SELECT row_number() OVER (ORDER BY {order}) AS rank, done.film, {headers}, {measured}"
        " FROM done JOIN headers USING (film) WHERE done.code IS NULL ORDER BY rank"
    )


def _make_failures(database: "duckdb.DuckDBPyConnection") -> None:
    headers = ", ".join(f"headers.{column.name}" for column in FROM_HEADER)
    database.execute(
        f"CREATE TABLE failures AS SELECT film, {headers}, 'index' AS stage, code, reason FROM headers"
        f" WHERE code IS NOT NULL UNION ALL"
        f" SELECT done.film, {headers}, 'examination' AS stage, done.code, done.reason"
        " FROM done JOIN headers USING (film) WHERE done.code IS NOT NULL ORDER BY film"
    )


def _make_patients(database: "duckdb.DuckDBPyConnection") -> None:
    database.execute(
        "CREATE TABLE patients AS SELECT patient, count(*) FILTER (rank IS NOT NULL) AS films,"
        " count(*) FILTER (rank IS NULL) AS failures, min(taken_on) AS first_on, max(taken_on) AS last_on,"
        " min(rank) AS best_rank, max(net_probability) AS net_probability, max(net_score) AS net_score,"
        " count(*) FILTER (net_called) AS films_with_net, max(net_area_cm2) AS net_area_cm2, max(vessels) AS vessels"
        " FROM (SELECT rank, patient, taken_on, net_probability, net_score, net_called, net_area_cm2, vessels"
        " FROM results UNION ALL SELECT NULL, patient, taken_on, NULL, NULL, NULL, NULL, NULL"
        " FROM failures WHERE patient IS NOT NULL)"
        " GROUP BY patient ORDER BY best_rank NULLS LAST, patient"
    )


def _write(database: "duckdb.DuckDBPyConnection", name: str, columns: Sequence[Column], file: Path) -> int:
    from calcinet.cohort.columns import make_schema

    named = ", ".join(column.name for column in columns)
    table = database.sql(f"SELECT {named} FROM {name}").to_arrow_table().cast(make_schema(tuple(columns)))
    with writing_in(file.parent):
        write_arrow(table, file)
    return int(table.num_rows)
