"""What a terminal sees: results on stdout, progress on stderr, and one sentence when something is wrong."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from calcinet.progress import Progress


class Exit(IntEnum):
    """Exit codes, the same for every command; 4 is kept for an archive that was examined with failures."""

    DONE = 0
    FAILURE = 1
    USAGE = 2
    NOTHING_EXAMINED = 3
    WEIGHTS_MISSING = 5


EXIT_MEANS = {
    Exit.DONE: "done: an image or a case was examined; a normal film is a result",
    Exit.FAILURE: "failure",
    Exit.USAGE: "usage, or input that cannot be right",
    Exit.NOTHING_EXAMINED: "no case, and every image was refused or unreadable; record.json holds the reasons",
    Exit.WEIGHTS_MISSING: "weights missing or corrupt",
}


@contextmanager
def progress_bar(what: str, *, quiet: bool = False) -> Iterator[Progress | None]:
    """Show a bar on stderr while images are examined; None where nobody would see it."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, SpinnerColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (SpinnerColumn(), *Bar.get_default_columns()[:2], MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)

        def advance(done: int, total: int) -> None:
            more = done == total  # all files were looked at: what comes next has a number of its own, not yet known
            bar.update(task, completed=0 if more else done, total=None if more else total)

        yield advance


def complain(sentence: str) -> None:
    """Say on stderr what went wrong."""
    print(f"calcinet: {sentence}", file=sys.stderr)
