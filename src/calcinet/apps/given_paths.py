"""Paths that were typed: those that lead nowhere are told before anything is done, by their name to a person alone."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from calcinet.errors import BadInput

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


def is_watched() -> bool:
    """Whether a terminal shows what is told, and nothing keeps it."""
    return sys.stderr is not None and sys.stderr.isatty()


def _is_there(path: Path) -> bool:
    """Whether something is called so; what cannot be looked at is told when it is opened."""
    try:
        return os.path.lexists(path)
    except (OSError, ValueError):
        return True
