"""`calcinet serve`: binds, starts the workers, answers until it is stopped."""

import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import uvicorn

from calcinet.apps.node.desk import Desk, StandIn
from calcinet.apps.stopping import Stopped
from calcinet.apps.web.access import Access
from calcinet.apps.web.application import make_application
from calcinet.apps.web.cases import load_tables
from calcinet.apps.web.cleaning import put_right
from calcinet.apps.web.crew import Crew
from calcinet.apps.web.data_folder import DataFolder
from calcinet.apps.web.folder_lock import hold
from calcinet.apps.web.guard import Services
from calcinet.apps.web.login_brake import LoginBrake
from calcinet.apps.web.people import People
from calcinet.apps.web.protection import Protection
from calcinet.apps.web.provider import Provider
from calcinet.apps.web.queue import Queue
from calcinet.apps.web.site_rights import SiteRights
from calcinet.apps.web.watching import Measured, Watched
from calcinet.errors import BadInput, MachineFault
from calcinet.text import say

ANOTHER: Final = say("another server works with this folder: stop it, or give another one with --data")

LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
"""Names of this machine for itself."""

ANYWHERE: Final = ("0.0.0.0", "::")

WAITING: Final = 64
"""Connections that wait to be taken."""

KEEP_ALIVE_S: Final = 30

CLOSING_S: Final = 5
"""Answers that are being given are waited for so long when the server is stopped."""


def serve(
    host: str,
    port: int,
    root: Path,
    workers: int,
    tell: Callable[[str], None],
    *,
    log_requests: bool = False,
    provider: Provider | None = None,
) -> None:
    """Answer until somebody stops it; with `log_requests` a line of JSON is written for each request.

    Where there is a `provider`, it vouches for users beside passwords.

    Raises
    ------
    BadInput
        If the address cannot be.
    MachineFault
        If the port is taken, another server has the folder, or nothing can be written there.
    """
    data = DataFolder(root.absolute())
    data.make()
    with hold(data.lock, ANOTHER), _bind(host, port) as bound:
        people, access, queue = People(data), Access(data.access), Queue(data.queue)
        put_right(data, queue, people)
        tempfile.tempdir = str(data.incoming)  # what is received lies on the disk where it is kept
        crew = Crew(data, queue, people, workers)
        desk = StandIn(Desk.of(data, queue, people, crew.wake, lambda _: None), data)
        try:
            measured = Measured()
            services = Services(
                data=data,
                queue=queue,
                people=people,
                access=access,
                brake=LoginBrake(data.access),
                sites=SiteRights(data.access),
                provider=provider,
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
            desk.close()
            crew.close()
            people.close()


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
