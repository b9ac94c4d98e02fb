"""The application on a port of its own in the process of the tests, without workers: nothing is examined by it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn

from calcinet.apps.web.access import Access
from calcinet.apps.web.application import make_application
from calcinet.apps.web.data_folder import DataFolder
from calcinet.apps.web.guard import Services
from calcinet.apps.web.login_brake import LoginBrake
from calcinet.apps.web.people import People
from calcinet.apps.web.queue import Queue
from calcinet.apps.web.site_rights import SiteRights
from calcinet.apps.web.watching import Measured
from calcinet.store.key import KEY


@contextmanager
def run_application(folder: Path) -> Iterator[tuple[Services, str]]:
    """What answers are made with, and where it is."""
    data = DataFolder(folder)
    data.make()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(KEY, str(data.key))  # which the server would leave there for good
        yield from _run(data)


def _run(data: DataFolder) -> Iterator[tuple[Services, str]]:
    people = People(data)
    services = Services(
        data=data,
        queue=Queue(data.queue),
        people=people,
        access=Access(data.access),
        brake=LoginBrake(data.access),
        sites=SiteRights(data.access),
        wake=lambda: None,
        count_workers=lambda: 1,
        measured=Measured(),
    )
    with socket.create_server(("127.0.0.1", 0)) as bound:
        server = uvicorn.Server(uvicorn.Config(make_application(services), log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        try:
            yield services, f"http://127.0.0.1:{bound.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
            people.close()
