"""Paths that were typed: those that lead nowhere are told before anything is done, by their name to a person alone."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from calcinet.apps.console import note
from calcinet.errors import BadInput
from calcinet.given_files import read_stream
from calcinet.limits import CASE_BYTES, FILE_BYTES, Limit

STANDARD_INPUT = Path("-")
"""What stands for standard input where a file may be given."""


def require_there(paths: Sequence[Path], what: str = "path") -> None:
    """Refuse the first path that does not exist.

    Raises
    ------
    BadInput
        With the path as it was typed where a terminal shows it, else with its place: what is written down somewhere
        names no file, for files are called by patients' names.
    """
    for number, path in enumerate(paths, start=1):
        if path != STANDARD_INPUT and not _is_there(path):
            raise BadInput(f"{name_path(path, number, len(paths), what)} does not exist: check its spelling")


def name_path(path: Path, number: int = 1, count: int = 1, what: str = "path") -> str:
    """A path as it was typed where a person reads it, else which of all it is."""
    if is_watched():
        return str(path)
    if count == 1:
        return f"the {what} that was given"
    return f"{what} {number} of {count}"


def read_standard_input(paths: Sequence[Path], case: Path | None) -> tuple[list[Path | bytes], Path | bytes | None]:
    """Put what comes by standard input in the place of the - that stands for it, among films or as the case.

    Raises
    ------
    BadInput
        If - stands there more than once.
    Unreadable
        If more comes than is read of its kind ("too-large").
    """
    if [*paths, case].count(STANDARD_INPUT) > 1:
        raise BadInput("- stands for standard input, which can be read once: give the others as files")
    taken = [read_if_piped(path, FILE_BYTES) for path in paths]
    return taken, None if case is None else read_if_piped(case, CASE_BYTES)


def read_if_piped(path: Path, limit: Limit) -> Path | bytes:
    """What comes by standard input where - stands, else the path as it is.

    Raises
    ------
    BadInput
        If there is no standard input.
    Unreadable
        If more comes than is read of its kind ("too-large").
    """
    if path != STANDARD_INPUT:
        return path
    if sys.stdin is None:
        raise BadInput("- stands for standard input, and there is none: give a file")
    if sys.stdin.isatty():
        note("reading what is typed; Ctrl-D ends it")
    return read_stream(sys.stdin.buffer, limit)


def is_watched() -> bool:
    """Whether a terminal shows what is told, and nothing keeps it."""
    return sys.stderr is not None and sys.stderr.isatty()


def _is_there(path: Path) -> bool:
    """Whether something is called so; what cannot be looked at is told when it is opened."""
    try:
        return os.path.lexists(path)
    except (OSError, ValueError):
        return True
