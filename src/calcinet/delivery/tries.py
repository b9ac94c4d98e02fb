"""How often an object was tried in vain, when last, and why it was not taken: kept beside what waits."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

TRIES: Final = "tries.json"

LONGEST: Final = 64 << 20
"""Bytes of the file. Our choice: a quarter of a million objects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What was tried with one object."""

    times: int = 0
    because: str = ""
    """Why it was not taken the last time."""
    last: str = ""
    """When that was, as ISO 8601 has it; empty where it was not noted."""

    def again(self, because: str, last: str = "") -> "Tried":
        """Count one time more."""
        return Tried(times=self.times + 1, because=because, last=last)


def read_tries(folder: Path) -> dict[str, Tried]:
    """Read what was tried, by the name of the object's file; nothing where it was never written or cannot be read."""
    try:
        file = folder / TRIES
        if file.is_symlink() or not file.is_file() or file.stat().st_size > LONGEST:
            return {}
        told = json.loads(file.read_bytes())
        return {name: _read_tried(entry) for name, entry in told.items()}
    except (OSError, ValueError, RecursionError, TypeError, AttributeError, LookupError):
        return {}


def _read_tried(entry: Any) -> Tried:
    return Tried(times=int(entry["times"]), because=str(entry["because"]), last=str(entry.get("last", "")))


def format_tries(tries: Mapping[str, Tried]) -> bytes:
    """Write what `read_tries` reads."""
    return json.dumps({name: asdict(tried) for name, tried in sorted(tries.items())}).encode()
