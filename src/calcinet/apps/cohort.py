"""A run over an archive on the command line: how far it has come, and what came of it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from calcinet.apps.bar import Bar, shown_bar
from calcinet.apps.console import Exit, note
from calcinet.cohort.expectation import tell_expectation
from calcinet.cohort.review import PAGE
from calcinet.cohort.run import CohortOrder, CohortResult, Told, run_cohort

TOLD_S: Final = 10.0
"""Without a terminal a line is written so often. Our choice: a log of a night stays readable."""

MOST_CODES: Final = 4
"""Reasons of failures that the progress names. Our choice: one line."""


class _Teller:
    """Tells how far a run has come: a bar on a terminal, else a line now and then."""

    def __init__(self, bar: Bar | None, *, quiet: bool) -> None:
        self._bar, self._quiet = bar, quiet
        self._phase, self._since, self._told = "", time.monotonic(), 0.0
        self._linked = False

    def tell(self, told: Told) -> None:
        """Show it."""
        now = time.monotonic()
        if told.phase != self._phase:
            self._phase, self._since, self._told = told.phase, now, 0.0
        line = describe_progress(told, now - self._since)
        if told.dashboard and not self._linked and not self._quiet:
            self._linked = True
            self._note(f"dashboard: {told.dashboard}")
        if self._bar is not None:
            self._bar.move(line, told.done, told.total or None)
        elif not self._quiet and (now - self._told >= TOLD_S or told.done >= told.total > 0):
            self._told = now
            note(line)

    def _note(self, line: str) -> None:
        """A line that stays."""
        if self._bar is not None:
            self._bar.tell(line)
        else:
            note(line)


def describe_progress(told: Told, passed_s: float) -> str:
    """One line: films a second, time left, failures by reason.

    >>> describe_progress(Told(phase="examine", done=30, total=90), 10.0)
    'examine: 30 of 90, 3.0 a second, 0:00:20 left'
    """
    if told.phase == "list":
        return f"{told.phase}: {told.done} files so far"
    words = [f"{told.phase}: {told.done} of {told.total}"]
    rate = (told.done - told.before) / passed_s if passed_s > 0 else 0.0
    if rate > 0:
        words.append(f"{rate:.1f} a second")
        words.append(f"{_write_time((told.total - told.done) / rate)} left")
    if told.failures:
        most = told.failures.most_common(MOST_CODES)
        words.append("failed: " + ", ".join(f"{code} {count}" for code, count in most))
    if told.waiting_s > 0:
        words.append(f"no worker for {_write_time(told.waiting_s)}")
    return ", ".join(words)


def _write_time(seconds: float) -> str:
    minutes, seconds_left = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds_left:02}"


def run_and_tell(order: CohortOrder, *, quiet: bool = False) -> tuple[list[str], Exit]:
    """Examine an archive; lines for the terminal, and the exit code.

    Raises
    ------
    BadInput, MachineFault
        As `run_cohort`.
    """
    with _tell_progress(quiet=quiet) as teller:
        result = run_cohort(order, teller.tell)
    return list(describe_result(order, result)), choose_exit(result)


@contextmanager
def _tell_progress(*, quiet: bool) -> Iterator[_Teller]:
    with shown_bar("index", quiet=quiet) as bar:
        yield _Teller(bar, quiet=quiet)


def choose_exit(result: CohortResult) -> Exit:
    """Whether all, some or no film could be examined."""
    if not result.rows["results"]:
        return Exit.NOTHING_EXAMINED
    return Exit.SOME_FAILED if result.rows["failures"] else Exit.DONE


def describe_result(order: CohortOrder, result: CohortResult) -> Iterator[str]:
    """What was found in the archive, what failed, what it cost, and where the tables lie."""
    choice, rows = result.choice, result.rows
    yield f"Files found: {choice.files}."
    yield (
        f"Chosen: {len(choice.films)}; no film: {choice.unreadable}; the same film once more: "
        f"{choice.copies}; not asked for: {choice.unwanted}."
    )
    yield f"Films examined: {rows['results']}; files that failed: {rows['failures']}."
    yield f"Patients: {rows['patients']}; a file that names nobody counts as one."
    for code, count in result.failures.items():
        yield f"  {code}: {count}"
    if rows["results"]:
        stages = ", ".join(f"{name} {spent / rows['results']:.2f}" for name, spent in result.seconds.items())
        cost_s = sum(result.seconds.values()) / rows["results"]
        yield f"Cost of a film: {cost_s:.1f} s of one process ({stages})."
    if rows["results"]:
        yield from tell_expectation(result.expectation)
        yield f"Review: {order.folder / PAGE}"
    yield f"Tables: {order.folder}"
