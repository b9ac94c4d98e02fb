"""What counts as a finding: a crash, a refusal that nobody foresaw, too long, too much memory."""

import logging
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Final

from calcinet.errors import CalcinetError

MOST_SECONDS: Final = 10
"""That one small input may take. Our choice: a thousand times the usual."""

MOST_BYTES: Final = 2 * 2**30
"""Of memory that reading one small input may take, beyond what the program has. Our choice."""

HIDDEN: Final = ("unforeseen", "no-memory")
"""Codes of refusals that stand for a crash (`calcinet.io.refusal.refuse_unforeseen`)."""

OURS: Final = str(Path(__file__).parents[1] / "src")


class HiddenCrash(Exception):
    """A refusal that stands for a crash."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What an input does that none should do."""

    kind: str
    """Name of the exception, "slow", or what ended the process."""
    place: str
    """Of the package's last line before it, and of the last line of all."""

    @property
    def key(self) -> str:
        """The same for inputs that fail alike."""
        return f"{self.kind}-{sha256(self.place.encode()).hexdigest()[:8]}"


def judge(read: Callable[[], None]) -> Finding | None:
    """Call what reads an input, and say what is wrong with how it went; None where nothing is."""
    start = time.monotonic()
    finding = None
    with remember_crashes() as crashes:
        try:
            read()
        except HiddenCrash as error:
            finding = _describe(crashes[-1]) if crashes else Finding(str(error), "")
        except CalcinetError:
            finding = None
        except Exception as error:
            finding = _describe(error)
    if finding is None and time.monotonic() - start > MOST_SECONDS:
        return Finding("slow", "")
    return finding


@contextmanager
def remember_crashes() -> Iterator[list[BaseException]]:
    """Collect what `refuse_unforeseen` puts aside into the log."""
    crashes: list[BaseException] = []
    log = logging.getLogger("calcinet")
    handler = _Collector(crashes)
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    try:
        yield crashes
    finally:
        log.setLevel(level)
        log.removeHandler(handler)


class _Collector(logging.Handler):
    """Keeps the errors that are logged."""

    def __init__(self, crashes: list[BaseException]) -> None:
        super().__init__(logging.DEBUG)
        self._crashes = crashes

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the error of a record."""
        if record.exc_info and record.exc_info[1] is not None:
            self._crashes.append(record.exc_info[1])


def _describe(error: BaseException) -> Finding:
    return Finding(type(error).__name__, _find_place(error.__traceback__))


def _find_place(trace: TracebackType | None) -> str:
    """Where it was raised: the last line of the package, and the last of all."""
    frames = traceback.extract_tb(trace)
    own = [frame for frame in frames if frame.filename.startswith(OURS)]
    places = [*own[-1:], *frames[-1:]]
    return " < ".join(dict.fromkeys(f"{Path(place.filename).name}:{place.name}:{place.lineno}" for place in places))
