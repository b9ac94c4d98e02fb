"""Web services on loopback that answer as they are told: byte by byte, so that they may be as odd as they like."""

import json
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Reply = Callable[[bytes], bytes | Iterable[bytes]]
"""Gives the bytes of an answer, at once or piece by piece, to the body of a request."""


@dataclass
class WebService:
    """One service; `requests` are the bytes that it was sent, `reply` is what it answers."""

    reply: Reply
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}/dicom-web"

    def run(self) -> None:
        """Answer one request a connection until the listener is closed."""
        with suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            head, body = _read_request(connection)
            self.requests.append(head + body)
            reply = self.reply(body)
            for piece in [reply] if isinstance(reply, bytes) else reply:
                connection.sendall(piece)


def _read_request(connection: socket.socket) -> tuple[bytes, bytes]:
    received = b""
    while b"\r\n\r\n" not in received:
        received += _read_some(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    length = int(lengths[0].split(b":")[1]) if lengths else 0
    while len(body) < length:
        body += _read_some(connection)
    return head, body


def _read_some(connection: socket.socket) -> bytes:
    some = connection.recv(1 << 16)
    if not some:
        raise OSError("the other end went away")
    return some


@contextmanager
def serve(reply: Reply) -> Iterator[WebService]:
    """A service for as long as it is needed."""
    service = WebService(reply)
    threading.Thread(target=service.run, daemon=True).start()
    try:
        yield service
    finally:
        service.listener.shutdown(socket.SHUT_RDWR)
        service.listener.close()


def answer(status: str, body: bytes = b"", **headers: str) -> bytes:
    """An answer of HTTP; names of headers have _ for -."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def stored(uid: str) -> bytes:
    """The body of STOW-RS for an object that was stored."""
    return json.dumps({"00081199": {"vr": "SQ", "Value": [{"00081155": {"vr": "UI", "Value": [uid]}}]}}).encode()


def failed(uid: str, reason: object) -> bytes:
    """The body of STOW-RS for an object that was not."""
    item = {"00081155": {"vr": "UI", "Value": [uid]}, "00081197": {"vr": "US", "Value": [reason]}}
    return json.dumps({"00081198": {"vr": "SQ", "Value": [item]}}).encode()
