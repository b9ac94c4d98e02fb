"""What a terminal sees: results on stdout, progress on stderr, and one sentence when something is wrong."""

import io
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import IntEnum

from calcinet.apps.bar import shown_bar
from calcinet.machine import explain_fault
from calcinet.progress import Progress
from calcinet.text import plain

_gone: list[str] = []


class Exit(IntEnum):
    """Exit codes, the same for every command."""

    DONE = 0
    FAILURE = 1
    USAGE = 2
    NOTHING_EXAMINED = 3
    SOME_FAILED = 4
    WEIGHTS_MISSING = 5


EXIT_MEANS = {
    Exit.DONE: "done: an image or a case was examined; a normal film is a result",
    Exit.FAILURE: "failure",
    Exit.USAGE: "usage, or input that cannot be right",
    Exit.NOTHING_EXAMINED: "no case, and every image was refused or unreadable; record.json holds the reasons",
    Exit.SOME_FAILED: "an archive was examined, and some of its files could not be; failures.parquet holds the reasons",
    Exit.WEIGHTS_MISSING: "weights missing or corrupt",
}


@contextmanager
def progress_bar(what: str, *, quiet: bool = False) -> Iterator[Progress | None]:
    """Show a bar on stderr while things are done one by one; None where nobody would see it."""
    with shown_bar(what, quiet=quiet) as bar:
        if bar is None:
            yield None
            return
        yield lambda done, total: bar.move(what, done, total)


def show(*lines: str) -> None:
    """Print lines on stdout; a reader that has gone away is no fault, and is remembered: `reader_is_gone`.

    Raises
    ------
    MachineFault
        If the output cannot be written where it is sent to.
    """
    try:
        print(_strip("\n".join(lines)), flush=True)
    except BrokenPipeError:
        _gone.append("stdout")
        _turn_away_stdout()
    except OSError as error:
        _turn_away_stdout()
        raise explain_fault(error, "the file that the output is sent to") from error


def note(*lines: str) -> None:
    """Print lines on stderr; where nobody can read them, no harm is done."""
    with suppress(OSError, ValueError):
        print(_strip("\n".join(lines)), file=sys.stderr, flush=True)


def complain(sentence: str) -> None:
    """Say on stderr what went wrong."""
    note(f"calcinet: {sentence}")


@contextmanager
def log_shown() -> Iterator[None]:
    """Let the log "calcinet" be seen on stderr, down to what only helps to find a fault."""
    log, handler = logging.getLogger("calcinet"), _LogOnTerminal()
    level = log.level
    log.setLevel(logging.DEBUG)
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(level)


class _LogOnTerminal(logging.Handler):
    """Writes what is logged as everything else is written: without what would steer a terminal."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one entry, with the traceback that belongs to it."""
        note(self.format(record))


def reader_is_gone() -> bool:
    """Whether what reads our output, `head` for instance, has closed it."""
    return bool(_gone)


def prepare_terminal() -> None:
    """Let a terminal that lacks a letter show a question mark instead."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def _strip(text: str) -> str:
    """Leave out what would steer a terminal: a drug's name may hold anything."""
    return "\n".join(plain(line) for line in text.split("\n"))


def _turn_away_stdout() -> None:
    """Let what is still in the buffer go nowhere, for it is written once more at the end."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
