"""What watches a server: whether it lives, whether it can work, how much it does, and a line for each request."""

import json
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client import Counter as Total
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from pydantic import BaseModel
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from calcinet.apps.web.guard import Reader, Served, Services
from calcinet.apps.web.problems import Problem
from calcinet.text import say
from calcinet.version import __version__

router: Final = APIRouter(tags=["server"])

LEAST_FREE_BYTES: Final = 2**30
"""A server with less room on its disk takes no work. Our choice: a CT with its results needs as much."""

STATES: Final = ("queued", "running", "done", "failed", "cancelled")

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Methods that are told by their names."""

UNKNOWN: Final = "none"
"""Stands for an address that nobody asks for, so that a log and a metric name nothing that a caller wrote."""


class Liveness(BaseModel):
    """A server that answers."""

    status: str
    version: str


@router.get("/healthz")
def tell_alive() -> Liveness:
    """Whether the server answers at all; where it does not, start it again."""
    return Liveness(status="ok", version=__version__)


@router.get("/readyz", responses={503: {"description": "It cannot work now"}})
def tell_ready(services: Served) -> Liveness:
    """Whether it can take work: its queue can be written, a worker lives, and there is room on the disk."""
    services.queue.check()
    if services.count_workers() == 0:
        raise Problem(503, say("no worker lives: they are being started again"), code="workers")
    if shutil.disk_usage(services.data.root).free < LEAST_FREE_BYTES:
        raise Problem(503, say("less than 1 GB is free on the disk of the server's folder"), code="room")
    return Liveness(status="ready", version=__version__)


@router.get("/metrics", responses={200: {"content": {"text/plain": {}}}}, response_class=Response)
def tell_metrics(person: Reader, services: Served) -> Response:
    """Numbers for Prometheus: requests, studies by state, how long the first one has waited, workers, free disk."""
    del person
    return Response(generate_latest(services.measured.registry), media_type=CONTENT_TYPE_LATEST)


class Measured:
    """What is counted of the requests of one server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Total(
            "calcinet_requests", "Requests that were answered", ["method", "route", "status"], registry=self.registry
        )
        self.seconds = Histogram("calcinet_request_seconds", "Time to an answer", registry=self.registry)

    def watch(self, services: Services) -> None:
        """Tell of the queue, too, each time that somebody asks."""
        self.registry.register(_Work(services))


class _Work(Collector):
    def __init__(self, services: Services) -> None:
        self._services = services

    def describe(self) -> list[Any]:
        """Nothing beforehand: the queue is read when somebody asks."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Numbers as they are now."""
        studies = self._services.queue.list_studies()
        counted = Counter(study.state for study in studies)
        by_state = GaugeMetricFamily("calcinet_studies", "Studies by state", labels=["state"])
        for state in STATES:
            by_state.add_metric([state], counted.get(state, 0))
        yield by_state
        waiting = [datetime.fromisoformat(study.made_at) for study in studies if study.state == "queued"]
        oldest = (datetime.now(UTC) - min(waiting)).total_seconds() if waiting else 0.0
        yield _make_gauge("calcinet_oldest_waiting_seconds", "Since the first study that waits was sent", oldest)
        workers = self._services.count_workers()
        if workers is not None:
            yield _make_gauge("calcinet_workers", "Workers of this server that live", workers)
        free = shutil.disk_usage(self._services.data.root).free
        yield _make_gauge("calcinet_free_bytes", "Room on the disk of the server's folder", free)


def _make_gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, value=value)


class Watched:
    """Stands before everything: counts each request, and writes a line of JSON for it where that is wanted.

    A line says the route as the interface names it (`/api/v1/studies/{study_id}`), never the address that was asked:
    no identifier, no title and nothing that a caller made up stands in a log.
    """

    def __init__(self, app: ASGIApp, measured: Measured, *, log: bool) -> None:
        self._app, self._measured, self._log = app, measured, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Watch one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, began = 500, time.perf_counter()

        async def send_watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_watched)
        finally:
            self._note(scope, status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", None) or UNKNOWN
        method = scope["method"] if scope["method"] in METHODS else UNKNOWN
        self._measured.requests.labels(method, route, str(status)).inc()
        self._measured.seconds.observe(seconds)
        if self._log:
            line = {
                "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "what": "request",
                "method": method,
                "route": route,
                "status": status,
                "ms": round(seconds * 1000, 1),
            }
            print(json.dumps(line), file=sys.stderr, flush=True)
