"""How often a password may be wrong: each failure makes the next one wait."""

import time
from collections import OrderedDict
from threading import Lock
from typing import Final

FREE_TRIES: Final = 5
"""Failures of one name, or from one address, before it must wait. Our choice: a person mistypes twice."""

FIRST_WAIT_S: Final = 2.0
LONGEST_WAIT_S: Final = 900.0
"""The wait doubles with each failure. Our choice."""

REMEMBERED: Final = 10_000
"""Names and addresses. Our choice: a megabyte."""


class LoginBrake:
    """Remembers failures by name and by address until somebody logs in."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()
        """How many there were, and the moment from which the next try is looked at."""
        self._lock = Lock()

    def seconds_to_wait(self, *keys: str) -> float:
        """How long the next try has to wait; 0 where it need not."""
        now = time.monotonic()
        with self._lock:
            return max([self._failures[key][1] - now for key in keys if key in self._failures], default=0.0)

    def note_failure(self, *keys: str) -> None:
        """A password was wrong."""
        now = time.monotonic()
        with self._lock:
            for key in keys:
                count = self._failures.pop(key, (0, now))[0] + 1
                beyond = count - FREE_TRIES
                wait = 0.0 if beyond < 0 else min(FIRST_WAIT_S * 2 ** min(beyond, 20), LONGEST_WAIT_S)
                self._failures[key] = count, now + wait
            while len(self._failures) > REMEMBERED:
                self._failures.popitem(last=False)

    def note_success(self, *keys: str) -> None:
        """Somebody logged in."""
        with self._lock:
            for key in keys:
                self._failures.pop(key, None)
