"""The work of many processes, by Dask: on this machine, or on any cluster whose scheduler is named.

A task is a few films. One whose worker dies is broken into single films; a film whose worker dies once more is set
aside. At no time does the scheduler know more tasks than the workers do in a few minutes.
"""

import contextlib
import logging
import math
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final, TypeVar

from calcinet.errors import BadInput, CalcinetError, MachineFault
from calcinet.limits import WORKER_SECONDS

if TYPE_CHECKING:
    from distributed import Client, Future

Task = TypeVar("Task")
Done = TypeVar("Done")

AHEAD: Final = 3
"""Tasks a worker that the scheduler knows of. Our choice: the next is there when one is done."""

COUNT_S: Final = 5.0
"""Workers are counted so often. Our choice: those that come are used soon, and the scheduler is hardly asked."""

ONE_THREAD: Final = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"), "1"
)
"""A process a core: threads of several libraries would wait for one another."""

TASK_FILMS: Final = 8
"""Films of a task at most. Our choice: half a minute, so that little is done again where a worker dies."""

GONE: Final = "the scheduler is gone; what was done is kept: start one, and give the same command"

WORKER_BYTES: Final = 3 * 2**30
"""Memory of a worker at most. Our choice: a large film takes half of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Where the work is done."""

    scheduler: str | None = None
    """Address of a scheduler; None for processes on this machine."""
    workers: int | None = None
    """Processes on this machine; None for as many as it has cores."""
    memory_bytes: int = WORKER_BYTES


class Died(CalcinetError):
    """The process that did a task died."""


@contextlib.contextmanager
def connect(cluster: Cluster, scratch: Path) -> "Iterator[Client]":
    """A client of the cluster; processes on this machine end with it.

    Raises
    ------
    BadInput
        If nobody answers at the address of the scheduler.
    """
    import dask
    from distributed import Client, LocalCluster

    settings = {
        "distributed.scheduler.allowed-failures": 0,  # whose worker dies is broken up by us
        "distributed.scheduler.worker-saturation": 1.0,  # no film is blamed for its neighbour
        "distributed.worker.memory.target": False,
        "distributed.worker.memory.spill": False,
        "distributed.worker.memory.pause": False,
        "distributed.worker.memory.terminate": 0.95,
        "distributed.nanny.pre-spawn-environ": ONE_THREAD,
        "temporary-directory": str(scratch),
    }
    for name in ("distributed", "tornado", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # what matters is told by us, in a sentence
    with dask.config.set(settings):
        if cluster.scheduler is not None:
            yield from _yield_remote(cluster.scheduler)
            return
        with (
            LocalCluster(
                n_workers=cluster.workers or count_cores(),
                threads_per_worker=1,
                memory_limit=cluster.memory_bytes,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",  # None would be port 8787 of every network
                silence_logs=50,
            ) as local,
            Client(local, set_as_default=False) as client,
        ):
            yield client


def _yield_remote(address: str) -> "Iterator[Client]":
    from distributed import Client

    try:
        client = Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise BadInput(f"no scheduler of Dask answers at {address}: start it, or check the address") from error
    with client:
        yield client


def count_cores() -> int:
    """Cores that this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed is not None else os.cpu_count() or 1


def run_all(
    client: "Client",
    work: Callable[[Task], Done],
    take: Callable[[], Task | None],
    *,
    window: int | None = None,
    tell_wait: Callable[[float], None] | None = None,
) -> Iterator[tuple[Task, "Done | Died"]]:
    """Do every task and give what came of it, in the order in which they are done.

    Parameters
    ----------
    client
        Of a cluster.
    work
        What is done with a task, in a process of a worker.
    take
        Gives the next task; None where there is none now. What was not done may be given again.
    window
        Tasks that the scheduler knows at most; `AHEAD` a worker where not given.
    tell_wait
        Called every `COUNT_S` while no worker is there, with the seconds since when.

    Raises
    ------
    MachineFault
        If the scheduler is gone, or no worker was there for `limits.WORKER_SECONDS`: what was given before is done.
    Exception
        What a task raised.
    """
    doing: dict[str, Task] = {}
    ready: SimpleQueue[Future[Any]] = SimpleQueue()
    room = _Room(client, window)

    def feed() -> None:
        tasks = list[Task]()
        while len(doing) + len(tasks) < room.measure() and (task := take()) is not None:
            tasks.append(task)
        if not tasks:
            return
        if client.status == "closed":
            raise MachineFault(GONE)
        futures = client.map(work, tasks, pure=False)
        doing.update(zip((future.key for future in futures), tasks, strict=True))
        for future in futures:
            future.add_done_callback(ready.put)

    feed()
    while doing:
        batch = _get_batch(client, ready, tell_wait)
        for future, result in zip(batch, _get_results(client, batch), strict=True):
            yield doing.pop(future.key), result
            future.release()
        feed()


def _get_batch(
    client: "Client", ready: "SimpleQueue[Future[Any]]", tell_wait: Callable[[float], None] | None
) -> "list[Future[Any]]":
    """All that is done by now, one at least."""
    batch = [_await_one(client, ready, tell_wait)]
    with contextlib.suppress(Empty):
        while True:
            batch.append(ready.get_nowait())
    return batch


def _await_one(
    client: "Client", ready: "SimpleQueue[Future[Any]]", tell_wait: Callable[[float], None] | None
) -> "Future[Any]":
    """The next that is done; workers are counted meanwhile."""
    most_s = WORKER_SECONDS.value
    since = time.monotonic()
    while True:
        with contextlib.suppress(Empty):
            return ready.get(timeout=min(COUNT_S, most_s))
        if list_workers(client):
            since = time.monotonic()
            continue
        waited_s = time.monotonic() - since
        if waited_s >= most_s:
            raise MachineFault(
                f"for {most_s} s no worker was there to go on with the work; what was done is kept: when there are "
                "workers again, give the same command with --resume"
            )
        if tell_wait is not None:
            tell_wait(waited_s)


class _Room:
    """How many tasks the scheduler may know of; workers are counted now and then, not for every task."""

    def __init__(self, client: "Client", window: int | None) -> None:
        self._client, self._window = client, window
        self._most, self._counted = 0, -math.inf

    def measure(self) -> int:
        """Tasks at most."""
        if self._window is not None:
            return self._window
        now = time.monotonic()
        if now - self._counted > COUNT_S:
            self._most, self._counted = AHEAD * max(1, len(list_workers(self._client))), now
        return self._most


def _get_results(client: "Client", batch: "Sequence[Future[Any]]") -> Sequence[Any]:
    """What came of the tasks of a batch. Those that are finished are fetched at once: asked for one after the other,
    each would cost a way to the workers and back.
    """
    finished = [future for future in batch if future.status == "finished"]
    results = dict[str, Any]()
    if len(finished) > 1:
        with contextlib.suppress(Exception):  # what is to be said of a task is said when it is asked for by itself
            results = dict(zip((future.key for future in finished), client.gather(finished), strict=True))
    for future in batch:
        if future.key not in results:
            results[future.key] = _get_result(future)
    return [results[future.key] for future in batch]


def _get_result(future: Any) -> Any:
    from distributed import KilledWorker
    from distributed.client import FutureCancelledError
    from distributed.comm.core import CommClosedError

    try:
        return future.result()
    except KilledWorker:
        return Died()
    except (FutureCancelledError, CommClosedError, TimeoutError, OSError) as error:
        raise MachineFault(GONE) from error


def list_workers(client: "Client") -> Sequence[str]:
    """Addresses of the workers that are there; raises MachineFault where the scheduler is gone."""
    told = client.scheduler_info(n_workers=-1)
    if "workers" not in told:
        raise MachineFault(GONE)
    return list(told["workers"])
