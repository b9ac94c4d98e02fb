"""A line to a web service that is cut when its time is up, however slowly the other end goes on."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.poolmanager import PoolManager, ProxyManager


class Line(HTTPAdapter):
    """Carries requests of HTTP; `limited` ends one whose time is up."""

    def __init__(self) -> None:
        self._open: list[socket.socket] = []
        self._timer = Timer(0.0, self.hang_up)
        self.was_cut = False
        """Whether the time of the last request was up."""
        super().__init__(max_retries=0)

    @contextmanager
    def limited(self, seconds: float) -> Iterator[None]:
        """Hang up after so many seconds: a time limit of a socket alone begins anew with every byte."""
        self.was_cut = False
        self.allow(seconds)
        try:
            yield
        finally:
            self._timer.cancel()

    def allow(self, seconds: float) -> None:
        """Count the time anew, from now on."""
        self._timer.cancel()
        self._timer = Timer(seconds, self.hang_up)
        self._timer.daemon = True
        self._timer.start()

    def hang_up(self) -> None:
        """End every connection; whoever waits on one learns that it ended."""
        self.was_cut = True
        for line in self._open:
            _close_down(line)

    def close(self) -> None:
        """Let go of all connections."""
        for line in self._open:
            line.close()
        self._open.clear()
        super().close()

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        """Make the pool of connections, which are noted as they open."""
        super().init_poolmanager(*given, **named)
        self._note_lines(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **named: Any) -> ProxyManager:
        """Give the pool of connections through a proxy, which are noted likewise."""
        manager: ProxyManager = super().proxy_manager_for(proxy, **named)
        self._note_lines(manager)
        return manager

    def _note_lines(self, manager: PoolManager) -> None:
        manager.pool_classes_by_scheme = {
            "http": _note_opened(HTTPConnectionPool, self._open),
            "https": _note_opened(HTTPSConnectionPool, self._open),
        }


def _note_opened(pool: Any, lines: list[socket.socket]) -> Any:
    """Make a class of pools that keeps a second handle of every connection that it opens."""

    class NotedConnection(pool.ConnectionCls):  # type: ignore[misc]
        def connect(self) -> None:
            super().connect()
            lines.append(socket.socket(fileno=os.dup(self.sock.fileno())))

    class NotedPool(pool):  # type: ignore[misc]
        ConnectionCls = NotedConnection

    return NotedPool


def _close_down(line: socket.socket) -> None:
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:  # it has ended already
        return
