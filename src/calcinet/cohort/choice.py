"""Which films of an index are examined: by modality, body part, view, age, copy, and a question in SQL.

The question is asked of a database in memory that holds the documented columns alone, can reach no file and no network,
and cannot be told otherwise any more.
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from calcinet.cohort.columns import FILMS, make_schema
from calcinet.cohort.database import open_database, quote_parts
from calcinet.cohort.questions import asking, shut

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

DEFAULT_MODALITIES: Final = ("CR", "DX", "MG", "picture")
"""What is examined where nothing else is asked for: one film a file. A film whose header names no modality, too."""

UNIT: Final = "CASE WHEN modality = 'CT' THEN coalesce(series, film) ELSE film END"
"""What is examined as one: a series of CT, else a file."""

DOCUMENTED: Final = "CREATE TABLE films AS SELECT {documented} FROM read_parquet({parts})"
"""What a question of a user is asked of."""

FILES: Final = """
CREATE TABLE files AS
SELECT headers.*, {unit} AS unit,
    CASE WHEN digest IS NULL THEN 1
        ELSE row_number() OVER (PARTITION BY digest ORDER BY headers.path, headers.member) END AS copy
FROM read_parquet({parts}) AS headers LEFT JOIN digests
    ON headers.path = digests.path AND headers.member IS NOT DISTINCT FROM digests.member
"""

UNITS: Final = """
SELECT unit, min(study) AS study, list(path ORDER BY path, member) AS paths,
    list(member ORDER BY path, member) AS members, min(path) AS first
FROM files
WHERE code IS NULL AND (copy = 1 OR ({copies} AND modality IS DISTINCT FROM 'CT'))
    AND unit IN (SELECT unit FROM files WHERE code IS NULL AND {condition})
GROUP BY unit
"""
"""A unit is wanted where one of its files is; of a slice of a series that is there twice, one is taken."""

IN_ORDER: Final = """
SELECT unit, study, paths, members FROM ({units})
ORDER BY min(first) OVER (PARTITION BY coalesce(study, unit)), coalesce(study, unit), first, unit
"""
"""Studies in the order in which their first file lies in the archive, and the films of each after one another."""

COUNTS: Final = """
SELECT count(*), count(code), count(*) FILTER (code IS NULL AND copy > 1 AND ({copies} IS NOT TRUE OR modality = 'CT'))
FROM files
"""

NO_CONDITION: Final = "--where is no condition over the columns of docs/scale.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which films are wanted; empty is any."""

    modalities: tuple[str, ...] = DEFAULT_MODALITIES
    body_parts: tuple[str, ...] = ()
    views: tuple[str, ...] = ()
    ages: tuple[float, float] | None = None
    """Youngest and oldest in years, both among them."""
    where: str | None = None
    """A condition in SQL over the columns of `FILMS`."""
    limit: int | None = None
    """At most so many films, the first in the order of the archive."""
    keep_copies: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One film that is examined: one file, or the files of a series."""

    film: str
    study: str
    files: tuple[tuple[str, str | None], ...]
    """Path and name inside a zip of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What of an archive is examined, and how much is not."""

    address: str
    """Of the archive."""
    films: tuple[Chosen, ...]
    files: int
    unreadable: int
    """Files that are no film."""
    copies: int
    """Files that are the same film once more."""
    unwanted: int


def choose_films(parts: Sequence[Path], digests: Sequence[Path], wish: Wish, address: str) -> Choice:
    """Choose among the films of an index.

    Parameters
    ----------
    parts
        The index.
    digests
        Parts with the digests of files that may be copies of one another.
    wish
        What is wanted.
    address
        Of the archive.

    Raises
    ------
    BadInput
        If the question is no condition over the documented columns.
    """
    asked = _answer_question(parts, wish.where)
    condition, values = _write_condition(wish)
    copies = "true" if wish.keep_copies else "false"
    with _open_files(parts, digests) as files:
        if asked is not None:
            files.register("asked", asked)
        question = IN_ORDER.format(units=UNITS.format(copies=copies, condition=condition))
        if wish.limit is not None:
            question += f" LIMIT {int(wish.limit)}"
        rows = files.execute(question, values).fetchall()
        found, unreadable, same = files.execute(COUNTS.format(copies=copies)).fetchall()[0]
    films = tuple(
        Chosen(film=unit, study=study or unit, files=tuple(zip(paths, members, strict=True)))
        for unit, study, paths, members in rows
    )
    examined = sum(len(one.files) for one in films)
    return Choice(
        address=address,
        films=films,
        files=found,
        unreadable=unreadable,
        copies=same,
        unwanted=max(0, found - unreadable - same - examined),
    )


@contextlib.contextmanager
def open_index(parts: Sequence[Path]) -> "Iterator[duckdb.DuckDBPyConnection]":
    """The documented columns of an index in a database that holds and reaches nothing else; its table is `films`."""
    with open_database() as database:
        documented = ", ".join(f'"{column.name}"' for column in FILMS)
        database.execute(DOCUMENTED.format(documented=documented, parts=quote_parts(parts)))
        shut(database)
        yield database


@contextlib.contextmanager
def _open_files(parts: Sequence[Path], digests: Sequence[Path]) -> "Iterator[duckdb.DuckDBPyConnection]":
    """The index with its places, and which files are copies; no question of a user is asked of it."""
    with open_database() as database:
        if digests:
            database.execute(f"CREATE TABLE digests AS SELECT * FROM read_parquet({quote_parts(digests)})")
        else:
            database.execute("CREATE TABLE digests (path VARCHAR, member VARCHAR, digest VARCHAR)")
        database.execute(FILES.format(unit=UNIT, parts=quote_parts(parts)))
        yield database


def _write_condition(wish: Wish) -> tuple[str, list[Any]]:
    """The conditions of a wish, and the values of their question marks."""
    conditions, values = ["true"], list[Any]()
    for column, wanted in (("modality", wish.modalities), ("body_part", wish.body_parts), ("view", wish.views)):
        if wanted:
            silent = " OR modality IS NULL" if wanted == DEFAULT_MODALITIES else ""
            conditions.append(f"(list_contains(?, lower({column})){silent})")
            values.append([value.lower() for value in wanted])
    if wish.ages is not None:
        conditions.append("age_years BETWEEN ? AND ?")
        values += wish.ages
    if wish.where is not None:
        conditions.append("film IN (SELECT film FROM asked)")
    return " AND ".join(conditions), values


def require_condition(where: str | None) -> None:
    """Refuse what is no condition over the documented columns, before an archive is looked at.

    Raises
    ------
    BadInput
        If the condition cannot be asked of an index without a film.
    """
    if where is None:
        return
    with open_database() as database:
        empty = make_schema(FILMS).empty_table()
        database.register("none_yet", empty)
        database.execute("CREATE TABLE films AS SELECT * FROM none_yet")
        shut(database)
        _select_films(database, where)


def _answer_question(parts: Sequence[Path], where: str | None) -> "pa.Table | None":
    """Films for which a condition over the documented columns holds; None without one."""
    if where is None:
        return None
    with open_index(parts) as index:
        return _select_films(index, where)


def _select_films(index: "duckdb.DuckDBPyConnection", where: str) -> "pa.Table":
    question = f"SELECT film FROM films WHERE ({where}\n)"
    with asking(index, question, NO_CONDITION):
        return index.sql(question).to_arrow_table()
