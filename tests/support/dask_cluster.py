"""A cluster of Dask on loopback, as somebody else would have started it: scheduler and workers, each a process."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from distributed import Client

from calcinet.cohort.engine import ONE_THREAD
from tests.support.paths import ROOT

STARTED_S: Final = 60.0
"""Scheduler and worker must be there by then."""

SETTINGS: Final = {
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
    "DASK_DISTRIBUTED__SCHEDULER__WORKER_SATURATION": "1.0",
    "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))),
    **ONE_THREAD,
}
"""As examples/cluster/environment.sh has them."""


class DaskCluster:
    """Its scheduler, and workers that nobody starts again when they are killed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._workers: list[subprocess.Popen[bytes]] = []
        description = folder / "scheduler.json"
        self._scheduler = self._start(
            "dask_scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(description)
        )
        began = time.monotonic()
        while not description.is_file() or not description.read_bytes().strip():
            assert time.monotonic() - began < STARTED_S, "the scheduler did not start"
            time.sleep(0.1)
        self.address: str = json.loads(description.read_bytes())["address"]

    def start_worker(self) -> None:
        """A worker of one thread, with its nanny; the scheduler knows it afterwards."""
        self._workers.append(self._start("dask_worker", self.address, "--nthreads", "1", "--no-dashboard"))
        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(1, timeout=STARTED_S)

    def kill_workers(self) -> None:
        """As if their machines were switched off: nannies and workers at once."""
        for worker in self._workers:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
        self._workers = []

    def kill_a_worker(self) -> None:
        """The process of the first worker, at once; its nanny stays and starts another."""
        with Client(self.address, set_as_default=False) as client:
            numbers = client.run(os.getpid)
        os.kill(min(numbers.values()), signal.SIGKILL)

    def kill_scheduler(self) -> None:
        """At once; its workers stay for a while."""
        self._scheduler.kill()
        self._scheduler.wait()

    def stop(self) -> None:
        """End everything."""
        self.kill_workers()
        self.kill_scheduler()

    def _start(self, what: str, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{what}", "--host", "127.0.0.1", *arguments],
            env=os.environ | SETTINGS,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
