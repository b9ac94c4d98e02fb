"""`calcinet serve`: binds, starts the workers, answers until it is stopped."""

import fcntl
import os
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import uvicorn

from calcinet.apps.stopping import Stopped
from calcinet.apps.web.access import Access
from calcinet.apps.web.application import make_application
from calcinet.apps.web.cases import load_tables
from calcinet.apps.web.cleaning import put_right
from calcinet.apps.web.data_folder import DataFolder
from calcinet.apps.web.guard import Services
from calcinet.apps.web.login_brake import LoginBrake
from calcinet.apps.web.people import People
from calcinet.apps.web.protection import Protection
from calcinet.apps.web.queue import Queue
from calcinet.apps.web.watching import Measured, Watched
from calcinet.apps.web.workers import Workers
from calcinet.errors import BadInput, MachineFault
from calcinet.machine import writing_in
from calcinet.text import say

LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
"""Names of this machine for itself."""

ANYWHERE: Final = ("0.0.0.0", "::")

HANDOVER_S: Final = 5.0
"""Workers of a server that was killed are waited for so long. Our choice: they end at once."""

WAITING: Final = 64
"""Connections that wait to be taken."""

KEEP_ALIVE_S: Final = 30

CLOSING_S: Final = 5
"""Answers that are being given are waited for so long when the server is stopped."""


def serve(
    host: str, port: int, root: Path, workers: int, tell: Callable[[str], None], *, log_requests: bool = False
) -> None:
    """Answer until somebody stops it; with `log_requests` a line of JSON is written for each request.

    Raises
    ------
    BadInput
        If the address cannot be.
    MachineFault
        If the port is taken, another server has the folder, or nothing can be written there.
    """
    data = DataFolder(root.absolute())
    data.make()
    with _hold(data) as lock, _bind(host, port) as bound:
        people, access, queue = People(data), Access(data.access), Queue(data.queue)
        put_right(data, queue)
        tempfile.tempdir = str(data.incoming)  # what is received lies on the disk where it is kept
        crew = Workers(data, queue, workers, lock=lock)
        try:
            measured = Measured()
            services = Services(
                data=data,
                queue=queue,
                people=people,
                access=access,
                brake=LoginBrake(data.access),
                wake=crew.wake,
                count_workers=crew.count_alive,
                measured=measured,
            )
            measured.watch(services)
            threading.Thread(target=load_tables, daemon=True).start()
            for line in _say_where(services, host, bound.getsockname()[1]):
                tell(line)
            names = () if host in ANYWHERE else {*LOOPBACK, host.lower()}
            config = uvicorn.Config(
                Watched(Protection(make_application(services), names), measured, log=log_requests),
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=CLOSING_S,
                proxy_headers=False,
            )
            with suppress(Stopped):  # is how a server ends
                uvicorn.Server(config).run(sockets=[bound])
        finally:
            crew.close()
            people.close()


@contextmanager
def _hold(data: DataFolder) -> Iterator[int]:
    """The lock of the folder; workers of a server that was killed let go of it when they end."""
    with writing_in(data.root):
        lock = os.open(data.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _take(lock)
        yield lock
    finally:
        os.close(lock)


def _take(lock: int) -> None:
    until = time.monotonic() + HANDOVER_S
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() < until:
                time.sleep(HANDOVER_S / 50)
                continue
            raise MachineFault(
                say("another server works with this folder: stop it, or give another one with --data")
            ) from None
        return


@contextmanager
def _bind(host: str, port: int) -> Iterator[socket.socket]:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        bound = socket.create_server((host, port), family=family, backlog=WAITING)
    except (OverflowError, socket.gaierror):
        raise BadInput(say("{host}:{port} is no address of this machine", host=host, port=port)) from None
    except OSError as error:
        raise MachineFault(
            say("{host}:{port} cannot be used ({why}): give another --port", host=host, port=port, why=error.strerror)
        ) from None
    with bound:
        yield bound


def _say_where(services: Services, host: str, port: int) -> list[str]:
    """Where it is; at the first start the link that makes the first user."""
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{port}/"
    lines: list[str] = [say("calcinet is at {address}", address=address)]
    if not services.people.are_any():
        key = services.access.make_setup_key()
        lines.append(say("Open this once to make the first user: {link}", link=f"{address}#setup={key}"))
    return lines
