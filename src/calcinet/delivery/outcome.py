"""How a delivery of one object may end, and what every connection to a receiver can do."""

from typing import Protocol

from calcinet.delivery.wholeness import Instance


class Unreachable(Exception):
    """The receiver is not there, or went away; what was not confirmed must be sent again."""

    def __init__(self, reason: str, *, again: bool = True, after_s: float = 0.0) -> None:
        super().__init__(reason)
        self.again = again
        """Whether another attempt of the same command may end otherwise, and soon."""
        self.after_s = after_s
        """How long the receiver asks to be left alone, in seconds."""


class Misdirected(Unreachable):
    """The address or its login must be mended before anything is sent there again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, again=False)


class Refused(Exception):
    """The receiver will never take this object."""


class Busy(Exception):
    """The receiver cannot take this object now."""


class Connection(Protocol):
    """A connection to a receiver."""

    def send(self, content: bytes, instance: Instance) -> None:
        """Deliver one whole object, which says that it is this instance, and return when the receiver has confirmed it.

        Raises
        ------
        Unreachable, Refused, Busy
        """
