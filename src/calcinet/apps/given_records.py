"""Records that a user names: read without trust, refused in a sentence."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from calcinet.apps.given_paths import require_there
from calcinet.errors import BadInput, Unreadable
from calcinet.given_files import read_given
from calcinet.limits import RECORD_BYTES
from calcinet.record import SCHEMA, Record

RECORD: Final = "record.json"


def find_record(path: Path) -> Path:
    """The file of a record: a path itself, or the file within a folder."""
    if path.is_dir():
        return path / RECORD
    return path


def read_record(path: Path, number: int, count: int) -> Record:
    """Read one of several records.

    Raises
    ------
    BadInput
        If it cannot be read, or is no record of this schema.
    """
    content = read_content(path, number, count)
    try:
        return Record.from_json(content)
    except (ValidationError, ValueError, RecursionError) as error:
        raise BadInput(
            f"record {number} of {count} is no record of the schema {SCHEMA}: {_suggest_remedy(error)}"
        ) from None


def read_content(path: Path, number: int, count: int) -> bytes:
    """The content of one of several records, whatever it holds.

    Raises
    ------
    BadInput
        If it cannot be read.
    """
    try:
        return read_given(find_record(path), RECORD_BYTES)
    except Unreadable as error:
        raise BadInput(
            f"record {number} of {count} cannot be read ({error}): give a record.json or the folder that holds it"
        ) from None


def read_contents(paths: Sequence[Path]) -> list[bytes]:
    """The content of each of several records.

    Raises
    ------
    BadInput
        If a path leads nowhere, or one cannot be read; it is told by its number.
    """
    require_there(paths, "record")
    return [read_content(path, number, len(paths)) for number, path in enumerate(paths, 1)]


def _suggest_remedy(error: Exception) -> str:
    """What to do about what is no record, by the field that says which schema it is."""
    if isinstance(error, ValidationError) and any(fault["loc"] == ("schema",) for fault in error.errors()):
        return "another version of calcinet may have written it; examine again, or use that version"
    return "give what examine wrote"
