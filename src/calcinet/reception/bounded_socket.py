"""A socket of an association that takes no more than it can bear: of one unit, of one message, and of time."""

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

from pynetdicom.association import Association
from pynetdicom.transport import AssociationSocket

from calcinet.limits import ASSOCIATE_BYTES, RECEIVED_BYTES, RECEIVED_OBJECT_BYTES, RECEIVED_UNIT_BYTES
from calcinet.reception.lobby import GREETING_S

PIECE: Final = 1 << 16

HEADER_LENGTH: Final = 6
"""Bytes before the content of each unit: type, a reserved byte, length (PS3.8 9.3.1)."""

DATA: Final = 0x04
"""Type of a unit that carries a message (PS3.8 9.3.5)."""

ABORT: Final = b"\x07\x00\x00\x00\x00\x04\x00\x00\x02\x06"
"""A-ABORT by the service provider: invalid value of a parameter (PS3.8 9.3.8)."""


@dataclass(slots=True)
class Burden:
    """Bytes of all associations that were received and not yet dealt with."""

    bytes: int = 0
    lock: Lock = field(default_factory=Lock)

    def add(self, count: int) -> int:
        """Change the number; gives the new one."""
        with self.lock:
            self.bytes += count
            return self.bytes


class BoundedSocket(AssociationSocket):
    """Ends an association whose other end sends too much, or too slowly."""

    def __init__(
        self,
        association: Association,
        client: socket.socket,
        burden: Burden,
        patience_s: float,
        log: Callable[[str], None],
        leave: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(association, client_socket=client)
        self._burden = burden
        self._patience_s = patience_s
        self._held = 0
        """Bytes of this association in `burden`."""
        self._kind = 0
        self._log = log
        self.leave_lobby = leave
        """Called when an association was asked for, or the connection ended."""

    def recv(self, nr_bytes: int) -> bytearray:
        """Read so many bytes of a unit, in time.

        Raises
        ------
        OSError
            If they are too many, or do not come in time.
        """
        self._require_size(nr_bytes)
        patience_s = self._find_patience()
        until = time.monotonic() + patience_s
        received = bytearray()
        while len(received) < nr_bytes:
            left = until - time.monotonic()
            if left <= 0:
                self._end(f"a unit was not whole after {patience_s:.0f} s")
            piece = self._read_piece(min(PIECE, nr_bytes - len(received)), left)
            if not piece:
                self._tell_gone()
                break
            received += piece
        self._hold(len(received))
        if nr_bytes == HEADER_LENGTH and received:
            self._kind = received[0]
        return received

    def let_go(self, *, all_of_it: bool, count: int = 0) -> None:
        """Note that a message was dealt with; where nothing waits behind it, all of it."""
        gone = self._held if all_of_it else min(count, self._held)
        self._held -= gone
        self._burden.add(-gone)

    def close(self) -> None:
        """Close the connection."""
        self.leave_lobby()
        self.let_go(all_of_it=True)
        line = self.socket
        super().close()
        if line is not None:  # the library leaves one open whose other end went first
            line.close()

    def _read_piece(self, most: int, seconds: float) -> bytes:
        if self.socket is None:
            return b""
        self.socket.settimeout(seconds)
        try:
            return self.socket.recv(most)
        except TimeoutError:
            self._end(f"a unit was not whole after {self._find_patience():.0f} s")
            raise

    def _find_patience(self) -> float:
        """Seconds that a unit may take; the first is waited for less long."""
        if self.assoc.requestor.primitive is None:
            return min(GREETING_S, self._patience_s)
        return self._patience_s

    def _require_size(self, nr_bytes: int) -> None:
        most = RECEIVED_UNIT_BYTES.value if self._kind == DATA else ASSOCIATE_BYTES.value
        if nr_bytes != HEADER_LENGTH and nr_bytes > most:
            self._end(f"a unit of {nr_bytes:,} bytes was announced, and at most {most:,} are taken")

    def _hold(self, count: int) -> None:
        self._held += count
        held_by_all = self._burden.add(count)
        if self._held > RECEIVED_OBJECT_BYTES.value:
            self._end(f"an object has more than {RECEIVED_OBJECT_BYTES.value:,} bytes")
        if held_by_all > RECEIVED_BYTES.value:
            self._end(f"more than {RECEIVED_BYTES.value:,} bytes arrive at a time")

    def _tell_gone(self) -> None:
        """Let go of who went away before the greeting: the library would hold the association until its time is up."""
        self.leave_lobby()
        if self.assoc.requestor.primitive is None:
            waiting: Any = self.assoc.dul.to_user_queue
            waiting.put(None)

    def _end(self, fault: str) -> None:
        """Abort the association, as far as its other end listens."""
        self.leave_lobby()
        self._log(f"aborted the association of {self.assoc.requestor.address}: {fault}")
        self._tell_gone()
        if self.socket is not None:
            try:
                self.socket.settimeout(1.0)
                self.socket.sendall(ABORT)
            except OSError:
                pass
        raise ConnectionAbortedError(fault)
