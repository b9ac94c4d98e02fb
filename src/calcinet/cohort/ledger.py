"""What is done already: every film in one Parquet part, written whole, so that a run that was killed goes on."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from calcinet.cohort.columns import FILM, MEASURED, Column
from calcinet.cohort.examining import Outcome
from calcinet.cohort.parquet import read_table, write_table, write_whole

LINES: Final = (
    FILM,
    *MEASURED,
    Column(name="code", type="text", meaning="why it failed, for programs; null where it was examined"),
    Column(name="reason", type="text", meaning="why it failed"),
    Column(name="cost", type="text", meaning="seconds by stage, as JSON"),
)
"""A part of the ledger."""

FLUSH_S: Final = 5.0
"""A part is written so often. Our choice: what is lost by a power cut is done again in as long."""

FLUSH_FILMS: Final = 2000
"""A part is written at the latest with so many films. Our choice: a table of them is small."""


class Ledger:
    """Keeps the outcome of each film; one process writes."""

    def __init__(self, folder: Path, thumbnails: Path) -> None:
        self._folder, self._thumbnails = folder, thumbnails
        folder.mkdir(parents=True, exist_ok=True)
        self._waiting: list[Outcome] = []
        self._since = time.monotonic()
        self._next = 1 + max([int(part.stem.rpartition("-")[2]) for part in self.parts()], default=-1)

    def parts(self) -> list[Path]:
        """Files that are whole."""
        return sorted(self._folder.glob("part-*.parquet"))

    def find_done(self) -> set[str]:
        """Films that need not be examined again."""
        done: set[str] = set()
        for part in self.parts():
            done.update(read_table(part).column("film").to_pylist())
        return done

    def add(self, outcomes: Sequence[Outcome]) -> None:
        """Keep outcomes; they are on disk within seconds, or after `flush`."""
        if not self._waiting:
            self._since = time.monotonic()
        self._waiting += outcomes
        if len(self._waiting) >= FLUSH_FILMS or time.monotonic() - self._since > FLUSH_S:
            self.flush()

    def flush(self) -> None:
        """Put what waits on disk: thumbnails first, for the part says that the film is done."""
        if not self._waiting:
            return
        for outcome in self._waiting:
            if outcome.thumbnail is not None:
                self._thumbnails.mkdir(exist_ok=True)
                write_whole(self._thumbnails / f"{outcome.film}.jpg", outcome.thumbnail)
        write_table(map(_write_line, self._waiting), LINES, self._folder / f"part-{self._next:08d}.parquet")
        self._next += 1
        self._waiting = []


def _write_line(outcome: Outcome) -> dict[str, Any]:
    line: dict[str, Any] = {"film": outcome.film, "cost": json.dumps(outcome.seconds)}
    if outcome.measured is None:
        return {**line, "code": outcome.code, "reason": outcome.reason}
    return {**line, **outcome.measured}
