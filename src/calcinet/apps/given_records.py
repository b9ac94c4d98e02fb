"""Records that were typed: record.json, or folders that hold one; none is called by its name, a patient's perhaps."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from calcinet.apps.given_paths import read_if_piped, require_there
from calcinet.errors import Unreadable
from calcinet.given_files import read_given
from calcinet.limits import RECORD_BYTES
from calcinet.text import say

RECORD: Final = "record.json"


def read_records(paths: Sequence[Path]) -> list[bytes]:
    """The content of each record.

    Raises
    ------
    BadInput
        If a path leads nowhere.
    Unreadable
        If one cannot be read; it is told by its number.
    """
    require_there(paths, "record")
    return [_read_record(path, number, len(paths)) for number, path in enumerate(paths, 1)]


def _read_record(path: Path, number: int, count: int) -> bytes:
    file = read_if_piped(path, RECORD_BYTES)
    if isinstance(file, bytes):
        return file
    if file.is_dir():
        file = file / RECORD
    try:
        return read_given(file, RECORD_BYTES)
    except Unreadable as error:
        raise Unreadable(
            say(
                "record {number} of {count} cannot be read ({why}): give a record.json or the folder that holds it",
                number=number,
                count=count,
                why=str(error),
            ),
            code=error.code,
        ) from None
