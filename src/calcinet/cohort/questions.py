"""Questions of a user in SQL, asked in a database in memory that reaches nothing else, within a time and a memory."""

import contextlib
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from calcinet.errors import BadInput
from calcinet.limits import QUESTION_BYTES, QUESTION_SECONDS

if TYPE_CHECKING:
    import duckdb

SAFE: Final = (
    "SET enable_external_access = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET python_enable_replacements = false",
    "SET lock_configuration = true",
)
"""What is shut before a question is asked. https://duckdb.org/docs/stable/operations_manual/securing_duckdb"""

LONGEST_COMPLAINT: Final = 300
"""Letters that are repeated of what the database complains of. Our choice."""


def shut(database: "duckdb.DuckDBPyConnection") -> None:
    """Let it reach nothing but its own tables, and take no more memory than `limits.QUESTION_BYTES`, for good.

    Raises
    ------
    BadInput
        If its tables take more already.
    """
    import duckdb

    try:
        database.execute(f"SET memory_limit = '{QUESTION_BYTES.value} bytes'")
    except duckdb.Error as error:
        raise BadInput(
            f"the tables that are asked take more memory than a question may use: {QUESTION_BYTES.variable} raises it"
        ) from error
    for setting in SAFE:
        database.execute(setting)


@contextlib.contextmanager
def asking(database: "duckdb.DuckDBPyConnection", question: str, refusal: str) -> Iterator[None]:
    """Within it the question may be asked.

    Raises
    ------
    BadInput
        If it is not one statement, fails, or takes longer than `limits.QUESTION_SECONDS`: `refusal` and why.
    """
    import duckdb

    _require_one(database, question, refusal)
    most_s = QUESTION_SECONDS.value
    bell = threading.Timer(most_s, database.interrupt)
    bell.daemon = True
    bell.start()
    try:
        yield
    except duckdb.InterruptException as error:
        why = f"it had no answer within {most_s} s ({QUESTION_SECONDS.variable} sets them)"
        raise BadInput(f"{refusal}: {why}") from error
    except duckdb.Error as error:
        raise BadInput(f"{refusal}: {_shorten(error)}") from error
    finally:
        bell.cancel()


def _require_one(database: "duckdb.DuckDBPyConnection", question: str, refusal: str) -> None:
    try:
        statements = database.extract_statements(question)
    except Exception as error:  # the parser has errors of many kinds
        raise BadInput(f"{refusal}: {_shorten(error)}") from error
    if len(statements) != 1:
        raise BadInput(f"{refusal}: found {len(statements)} statements, expected one")


def _shorten(error: Exception) -> str:
    """What the database says in its first line; it quotes the question, and values of its tables at most."""
    return str(error).strip().split("\n")[0][:LONGEST_COMPLAINT]
