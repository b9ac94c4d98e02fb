"""A bar on a terminal that somebody watches."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from calcinet.text import plain

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

WIDTH: Final = 24
"""Letters of the bar itself. Our choice: leaves room for words on a narrow terminal."""

NEARLY: Final = 0.999
"""Greatest share that is shown: a bar that is full stops its clock, and more may come."""


class Bar:
    """One line that says what is being done and how far it has come; it goes away in the end."""

    def __init__(self, bar: "RichProgress", task: "TaskID") -> None:
        self._bar = bar
        self._task = task

    def move(self, what: str, done: float, total: float | None) -> None:
        """Say what is being done now, and how much of all of it is; None where that is not known."""
        if total is not None:
            done = min(done, total * NEARLY)
        self._bar.update(self._task, description=plain(what), completed=done, total=total)

    def tell(self, *lines: str) -> None:
        """Print lines that stay, above the bar."""
        for line in lines:
            self._bar.console.print(plain(line), markup=False, highlight=False, soft_wrap=True)


@contextmanager
def shown_bar(what: str, *, quiet: bool = False) -> Iterator[Bar | None]:
    """Show a bar on stderr; None where nobody would see it."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        BarColumn(WIDTH),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield Bar(bar, bar.add_task(plain(what), total=None))
