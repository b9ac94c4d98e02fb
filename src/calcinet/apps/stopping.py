"""Signals that ask the program to stop: work ends in order, with a word, and with the exit code that shells expect."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from calcinet.machine import STOPS

FIRST_CODE = 128
"""Exit code of a program that a signal ended is this and the signal's number, by the convention of shells."""


class Stopped(BaseException):
    """A person or the system wants us to stop. No `Exception`: nothing that survives failures may survive it."""

    def __init__(self, number: int, told: str = "stopped") -> None:
        super().__init__(told)
        self.number = number

    @property
    def code(self) -> int:
        """Exit code."""
        return FIRST_CODE + self.number

    def saying(self, what: str) -> "Stopped":
        """The same, with what became of the work."""
        return Stopped(self.number, f"stopped: {what}")


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise `Stopped` where a signal asks to stop; a second one ends the program at once.

    Signals that whoever started us wants ignored (nohup) are.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    usual = {stop: signal.getsignal(stop) for stop in STOPS if signal.getsignal(stop) is not signal.SIG_IGN}
    for stop in usual:
        signal.signal(stop, _stop)
    try:
        yield
    finally:
        for stop, handler in usual.items():
            signal.signal(stop, handler)


def _stop(number: int, _: object) -> NoReturn:
    for stop in STOPS:
        if signal.getsignal(stop) is _stop:
            signal.signal(stop, signal.SIG_DFL)
    raise Stopped(number)
