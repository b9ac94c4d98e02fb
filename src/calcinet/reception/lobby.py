"""Connections on which nobody has asked for an association yet: few, of one address fewer, and none for long."""

import socket
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Final

from calcinet.limits import ASSOCIATIONS

GREETING_S: Final = 5
"""Who connects is to ask for an association within so many seconds. Our choice: callers do it at once."""

YIELDING_S: Final = 1.0
"""Who was silent for so long gives way where there is no room. Our choice: a caller is heard within it."""

SHARE_OF_ONE: Final = 2
"""One address has this part of all places: half of them. Our choice: a gateway sends for several modalities at once."""

LEAST_OF_ONE: Final = 2
"""One address has so many places in any case: one who calls again before the last call has ended is let in."""


@dataclass(frozen=True, slots=True)
class _Silent:
    """A connection, and since when it is silent."""

    line: Any
    since: float


@dataclass(frozen=True, slots=True)
class Lobby:
    """Lets connections in, as many as there may be associations, so that who speaks finds room beside who does not."""

    _silent: dict[tuple[str, int], _Silent] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def admit(self, line: Any, peer: tuple[str, int]) -> bool:
        """Let a connection in, if need be in the place of the one that was silent longest; says whether there was room.

        Parameters
        ----------
        line
            Its socket.
        peer
            Address and port of its other end.
        """
        most = ASSOCIATIONS.value
        now = time.monotonic()
        with self._lock:
            own = [one for one in self._silent if one[0] == peer[0]]
            rivals = own if len(own) >= max(LEAST_OF_ONE, most // SHARE_OF_ONE) else list(self._silent)
            if rivals is own or len(self._silent) >= most:
                longest = min(rivals, key=lambda one: self._silent[one].since)
                if now - self._silent[longest].since < YIELDING_S:
                    return False
                _end_line(self._silent.pop(longest).line)
            self._silent[peer] = _Silent(line, now)
        return True

    def wrap(self, line: Any, peer: tuple[str, int]) -> None:
        """Note that a connection is carried by another socket now."""
        with self._lock:
            if peer in self._silent:
                self._silent[peer] = _Silent(line, self._silent[peer].since)

    def leave(self, peer: tuple[str, int]) -> None:
        """Note that an association was asked for, or that the connection ended."""
        with self._lock:
            self._silent.pop(peer, None)


def _end_line(line: Any) -> None:
    """End a connection; whoever reads from it learns that it ended. A layer of TLS is not asked."""
    try:
        socket.socket.shutdown(line, socket.SHUT_RDWR)
    except OSError:  # it has ended already
        return
