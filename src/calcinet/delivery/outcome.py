"""How a delivery of one object may end, and what every connection to a receiver can do."""

from pathlib import Path
from typing import Protocol


class Unreachable(Exception):
    """The receiver is not there, or went away; what was not confirmed must be sent again."""


class Refused(Exception):
    """The receiver will never take this object."""


class Busy(Exception):
    """The receiver cannot take this object now."""


class Connection(Protocol):
    """A connection to a receiver."""

    def send(self, path: Path) -> None:
        """Deliver one object and return when the receiver has confirmed it.

        Raises
        ------
        Unreachable, Refused, Busy
        """
