"""What every way of delivering has in common."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from calcinet.delivery.destination import Destination, Node


class Unreachable(Exception):
    """The receiver is not there, or went away; what was not confirmed must be sent again."""


class Refused(Exception):
    """The receiver will never take this object."""


class Busy(Exception):
    """The receiver cannot take this object now."""


class Courier(Protocol):
    """A connection to a receiver."""

    def bring(self, path: Path) -> None:
        """Deliver one object and return when the receiver has confirmed it.

        Raises
        ------
        Unreachable, Refused, Busy
        """


@contextmanager
def courier(where: Destination, paths: Sequence[Path]) -> Iterator[Courier]:
    """Connect to a receiver that is to take these objects; the library of the way is loaded only then."""
    if isinstance(where, Node):
        from calcinet.delivery.dimse import associated

        with associated(where, paths) as connection:
            yield connection
    else:
        from calcinet.delivery.stow import connected

        with connected(where) as service:
            yield service
