"""Which films of an index are examined: by modality, body part, view, age, copy, and a question in SQL.

The question is asked of a database in memory that holds the documented columns alone, can reach no file and no network,
and cannot be told otherwise any more.
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from calcinet.cohort.columns import FILMS
from calcinet.errors import BadInput

if TYPE_CHECKING:
    import duckdb

DEFAULT_MODALITIES: Final = ("CR", "DX", "MG", "picture")
"""What is examined where nothing else is asked for: one film a file."""

UNITS: Final = """
CREATE TABLE films AS
SELECT {documented}, path, member, code,
    CASE WHEN modality IN ('CT', 'NM') THEN coalesce(series, film) ELSE film END AS unit,
    row_number() OVER (PARTITION BY coalesce(instance, film), coalesce(bytes, 0) ORDER BY path, member) AS copy
FROM read_parquet({parts})
"""

SAFE: Final = (
    "SET enable_external_access = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET python_enable_replacements = false",
    "SET lock_configuration = true",
)
"""What is shut before a question of a user is asked. https://duckdb.org/docs/stable/operations_manual/securing_duckdb"""


LONGEST_COMPLAINT: Final = 300
"""Letters that are repeated of what the database complains of. Our choice."""


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


def choose_films(parts: Sequence[Path], wish: Wish, address: str) -> Choice:
    """Choose among the films of an index.

    Raises
    ------
    BadInput
        If the question is no condition over the documented columns.
    """
    with open_index(parts) as index:
        _require_condition(index, wish.where)
        condition, values = _write_condition(wish)
        copy = "true" if wish.keep_copies else "copy = 1"
        # units of several files (CT) are one row, in the order in which their first file lies in the archive
        question = f"""
            SELECT unit, min(study), list(path ORDER BY path, member), list(member ORDER BY path, member),
                min(path) AS first
            FROM films WHERE code IS NULL AND (copy = 1 OR modality IN ('CT', 'NM') OR {copy}) AND {condition}
            GROUP BY unit ORDER BY coalesce(min(study), unit), first, unit
        """
        if wish.limit is not None:
            question += f" LIMIT {int(wish.limit)}"
        rows = _ask(index, question, values)
        counts = _ask(
            index,
            "SELECT count(*), count(code), count(*) FILTER (code IS NULL AND copy > 1 AND modality NOT IN ('CT', 'NM'))"
            " FROM films",
        )[0]
    films = tuple(
        Chosen(film=unit, study=study or unit, files=tuple(zip(paths, members, strict=True)))
        for unit, study, paths, members, _ in rows
    )
    files, unreadable, copies = counts
    copies = 0 if wish.keep_copies else copies
    examined = sum(len(one.files) for one in films)
    return Choice(
        address=address,
        films=films,
        files=files,
        unreadable=unreadable,
        copies=copies,
        unwanted=max(0, files - unreadable - copies - examined),
    )


@contextlib.contextmanager
def open_index(parts: Sequence[Path]) -> "Iterator[duckdb.DuckDBPyConnection]":
    """The index in a database that reaches nothing else; its table is `films`."""
    import duckdb

    database = duckdb.connect(":memory:")
    try:
        database.execute("SET temp_directory = ''")
        documented = ", ".join(f'"{column.name}"' for column in FILMS)
        names = "[" + ", ".join(_quote(str(part)) for part in parts) + "]"
        database.execute(UNITS.format(documented=documented, parts=names))
        for setting in SAFE:
            database.execute(setting)
        yield database
    finally:
        database.close()


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _write_condition(wish: Wish) -> tuple[str, list[Any]]:
    """The conditions of a wish, and the values of their question marks."""
    conditions, values = ["true"], list[Any]()
    for column, wanted in (("modality", wish.modalities), ("body_part", wish.body_parts), ("view", wish.views)):
        if wanted:
            conditions.append(f"list_contains(?, lower({column}))")
            values.append([value.lower() for value in wanted])
    if wish.ages is not None:
        conditions.append("age_years BETWEEN ? AND ?")
        values += wish.ages
    if wish.where is not None:
        conditions.append(f"film IN (SELECT film FROM asked WHERE ({wish.where}\n))")
    return " AND ".join(conditions), values


def _require_condition(index: "duckdb.DuckDBPyConnection", where: str | None) -> None:
    """Refuse what is no condition over the documented columns, before it is asked together with others."""
    documented = ", ".join(f'"{column.name}"' for column in FILMS)
    index.execute(f"CREATE TEMP VIEW asked AS SELECT {documented} FROM films")
    if where is None:
        return
    question = f"SELECT count(*) FROM asked WHERE ({where}\n)"
    try:
        statements = index.extract_statements(question)
    except Exception as error:  # the parser has errors of many kinds
        raise _refuse_condition(error) from error
    if len(statements) != 1:
        raise BadInput("--where is one condition, without a semicolon")
    _ask(index, question)


def _ask(index: "duckdb.DuckDBPyConnection", question: str, values: Sequence[Any] = ()) -> list[Any]:
    import duckdb

    try:
        return index.execute(question, list(values)).fetchall()
    except duckdb.Error as error:
        raise _refuse_condition(error) from error


def _refuse_condition(error: Exception) -> BadInput:
    """What the database says in its first line; it quotes the question alone, and that is the user's."""
    why = str(error).strip().split("\n")[0][:LONGEST_COMPLAINT]
    return BadInput(f"--where is no condition over the columns of docs/scale.md: {why}")
